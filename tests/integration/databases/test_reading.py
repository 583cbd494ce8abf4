"""One and the same behaviour of the SQL reader, whichever database it reads: SQLite, PostgreSQL and MariaDB."""

from typing import Any

import pytest

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.reader import FindingState, Found, Looking, Match
from adapters.kit.shaping import MOST_ROWS
from adapters.sql.reader import SqlReader
from tests.integration.databases.conftest import MakeReader, soon
from tests.integration.databases.population import RECORDS, SCHEMA
from tests.lib.databases import Database, Kind

BASICS = ("nhs_number", "family_name", "given_name", "date_of_birth", "gender", "address", "attendance_percent")
ZOE = ["943 476 5919".replace(" ", ""), "Okafor", "Zoë", "2012-03-07", "female", "1 Mill Row, Bolton", "93.25"]
INJECTIONS = (
    "9434765919' OR '1'='1",
    "9434765919'; DROP TABLE child; --",
    '9434765919" OR ""="',
    "\\' OR 1=1 -- ",
    "x\\",
    "' UNION SELECT nhs_no FROM child -- ",
    "%",
    "_",
    "$1",
    ":nhs_number",
    "?",
    "%s",
    "{0}",
    "/*",
    "0x39343334373635393139",
    "NULL",
    "﹩＇ OR 1=1",
    "ʼ OR 1=1 --",
    "9434765919\n\rOR 1=1",
    "a" * 5000,
)


def by_number(number: str, *, with_shielded: bool = False) -> Match:
    return Match(looking=Looking.ANY, wanted=(("nhs_number", number),), with_shielded=with_shielded)


def by_names(family: str, given: str, born: str) -> Match:
    wanted = (("family_name", family), ("given_name", given), ("date_of_birth", born))
    return Match(looking=Looking.ALL, wanted=wanted)


@pytest.fixture
async def reader(database: Database, make_reader: MakeReader) -> SqlReader:
    await database.run(SCHEMA)
    return await make_reader(database, **RECORDS)


async def find(reader: SqlReader, records: str, match: Match, *fields: str) -> Found:
    return await reader.find(records, match, fields or tuple(RECORDS[records]["fields"]), soon())


async def test_a_person_is_found_by_each_key_with_everything_as_plain_text(reader: SqlReader) -> None:
    for match in (
        by_number("9434765919"),
        Match(looking=Looking.ANY, wanted=(("upn", "A123456789012"),)),
        Match(looking=Looking.ANY, wanted=(("nhs_number", "4000000004"), ("upn", "A123456789012"))),
        by_names("Okafor", "Zoë", "2012-03-07"),
    ):
        found = await find(reader, "child", match, *BASICS)
        assert list(found.cells) == ZOE
        assert list(found.references) == ["1"]
        assert list(found.record_dates) == ["2026-01-31"]
        assert found.withheld == 0


async def test_a_date_of_birth_that_is_text_and_a_number_that_is_a_number_are_found_too(reader: SqlReader) -> None:
    assert list((await find(reader, "by_text", by_names("okafor", "ZOË", "2012-03-07"))).cells) == ["2012-03-07"]
    assert list((await find(reader, "by_number", by_number("9434765919"))).cells) == ["9434765919"]
    assert not (await find(reader, "by_number", by_number("9434765911"))).references


@pytest.mark.parametrize(
    ("family", "given"), [("O'Brien", "Seán"), ("o'brien", "seán"), ("O'BRIEN", "SEÁN"), ("O'brien", "SEáN")]
)
async def test_names_are_found_in_any_case_also_outside_ascii(reader: SqlReader, family: str, given: str) -> None:
    assert list((await find(reader, "child", by_names(family, given, "2009-09-09"))).references) == ["2"]


async def test_a_letter_with_an_accent_is_another_letter_whatever_the_database_thinks(reader: SqlReader) -> None:
    assert list((await find(reader, "child", by_names("Zoe", "Ann", "2010-01-01"))).references) == ["5"]
    for family, given, born in (
        ("Zoë", "Ann", "2010-01-01"),
        ("Okafor", "Zoe", "2012-03-07"),
        ("O'Brien", "Sean", "2009-09-09"),
    ):
        assert not (await find(reader, "child", by_names(family, given, born))).references


async def test_nothing_stored_is_no_value_and_matches_nothing(reader: SqlReader) -> None:
    found = await find(reader, "child", by_number("9434765870"), *BASICS)
    assert list(found.cells) == ["9434765870", "O'BRIEN", "SEÁN", "2009-09-09", "male", "", ""]
    assert list(found.record_dates) == [""]
    for match in (by_number(""), by_number("NULL"), by_names("Zoe", "", "2010-01-01")):
        assert not (await find(reader, "child", match)).references


async def test_joins_give_a_row_for_each_and_what_is_optional_may_be_missing(reader: SqlReader) -> None:
    fields = ("service", "involvement_status", "worker_name")
    found = await find(reader, "involvement", by_number("9434765919"), *fields)
    rows = [tuple(found.cells[at : at + 3]) for at in range(0, len(found.cells), 3)]
    assert sorted(rows) == [("Social work", "closed", ""), ("Social work", "open", "Jo Worker")]
    assert sorted(found.references) == ["10", "11"]
    unknown_code = await find(reader, "involvement", by_number("9434765870"), *fields)
    assert list(unknown_code.cells) == ["Social work", "", ""]
    nothing_joined = await find(reader, "involvement", by_names("Zoe", "Ann", "2010-01-01"), *fields)
    assert not nothing_joined.references
    assert list((await find(reader, "open_only", by_number("9434765919"))).references) == ["10"]


async def test_a_view_is_read_like_a_table(reader: SqlReader) -> None:
    found = await find(reader, "view", by_number("9434765919"), "service", "nhs_number")
    assert list(found.cells) == ["Social work", "9434765919"]


async def test_what_is_withheld_is_counted_and_not_told(reader: SqlReader) -> None:
    found = await find(reader, "child", by_number("9434765838"), *BASICS)
    assert (list(found.cells), list(found.references), found.withheld) == ([], [], 1)


async def test_terms_are_told_and_who_is_shielded_is_not(reader: SqlReader) -> None:
    given = await find(reader, "on_terms", by_number("9434765919"))
    assert [(terms.state, terms.shield) for terms in given.terms] == [("explicit", "none")]
    sought = await find(reader, "on_terms", by_number("9434765870"))
    assert [terms.state for terms in sought.terms] == ["not_sought"]
    hidden = await find(reader, "on_terms", by_number("9434765854"))
    assert (list(hidden.cells), list(hidden.shielded)) == ([], ["4"])
    shown = await find(reader, "on_terms", by_number("9434765854", with_shielded=True))
    assert list(shown.references) == ["4"]


async def test_a_date_that_does_not_exist_is_no_value(reader: SqlReader) -> None:
    found = await find(reader, "by_text", by_names("Zoe", "Ann", "2010-01-01"))
    assert list(found.cells) == ["2010-01-01"]
    no_day = await reader.find("by_text", by_number("9434765870"), ("date_of_birth",), soon())
    assert list(no_day.cells) == ["2009-09-09"]


@pytest.mark.parametrize("hostile", INJECTIONS)
async def test_whatever_is_looked_for_is_a_value_and_never_a_statement(
    reader: SqlReader, database: Database, hostile: str
) -> None:
    for match in (
        by_number(hostile),
        Match(looking=Looking.ANY, wanted=(("upn", hostile),)),
        by_names(hostile, hostile, "2012-03-07"),
        by_names("Okafor", hostile, "2012-03-07"),
    ):
        found = await find(reader, "child", match)
        assert (list(found.references), found.withheld) == ([], 0)
    assert len(await database.run("SELECT 1 FROM child")) == 5


async def test_a_zero_in_a_name_finds_nobody_and_leaves_the_next_read_as_it_is(
    reader: SqlReader, database: Database
) -> None:
    with_zero = by_names("Okafor\0", "Zoë", "2012-03-07")
    if database.kind is Kind.POSTGRESQL:
        with pytest.raises(SourceFault) as raised:
            await find(reader, "child", with_zero)
        assert raised.value.kind is SourceFaultKind.GARBAGE
        assert "Okafor" not in repr(raised.value)
    else:
        assert not (await find(reader, "child", with_zero)).references
    assert (await find(reader, "child", by_number("9434765919"))).references


async def test_hostile_values_come_through_as_text_and_long_ones_are_cut(reader: SqlReader, database: Database) -> None:
    hostile = "a\tb\x1b[31m\u202e<script>'\"\\%s{0}😀"
    update = "UPDATE child SET notes = ?, photo = ? WHERE child_id = 1"
    if database.kind is Kind.POSTGRESQL:
        update = update.replace("?", "$1", 1).replace("?", "$2")
    await database.run(update, hostile, b"\xff\xfe\x00")
    found = await find(reader, "long", by_number("9434765919"), "concern_kind", "address")
    assert list(found.cells) == ["a b [31m <script>'\"\\%s{0}😀", ""]
    await database.run(update, "ä" * 3_000_000, b"")
    (cell, _) = (await find(reader, "long", by_number("9434765919"), "concern_kind", "address")).cells
    assert len(cell) == 2000
    assert cell.endswith("ä…")


async def test_a_text_that_is_no_utf8_keeps_nobody_from_being_found(
    sqlite_file: Database, make_reader: MakeReader
) -> None:
    await sqlite_file.run(SCHEMA)
    await sqlite_file.run("UPDATE child SET forename = CAST(x'5a6ff6' AS TEXT) WHERE child_id = 1")
    reader = await make_reader(sqlite_file, **RECORDS)
    for _ in range(2):
        found = await find(reader, "child", by_number("9434765919"), "given_name", "family_name")
        assert list(found.cells) == ["Zo\ufffd", "Okafor"]
    assert list((await find(reader, "child", by_number("9434765870"), "given_name")).cells) == ["SEÁN"]


async def test_too_many_rows_are_too_much_and_as_many_as_may_be_are_not(reader: SqlReader, database: Database) -> None:
    rows = ", ".join(f"({number}, 5, 7, 'OPEN')" for number in range(100, 600))
    await database.run(f"INSERT INTO case_file VALUES {rows}")  # noqa: S608  numbers of this test
    anybody = by_names("Zoe", "Ann", "2010-01-01")
    assert len((await find(reader, "involvement", anybody)).references) == MOST_ROWS
    await database.run("INSERT INTO case_file VALUES (600, 5, 7, 'OPEN')")
    with pytest.raises(SourceFault) as raised:
        await find(reader, "involvement", anybody)
    assert raised.value.kind is SourceFaultKind.TOO_MUCH


async def test_a_check_finds_every_column_and_proves_that_nothing_can_be_written(reader: SqlReader) -> None:
    findings = await reader.check()
    assert [finding.what for finding in findings if finding.state is FindingState.FAULT] == []
    assert any("read-only" in finding.what for finding in findings)


async def test_a_check_names_a_column_that_is_not_there(database: Database, make_reader: MakeReader) -> None:
    await database.run(SCHEMA)
    wrong: dict[str, Any] = {**RECORDS["child"], "fields": {"family_name": "surnam"}, "table": "child"}
    gone: dict[str, Any] = {**RECORDS["child"], "table": "childs"}
    reader = await make_reader(database, child=wrong, gone=gone)
    findings = await reader.check()
    mends = [finding.mend for finding in findings if finding.state is FindingState.FAULT]
    assert any("surname" in mend for mend in mends)
    assert any("child" in finding.what for finding in findings if "no table" in finding.what)
