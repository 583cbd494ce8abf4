"""Identifiers of made-up people: valid in form, and out of ranges that are reserved for tests where there are such."""

import random
from collections.abc import Iterator

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
# Lower serials are left to the storied children.
GENERATED_SERIALS = range(100_000, 1_000_000)


def nhs_number(serial: int) -> str | None:
    """Make the NHS number 999 + six digits + check digit; None for the serials that have no valid check digit."""
    digits = f"999{serial:06d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
    if check == 10:
        return None
    return f"{digits}{check % 11}"


def nhs_numbers(rng: random.Random) -> Iterator[str]:
    """Yield distinct valid NHS numbers of the test range, none of which a storied child has."""
    for serial in rng.sample(GENERATED_SERIALS, len(GENERATED_SERIALS) // 4):
        number = nhs_number(serial)
        if number is not None:
            yield number


def upn(authority: int, school: int, year: int, serial: int) -> str:
    """Make a unique pupil number: check letter, authority, school, last two digits of the year, serial."""
    digits = f"{authority:03d}{school:04d}{year % 100:02d}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(2, 14), strict=True))
    return UPN_LETTERS[total % 23] + digits


class Upns:
    """Hands out pupil numbers, each once: serials count up within a school and a year."""

    def __init__(self) -> None:
        """Start with no number given out."""
        self._last: dict[tuple[int, int, int], int] = {}

    def next(self, authority: int, school: int, year: int) -> str:
        """Make the next number of a school and a year; serials under 100 are left to the storied children."""
        place = (authority, school, year % 100)
        serial = self._last.get(place, 99) + 1
        self._last[place] = serial
        return upn(authority, school, year, serial)
