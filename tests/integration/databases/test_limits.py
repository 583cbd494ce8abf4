"""A question that would read a large table from end to end is refused before it is asked, on every kind of database."""

import pytest

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import SqlSource
from adapters.kit.reader import FindingState, Looking, Match
from adapters.sql import scans
from adapters.sql.reader import SqlReader
from tests.integration.databases.conftest import MakeReader, soon
from tests.integration.databases.population import RECORDS, SCHEMA
from tests.lib.databases import Database, Kind

ZOE = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765919"),))
NOBODY = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765000"),))
BY_NUMBER = {"child": {**RECORDS["child"], "keys": {"nhs_number": RECORDS["child"]["keys"]["nhs_number"]}}}
MANY = {
    Kind.SQLITE: "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
    " INSERT INTO child (child_id, nhs_no) SELECT i, 'x' || i FROM n",
    Kind.POSTGRESQL: "INSERT INTO child (child_id, nhs_no) SELECT i, 'x' || i FROM generate_series(10, 3000) AS i",
    Kind.MARIADB: "INSERT INTO child (child_id, nhs_no) SELECT seq, concat('x', seq) FROM seq_10_to_3000",
}


async def fill(database: Database) -> None:
    await database.run(SCHEMA)
    await database.run(MANY[database.kind])


async def make_index(database: Database) -> None:
    await database.run("CREATE INDEX by_number ON child (nhs_no)")
    await database.run("ANALYZE TABLE child" if database.kind is Kind.MARIADB else "ANALYZE child")


async def fault_of(reader: SqlReader, match: Match) -> SourceFaultKind:
    with pytest.raises(SourceFault) as raised:
        await reader.find("child", match, ("given_name",), soon())
    return raised.value.kind


async def test_a_question_without_an_index_is_too_dear_whomever_it_is_about(
    database: Database, make_reader: MakeReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database)
    reader = await limited(make_reader, database, 1000)
    for match in (ZOE, NOBODY):
        assert await fault_of(reader, match) is SourceFaultKind.TOO_DEAR
    faults = [finding for finding in await reader.check() if finding.state is FindingState.FAULT]
    assert ["`child`" in fault.what and "`nhs_no`" in fault.mend for fault in faults] == [True]
    monkeypatch.setattr(scans, "REFUSED_SECONDS", 0.0)
    await make_index(database)
    again = await limited(make_reader, database, 1000)
    assert list((await again.find("child", ZOE, ("given_name",), soon())).cells) == ["Zoë"]
    assert not (await again.find("child", NOBODY, ("given_name",), soon())).references
    assert not [finding for finding in await again.check() if finding.state is FindingState.FAULT]


async def test_a_table_that_is_small_enough_may_be_read_whole(database: Database, make_reader: MakeReader) -> None:
    await fill(database)
    reader = await limited(make_reader, database, 5000)
    assert list((await reader.find("child", ZOE, ("given_name",), soon())).cells) == ["Zoë"]


async def test_what_a_view_hides_is_counted_too(database: Database, make_reader: MakeReader) -> None:
    await fill(database)
    reader = await make_reader(database, view=RECORDS["view"])
    assert (await reader.find("view", ZOE, ("service",), soon())).references
    strict = await limited(make_reader, database, 0, view=RECORDS["view"])
    with pytest.raises(SourceFault) as raised:
        await strict.find("view", ZOE, ("service",), soon())
    assert raised.value.kind is SourceFaultKind.TOO_DEAR


async def limited(make_reader: MakeReader, database: Database, largest: int, **records: object) -> SqlReader:
    """Make a reader of a source whose manifest limits what may be read from end to end."""
    return await make_reader(database, None, {"largest_scan": largest}, **(records or BY_NUMBER))


def test_a_source_has_no_limits_unless_it_says_so(sqlite_file: Database) -> None:
    described = {"kind": "sql", "name": "Care", "records": RECORDS, **sqlite_file.described}
    source = SqlSource.model_validate(described)
    assert (source.limits.largest_scan, source.limits.questions_per_second, source.limits.closed) == (None, None, ())
