"""Whom a question is about: the keys by which agencies are to look for one person."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from hub.errors import InvalidRequest
from hub.model.identifiers import is_valid_nhs_number, is_valid_upn
from hub.model.text import plain

LONGEST_NAME = 100
OLDEST_BIRTH_YEAR = 1900
# An unborn child has an expected date of birth, at most a pregnancy ahead.
LONGEST_EXPECTATION_DAYS = 300
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonKeys:
    """The keys given for one person; what is not known is empty, dates are YYYY-MM-DD."""

    nhs_number: str = ""
    upn: str = ""
    given_name: str = ""
    family_name: str = ""
    date_of_birth: str = ""
    uln: str = ""
    # Each the agency that gave it, and the number.
    local_numbers: tuple[tuple[str, str], ...] = ()
    address: str = ""
    postcode: str = ""
    gender: str = ""

    def __repr__(self) -> str:
        """Name the keys that are given, never their values."""
        given = [key for key in self.__slots__ if getattr(self, key)]
        return f"PersonKeys({', '.join(given)})"

    @property
    def has_full_name(self) -> bool:
        """Tell whether names and date of birth are all given, as looking without an identifier needs."""
        return bool(self.given_name and self.family_name and self.date_of_birth)


def person_keys(
    *, nhs_number: str, upn: str, given_name: str, family_name: str, date_of_birth: str, today: date
) -> PersonKeys:
    """Check and normalise keys as a requester typed them; raise InvalidRequest for the first that is wrong."""
    keys = PersonKeys(
        nhs_number=_nhs_number(nhs_number),
        upn=_upn(upn),
        given_name=_name("given_name", given_name),
        family_name=_name("family_name", family_name),
        date_of_birth=_date_of_birth(date_of_birth, today),
    )
    if not (keys.nhs_number or keys.upn or keys.has_full_name):
        raise InvalidRequest(
            "PERSON_MISSING",
            "The question does not say whom it is about.",
            mend="Give an NHS number, a UPN, or given name, family name and date of birth together.",
            field="person",
        )
    return keys


def _nhs_number(typed: str) -> str:
    number = re.sub(r"[ -]", "", typed)
    if number and not is_valid_nhs_number(number):
        raise InvalidRequest(
            "NHS_NUMBER_INVALID",
            "The NHS number is not valid.",
            mend="It has ten digits, the last of which is a check digit: compare it with the source.",
            field="nhs_number",
        )
    return number


def _upn(typed: str) -> str:
    number = typed.replace(" ", "").upper()
    if number and not is_valid_upn(number):
        raise InvalidRequest(
            "UPN_INVALID",
            "The unique pupil number is not valid.",
            mend="It has a check letter and twelve more characters: compare it with the source.",
            field="upn",
        )
    return number


def _name(field: str, typed: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if len(name) > LONGEST_NAME:
        raise InvalidRequest(
            "NAME_TOO_LONG", "The name is too long.", mend=f"Give at most {LONGEST_NAME} characters.", field=field
        )
    # A name without a letter would be the name of every record that has none.
    if not name.isprintable() or (name and not plain(name)):
        raise InvalidRequest(
            "NAME_UNREADABLE", "The name has characters that no name has.", mend="Type it again.", field=field
        )
    return name


def _date_of_birth(typed: str, today: date) -> str:
    if not typed:
        return ""
    mend = "Write it as year-month-day, for example 2016-03-09."
    if not _ISO_DATE.fullmatch(typed):
        raise InvalidRequest(
            "DATE_OF_BIRTH_INVALID", "The date of birth is not a date.", mend=mend, field="date_of_birth"
        )
    try:
        born = date.fromisoformat(typed)
    except ValueError:
        raise InvalidRequest(
            "DATE_OF_BIRTH_INVALID", "The date of birth does not exist.", mend=mend, field="date_of_birth"
        ) from None
    if born.year < OLDEST_BIRTH_YEAR or (born - today).days > LONGEST_EXPECTATION_DAYS:
        raise InvalidRequest(
            "DATE_OF_BIRTH_INVALID", "The date of birth cannot be right.", mend=mend, field="date_of_birth"
        )
    return typed
