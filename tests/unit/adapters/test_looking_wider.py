"""Looking wider in real tables and files: what is found, what is left out, and what is told as if it were not there."""

import asyncio
import csv
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
import structlog
from sharing.v1.links_pb2 import Ask, Looking
from sharing.v1.records_pb2 import PersonKeys

from adapters.files.reader import FilesReader
from adapters.kit.finding import Answerer, Result, find
from adapters.kit.journal import AskOutcome
from adapters.kit.manifest import FilesSource, Limits, SqlSource
from adapters.kit.reader import Reader
from adapters.sql.reader import SqlReader

COLUMNS = ("ref", "nhs", "family", "given", "born", "sealed")
RECORDS = {
    "keys": {
        "nhs_number": "nhs",
        "family_name": "family",
        "given_name": "given",
        "date_of_birth": {"column": "born", "date": "%Y-%m-%d"},
    },
    "looking": {"width": "fuzzy", "by": [["date_of_birth"], ["family_name", "given_name"]]},
    "record_id": "ref",
    "terms": {"shield": {"column": "sealed", "values": {"Y": "person", "N": "none"}}},
    "fields": {"given_name": "given", "family_name": "family"},
}
BORN = "2012-03-07"
TWIN = ("t", "3", "Smith", "Zoran", BORN, "N")
OPEN = ("o", "1", "Smyth", "Zoé", BORN, "N")
SEALED = ("s", "1", "Smyth", "Zoé", BORN, "Y")
STRANGER = ("u", "4", "Akhtar", "Bilal", BORN, "N")


class Held:
    """A system of one kind that holds these people."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder

    def reader(self, rows: Sequence[Sequence[str]]) -> Reader:
        if self.kind == "sql":
            file = self.folder / "people.sqlite"
            file.unlink(missing_ok=True)
            connection = sqlite3.connect(file)
            connection.execute(f"CREATE TABLE people ({', '.join(COLUMNS)})")
            connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)", rows)
            connection.commit()
            connection.close()
            described = {"kind": "sql", "name": "People", "url": f"sqlite:///{file}"}
            records = {"child": {"table": "people", **RECORDS}}
            return SqlReader(SqlSource.model_validate({**described, "records": records}), Limits())
        with (self.folder / "people.csv").open("w", newline="", encoding="utf-8") as file_of_people:
            csv.writer(file_of_people).writerows([COLUMNS, *rows])
        described = {"kind": "files", "name": "People", "folder": str(self.folder), "still_seconds": 0}
        records = {"child": {"file": "people.csv", **RECORDS}}
        return FilesReader(FilesSource.model_validate({**described, "records": records}), structlog.get_logger())


@pytest.fixture(params=["sql", "files"])
def held(request: pytest.FixtureRequest, tmp_path: Path) -> Held:
    return Held(request.param, tmp_path)


async def asked(held: Held, *rows: Sequence[str], person: PersonKeys | None = None, width: int = 3) -> Result:
    reader = held.reader(rows)
    await reader.open()
    try:
        records = reader._source.records["child"]  # type: ignore[attr-defined]
        answerer = Answerer(
            reader=reader,
            records="child",
            source="People",
            keys=records.keys.mapped(),
            fields=frozenset(records.fields),
            wider=records.looking,
        )
        person = person or PersonKeys(family_name="Smith", given_name="Zoe", date_of_birth=BORN)
        ask = Ask(person=person, fields=["given_name", "family_name"], looking=Looking(width=width, most_people=10))
        return await find(answerer, ask, asyncio.get_running_loop().time() + 20)
    finally:
        await reader.close()


def told(result: Result) -> list[str]:
    return list(result.found.cells) if result.found is not None else []


async def test_a_misspelt_name_is_found_and_a_stranger_of_the_same_day_is_not(held: Held) -> None:
    result = await asked(held, OPEN, STRANGER)
    assert (told(result), result.references) == (["Zoé", "Smyth"], ("o",))


@pytest.mark.parametrize(("width", "cells"), [(1, []), (2, ["Zoé", "Smith"]), (3, ["Zoé", "Smith"])])
async def test_an_accent_is_passed_over_where_the_hub_says_so(held: Held, width: int, cells: list[str]) -> None:
    assert told(await asked(held, ("a", "1", "Smith", "Zoé", BORN, "N"), width=width)) == cells


async def test_who_is_found_exactly_is_told_alone(held: Held) -> None:
    assert told(await asked(held, ("a", "1", "Smith", "Zoe", BORN, "N"), OPEN)) == ["Zoe", "Smith"]


async def test_records_about_more_people_than_may_be_sent_are_not_sent_at_all(held: Held) -> None:
    rows = [(f"n{number}", "", f"Smith{'abcdefghijklmn'[number]}", "Zoe", BORN, "N") for number in range(11)]
    result = await asked(held, *rows)
    assert (result.outcome, result.found) == (AskOutcome.UNABLE, None)
    assert len(told(await asked(held, *rows[:10]))) == 20


@pytest.mark.parametrize("number", ["", "1"])
async def test_somebody_shielded_is_left_out_as_if_they_were_not_there(held: Held, number: str) -> None:
    person = PersonKeys(nhs_number=number, family_name="Smith", given_name="Zoe", date_of_birth=BORN)
    sealed = ("s", "1", "Whitworth", "Zoe", BORN, "Y")
    unknown, shielded = await asked(held, TWIN, person=person), await asked(held, sealed, TWIN, person=person)
    assert told(shielded) == told(unknown) == ["Zoran", "Smith"]
    assert shielded.outcome is unknown.outcome
    assert shielded.withheld == 1


async def test_what_has_the_reference_of_somebody_shielded_is_left_out_whatever_its_names(held: Held) -> None:
    sealed, alias = ("s", "1", "Whitworth", "Zoe", BORN, "Y"), ("s", "3", "Smith", "Zoran", BORN, "N")
    stranger = ("s", "9", "Akhtar", "Bilal", BORN, "Y")
    assert told(await asked(held, alias)) == ["Zoran", "Smith"]
    assert told(await asked(held, sealed, alias)) == told(await asked(held, stranger, alias)) == []


@pytest.mark.parametrize("number", ["", "1"])
async def test_what_may_be_another_record_of_somebody_shielded_is_left_out_with_them(held: Held, number: str) -> None:
    person = PersonKeys(nhs_number=number, family_name="Smith", given_name="Zoe", date_of_birth=BORN)
    result = await asked(held, SEALED, ("y", "", "Smyth", "Zoe", BORN, "N"), person=person)
    assert told(result) == []
    assert result.outcome is AskOutcome.SHIELDED
    assert result.references == ("s",)
