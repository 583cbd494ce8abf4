"""Writes and replaces Connexions' nightly files: Windows text, dates like 20110904, Y and N."""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from examples.bolton.systems.connexions.records import ADVISERS, ClientRecord
from examples.bolton.systems.damage import plain
from examples.bolton.systems.leaving import By, Consent, Said

CLIENTS, ACTIVITIES = "clients.csv", "activities.csv"
ENCODING = "cp1252"
CLIENT_COLUMNS = (
    "ClientRef", "Surname", "FirstName", "DateOfBirth", "Sex", "UPN", "Address1", "Address2", "PostTown", "Postcode",
    "School",
    "Adviser", "AdviserTel", "Live", "OptedOut", "Registered", "LastContact", "ReviewDue",
    "Agreed", "AgreedBy", "AgreedOn", "AgreedUntil", "AgreedFor",
)  # fmt: skip
ACTIVITY_COLUMNS = ("ClientRef", "Activity", "Since", "InLearning")
IN_LEARNING = frozenset({"SCH", "SFE", "FEC", "APP", "TRN"})
Row = dict[str, str]
OPTED_OUT = {None: "N", By.PERSON: "Y", By.PARENT: "P"}
AGREED = {Said.GIVEN: "Y", Said.REFUSED: "N", Said.WITHDRAWN: "W", Said.ASKED: "A"}
AGREED_BY = {By.PERSON: "Client", By.PARENT: "Parent"}
AGREED_FOR = {"involvement": "CONTACT", "destination": "ACTIVITY"}


def write(records: Sequence[ClientRecord], folder: Path) -> tuple[Path, Path]:
    """Write both files as the first night's."""
    folder.mkdir(parents=True, exist_ok=True)
    return replace(folder, [_client(record) for record in records], [_activity(record) for record in records])


def replace(folder: Path, clients: Iterable[Row], activities: Iterable[Row]) -> tuple[Path, Path]:
    """Put new files in the place of the old ones, so that a reader never sees a part of one."""
    return (
        _replace_one(folder / CLIENTS, CLIENT_COLUMNS, clients),
        _replace_one(folder / ACTIVITIES, ACTIVITY_COLUMNS, activities),
    )


def read(folder: Path) -> tuple[list[Row], list[Row]]:
    """Read both files back."""
    return _read_one(folder / CLIENTS), _read_one(folder / ACTIVITIES)


def written(day: date | None) -> str:
    """Write a date as eight digits, year first; nothing for none."""
    return day.strftime("%Y%m%d") if day else ""


def parsed(text: str) -> date | None:
    """Read a date back; None for nothing."""
    return date(int(text[:4]), int(text[4:6]), int(text[6:])) if text else None


def in_learning(activity: str) -> str:
    """Say Y or N."""
    return "Y" if activity in IN_LEARNING else "N"


def _replace_one(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns)
    table.writeheader()
    table.writerows(rows)
    unfinished = path.with_suffix(".new")
    with unfinished.open("wb") as file:
        file.write(text.getvalue().encode(ENCODING))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return path


def _read_one(path: Path) -> list[Row]:
    with path.open(encoding=ENCODING, newline="") as file:
        return list(csv.DictReader(file))


def _client(record: ClientRecord) -> Row:
    address = record.address
    cells = (
        record.client_ref, _text(record.surname), _text(record.first_name), written(record.born), record.sex,
        record.upn,
        address.line if address else "", address.district if address else "", "Bolton" if address else "",
        address.postcode if address else "", record.school, record.adviser,
        f"01632 9605{ADVISERS.index(record.adviser) + 1:02d}", "Y" if record.live else "N",
        OPTED_OUT[record.opted_out],
        written(record.registered), written(record.contacted), written(record.review_due), *_agreed(record.consent),
    )  # fmt: skip
    return dict(zip(CLIENT_COLUMNS, cells, strict=True))


def _agreed(consent: Consent | None) -> tuple[str, ...]:
    """Write what was agreed; five empty cells for nothing."""
    if consent is None:
        return ("",) * 5
    covers = " ".join(AGREED_FOR[name] for name in consent.covers) or "ALL"
    until = written(consent.until)
    return AGREED[consent.said], AGREED_BY[consent.by], written(consent.on), until, covers


def _activity(record: ClientRecord) -> Row:
    return {"ClientRef": record.client_ref, "Activity": record.activity, "Since": written(record.activity_since),
            "InLearning": in_learning(record.activity)}  # fmt: skip


def _text(name: str) -> str:
    """Keep what Windows text can hold; ł becomes l."""
    try:
        name.encode(ENCODING)
    except UnicodeEncodeError:
        return plain(name)
    return name
