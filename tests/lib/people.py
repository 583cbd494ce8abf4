"""Invented people to ask about: valid NHS numbers of the range that is never given to anyone."""

from collections.abc import Iterator

from sharing.v1.records_pb2 import PersonKeys

# Numbers that begin with 999 are kept for tests.
FIRST, LAST = 999_000_000, 999_999_999


def nhs_numbers(start: int = FIRST) -> Iterator[str]:
    """Yield valid numbers, each once, in order."""
    for nine in range(start, LAST + 1):
        digits = str(nine)
        check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            yield f"{digits}{check % 11}"


def people() -> Iterator[PersonKeys]:
    """Yield people known by their NHS number."""
    return (PersonKeys(nhs_number=number) for number in nhs_numbers())
