"""Bolton as it was built: who the children truly are, whose each record is, and how each record names its child."""

import csv
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = tuple[str, str]
"""An agency, and its own reference."""
Named = tuple[str, ...]
"""Given name, family name and date of birth, as an agency shows them; in small letters."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Child:
    """One child as he or she truly is, with the agencies that hold a record."""

    key: str
    given_name: str
    family_name: str
    date_of_birth: str
    nhs_number: str
    upn: str
    held_by: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Town:
    """Everybody, and every record."""

    children: Mapping[str, Child]
    owners: Mapping[Record, str]
    named: Mapping[Record, Named]


def named(given_name: str, family_name: str, date_of_birth: str) -> Named:
    """Spell names and a day so that what an agency holds equals what it shows."""
    return tuple(" ".join(part.split()).casefold() for part in (given_name, family_name, date_of_birth))


def read_town(systems: Path, truth: Path) -> Town:
    """Read the truth, and how the systems name each child."""
    owners = {(row["system"], row["record"]): row["child"] for row in _table(truth / "records.csv", "utf-8")}
    held_by: dict[str, set[str]] = {}
    for (agency, _), child in owners.items():
        held_by.setdefault(child, set()).add(agency)
    children = {
        row["child"]: Child(
            key=row["child"],
            given_name=row["given"],
            family_name=row["family"],
            date_of_birth=row["born"],
            nhs_number=row["nhs_number"],
            upn=row["upn"],
            held_by=frozenset(held_by.get(row["child"], ())),
        )
        for row in _table(truth / "children.csv", "utf-8")
    }
    return Town(children=children, owners=owners, named=dict(_named(systems)))


def _named(systems: Path) -> Iterator[tuple[Record, Named]]:
    statement = "SELECT person_id, first_name, last_name, date_of_birth FROM person"
    for reference, given, family, born in _rows(systems / "social_care" / "care_records.sqlite", statement):
        yield ("social_care", str(reference)), named(given, family, born)
    for patient in _documents(systems / "health" / "resources.ndjson"):
        if patient["resourceType"] == "Patient":
            name = patient["name"][0]
            yield ("health", patient["id"]), named(name["given"][0], name["family"], patient["birthDate"])
    for pupil in _documents(systems / "schools" / "pupils.ndjson"):
        told = named(pupil["legalForename"], pupil["legalSurname"], pupil["dateOfBirth"][:10])
        yield ("schools", str(pupil["pupilId"])), told
    statement = "SELECT CASE_REF, FORENAME1, SURNAME, DOB FROM CASES"
    for reference, given, family, born in _rows(systems / "youth_offending" / "yot.sqlite", statement):
        yield ("youth_offending", reference), named(given, family, "-".join(reversed(born.split("/"))))
    for row in _table(systems / "connexions" / "clients.csv", "cp1252"):
        born = row["DateOfBirth"]
        told = named(row["FirstName"], row["Surname"], f"{born[:4]}-{born[4:6]}-{born[6:]}")
        yield ("connexions", row["ClientRef"]), told


def _table(file: Path, encoding: str) -> list[dict[str, str]]:
    with file.open(encoding=encoding, newline="") as opened:
        return list(csv.DictReader(opened))


def _rows(file: Path, statement: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(statement).fetchall()


def _documents(file: Path) -> Iterator[Any]:
    yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())
