"""Checks and normalises each key of a person as a requester typed it; a refusal never repeats the value."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from hub.errors import InvalidRequest
from hub.model.identifiers import (
    NHS_NUMBER,
    ULN,
    UPN,
    NumberFault,
    is_test_nhs_number,
    nhs_number_fault,
    uln_fault,
    upn_fault,
)
from hub.model.text import plain

LONGEST_NAME = 100
LONGEST_ADDRESS = 300
OLDEST_BIRTH_YEAR = 1900
# An unborn child has an expected date of birth, at most a pregnancy ahead.
LONGEST_EXPECTATION_DAYS = 300
MOST_LOCAL_NUMBERS = 20
GENDERS = ("female", "male", "other")
_PARTS_OF_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_LOCAL_NUMBER = re.compile(r"[A-Za-z0-9/.\-]{1,40}")
_AGENCY = re.compile(r"[a-z][a-z0-9_]{0,63}")
# Postcodes that stand for no place: of no fixed abode, from abroad, not known.
_NO_PLACE = "ZZ99"

_CHECKS: Final[Mapping[str, tuple[str, Callable[[str], NumberFault | None], str]]] = MappingProxyType(
    {
        NHS_NUMBER: ("NHS number", nhs_number_fault, "It has ten digits, the last of which is a check digit"),
        UPN: (
            "unique pupil number",
            upn_fault,
            "It has a check letter, eleven digits, and one more, which is a letter where it is temporary",
        ),
        ULN: ("unique learner number", uln_fault, "It has ten digits, the last of which is a check digit"),
    }
)
_WRONG: Final[Mapping[NumberFault, str]] = MappingProxyType(
    {
        NumberFault.FORM: "does not have the form of one",
        NumberFault.OTHER_FIGURES: "has characters that only look like its own, such as full-width digits",
        NumberFault.ALL_ALIKE: "is one digit over and over, which is nobody's",
        NumberFault.CHECK: "is not valid: its check digit or letter does not fit",
        NumberFault.PLACEHOLDER: "stands for people who have none, and is nobody's",
    }
)


def number(kind: str, typed: str) -> str:
    """Return a strong identifier in its one form."""
    written = re.sub(r"[ -]", "", typed).upper() if kind != UPN else typed.replace(" ", "").upper()
    title, fault_of, form = _CHECKS[kind]
    fault = fault_of(written) if written else None
    if fault is not None:
        raise InvalidRequest(
            f"{kind.upper()}_INVALID",
            f"The {title} {_WRONG[fault]}.",
            mend=f"{form}: compare it with the source, or leave it out."
            if fault is not NumberFault.OTHER_FIGURES
            else "Type it again with the figures of your keyboard.",
            field=kind,
        )
    return written


def require_no_test_number(nhs_number: str) -> None:
    """Raise InvalidRequest for a number that the NHS keeps for tests, where real people are asked about."""
    if is_test_nhs_number(nhs_number):
        raise InvalidRequest(
            "NHS_NUMBER_FOR_TESTS",
            "NHS numbers that begin with 999 are for tests, and no patient has one.",
            mend="Compare it with the source. (A hub with invented people says `people.test_numbers` in hub.toml.)",
            field=NHS_NUMBER,
        )


def local_numbers(typed: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return agencies' own numbers, one for each agency, in the order of their names."""
    numbers = {agency.strip(): own.strip() for agency, own in typed}
    fits = all(_AGENCY.fullmatch(agency) and _LOCAL_NUMBER.fullmatch(own) for agency, own in numbers.items())
    if not fits or len(numbers) < len(typed) or len(numbers) > MOST_LOCAL_NUMBERS:
        raise InvalidRequest(
            "LOCAL_NUMBER_INVALID",
            "An agency's own number is not one, or an agency has two.",
            mend="Give each agency one, as it writes it: at most 40 letters, digits, '/', '-' or '.'.",
            field="local_numbers",
        )
    return tuple(sorted(numbers.items()))


def name(field: str, typed: str) -> str:
    """Return a name as it was typed, composed and with single blanks; others compare what is left of it."""
    written = " ".join(unicodedata.normalize("NFC", typed).split())
    if len(written) > LONGEST_NAME:
        raise InvalidRequest(
            "NAME_TOO_LONG", "The name is too long.", mend=f"Give at most {LONGEST_NAME} characters.", field=field
        )
    # A name without a letter would be the name of every record that has none.
    if not written.isprintable() or (written and not plain(written)):
        raise InvalidRequest(
            "NAME_UNREADABLE", "The name has characters that no name has.", mend="Type it again.", field=field
        )
    return written


def address(typed: str) -> str:
    """Return an address in one line."""
    written = " ".join(unicodedata.normalize("NFC", typed).split())
    if len(written) > LONGEST_ADDRESS or not written.isprintable() or (written and not plain(written)):
        raise InvalidRequest(
            "ADDRESS_INVALID",
            "The address is too long, or has characters that no address has.",
            mend=f"Give one line of at most {LONGEST_ADDRESS} characters.",
            field="address",
        )
    return written


def postcode(typed: str) -> str:
    """Return a whole postcode in capitals, with one space."""
    written = "".join(unicodedata.normalize("NFKC", typed).upper().split())
    if not written:
        return ""
    halves = _POSTCODE.fullmatch(written)
    if halves is None or halves[1] == _NO_PLACE:
        raise InvalidRequest(
            "POSTCODE_INVALID",
            "The postcode is not a whole one, or stands for no place.",
            mend="Write it as in BL1 1AA, or leave it out.",
            field="postcode",
        )
    return f"{halves[1]} {halves[2]}"


def gender(typed: str) -> str:
    """Return a gender as the catalogue's field has it; that it is not known says nothing, and is left out."""
    written = typed.strip().lower()
    if written and written not in GENDERS:
        raise InvalidRequest(
            "GENDER_INVALID",
            "The gender is none that is known.",
            mend=f"Write {', '.join(GENDERS)}, or leave it out.",
            field="gender",
        )
    return written


def date_of_birth(typed: str, today: date) -> str:
    """Return a day, month or year of birth."""
    if not typed:
        return ""
    parts = _PARTS_OF_DATE.fullmatch(typed)
    if parts is None:
        raise _no_date("is not a date")
    try:
        born = date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        raise _no_date("does not exist") from None
    if born.year < OLDEST_BIRTH_YEAR or (born - today).days > LONGEST_EXPECTATION_DAYS:
        raise _no_date("cannot be right")
    return typed


def _no_date(words: str) -> InvalidRequest:
    mend = "Write it as year-month-day, for example 2016-03-09; 2016-03 or 2016 where no more is known."
    return InvalidRequest("DATE_OF_BIRTH_INVALID", f"The date of birth {words}.", mend=mend, field="date_of_birth")
