"""Dates, numbers, postcodes, addresses and gender compared."""

from datetime import date

from rapidfuzz.distance import OSA

from hub.linkage import likeness
from hub.linkage.features import Address
from hub.linkage.likeness import Compared
from hub.model.identifiers import UPN

WHOLE_DATE = 10
YEAR = 4
# How systems write that only the year is known.
ESTIMATED = "-01-01"
INWARD = 3
MUCH_SHARED = 0.6


def dates(one: str, other: str) -> Compared:  # noqa: PLR0911 - one for each way in which dates go wrong
    """Compare dates of birth, each of which may be a year or a month only."""
    if len(one) < WHOLE_DATE or len(other) < WHOLE_DATE:
        return likeness.PARTLY if one.startswith(other) or other.startswith(one) else likeness.DIFFERENT
    if one == other:
        # Many families of one name were given the first of January on their way here.
        return likeness.EQUAL_NEARLY if one[YEAR:] == ESTIMATED else likeness.EQUAL
    if one[:YEAR] == other[:YEAR] and one[5:7] == other[8:] and one[8:] == other[5:7]:
        return likeness.SWAPPED_NEARLY
    # Typed without the dashes, two figures change places across one.
    if OSA.distance(one.replace("-", ""), other.replace("-", ""), score_cutoff=1) <= 1:
        return likeness.SLIP
    if one[YEAR:] == other[YEAR:] and abs(int(one[:YEAR]) - int(other[:YEAR])) == 1:
        # In January people write last year's number; two digits may differ then.
        return likeness.DOUBTFUL_SLIP
    if _are_neighbours(one, other):
        # The day before or after, across the end of a month or of ten days: a calendar misread, or a birth at midnight.
        return likeness.DOUBTFUL_SLIP
    if one[:YEAR] == other[:YEAR] and ESTIMATED in (one[YEAR:], other[YEAR:]):
        return likeness.PARTLY
    return likeness.DIFFERENT


def _are_neighbours(one: str, other: str) -> bool:
    """Tell whether one day comes right after the other; a day that does not exist has no neighbours."""
    try:
        return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) == 1
    except ValueError:
        return False


def numbers(kind: str, one: tuple[str, str], other: tuple[str, str]) -> Compared | None:
    """Compare numbers of one kind, each as valid and as typed; None where they say nothing.

    A check digit finds every slip of one figure, so two valid numbers that differ are two numbers. A pupil with a
    temporary number may have been given another.
    """
    valid, others = one[0], other[0]
    if valid and others:
        if valid == others:
            return likeness.EQUAL
        return None if kind == UPN and (valid[-1].isalpha() or others[-1].isalpha()) else likeness.CONTRADICTS
    number, typed = (valid, other[1]) if valid else (others, one[1])
    if number and typed and OSA.distance(number, typed, score_cutoff=1) <= 1:
        return likeness.DOUBTFUL_SLIP
    return None


def postcodes(one: str, other: str) -> Compared:
    """Compare postcodes, each of which may be its first half only."""
    if one == other:
        return likeness.EQUAL if one[-1].isalpha() and len(one) > YEAR else likeness.PARTLY
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return likeness.SLIP
    return likeness.PARTLY if _first_half(one) == _first_half(other) else likeness.DIFFERENT


def _first_half(postcode: str) -> str:
    has_both = len(postcode) > YEAR and postcode[-1].isalpha() and postcode[-2].isalpha()
    return postcode[:-INWARD] if has_both else postcode


def addresses(one: Address, other: Address) -> Compared:
    """Compare addresses: the same figures and most of the words, whatever the order, are the same in part."""
    if one.written == other.written:
        return likeness.EQUAL
    if not (one.figures <= other.figures or other.figures <= one.figures):
        return likeness.DIFFERENT_PERHAPS
    if sorted(one.words) == sorted(other.words):
        return likeness.WRITTEN_DIFFERENTLY
    mine, theirs = set(one.words), set(other.words)
    shared = len(mine & theirs) / min(len(mine), len(theirs))
    return likeness.PARTLY if shared >= MUCH_SHARED else likeness.DIFFERENT_PERHAPS


def genders(one: str, other: str) -> Compared:
    """Compare genders, of which only man and woman can be told from each other."""
    if one == other:
        return likeness.EQUAL
    return likeness.DIFFERENT if "other" not in (one, other) else likeness.DIFFERENT_PERHAPS
