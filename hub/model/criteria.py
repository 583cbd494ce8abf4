"""Criteria: whom a search of the register is for, how they are checked, and which are too few."""

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import date

from hub.errors import InvalidRequest
from hub.model.text import plain

FEWEST_LETTERS = 2
LONGEST_CRITERION = 100
LONGEST_SPAN_DAYS = 3 * 366
OLDEST_BIRTH_YEAR = 1900
# What a search must come to, so that it finds few enough: see `points`.
ENOUGH_POINTS = 3
LONG_NAME_LETTERS = 3
SHORT_SPAN_DAYS = 31
YEAR_DAYS = 366
# The first half of a postcode (Royal Mail: A9, A99, A9A, AA9, AA99, AA9A).
_AREA = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NARROWER = (
    "Add what you know: more letters of the family name, a given name, a shorter span of dates of birth,"
    " a postcode area, a school or a GP practice."
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Criteria:
    """What somebody must fit to be found; what is empty does not narrow it. Case data, so its repr keeps it back.

    Names are beginnings, `school` and `gp_practice` any part; dates are YYYY-MM-DD, both days included.
    """

    given_name: str = ""
    family_name: str = ""
    born_from: str = ""
    born_to: str = ""
    postcode_area: str = ""
    school: str = ""
    gp_practice: str = ""

    def __repr__(self) -> str:
        """Name the criteria that are given, never their values."""
        return f"Criteria({', '.join(self.given)})"

    @property
    def given(self) -> tuple[str, ...]:
        """Name the criteria that are given."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name))

    @property
    def is_found_by_place(self) -> bool:
        """Tell whether to be found would tell where somebody lives or can be met."""
        return bool(self.postcode_area or self.school or self.gp_practice)

    @property
    def span_days(self) -> int:
        """Count the days of the span of dates of birth; 0 where there is none."""
        if not self.born_from:
            return 0
        return (date.fromisoformat(self.born_to) - date.fromisoformat(self.born_from)).days + 1


NO_CRITERIA = Criteria()


def checked(given: Criteria, today: date) -> Criteria:
    """Check and normalise criteria as a requester typed them; raise InvalidRequest for the first that is wrong.

    Criteria by which too many people would be found are refused with advice.
    """
    born_from, born_to = _span(given.born_from, given.born_to, today)
    criteria = Criteria(
        given_name=_text("given_name", given.given_name),
        family_name=_text("family_name", given.family_name),
        born_from=born_from,
        born_to=born_to,
        postcode_area=_area(given.postcode_area),
        school=_text("school", given.school),
        gp_practice=_text("gp_practice", given.gp_practice),
    )
    _require_narrow(criteria)
    return criteria


def points(criteria: Criteria) -> int:
    """Say how much criteria narrow a search: two for what few people share, one for what many do."""
    letters = len(plain(criteria.family_name))
    return sum(
        (
            (letters >= FEWEST_LETTERS) + (letters >= LONG_NAME_LETTERS),
            bool(criteria.given_name),
            (0 < criteria.span_days <= YEAR_DAYS) + (0 < criteria.span_days <= SHORT_SPAN_DAYS),
            bool(criteria.postcode_area),
            bool(criteria.school),
            bool(criteria.gp_practice),
        )
    )


def too_wide() -> InvalidRequest:
    """Make the error for a search by which too many people would be found, or are."""
    return InvalidRequest("SEARCH_TOO_WIDE", "This search is too wide.", mend=_NARROWER, field="criteria")


def _require_narrow(criteria: Criteria) -> None:
    if not criteria.given:
        raise InvalidRequest(
            "CRITERIA_MISSING", "The search does not say whom it is for.", mend=_NARROWER, field="criteria"
        )
    # A school, a practice or a part of the town is a list of everybody there: something of the person must be known.
    is_of_somebody = criteria.family_name or criteria.given_name or 0 < criteria.span_days <= SHORT_SPAN_DAYS
    if not is_of_somebody or points(criteria) < ENOUGH_POINTS:
        raise too_wide()


def _text(field: str, typed: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if not text:
        return ""
    if len(text) > LONGEST_CRITERION or not text.isprintable():
        raise InvalidRequest(
            "CRITERION_UNREADABLE",
            "A criterion is too long, or has characters that no name has.",
            mend=f"Type it again, in at most {LONGEST_CRITERION} characters.",
            field=field,
        )
    if len(plain(text)) < FEWEST_LETTERS:
        raise InvalidRequest(
            "CRITERION_TOO_SHORT",
            "A criterion has too few letters.",
            mend=f"Give at least {FEWEST_LETTERS} letters, without wildcards.",
            field=field,
        )
    return text


def _area(typed: str) -> str:
    area = typed.replace(" ", "").upper()
    if area and not _AREA.fullmatch(area):
        raise InvalidRequest(
            "POSTCODE_AREA_INVALID",
            "The postcode area has not the form of one.",
            mend="Give the first half of a postcode, for example BL1.",
            field="postcode_area",
        )
    return area


def _span(first: str, last: str, today: date) -> tuple[str, str]:
    if not first and not last:
        return "", ""
    born_from, born_to = _day("born_from", first or last), _day("born_to", last or first)
    if born_from > born_to:
        raise InvalidRequest(
            "SPAN_INVALID", "The span of dates of birth ends before it begins.", mend="Swap the two.", field="born_to"
        )
    if (born_to - born_from).days + 1 > LONGEST_SPAN_DAYS or born_from.year < OLDEST_BIRTH_YEAR or born_from > today:
        raise InvalidRequest(
            "SPAN_INVALID",
            "The span of dates of birth is too long, or cannot be right.",
            mend="Give at most three years, in which somebody can have been born.",
            field="born_from",
        )
    return born_from.isoformat(), born_to.isoformat()


def _day(field: str, typed: str) -> date:
    try:
        if _ISO_DATE.fullmatch(typed):
            return date.fromisoformat(typed)
    except ValueError:
        pass
    raise InvalidRequest(
        "DATE_OF_BIRTH_INVALID",
        "The date of birth is not a date.",
        mend="Write it as year-month-day, for example 2016-03-09.",
        field=field,
    )
