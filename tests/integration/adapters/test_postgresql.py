"""The SQL reader against a real PostgreSQL server, where one is installed."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import Limits, SqlSource, SqlWriteBack
from adapters.kit.reader import FindingState, Looking, Match
from adapters.kit.sharing_events import SharingEvent
from adapters.sql.reader import SqlReader
from adapters.sql.writer import SqlWriter

BINARIES = Path("/usr/lib/postgresql/15/bin")
USER = "postgres"

pytest.importorskip("asyncpg", reason="the extra `postgresql` is not installed")
pytestmark = pytest.mark.skipif(
    not (BINARIES / "initdb").exists() or shutil.which("runuser") is None,
    reason="Debian's package `postgresql` is not installed",
)

SCHEMA = """
DROP SCHEMA IF EXISTS care CASCADE;
CREATE SCHEMA care;
CREATE TABLE care.child (
  id int, nhs text, surname text, forename char(20), dob date, seen timestamptz, share numeric, restricted bool);
INSERT INTO care.child VALUES
  (1, '9434765919', 'Éloïse', 'ZOË', '2012-03-07', '2026-01-31', 93.50, false),
  (2, '9434765919', 'Éloïse', 'ZOË', '2012-03-07', NULL, NULL, true)
"""

BY_NUMBER = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765919"),))
BY_NAMES = Match(
    looking=Looking.ALL, wanted=(("family_name", "ÉLOÏSE"), ("given_name", "zoë"), ("date_of_birth", "2012-03-07"))
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    # Not pytest's own folder: the server runs as another user, who may not enter that one.
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.chown(folder, USER)

        def run(*command: str) -> None:
            subprocess.run(["runuser", "-u", USER, "--", *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)

        run(str(BINARIES / "initdb"), "-D", str(folder / "d"), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-k {folder} -c listen_addresses="
        run(str(BINARIES / "pg_ctl"), "-D", str(folder / "d"), "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield f"postgresql+asyncpg://{USER}@/postgres?host={folder}"
        run(str(BINARIES / "pg_ctl"), "-D", str(folder / "d"), "-m", "fast", "-w", "stop")


@pytest.fixture
async def reader(server: str) -> AsyncIterator[SqlReader]:
    engine = create_async_engine(server)
    async with engine.begin() as connection:
        for statement in SCHEMA.split(";"):
            await connection.execute(sa.text(statement))
    await engine.dispose()
    made = SqlReader(source(server), Limits())
    await made.open()
    yield made
    await made.close()


def source(url: str, table: str = "child") -> SqlSource:
    records = {
        "table": table,
        "keys": {"nhs_number": "nhs", "family_name": "surname", "given_name": "forename", "date_of_birth": "dob"},
        "record_id": "id",
        "record_date": "seen",
        "withhold_when": {"restricted": ["true"]},
        "fields": {"given_name": "forename", "date_of_birth": "dob", "attendance_percent": "share"},
    }
    described = {"kind": "sql", "name": "Care", "url": url, "schema": "care", "records": {"child": records}}
    return SqlSource.model_validate(described)


def soon() -> float:
    return asyncio.get_running_loop().time() + 10


async def test_a_person_is_found_with_dates_and_numbers_as_plain_text(reader: SqlReader) -> None:
    for match in (BY_NUMBER, BY_NAMES):
        found = await reader.find("child", match, ("given_name", "date_of_birth", "attendance_percent"), soon())
        assert list(found.cells) == ["ZOË", "2012-03-07", "93.50"]
        assert list(found.references) == ["1"]
        assert found.withheld == 1


async def test_the_session_cannot_write_and_a_check_proves_it(reader: SqlReader) -> None:
    findings = await reader.check()
    assert not [finding for finding in findings if finding.state is FindingState.FAULT]
    assert any("could write to `child`" in finding.what for finding in findings), "the account is a superuser"
    assert any("read-only" in finding.what for finding in findings)


async def test_a_read_ends_at_its_deadline_and_the_next_one_works(server: str, reader: SqlReader) -> None:
    engine = create_async_engine(server)
    async with engine.begin() as connection:
        slow = "CREATE VIEW care.slow AS SELECT child.* FROM care.child, pg_sleep(30)"
        await connection.execute(sa.text(slow))
    await engine.dispose()
    slow_reader = SqlReader(source(server, table="slow"), Limits())
    await slow_reader.open()
    clock = asyncio.get_running_loop().time
    began = clock()
    with pytest.raises(SourceFault) as raised:
        await slow_reader.find("child", BY_NUMBER, ("given_name",), clock() + 0.3)
    assert raised.value.kind is SourceFaultKind.LATE
    assert clock() - began < 3
    await slow_reader.close()
    assert (await reader.find("child", BY_NUMBER, ("given_name",), soon())).references


async def test_a_server_that_is_gone_is_unreachable() -> None:
    gone = SqlReader(source(f"postgresql+asyncpg://{USER}@/postgres?host=/nowhere"), Limits())
    with pytest.raises(SourceFault) as raised:
        await gone.find("child", BY_NUMBER, ("given_name",), soon())
    assert raised.value.kind is SourceFaultKind.UNREACHABLE
    await gone.close()


LOG = """
DROP OWNED BY note_taker;
CREATE TABLE care.sharing_log (
  child_id int NOT NULL, shared_at timestamptz NOT NULL, shared_with text NOT NULL, request varchar(40), what text);
GRANT USAGE ON SCHEMA care TO note_taker;
GRANT SELECT, INSERT ON care.sharing_log TO note_taker
"""
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


@pytest.mark.usefixtures("reader")
async def test_a_sharing_event_is_written_once_by_an_account_that_may_do_nothing_else(server: str) -> None:
    engine = create_async_engine(server)
    async with engine.begin() as connection:
        there = await connection.execute(sa.text("SELECT 1 FROM pg_roles WHERE rolname = 'note_taker'"))
        if there.first() is None:
            await connection.execute(sa.text("CREATE ROLE note_taker LOGIN"))
        for statement in LOG.split(";"):
            await connection.execute(sa.text(statement))
    columns = {
        "reference": "child_id",
        "shared_at": "shared_at",
        "agency": "shared_with",
        "request": "request",
        "fields": "what",
    }
    write_back = {"url": server.replace(f"//{USER}@", "//note_taker@"), "table": "sharing_log", "columns": columns}
    writer = SqlWriter(SqlWriteBack.model_validate(write_back), "care")
    assert [finding.state for finding in await writer.check()] == [FindingState.OK]
    for event in (EVENT, EVENT, replace(EVENT, request="r2")):
        await writer.write(event)
    async with engine.begin() as connection:
        rows = (await connection.execute(sa.text("SELECT child_id, request, what FROM care.sharing_log"))).all()
        await connection.execute(sa.text("REVOKE INSERT ON care.sharing_log FROM note_taker"))
    assert list(map(tuple, rows)) == [(1, "r1", "address"), (1, "r2", "address")]
    with pytest.raises(SourceFault):
        await writer.write(replace(EVENT, request="r3"))
    await writer.close()
    await engine.dispose()
