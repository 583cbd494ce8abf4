"""Looking wider in real databases, which compare text each in its own way: what is found, and what is left out."""

from typing import Any

import pytest
from sharing.v1.links_pb2 import Ask, Looking
from sharing.v1.records_pb2 import PersonKeys

from adapters.kit.finding import Answerer, Result, find
from adapters.kit.journal import AskOutcome
from adapters.sql.reader import SqlReader
from tests.integration.databases.conftest import MakeReader, soon
from tests.integration.databases.population import ON_TERMS, SCHEMA
from tests.lib.databases import Database

FIELDS = ("family_name", "given_name", "date_of_birth")
WIDER: dict[str, Any] = {
    **ON_TERMS,
    "keys": {**ON_TERMS["keys"], "postcode": "town"},
    "looking": {
        "width": "fuzzy",
        "by": [["date_of_birth"], ["family_name", "given_name"], ["family_name", "postcode"]],
    },
}
SHIELDED = "9434765854"
SISTERS = ("Zoa", "Zob", "Zoc")


@pytest.fixture
async def reader(database: Database, make_reader: MakeReader) -> SqlReader:
    await database.run(SCHEMA)
    return await make_reader(database, wider=WIDER)


async def asked(reader: SqlReader, *, width: int = 3, most: int = 10, **keys: str) -> Result:
    records = reader._source.records["wider"]
    answerer = Answerer(
        reader=reader,
        records="wider",
        source="Care Records",
        keys=records.keys.mapped(),
        fields=frozenset(records.fields),
        wider=records.looking,
    )
    ask = Ask(person=PersonKeys(**keys), fields=FIELDS, looking=Looking(width=width, most_people=most))
    return await find(answerer, ask, soon())


def told(result: Result) -> list[str]:
    return list(result.found.cells) if result.found is not None else []


@pytest.mark.parametrize(
    "keys",
    [
        {"family_name": "Okafer", "given_name": "Zoe", "date_of_birth": "2012-03-07"},
        {"family_name": "Zoë", "given_name": "Okafor", "date_of_birth": "2012-03-07"},
        {"family_name": "OKAFOR", "given_name": "zoË", "date_of_birth": "2012-07-03"},
        {"family_name": "Okafor", "given_name": "Zoe", "postcode": "Bolton"},
    ],
    ids=["misspelt", "names changed about", "day and month changed about", "no day but a place"],
)
async def test_somebody_who_is_written_otherwise_is_found(reader: SqlReader, keys: dict[str, str]) -> None:
    assert told(await asked(reader, **keys)) == ["Okafor", "Zoë", "2012-03-07"]
    assert told(await asked(reader, width=1, **keys)) == []


async def test_accents_alone_are_set_aside_by_a_look_that_is_not_fuzzy(reader: SqlReader) -> None:
    plain = {"family_name": "obrien", "given_name": "Sean", "date_of_birth": "2009-09-09"}
    assert told(await asked(reader, width=2, **plain)) == ["O'BRIEN", "SEÁN", "2009-09-09"]
    assert told(await asked(reader, width=2, **{**plain, "given_name": "Shaun"})) == []


async def test_what_the_database_thinks_equal_is_no_more_than_where_to_look(reader: SqlReader) -> None:
    assert told(await asked(reader, family_name="Zolt", given_name="Berta", date_of_birth="2010-01-01")) == []


@pytest.mark.parametrize("number", ["", SHIELDED])
async def test_somebody_shielded_reads_as_unknown_also_by_a_slip(reader: SqlReader, number: str) -> None:
    by = {"family_name": "Shielde", "given_name": "Sam", "date_of_birth": "2011-11-11"}
    shielded = await asked(reader, nhs_number=number, **by)
    unknown = await asked(reader, nhs_number="9434765889", **{**by, "date_of_birth": "2011-10-30"})
    assert told(shielded) == told(unknown) == []
    assert shielded.found is not None
    assert unknown.found is not None
    assert shielded.found.columns == unknown.found.columns
    assert (shielded.outcome, shielded.references) == (AskOutcome.SHIELDED, ("4",))


async def test_more_people_than_may_be_sent_are_not_sent(database: Database, reader: SqlReader) -> None:
    sisters = ", ".join(
        f"({number}, 'Okafor', '{name}', '2012-03-07')" for number, name in enumerate(SISTERS, start=20)
    )
    await database.run(f"INSERT INTO child (child_id, surname, forename, dob) VALUES {sisters}")  # noqa: S608  of this file
    keys = {"family_name": "Okafor", "given_name": "Zoey", "date_of_birth": "2012-03-07"}
    assert len(told(await asked(reader, most=4, **keys))) == 4 * len(FIELDS)
    result = await asked(reader, most=3, **keys)
    assert (result.outcome, result.found) == (AskOutcome.UNABLE, None)
