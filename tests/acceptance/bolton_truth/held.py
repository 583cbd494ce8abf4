"""Reads what each system holds, plainly: each record's own reference, identifiers and date of birth."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Is one record of one system."""

    system: str
    record: str
    nhs_number: str
    upn: str
    born: date


def everything(systems: Path) -> Iterator[Held]:
    yield from _social_care(systems / "social_care/care_records.sqlite")
    yield from _health(systems / "health/resources.ndjson")
    yield from _schools(systems / "schools/pupils.ndjson")
    yield from _youth_offending(systems / "youth_offending/yot.sqlite")
    yield from _connexions(systems / "connexions/clients.csv")


def _social_care(path: Path) -> Iterator[Held]:
    for record, nhs_number, upn, born in _rows(path, "SELECT person_id, nhs_no, upn, date_of_birth FROM person"):
        number = (nhs_number or "").replace(" ", "")
        yield Held(
            system="social_care", record=str(record), nhs_number=number, upn=upn or "", born=date.fromisoformat(born)
        )


def _health(path: Path) -> Iterator[Held]:
    for line in path.read_text(encoding="utf-8").splitlines():
        patient = json.loads(line)
        if patient["resourceType"] == "Patient":
            number, born = patient["identifier"][0]["value"], date.fromisoformat(patient["birthDate"])
            yield Held(system="health", record=patient["id"], nhs_number=number, upn="", born=born)


def _schools(path: Path) -> Iterator[Held]:
    for line in path.read_text(encoding="utf-8").splitlines():
        pupil = json.loads(line)
        born = datetime.fromisoformat(pupil["dateOfBirth"]).date()
        yield Held(system="schools", record=str(pupil["pupilId"]), nhs_number="", upn=pupil["upn"], born=born)


def _youth_offending(path: Path) -> Iterator[Held]:
    for record, number, born in _rows(path, "SELECT CASE_REF, NHSNO, DOB FROM CASES"):
        day, month, year = map(int, born.split("/"))
        yield Held(system="youth_offending", record=record, nhs_number=number, upn="", born=date(year, month, day))


def _connexions(path: Path) -> Iterator[Held]:
    with path.open(encoding="cp1252", newline="") as file:
        for row in csv.DictReader(file):
            born = date.fromisoformat(row["DateOfBirth"])
            yield Held(system="connexions", record=row["ClientRef"], nhs_number="", upn=row["UPN"], born=born)


def _rows(path: Path, statement: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(statement).fetchall()
