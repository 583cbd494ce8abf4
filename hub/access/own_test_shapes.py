"""The shape of tests.yaml: a policy's own tests, written as sentences."""

import re
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from hub.access.documents import shown
from hub.access.rules import Part
from hub.access.shapes import Day, Identifier, Shape, misfit

_RULE = re.compile(r"(\S+), (grant|denial) ([1-9][0-9]{0,3})")
_SENTENCE = "Write: ask QUESTION of AGENCY for PURPOSE and see CLASS; then, if need be, in AREA, and on YEAR-MONTH-DAY."


def _rule(value: object) -> object:
    """Read the name of a rule, such as “health_visitor, grant 1”."""
    if isinstance(value, str) and (found := _RULE.fullmatch(value)):
        level, part, number = found.groups()
        return {"level": level, "part": part, "number": int(number)}
    raise misfit(f"“{shown(value)}” is not the name of a rule", "Write for example: health_visitor, grant 1.")


def _saying(value: object) -> object:
    """Read a sentence, such as “ask child_basics of health for early_help and see basic”."""
    words = value.split() if isinstance(value, str) else []
    match words:
        case ["ask", question, "of", agency, "for", purpose, "and", "see", field_class, *rest]:
            where, when = _where_and_when(rest)
        case _:
            raise misfit(f"“{shown(value)}” is not a sentence of a test", _SENTENCE)
    parts = {"question": question, "agency": agency, "purpose": purpose, "field_class": field_class}
    return {**parts, "area": where, "day": when}


def _where_and_when(rest: list[str]) -> tuple[str | None, str | None]:
    match rest:
        case []:
            return None, None
        case ["in", area]:
            return area, None
        case ["on", day]:
            return None, day
        case ["in", area, "on", day]:
            return area, day
        case _:
            raise misfit(f"A sentence of a test does not end in “{shown(' '.join(rest))}”", _SENTENCE)


def _one_or_several(value: object) -> object:
    """Let one sentence stand without a list."""
    return [value] if isinstance(value, str) else value


class RuleShape(Shape):
    """The name of one grant or denial."""

    level: Identifier
    part: Part
    number: int


class SayingShape(Shape):
    """What may, or may not, be asked; without an area it is said of every area, without a day of the level alone."""

    question: Identifier
    agency: Identifier
    purpose: Identifier
    field_class: Identifier
    area: Identifier | None = None
    day: Day | None = None


Sayings = Annotated[
    tuple[Annotated[SayingShape, BeforeValidator(_saying)], ...], BeforeValidator(_one_or_several), Field(min_length=1)
]


class OwnTestShape(Shape):
    """One test: of one rule, or of a level as a whole."""

    rule: Annotated[RuleShape | None, BeforeValidator(_rule)] = None
    level: Identifier | None = None
    may: Sayings = ()
    may_not: Sayings = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Refuse a test of nothing in particular, and one that says nothing."""
        if (self.rule is None) == (self.level is None):
            raise misfit("A test is of a rule or of a level", "Write either “rule: LEVEL, grant 1” or “level: LEVEL”.")
        if not (self.may or self.may_not):
            raise misfit("The test says nothing", "Add “may: ask …” or “may_not: ask …”.")
        return self

    @property
    def whose(self) -> str:
        """Return the level that the test is about."""
        return self.rule.level if self.rule else self.level or ""


class OwnTestsShape(Shape):
    """Is tests.yaml."""

    tests: tuple[OwnTestShape, ...]
