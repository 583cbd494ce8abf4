"""A schema of its own in PostgreSQL, and sharing events written by an account that may do nothing else."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.kit.errors import SourceFault
from adapters.kit.manifest import Limits, SqlSource, SqlWriteBack
from adapters.kit.reader import FindingState, Looking, Match
from adapters.kit.sharing_events import SharingEvent
from adapters.sql.reader import SqlReader
from adapters.sql.writer import SqlWriter
from tests.integration.databases.conftest import soon
from tests.lib.databases import PASSWORD, Database, Kind

SCHEMA = """
DROP SCHEMA IF EXISTS care CASCADE;
CREATE SCHEMA care;
CREATE TABLE care.child (
  id int, nhs text, surname text, forename char(20), dob date, seen timestamptz, share numeric, restricted bool);
INSERT INTO care.child VALUES
  (1, '9434765919', 'Éloïse', 'ZOË', '2012-03-07', '2026-01-31', 93.50, false),
  (2, '9434765919', 'Éloïse', 'ZOË', '2012-03-07', NULL, NULL, true);
GRANT USAGE ON SCHEMA care TO reader;
GRANT SELECT ON care.child TO reader
"""
CHILD = {
    "table": "child",
    "keys": {"nhs_number": "nhs", "family_name": "surname", "given_name": "forename", "date_of_birth": "dob"},
    "record_id": "id",
    "record_date": "seen",
    "withhold_when": {"restricted": ["true"]},
    "fields": {"given_name": "forename", "date_of_birth": "dob", "attendance_percent": "share"},
}
BY_NUMBER = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765919"),))
BY_NAMES = Match(
    looking=Looking.ALL, wanted=(("family_name", "ÉLOÏSE"), ("given_name", "zoë"), ("date_of_birth", "2012-03-07"))
)
LOG = {
    Kind.POSTGRESQL: """
CREATE TABLE sharing_log (
  child_id int NOT NULL, shared_at timestamptz NOT NULL, shared_with text NOT NULL, request varchar(40), what text);
REVOKE ALL ON sharing_log FROM reader;
GRANT SELECT, INSERT ON sharing_log TO note_taker
""",
    Kind.MARIADB: """
CREATE TABLE sharing_log (
  child_id int NOT NULL, shared_at varchar(40) NOT NULL, shared_with text NOT NULL, request varchar(40), what text);
GRANT SELECT, INSERT ON records.sharing_log TO note_taker
""",
}
EVENT = SharingEvent(
    reference="1",
    shared_at="2026-11-24T10:00:00+00:00",
    agency="health",
    request="r1",
    access_level="health_visitor",
    question="child_basics",
    purpose="safeguarding",
    fields=("address",),
)
COLUMNS = {
    "reference": "child_id",
    "shared_at": "shared_at",
    "agency": "shared_with",
    "request": "request",
    "fields": "what",
}


async def test_a_schema_of_its_own_is_read_and_columns_of_fixed_length_too(postgresql_server: Database) -> None:
    await postgresql_server.run(SCHEMA)
    described = {"kind": "sql", "name": "Care", "schema": "care", "records": {"child": CHILD}}
    reader = SqlReader(SqlSource.model_validate(described | postgresql_server.described), Limits())
    for match in (BY_NUMBER, BY_NAMES):
        found = await reader.find("child", match, ("given_name", "date_of_birth", "attendance_percent"), soon())
        assert list(found.cells) == ["ZOË", "2012-03-07", "93.50"]
        assert (list(found.references), found.withheld) == (["1"], 1)
    assert not any(finding.state is FindingState.FAULT for finding in await reader.check())
    await reader.close()


@pytest.fixture
async def log(server: Database) -> AsyncIterator[Database]:
    """Give a database with a table for sharing events, and an account that may add to it and nothing else."""
    spelt = "LOGIN PASSWORD" if server.kind is Kind.POSTGRESQL else "IDENTIFIED BY"
    await server.run(f"CREATE ROLE note_taker {spelt} '{PASSWORD}'".replace("ROLE", "USER"))
    await server.run(LOG[server.kind])
    yield server
    await server.run("DROP TABLE sharing_log; DROP USER note_taker")


async def test_a_sharing_event_is_written_once_by_an_account_that_may_do_nothing_else(log: Database) -> None:
    where = log.described | {"user": "note_taker", "table": "sharing_log", "columns": COLUMNS}
    writer = SqlWriter(SqlWriteBack.model_validate(where), None)
    assert [finding.state for finding in await writer.check()] == [FindingState.OK]
    for event in (EVENT, EVENT, replace(EVENT, request="r2")):
        await writer.write(event)
    rows = await log.run("SELECT child_id, request, what FROM sharing_log ORDER BY request")
    assert list(map(tuple, rows)) == [(1, "r1", "address"), (1, "r2", "address")]
    await log.run("REVOKE INSERT ON sharing_log FROM note_taker")
    with pytest.raises(SourceFault):
        await writer.write(replace(EVENT, request="r3"))
    await writer.close()
