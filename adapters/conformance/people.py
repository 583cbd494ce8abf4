"""The people file: who of the agency's test system is known, unknown or protected, and how the source is broken."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, ValidationInfo, model_validator
from sharing.v1.records_pb2 import Criteria, PersonKeys

from adapters.kit.errors import ManifestError
from adapters.kit.mapping import Name, Part, Word, mend_needed
from adapters.kit.marked_yaml import MarkedTree, read_marked

NOTHING_SET: dict[str, str] = {}

Reason = Annotated[str, StringConstraints(min_length=10, max_length=500)]
RuleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,63}$")]
Command = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Questions = Annotated[list[Word], Field(min_length=1)]


def _in_folder(path: Path, context: ValidationInfo) -> Path:
    return Path((context.context or {}).get("folder", Path())) / path


class Keys(Part):
    """Whom to ask about."""

    nhs_number: str = ""
    upn: str = ""
    given_name: str = ""
    family_name: str = ""
    date_of_birth: str = ""

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        names = (self.given_name, self.family_name, self.date_of_birth)
        if not (self.nhs_number or self.upn or all(names)):
            raise mend_needed(
                "these keys say nobody", "Give `nhs_number` or `upn`, or all of the names and `date_of_birth`."
            )
        return self

    def person(self) -> PersonKeys:
        """Spell the keys as an ask does."""
        return PersonKeys(**self.model_dump())

    def values(self) -> tuple[str, ...]:
        """List the keys that are given."""
        return tuple(value for value in self.model_dump().values() if value)


class Known(Part):
    """Somebody whom the agency knows: for each question, values of which one row must have all."""

    keys: Keys
    answers: Annotated[dict[Word, dict[Word, str]], Field(min_length=1)]


class Crowd(Part):
    """Somebody who has look-alikes: twins, for example, asked for by a name that is nearly that of both."""

    keys: Keys
    question: Word


class Unknown(Part):
    """Somebody whom the agency does not know."""

    keys: Keys


class Shielded(Part):
    """Somebody whom the agency protects; `absolute` where nobody may lift that through the hub."""

    keys: Keys
    questions: Questions
    absolute: bool = False


class Withheld(Part):
    """Somebody of whom the agency holds something that may not leave, by its own veto."""

    keys: Keys
    questions: Questions


class Hostile(Part):
    """Somebody whose record holds control characters, huge texts, broken encodings or days that do not exist."""

    keys: Keys
    questions: Questions


class SearchCriteria(Part):
    """Whom a search of the register is for: beginnings of names, a span, a postcode area, part of a school's name."""

    given_name: str = ""
    family_name: str = ""
    born_from: str = ""
    born_to: str = ""
    postcode_area: str = ""
    school: str = ""
    gp_practice: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any(self.model_dump().values()):
            raise mend_needed("this search says nothing", "Give a name, a span of dates of birth, or a place.")
        return self

    def message(self) -> Criteria:
        """Spell the criteria as an ask does."""
        return Criteria(**self.model_dump())


class Search(Part):
    """A search of the register: criteria that somebody fits, with values of rows that must be found.

    More than one person fits `many`, only somebody shielded or withheld fits `hidden`, and nobody fits `nobody`.
    """

    question: Word
    criteria: SearchCriteria
    finds: Annotated[list[dict[Word, str]], Field(min_length=1)]
    many: SearchCriteria
    hidden: SearchCriteria | None = None
    nobody: SearchCriteria


class Switch(Part):
    """Two commands: one breaks something and returns, the other mends it and returns."""

    begin: Command
    end: Command


class Change(Switch):
    """A change of what the source says about letting somebody's record leave: from consent to none, for example."""

    keys: Keys
    question: Word
    within_seconds: Annotated[float, Field(gt=0, le=120)] = 10


class Faults(Part):
    """How the source is broken for a moment, each way by a switch."""

    stopped: Switch | None = None
    slow: Switch | None = None
    garbled: Switch | None = None
    stale: Switch | None = None


class AskedField(Part):
    """The type of a field, where there is no catalogue to say so."""

    type: Literal["text", "identifier", "date", "number", "choice"] = "text"
    choices: Annotated[list[str], Field(default_factory=list)]
    max_length: Annotated[int, Field(ge=1, le=2000)] = 2000

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"type": given} if isinstance(given, str) else given


class People(Part):
    """One people file."""

    conformance: Literal["1"]
    agency: Word | None = None
    catalogue: Annotated[Path, AfterValidator(_in_folder)] | None = None
    questions: Annotated[dict[Word, dict[Word, AskedField]], Field(default_factory=dict)]
    deadline_ms: Annotated[int, Field(ge=200, le=60_000)] = 3_000
    secrets: Annotated[list[Name], Field(default_factory=list)]
    known: Annotated[list[Known], Field(min_length=1)]
    otherwise: Annotated[list[Known], Field(default_factory=list)]
    crowd: Crowd | None = None
    unknown: Annotated[list[Unknown], Field(min_length=1)]
    shielded: Annotated[list[Shielded], Field(default_factory=list)]
    withheld: Annotated[list[Withheld], Field(default_factory=list)]
    hostile: Annotated[list[Hostile], Field(default_factory=list)]
    searches: Annotated[list[Search], Field(default_factory=list)]
    refused: Annotated[list[Word], Field(default_factory=list)]
    changes: Annotated[list[Change], Field(default_factory=list)]
    faults: Faults = Faults()
    exempt: Annotated[dict[RuleName, Reason], Field(default_factory=dict)]

    @model_validator(mode="after")
    def _says_what_is_asked(self) -> Self:
        if self.catalogue is None and not self.questions:
            raise mend_needed(
                "neither `catalogue` nor `questions` says what is asked", "Name the hub's policy folder as `catalogue`."
            )
        return self


def load_people(file: Path) -> People:
    """Read a people file; raises ManifestError with every fault."""
    marked = read_marked(file, NOTHING_SET)
    people = None
    if not isinstance(marked.tree, dict):
        if not marked.faults:
            marked.blame(1, "the people file is empty, or not a mapping", "Begin with what `--sample` prints.")
    else:
        try:
            people = People.model_validate(marked.tree, context={"folder": file.parent})
        except ValidationError as refused:
            _blame_all(marked, refused)
    if marked.faults or people is None:
        raise ManifestError(sorted(marked.faults, key=lambda fault: fault.line))
    return people


def _blame_all(marked: MarkedTree, refused: ValidationError) -> None:
    for error in refused.errors(include_input=False, include_url=False):
        line, context = marked.line_of(error["loc"]), error.get("ctx", {})
        last = error["loc"][-1] if error["loc"] else "people file"
        match error["type"]:
            case "fault":
                marked.blame(line, str(context["what"]), str(context["mend"]))
            case "missing":
                marked.blame(line, f"`{last}` is missing", "Add it here; `adapter conformance --sample` shows how.")
            case "extra_forbidden":
                marked.blame(line, f"`{last}` is not a word of a people file", "See `adapter conformance --sample`.")
            case _:
                marked.blame(line, f"`{last}` does not fit: {error['msg'].lower()}", "Mend this value.")
