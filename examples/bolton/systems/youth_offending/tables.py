"""Writes the youth offending team's records into its database, the way the product does."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from examples.bolton.systems.damage import plain
from examples.bolton.systems.youth_offending.records import OFFICERS, CaseRecord

FILE = "yot.sqlite"
SCHEMA = Path(__file__).parent / "schema.sql"
CONCERN_COLUMNS = 3
CAUTIONS = {"threats": "T", "violence": "V", "weapon": "W", "dog": "D", "unsafe_building": "B", "infection": "I"}
ADVICE = {"visit_in_pairs": "2", "meet_elsewhere": "E", "telephone_first": "P", "speak_to_us_first": "S"}
CASE_MARKS = ", ".join("?" * 29)


def write(records: Sequence[CaseRecord], folder: Path, day: date) -> Path:
    """Make the database anew, with orders current or ended as of a day."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(SCHEMA.read_text(encoding="utf-8"))
        with database:
            database.executemany(f"INSERT INTO CASES VALUES ({CASE_MARKS})", map(_case, records))  # noqa: S608 - marks only
            database.executemany("INSERT INTO ORDERS VALUES (NULL, ?, ?, ?, ?, ?)", _orders(records, day))
    return path


def uk_date(day: date | None) -> str:
    """Write a date as DD/MM/YYYY; nothing for none."""
    return day.strftime("%d/%m/%Y") if day else ""


def _case(record: CaseRecord) -> tuple[str, ...]:
    return (
        record.case_ref, plain(record.surname).upper(), plain(record.forename), plain(record.forename_2),
        uk_date(record.born), record.sex, record.nhs_no, *_address(record), record.school, record.officer,
        f"01632 9604{OFFICERS.index(record.officer) + 1:02d}", record.status, uk_date(record.opened),
        uk_date(record.closed),
        *_concerns(record), "Y" if record.do_not_pass_on else "", *_caution(record), f"{uk_date(record.amended)} 16:40",
    )  # fmt: skip


def _address(record: CaseRecord) -> tuple[str, str, str, str]:
    if record.address is None:
        return "NFA", "", "", ""
    address = record.address
    return address.line.upper(), address.district.upper(), "BOLTON", address.postcode.replace(" ", "")


def _concerns(record: CaseRecord) -> Iterator[str]:
    for code, day in record.concerns:
        yield from (code, uk_date(day))
    yield from ("", "") * (CONCERN_COLUMNS - len(record.concerns))


def _caution(record: CaseRecord) -> tuple[str, str, str, str]:
    caution = record.caution
    if caution is None:
        return "", "", "", ""
    dates = uk_date(caution.since), uk_date(caution.confirmed)
    return CAUTIONS[caution.kind], *dates, ADVICE[caution.advice]


def _orders(records: Iterable[CaseRecord], day: date) -> Iterator[tuple[str, ...]]:
    for record in records:
        for order in record.orders:
            current = "C" if order.end >= day else "E"
            yield record.case_ref, order.kind, uk_date(order.start), uk_date(order.end), current
