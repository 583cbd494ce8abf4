"""From the options of `hub ask` to a request, with the mistakes that can be seen without asking the hub."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from sharing.v1 import questions_pb2, records_pb2

from hub.cli.errors import CommandError

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NHS_NUMBER: Final = re.compile(r"\d{10}", re.ASCII)
_UPN: Final = re.compile(r"[A-Z0-9]{13}")
_CASE: Final = re.compile(r"[A-Za-z0-9/.-]{3,40}")
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Whom:
    """The options that say whom a question is about, as they were typed."""

    nhs_number: str = ""
    upn: str = ""
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    born: str = ""

    def __repr__(self) -> str:
        """Tell nothing about the person."""
        return "<Whom>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The options that say what a question is asked for, as they were typed."""

    purpose: str = ""
    basis: str = ""
    case: str = ""


def make_request(question: str, whom: Whom, why: Why) -> questions_pb2.AskRequest:
    """Make the request; raise CommandError at the first thing that cannot be right."""
    return questions_pb2.AskRequest(
        question=question,
        person=make_keys(whom),
        purpose=why.purpose,
        lawful_basis=why.basis,
        case_reference=_case(why.case),
    )


def make_keys(whom: Whom) -> records_pb2.PersonKeys:
    """Say whom the question is about: a number, or a whole name with the date of birth."""
    given_name, family_name = _names(whom)
    keys = records_pb2.PersonKeys(
        nhs_number=_nhs_number(whom.nhs_number),
        upn=_upn(whom.upn),
        given_name=given_name,
        family_name=family_name,
        date_of_birth=_born(whom.born),
    )
    if keys.nhs_number or keys.upn or (given_name and family_name and keys.date_of_birth):
        return keys
    raise CommandError(
        "NO_PERSON",
        "It is not clear whom the question is about.",
        mend='Give --nhs-number or --upn, or else --name "Given Family" together with --born YYYY-MM-DD.',
        field="person",
    )


def _names(whom: Whom) -> tuple[str, str]:
    """Take a whole name apart: the last word is the family name, where nothing else is said."""
    given_name, family_name = _tidy(whom.given_name), _tidy(whom.family_name)
    words = whom.name.split()
    if words and given_name and family_name:
        raise CommandError(
            "NAME_TWICE",
            "The name is given twice.",
            mend="Give --name, or --given-name and --family-name.",
            field="person.given_name",
        )
    if words and not given_name and not family_name:
        given_name, family_name = " ".join(words[:-1]), words[-1]
    elif words:
        # One of the two is named, so that the whole of --name is the other.
        given_name, family_name = given_name or " ".join(words), family_name or " ".join(words)
    if words and not given_name:
        raise CommandError(
            "HALF_A_NAME",
            "--name needs a given name and a family name.",
            mend='Write --name "Given Family", or use --given-name and --family-name.',
            field="person.family_name",
        )
    if max(len(given_name), len(family_name)) > _LONGEST_NAME:
        raise CommandError(
            "NAME_TOO_LONG", "A name has at most 100 characters.", mend="Shorten it.", field="person.given_name"
        )
    return given_name, family_name


def _nhs_number(typed: str) -> str:
    """Take the blanks and hyphens out of an NHS number; its check digit is the hub's to check."""
    number = re.sub(r"[\s-]", "", typed)
    if number and not _NHS_NUMBER.fullmatch(number):
        raise CommandError(
            "NHS_NUMBER", "An NHS number has ten digits.", mend="Look at --nhs-number again.", field="person.nhs_number"
        )
    return number


def _upn(typed: str) -> str:
    """Spell a unique pupil number in capitals without blanks; its check letter is the hub's to check."""
    number = re.sub(r"[\s-]", "", typed).upper()
    if number and not _UPN.fullmatch(number):
        raise CommandError(
            "UPN",
            "A unique pupil number has thirteen letters and digits.",
            mend="Look at --upn again.",
            field="person.upn",
        )
    return number


def _born(typed: str) -> str:
    """Check a date of birth."""
    born = typed.strip()
    try:
        if born and not (_DATE.fullmatch(born) and date.fromisoformat(born)):
            raise ValueError
    except ValueError:
        raise CommandError(
            "DATE",
            "The date of birth is not a date of the form YYYY-MM-DD.",
            mend="Write year, month and day, for example --born 2014-05-06.",
            field="person.date_of_birth",
        ) from None
    return born


def _case(typed: str) -> str:
    """Check the case reference."""
    case = typed.strip()
    if not _CASE.fullmatch(case):
        raise CommandError(
            "CASE_REFERENCE",
            "Every question needs your own case reference." if not case else "The case reference is not one.",
            mend="Give --case with 3 to 40 letters, digits, '/', '-' or '.'; never a name.",
            field="case_reference",
        )
    return case


def _tidy(name: str) -> str:
    return " ".join(name.split())
