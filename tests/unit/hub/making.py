"""Invented identifiers, tables and questions; check digits are worked out here anew, not by the code under test."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from hub.linkage.parameters import shipped
from hub.linkage.standings import standings
from hub.model.matching import Standing
from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.model.request import Request, Requester

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
IDENTITY = ("nhs_number", "upn", "given_name", "family_name", "date_of_birth")

_SHIPPED = shipped()

REQUESTER = Requester(
    user_name="n.okafor", display_name="N Okafor", access_level="health_visitor", agency="health", areas=("bolton",)
)


def nhs_number(seed: int) -> str:
    """Return the first valid number whose nine leading digits are at least 999000000 plus a seed."""
    for body in range(999_000_000 + seed, 1_000_000_000):
        digits = [int(digit) for digit in str(body)]
        check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=True)) % 11
        if check != 10:
            return f"{body}{0 if check == 11 else check}"
    raise ValueError("no such number")


def upn(seed: int, last: str = "") -> str:
    """Return the unique pupil number of a seed, with the right check letter; `last` makes a temporary one."""
    rest = f"{350_000_000_000 + seed:012}"
    rest = rest[:11] + last if last else rest
    values = [UPN_LETTERS.index(sign) if sign.isalpha() else int(sign) for sign in rest]
    return UPN_LETTERS[sum(weight * value for weight, value in enumerate(values, start=2)) % 23] + rest


def table(*rows: Mapping[str, str], columns: Sequence[str] = (), dates: Sequence[str] = ()) -> Records:
    """Return a table with one row for each mapping; columns are those of the first row unless they are given."""
    names = tuple(columns) or tuple(rows[0] if rows else IDENTITY)
    return Records(
        columns=names,
        cells=tuple(row.get(name, "") for row in rows for name in names),
        record_dates=tuple(dates) or ("2026-01-01",) * len(rows),
        source="Care Records",
        retrieved_at_ms=1_795_000_000_000,
    )


def stood(records: Records, asked: PersonKeys) -> list[Standing]:
    """Say how rows stand to who was asked about, as a hub with the shipped parameters does."""
    return standings(records, asked, _SHIPPED)


def question_about(person: PersonKeys, request_id: str = "r1") -> Request:
    """Return a question of a health visitor about a person."""
    return Request(
        request_id=request_id,
        requester=REQUESTER,
        question="child_services",
        person=person,
        purpose="safeguarding",
        lawful_basis="A6_E",
        case_reference="HV/1",
        asked_at_ms=1_795_000_000_000,
    )


NHS_NUMBERS = st.integers(0, 400).map(nhs_number)
UPNS = st.integers(0, 400).map(upn)
