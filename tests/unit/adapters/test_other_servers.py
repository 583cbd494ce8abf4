"""Oracle and SQL Server, of which there is none to test against: what is sent fits their dialects."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.mssql.mssqlpython import MSDialect_mssqlpython
from sqlalchemy.dialects.oracle.oracledb import OracleDialect_oracledb
from sqlalchemy.engine import Dialect

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import Limits, SqlSource
from adapters.kit.reader import FindingState, Looking, Match
from adapters.sql.reader import SqlReader
from adapters.sql.server import DatabaseServer
from adapters.sql.statements import parameters_for, select_for, tables_of
from tests.unit.adapters.test_statements import ALL, ANY, RECORDS

DIALECTS = [OracleDialect_oracledb(), MSDialect_mssqlpython()]
SECRET = "canary/secret"
CHILD = {"table": "child", "keys": {"upn": "upn"}, "record_id": "upn", "fields": {"upn": "upn"}}


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("match", [ANY, ALL])
def test_a_statement_is_spelt_in_the_dialect_and_every_value_is_a_parameter(dialect: Dialect, match: Match) -> None:
    statement = select_for(RECORDS, tables_of(RECORDS, "care"), ("upn", "lead.name"), match)
    compiled = statement.compile(dialect=dialect)
    text, wanted = str(compiled), parameters_for(RECORDS.keys.mapped(), match)
    assert set(wanted) <= set(compiled.params)
    assert all(f":{name}" in text for name in wanted)
    assert not [value for _, value in match.wanted if value.casefold() in text.casefold()]
    assert ("SELECT TOP" in text) or ("FETCH FIRST" in text)
    assert "LIMIT" not in text


def oracle(**limits: int) -> SqlReader:
    where = {"url": "oracle+oracledb://127.0.0.1:1/?service_name=care", "user": "reader", "password": SECRET}
    described = {"kind": "sql", "name": "Care", "records": {"child": CHILD}, "limits": limits, **where}
    return SqlReader(SqlSource.model_validate(described), Limits())


async def test_an_oracle_that_is_not_there_is_unreachable_and_its_password_in_no_word() -> None:
    reader = oracle()
    await reader.open()
    match = Match(looking=Looking.ANY, wanted=(("upn", "x"),))
    with pytest.raises(SourceFault) as raised:
        await reader.find("child", match, ("upn",), asyncio.get_running_loop().time() + 10)
    assert raised.value.kind is SourceFaultKind.UNREACHABLE
    findings = await reader.check()
    assert [finding.state for finding in findings] == [FindingState.FAULT]
    assert SECRET not in repr(raised.value) + repr(findings) + repr(vars(reader))
    await reader.close()


async def test_a_limit_that_a_server_cannot_keep_refuses_every_question() -> None:
    reader = oracle(largest_scan=1000)
    with pytest.raises(SourceFault) as raised:
        await reader.find("child", Match(looking=Looking.ANY, wanted=(("upn", "x"),)), ("upn",), 1e9)
    assert raised.value.kind is SourceFaultKind.TOO_DEAR
    await reader.close()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[DatabaseServer]:
    """Reach SQLite as those servers are reached: through SQLAlchemy's engine, on threads."""
    file = tmp_path / "care.sqlite"
    connection = sqlite3.connect(file)
    connection.executescript("CREATE TABLE child (upn); INSERT INTO child VALUES ('A1'), ('A2')")
    connection.close()
    server = DatabaseServer(sa.make_url(f"sqlite:///{file}"), connections=2, read_ms=1000)
    await server.open()
    yield server
    await server.close()


async def test_a_read_on_a_thread_gives_rows_ends_at_its_deadline_and_says_what_is_not_proved(
    engine: DatabaseServer,
) -> None:
    clock = asyncio.get_running_loop().time
    table = sa.table("child", sa.column("upn"))
    wanted = sa.select(table.c.upn).where(table.c.upn == sa.bindparam("upn"))
    assert [tuple(row) for row in await engine.rows(wanted, {"upn": "A1"}, clock() + 10)] == [("A1",)]
    assert await engine.columns(["child", "gone"], None) == {"child": ["upn"], "gone": None}
    assert (await engine.prove_read_only()).state is FindingState.NOTE
    numbers = sa.select(sa.literal(1).label("i")).cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.i + 1).where(numbers.c.i < 3_000_000))
    began = clock()
    with pytest.raises(SourceFault) as raised:
        await engine.rows(sa.select(sa.func.sum(numbers.c.i)), {}, clock() + 0.05)
    assert raised.value.kind is SourceFaultKind.LATE
    assert clock() - began < 0.5


async def test_a_statement_that_does_not_fit_is_a_fault_without_the_words_of_the_driver(engine: DatabaseServer) -> None:
    with pytest.raises(SourceFault) as raised:
        await engine.rows(sa.select(sa.table("canary", sa.column("x")).c.x), {}, asyncio.get_running_loop().time() + 5)
    assert raised.value.kind is SourceFaultKind.UNREACHABLE
    assert "canary" not in repr(raised.value)
