"""What the tests of databases share: each server once for all of them, and readers that are closed again."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from adapters.kit.manifest import Limits, SqlSource
from adapters.sql.reader import SqlReader
from tests.integration.adapters.conftest import hub, logged, run_adapter  # noqa: F401  fixtures
from tests.integration.databases.population import SCHEMA
from tests.lib.databases import Database, Kind, MissingPartError, mariadb, postgresql, prepare, sqlite

SLEEPS = {Kind.POSTGRESQL: "pg_sleep(30)", Kind.MARIADB: "(SELECT sleep(30)) AS pause"}
MakeReader = Callable[..., Awaitable[SqlReader]]


@contextmanager
def or_without(part: Callable[[], AbstractContextManager[Database]]) -> Iterator[Database]:
    """Run a real part; where it is missing, skip and say why, and fail where nothing may be skipped."""
    try:
        with part() as database:
            yield database
    except MissingPartError as missing:
        if os.environ.get("CI_NOTHING_SKIPPED") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Database]:
    """Run PostgreSQL."""
    with or_without(postgresql) as database:
        yield asyncio.run(prepare(database))


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Database]:
    """Run MariaDB."""
    with or_without(mariadb) as database:
        yield asyncio.run(prepare(database))


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Name a SQLite file."""
    with sqlite(tmp_path_factory.mktemp("sqlite")) as database:
        yield database


@pytest.fixture(params=list(Kind))
def database(request: pytest.FixtureRequest) -> Database:
    """Give each kind of database in turn."""
    return _of(request, request.param)


@pytest.fixture(params=[Kind.POSTGRESQL, Kind.MARIADB])
def server(request: pytest.FixtureRequest) -> Database:
    """Give each kind of server in turn."""
    return _of(request, request.param)


def _of(request: pytest.FixtureRequest, kind: Kind) -> Database:
    name = "sqlite_file" if kind is Kind.SQLITE else f"{kind.value}_server"
    found: Database = request.getfixturevalue(name)
    return found


@pytest.fixture
async def make_reader() -> AsyncIterator[MakeReader]:
    """Make readers, and close them when the test is over."""
    made: list[SqlReader] = []

    async def make(
        database: Database,
        limits: Limits | None = None,
        own: dict[str, Any] | None = None,
        /,
        **records: dict[str, Any],
    ) -> SqlReader:
        described = {"kind": "sql", "name": "Care Records", "records": records, **database.described}
        described["limits"] = own or {}
        reader = SqlReader(SqlSource.model_validate(described), limits or Limits())
        made.append(reader)
        await reader.open()
        return reader

    yield make
    for reader in made:
        await reader.close()


@pytest.fixture
async def slow(server: Database) -> Database:
    """Give a server with a view `slow_child` that takes half a minute to read."""
    await server.run(SCHEMA)
    await server.run(f"CREATE VIEW slow_child AS SELECT child.* FROM child, {SLEEPS[server.kind]}")  # noqa: S608  one of two
    return server


def soon(seconds: float = 10) -> float:
    """Say when a read must be done, which none of these needs."""
    return asyncio.get_running_loop().time() + seconds
