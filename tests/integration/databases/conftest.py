"""What the tests of databases share: each server once for all of them, and readers that are closed again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest

from adapters.kit.manifest import Limits, SqlSource
from adapters.sql.reader import SqlReader
from tests.lib.databases import Database, Kind, mariadb, postgresql, prepare, sqlite

MakeReader = Callable[..., Awaitable[SqlReader]]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Database]:
    """Run PostgreSQL."""
    with postgresql() as database:
        yield asyncio.run(prepare(database))


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Database]:
    """Run MariaDB."""
    with mariadb() as database:
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


def soon(seconds: float = 10) -> float:
    """Say when a read must be done, which none of these needs."""
    return asyncio.get_running_loop().time() + seconds
