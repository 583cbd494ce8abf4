"""Writes social care's records into its database."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from examples.bolton.population.people import Address
from examples.bolton.systems.leaving import By, Said
from examples.bolton.systems.social_care.records import TEAMS, CareRecord

FILE = "care_records.sqlite"
SCHEMA = Path(__file__).parent / "schema.sql"
Row = tuple[object, ...]
CONSENT_CODES = {Said.GIVEN: "GVN", Said.REFUSED: "REF", Said.WITHDRAWN: "WDN", Said.ASKED: "AWT"}
BY_CODES = {By.PERSON: "YP", By.PARENT: "PR"}
CAUTION_CODES = {
    "threats": "THR", "violence": "VIO", "weapon": "WPN", "dog": "DOG", "unsafe_building": "BLD", "infection": "INF",
}  # fmt: skip
ADVICE_CODES = {"visit_in_pairs": "2UP", "meet_elsewhere": "OFF", "telephone_first": "TEL", "speak_to_us_first": "ASK"}
COVER_CODES = {"involvement": "SVC", "concern": "CON", "staff_safety": "WRN"}


def write(records: Sequence[CareRecord], folder: Path) -> Path:
    """Make the database anew; whatever file was there before is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(SCHEMA.read_text(encoding="utf-8"))
        with database:
            _fill(database, records)
    return path


def _fill(database: sqlite3.Connection, records: Sequence[CareRecord]) -> None:
    workers = dict(_workers())
    addresses = _numbered(address for record in records for address, _ in record.addresses)
    _insert(database, "team", enumerate(TEAMS, start=1))
    _insert(database, "worker", workers.values())
    _insert(database, "address", (_address(number, address) for address, number in addresses.items()))
    _insert(database, "person", map(_person, records))
    _insert(database, "address_history", (row for record in records for row in _history(record, addresses)))
    _insert(database, "involvement", ((number, *row) for number, row in enumerate(_involvements(records, workers), 1)))
    _insert(database, "plan", ((number, *row) for number, row in enumerate(_plans(records), 1)))
    _insert(database, "consent", ((number, *row) for number, row in enumerate(_consents(records), 1)))
    _insert(database, "caution", ((number, *row) for number, row in enumerate(_cautions(records), 1)))
    _insert(database, "concern", ((number, *row) for number, row in enumerate(_concerns(records), 1)))


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if listed:
        marks = ", ".join("?" * len(listed[0]))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", listed)  # noqa: S608 - table is one of ours, never input


def _workers() -> Iterator[tuple[tuple[str, str], Row]]:
    number = 0
    for team_id, (team, names) in enumerate(TEAMS.items(), start=1):
        for name in names:
            number += 1
            yield (team, name), (number, team_id, name, f"01632 9602{number:02d}")


def _numbered(addresses: Iterable[Address]) -> dict[Address, int]:
    return {address: number for number, address in enumerate(dict.fromkeys(addresses), start=1)}


def _address(number: int, address: Address) -> Row:
    return number, address.line, address.district, "Bolton", address.postcode


def _person(record: CareRecord) -> Row:
    return (
        record.person_id, record.first_name, record.last_name, record.known_as or None, record.former_last_name or None,
        record.born.isoformat(), record.gender_code, record.nhs_no or None, record.upn or None, record.surgery or None,
        record.school or None, "Y" if record.restricted else "N", "Y" if record.adopted else "N",
        "Y" if record.address_withheld else "N", record.authority, record.updated.isoformat(),
    )  # fmt: skip


def _history(record: CareRecord, addresses: dict[Address, int]) -> Iterator[Row]:
    starts = [since.isoformat() for _, since in record.addresses]
    for (address, since), end in zip(record.addresses, [*starts[1:], None], strict=True):
        yield record.person_id, addresses[address], since.isoformat(), end


def _involvements(records: Iterable[CareRecord], workers: dict[tuple[str, str], Row]) -> Iterator[Row]:
    for record in records:
        for spell in record.involvements:
            worker_id = workers[spell.team, spell.worker][0]
            end = spell.end.isoformat() if spell.end else None
            yield record.person_id, worker_id, spell.status, spell.start.isoformat(), end


def _plans(records: Iterable[CareRecord]) -> Iterator[Row]:
    for record in records:
        if record.plan:
            yield record.person_id, record.plan, record.involvements[-1].start.isoformat()


def _consents(records: Iterable[CareRecord]) -> Iterator[Row]:
    for record in records:
        if (consent := record.consent) is not None:
            covers = "/".join(COVER_CODES[name] for name in consent.covers) or "ALL"
            until = consent.until.isoformat() if consent.until else None
            review = consent.review.isoformat() if consent.review else None
            said, by = CONSENT_CODES[consent.said], BY_CODES[consent.by]
            yield record.person_id, said, by, consent.on.isoformat(), until, review, covers


def _cautions(records: Iterable[CareRecord]) -> Iterator[Row]:
    for record in records:
        if (caution := record.caution) is not None:
            kind, advice = CAUTION_CODES[caution.kind], ADVICE_CODES[caution.advice]
            yield record.person_id, kind, caution.since.isoformat(), caution.confirmed.isoformat(), advice


def _concerns(records: Iterable[CareRecord]) -> Iterator[Row]:
    for record in records:
        for concern in record.concerns:
            closed = concern.closed.isoformat() if concern.closed else None
            yield record.person_id, concern.category, concern.raised.isoformat(), closed
