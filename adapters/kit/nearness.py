"""Tells whether a record is near enough to who is asked about, where the source is looked through more widely.

It is coarse on purpose: it keeps strangers from leaving, and who a record is about is judged by the hub.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from rapidfuzz.distance import OSA, JaroWinkler

COMPARED = ("family_name", "given_name", "date_of_birth", "postcode")
MOST_PEOPLE = 10
ALIKE = 0.85
"""Jaro-Winkler similarity from which two names may be one."""
SOMEWHAT = 0.6
"""The same where family name and day of birth agree: what a short form still reaches, and most twins do not."""

KeyTexts = tuple[str, ...]
"""What a record has for each of COMPARED, empty where it has nothing."""


class Width(IntEnum):
    """How near a record must come, by the numbers that the contract has."""

    EXACT = 1
    NORMALISED = 2
    FUZZY = 3


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Near:
    """Who is asked about, and how near a record must come. Case data, so its repr keeps that back."""

    width: Width
    asked: KeyTexts
    most_people: int = MOST_PEOPLE

    def accepts(self, held: KeyTexts) -> bool:
        """Tell whether a record may be about who is asked about; what it does not hold decides nothing."""
        family, given = _is_same(self.asked[0], held[0]), _is_same(self.asked[1], held[1])
        born, place = _is_born_then(self.asked[2], held[2]), _is_same(self.asked[3], held[3])
        has_all = all(self.asked[:3])
        if not has_all and place is False:
            return False
        # Names alone are those of many: a day or a place must be compared as well.
        if born is None and not place:
            return False
        agreed = (family, given, born)
        if False not in agreed:
            return agreed.count(True) + (place is True) > 1
        return self.width is Width.FUZZY and _are_near(self.asked, held)

    def __repr__(self) -> str:
        """Name the width and keep back who is meant."""
        return f"Near({self.width.name})"


def may_be_one(one: KeyTexts, other: KeyTexts) -> bool:
    """Tell whether two records may be about one person, so that what is kept back of one is kept back of both."""
    return one == other or Near(width=Width.FUZZY, asked=one).accepts(other)


def people_in(rows: Sequence[KeyTexts]) -> int:
    """Count the different people that records are about, by names and day of birth."""
    return len({tuple(map(_plain, row[:3])) for row in rows})


def _is_same(asked: str, held: str) -> bool | None:
    """Tell whether two values are one, accents, hyphens, apostrophes and spaces apart; None where one is missing."""
    one, other = _plain(asked), _plain(held)
    return one == other if one and other else None


def _is_born_then(asked: str, held: str) -> bool | None:
    """Tell whether a day is the one asked for, or lies in the month or year that is; None where one is missing."""
    return held.startswith(asked) if asked and held else None


def _are_near(asked: KeyTexts, held: KeyTexts) -> bool:
    """Tell whether two of names and day of birth agree, nearly at least, and the third is not quite another."""
    family = _likeness(asked[0], held[0])
    given = _likeness(asked[1], held[1])
    swapped = min(_likeness(asked[0], held[1]), _likeness(asked[1], held[0]))
    if asked[0] and asked[1] and swapped >= ALIKE:
        family = given = swapped
    if _is_born_then(asked[2], held[2]) is not False:
        # A family name changes by marriage or care, and a given name has short forms; never both at once.
        return given >= SOMEWHAT if family >= ALIKE else bool(given == 1 and asked[1] and held[1] and asked[2])
    return _is_near_day(asked[2], held[2]) and family >= ALIKE and given >= ALIKE


def _likeness(one: str, other: str) -> float:
    """Say how alike two names are, or parts of them where one has several; 1 where one is not known."""
    parts = [_parts(one), _parts(other)]
    if not all(parts):
        return 1
    whole = JaroWinkler.similarity("".join(parts[0]), "".join(parts[1]))
    best = max(JaroWinkler.similarity(left, right) for left in parts[0] for right in parts[1])
    return max(whole, best if max(map(len, parts)) > 1 else 0)


def _is_near_day(one: str, other: str) -> bool:
    """Tell whether two days are neighbours, or differ by a slip of the pen or by day and month changed about."""
    try:
        first, second = date.fromisoformat(one), date.fromisoformat(other)
    except ValueError:
        return False
    is_swapped = (first.year, first.month, first.day) == (second.year, second.day, second.month)
    return is_swapped or abs((first - second).days) <= 1 or OSA.distance(one, other) <= 1


def _parts(name: str) -> list[str]:
    return [plain for part in name.replace("-", " ").split() if (plain := _plain(part))]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(filter(str.isalnum, folded))
