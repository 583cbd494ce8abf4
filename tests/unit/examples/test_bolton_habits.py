"""Each system's habits: what it knows of a child, and how it writes it."""

import csv
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from stdnum.gb import nhs, upn

from examples.bolton.build import build
from examples.bolton.population.generate import population
from examples.bolton.population.people import Population, System
from examples.bolton.systems.connexions import night

NIGHT = date(2026, 11, 21)
UK_DATE, ISO_DATE, EIGHT_DIGITS = r"\d\d/\d\d/\d{4}", r"\d{4}-\d\d-\d\d", r"\d{8}"


@pytest.fixture(scope="module")
def people() -> Population:
    return population(7, 3_000)


@pytest.fixture(scope="module")
def folder(people: Population, tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("bolton systems")
    assert [each.system for each in build(into, people)] == list(System)
    return into


def test_the_same_population_is_always_written_alike(people: Population, folder: Path, tmp_path: Path) -> None:
    list(build(tmp_path, people))
    for name in (
        "health/resources.ndjson",
        "schools/pupils.ndjson",
        "connexions/clients.csv",
        "connexions/activities.csv",
    ):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
    for name in ("social_care/care_records.sqlite", "youth_offending/yot.sqlite"):
        assert list(_dump(tmp_path / name)) == list(_dump(folder / name))


def test_building_again_replaces_what_was_there(people: Population, tmp_path: Path) -> None:
    list(build(tmp_path, people))
    before = (tmp_path / "social_care/care_records.sqlite").stat().st_size
    list(build(tmp_path, people))
    assert (tmp_path / "social_care/care_records.sqlite").stat().st_size == before


def test_social_care_writes_iso_dates_and_spaced_nhs_numbers_for_seven_in_ten(folder: Path) -> None:
    persons = _rows(folder / "social_care/care_records.sqlite", "SELECT * FROM person")
    assert _all_like(ISO_DATE, (each["date_of_birth"] for each in persons))
    numbers = [each["nhs_no"] for each in persons if each["nhs_no"]]
    assert 0.6 < len(numbers) / len(persons) < 0.8
    assert {" " in number for number in numbers} == {True, False}
    assert all(map(nhs.is_valid, numbers))
    assert 0.35 < sum(each["upn"] is not None for each in persons) / len(persons) < 0.7


def test_the_reporting_view_gives_each_child_once_with_an_nhs_number_without_blanks(folder: Path) -> None:
    database = folder / "social_care/care_records.sqlite"
    viewed = _rows(database, "SELECT * FROM reporting_child")
    assert len(viewed) == len(_rows(database, "SELECT * FROM person"))
    assert all(" " not in (each["nhs_number"] or "") for each in viewed)


def test_social_cares_records_hang_together(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "social_care/care_records.sqlite")) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_every_concern_of_social_care_names_a_worker(folder: Path) -> None:
    database = folder / "social_care/care_records.sqlite"
    concerns = _rows(database, "SELECT * FROM reporting_concern")
    assert len(concerns) == len(_rows(database, "SELECT * FROM concern"))
    assert all(each["full_name"] for each in concerns)


def test_health_always_has_a_valid_nhs_number_and_never_a_pupil_number(folder: Path) -> None:
    patients = [each for each in _lines(folder / "health/resources.ndjson") if each["resourceType"] == "Patient"]
    assert all(nhs.is_valid(patient["identifier"][0]["value"]) for patient in patients)
    assert not any(re.search(r"[A-Z]350\d{9}", json.dumps(patient)) for patient in patients)
    assert _all_like(ISO_DATE, (patient["birthDate"] for patient in patients))


def test_health_has_only_resources_whose_references_lead_somewhere(folder: Path) -> None:
    resources = list(_lines(folder / "health/resources.ndjson"))
    there = {f"{each['resourceType']}/{each['id']}" for each in resources}
    referred = {found for each in resources for found in re.findall(r'"reference": "([^"]+)"', json.dumps(each))}
    assert len(there) == len(resources)
    assert referred <= there


def test_schools_always_have_a_valid_pupil_number_and_never_an_nhs_number(folder: Path) -> None:
    pupils = list(_lines(folder / "schools/pupils.ndjson"))
    assert all(upn.is_valid(pupil["upn"]) for pupil in pupils)
    assert "999" not in "".join(re.findall(r"\b\d{10}\b", json.dumps(pupils)))
    assert _all_like(rf"{ISO_DATE}T00:00:00", (pupil["dateOfBirth"] for pupil in pupils))
    assert {pupil["sex"] for pupil in pupils} == {"F", "M"}


def test_youth_offending_writes_uk_dates_and_plain_capitals(folder: Path) -> None:
    cases = _rows(folder / "youth_offending/yot.sqlite", "SELECT * FROM CASES")
    assert _all_like(UK_DATE, (case["DOB"] for case in cases))
    assert all(case["SURNAME"] == case["SURNAME"].upper() and case["SURNAME"].isascii() for case in cases)
    assert {case["SEX"] for case in cases} <= {"M", "F", "U"}
    assert sum(case["NHSNO"] != "" for case in cases) < len(cases) / 2
    assert all(" " not in case["PCODE"] for case in cases)


def test_connexions_writes_windows_text_with_dates_of_eight_digits_and_yes_and_no(folder: Path) -> None:
    clients = _table(folder / "connexions/clients.csv")
    assert _all_like(EIGHT_DIGITS, (client["DateOfBirth"] for client in clients))
    assert {client["OptedOut"] for client in clients} == {"Y", "P", "N"}
    assert 0.75 < sum(client["UPN"] != "" for client in clients) / len(clients) < 0.95
    assert not any("ł" in client["Surname"] for client in clients)


def test_no_two_systems_agree_on_everything_about_everyone(people: Population, folder: Path) -> None:
    health = {
        each["identifier"][0]["value"]: each["name"][0]["family"]
        for each in _lines(folder / "health/resources.ndjson")
        if each["resourceType"] == "Patient"
    }
    schools = {each["upn"]: each["legalSurname"] for each in _lines(folder / "schools/pupils.ndjson")}
    both = [child for child in people.children if child.nhs_number in health and child.upn in schools]
    differing = [child for child in both if health[child.nhs_number] != schools[child.upn]]
    assert len(both) / 100 < len(differing) < len(both) / 5


def test_some_dates_of_birth_have_day_and_month_changed_about(people: Population, folder: Path) -> None:
    born = {child.nhs_number: child.born for child in people.children}
    swapped = 0
    for each in _lines(folder / "health/resources.ndjson"):
        truly = born.get(each["identifier"][0]["value"]) if each["resourceType"] == "Patient" else None
        written = date.fromisoformat(each["birthDate"]) if truly else None
        swapped += truly is not None and written != truly and (written.day, written.month) == (truly.month, truly.day)
    assert swapped > 0


def test_a_night_moves_some_clients_on_and_loses_none(people: Population, tmp_path: Path) -> None:
    list(build(tmp_path, people))
    folder = tmp_path / "connexions"
    before = {row["ClientRef"]: row for row in _table(folder / "clients.csv")}
    reviewed = night.replace_files(folder, NIGHT)
    after = {row["ClientRef"]: row for row in _table(folder / "clients.csv")}
    changed = Counter(before[ref] != after[ref] for ref in before)
    assert before.keys() == after.keys()
    assert changed[True] == reviewed > 0
    assert [path.name for path in sorted(folder.iterdir())] == ["activities.csv", "clients.csv"]


def test_no_night_changes_a_storied_young_person(people: Population, tmp_path: Path) -> None:
    list(build(tmp_path, people))
    folder = tmp_path / "connexions"
    before = _storied(folder)
    for day in range(1, 28):
        night.replace_files(folder, date(2027, 2, day))
    assert _storied(folder) == before


def test_a_night_does_not_touch_files_that_somebody_has_open(people: Population, tmp_path: Path) -> None:
    list(build(tmp_path, people))
    whole = (tmp_path / "connexions/clients.csv").read_bytes()
    with (tmp_path / "connexions/clients.csv").open("rb") as opened:
        night.replace_files(tmp_path / "connexions", NIGHT)
        assert opened.read() == whole


def _storied(folder: Path) -> list[dict[str, str]]:
    rows = (*_table(folder / "clients.csv"), *_table(folder / "activities.csv"))
    return [row for row in rows if row["ClientRef"].startswith("CX5")]


def _rows(path: Path, statement: str) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return database.execute(statement).fetchall()


def _dump(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(path)) as database:
        yield from database.iterdump()


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file))


def _all_like(pattern: str, texts: Iterator[str]) -> bool:
    return all(re.fullmatch(pattern, text) for text in texts)
