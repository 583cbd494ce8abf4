"""Parameters: how much each likeness of each field says, where a score suffices, and how common names are."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeGuard

from hub.errors import Fault, ParametersError
from hub.model.identifiers import STRONG_IDENTIFIERS
from hub.model.matching import Likeness

FILE_NAME = "parameters.json"
VERSION = 1
GIVEN_NAME, FAMILY_NAME, DATE_OF_BIRTH = "given_name", "family_name", "date_of_birth"
POSTCODE, ADDRESS, GENDER = "postcode", "address", "gender"
# All that is ever compared, in this order.
FIELDS = (*STRONG_IDENTIFIERS, GIVEN_NAME, FAMILY_NAME, DATE_OF_BIRTH, POSTCODE, ADDRESS, GENDER)
# A number that no record of this version holds may be trained for already.
_KNOWN_FIELDS = frozenset({*FIELDS, "uln"})
_COUNTED = frozenset({GIVEN_NAME, FAMILY_NAME})


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How often a likeness is found with records of one person (`m`) and of two (`u`).

    With `frequency` the place of `u` is taken by how common the value is, as far as that is known.
    """

    m: float
    u: float
    frequency: bool = False

    @property
    def weight(self) -> float:
        """Return what the likeness says for one person rather than two, in bits."""
        return math.log2(self.m / self.u)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """All that scoring needs to know; a likeness that has no level says nothing.

    `prior` is the chance that two records are one person's before anything is compared. `same` and `possibly` are
    weights in bits, that of the prior among them.
    """

    trained_on: str
    prior: float
    levels: Mapping[str, Mapping[Likeness, Level]]
    frequencies: Mapping[str, Mapping[str, float]]
    same: float
    possibly: float

    @property
    def prior_weight(self) -> float:
        """Return the prior in bits."""
        return math.log2(self.prior / (1 - self.prior))

    def weight(self, field: str, likeness: Likeness, values: tuple[str, str] = ("", "")) -> float:
        """Return what a likeness of two values, as names are spelled for comparing, says in bits."""
        levels = self.levels.get(field)
        level = levels and levels.get(likeness)
        if not level:
            return 0.0
        if level.frequency and (found := self._frequency(field, values)):
            return math.log2(level.m / found)
        return level.weight

    def knows_given_name(self, letters: str) -> bool:
        """Tell whether people are known to bear a given name."""
        return letters in self.frequencies.get(GIVEN_NAME, ())

    def _frequency(self, field: str, values: tuple[str, str]) -> float:
        # The commoner of two spellings: a slip in a common name does not make it rare.
        counted = self.frequencies.get(field)
        return max([counted.get(value, 0.0) for value in values]) if counted else 0.0


def shipped() -> Parameters:
    """Read the parameters that come with the program."""
    return read_parameters(resources.files("hub.linkage").joinpath(FILE_NAME).read_text(encoding="utf-8"))


def read_parameters(text: str) -> Parameters:
    """Read parameters; raise ParametersError with all that is wrong with them."""
    try:
        read = json.loads(text)
    except ValueError as wrong:
        line = getattr(wrong, "lineno", 1)
        raise ParametersError([_fault(line, "It is not JSON", "Train the parameters again")]) from None
    faults = [_fault(_line(text, place), what, mend) for place, what, mend in _wrong_with(read)]
    if faults:
        raise ParametersError(faults)
    return Parameters(
        trained_on=read["trained_on"],
        prior=read["prior"],
        levels=MappingProxyType({found["field"]: _levels(found["levels"]) for found in read["comparisons"]}),
        frequencies=MappingProxyType(
            {field: MappingProxyType(dict(counted)) for field, counted in read["frequencies"].items()}
        ),
        same=read["thresholds"]["same"],
        possibly=read["thresholds"]["possibly"],
    )


def _levels(written: list[dict[str, Any]]) -> Mapping[Likeness, Level]:
    return MappingProxyType(
        {
            Likeness(level["likeness"]): Level(m=level["m"], u=level["u"], frequency=level.get("frequency", False))
            for level in written
        }
    )


Wrong = tuple[str, str, str]


def _wrong_with(read: object) -> Iterator[Wrong]:
    """Yield, for each thing that is wrong, where it is (a word of the file), what it is and the mend."""
    if not isinstance(read, dict) or read.get("version") != VERSION:
        yield "version", f"The version is not {VERSION}", "Train the parameters with this version of the program"
        return
    if not isinstance(read.get("trained_on"), str) or not read["trained_on"]:
        yield "trained_on", "It is not said on what they were trained", "Write it in a sentence"
    if not _is_chance(read.get("prior")):
        yield "prior", "The prior is not a chance", "Give a number above 0 and below 1"
    yield from _wrong_with_comparisons(read.get("comparisons"))
    yield from _wrong_with_frequencies(read.get("frequencies"))
    yield from _wrong_with_thresholds(read.get("thresholds"))


def _wrong_with_comparisons(comparisons: object) -> Iterator[Wrong]:
    if not isinstance(comparisons, list) or not all(isinstance(found, dict) for found in comparisons):
        yield "comparisons", "The comparisons are not a list", "Give each field with its levels"
        return
    fields = [found.get("field") for found in comparisons]
    for field in dict.fromkeys(map(str, fields)):
        if field not in _KNOWN_FIELDS:
            yield field, f"The field {field!r} is never compared", f"Choose from {', '.join(FIELDS)}"
        if fields.count(field) > 1:
            yield field, f"The field {field!r} is there twice", "Keep one of them"
    for missing in (GIVEN_NAME, FAMILY_NAME, DATE_OF_BIRTH):
        if missing not in fields:
            yield "comparisons", f"The field {missing!r} is missing", "Without it nobody is told from anybody"
    for found in comparisons:
        yield from _wrong_with_levels(str(found.get("field")), found.get("levels"))


def _wrong_with_levels(field: str, levels: object) -> Iterator[Wrong]:
    if not isinstance(levels, list) or not levels or not all(isinstance(level, dict) for level in levels):
        yield field, f"The field {field!r} has no levels", "Give each likeness with its m and u"
        return
    likenesses = [level.get("likeness") for level in levels]
    for level in levels:
        likeness = level.get("likeness")
        if likeness not in set(Likeness) or likenesses.count(likeness) > 1:
            yield field, f"{likeness!r} of {field!r} is unknown or there twice", f"Choose from {', '.join(Likeness)}"
        if not _is_chance(level.get("m")) or not _is_chance(level.get("u")):
            yield field, f"{likeness!r} of {field!r} has no chances", "Give m and u above 0 and below 1"
        if not isinstance(level.get("frequency", False), bool):
            yield field, f"{likeness!r} of {field!r} has no plain frequency", "Write true or false"
        if level.get("frequency") and field not in _COUNTED:
            yield field, f"Values of {field!r} are not counted", "Leave out frequency, which is for names"


def _wrong_with_frequencies(frequencies: object) -> Iterator[Wrong]:
    if not isinstance(frequencies, dict) or not all(isinstance(counted, dict) for counted in frequencies.values()):
        yield "frequencies", "The frequencies are not lists of values", "Give them for each field, or {}"
        return
    for field, counted in frequencies.items():
        if field not in _COUNTED:
            yield field, f"The values of {field!r} need no frequencies", f"Choose from {', '.join(sorted(_COUNTED))}"
        if not all(map(_is_chance, counted.values())):
            yield field, f"Some frequency of {field!r} is no share", "Give numbers above 0 and below 1"


def _wrong_with_thresholds(thresholds: object) -> Iterator[Wrong]:
    found = thresholds if isinstance(thresholds, dict) else {}
    same, possibly = found.get("same"), found.get("possibly")
    if not (_is_number(same) and _is_number(possibly) and possibly < same):
        yield "thresholds", "The thresholds are not two weights", "Give same, and possibly, which is less"


def _is_number(found: object) -> TypeGuard[float]:
    return isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found)


def _is_chance(found: object) -> bool:
    return isinstance(found, float) and 0 < found < 1


def _line(text: str, place: str) -> int:
    before, found, _ = text.partition(f'"{place}"')
    return before.count("\n") + 1 if found else 1


def _fault(line: int, what: str, mend: str) -> Fault:
    return Fault(file=Path(FILE_NAME), line=line, what=what, mend=f"{mend}.")
