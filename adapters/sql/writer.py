"""Writes sharing events, or items of work, into one table, through a connection that is for nothing else."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import SqlWorkQueue, SqlWriteBack
from adapters.kit.reader import Finding, FindingState
from adapters.kit.sharing_events import Written
from adapters.kit.suggesting import did_you_mean
from adapters.sql.addresses import address_of

WRITE_SECONDS = 5.0
IDENTIFYING = ("reference", "request", "question")
IDENTIFYING_WORK = ("notice",)
POSTGRESQL = "postgresql"

Done = TypeVar("Done")


class SqlWriter:
    """Inserts into one table and reads it, to see what is there already; never more."""

    def __init__(self, write_back: SqlWriteBack | SqlWorkQueue, schema: str | None) -> None:
        """Take where to write."""
        is_work = isinstance(write_back, SqlWorkQueue)
        self._setting = "work_queue" if is_work else "write_back"
        self._columns = write_back.columns.mapped()
        self._name, self._schema = write_back.table, schema
        self._table = sa.table(write_back.table, *map(sa.column, self._columns.values()), schema=schema)
        self._identifying = [part for part in (IDENTIFYING_WORK if is_work else IDENTIFYING) if part in self._columns]
        self._types: dict[str, sa.types.TypeEngine[object]] = {}
        self._engine = _engine(write_back)

    async def open(self) -> None:
        """Connect with the first event."""

    async def write(self, event: Written) -> None:
        """Insert an event, unless the same is there already."""
        await self._run(partial(self._insert_once, event))

    async def check(self) -> Sequence[Finding]:
        """Look whether the table has the columns."""
        try:
            there = await self._run(self._there)
        except SourceFault:
            mend = f"Check `url` under `{self._setting}`, and that it is up."
            return [Finding(state=FindingState.FAULT, what="what is written back to cannot be reached", mend=mend)]
        if there is None:
            mend = "Check its name, or make it."
            return [Finding(state=FindingState.FAULT, what=f"there is no table `{self._name}`", mend=mend)]
        faults = [
            Finding(
                state=FindingState.FAULT,
                what=f"`{self._name}` has no column `{column}`",
                mend=did_you_mean(column, there, "Check its name."),
            )
            for column in self._columns.values()
            if column not in there
        ]
        return faults or [Finding(state=FindingState.OK, what=f"`{self._name}` has every column of `{self._setting}`")]

    async def close(self) -> None:
        """Close the connection."""
        if isinstance(self._engine, AsyncEngine):
            await self._engine.dispose()
        else:
            self._engine.dispose()

    def _insert_once(self, event: Written, connection: sa.Connection) -> None:
        values = self._values(event, connection)
        same = [self._table.c[self._columns[part]] == values[self._columns[part]] for part in self._identifying]
        there = sa.select(sa.literal(1)).select_from(self._table).where(*same).limit(1)
        if connection.execute(there).first() is None:
            connection.execute(sa.insert(self._table).values(values))

    def _values(self, event: Written, connection: sa.Connection) -> dict[str, sa.ColumnElement[object]]:
        """Give each column its part of the event, which is text; PostgreSQL wants to be told what it is to become."""
        if connection.dialect.name == POSTGRESQL and not self._types:
            seen = sa.inspect(connection).get_columns(self._name, schema=self._schema)
            self._types = {column["name"]: column["type"] for column in seen}
        parts = event.parts()
        values: dict[str, sa.ColumnElement[object]] = {}
        for part, column in self._columns.items():
            text: sa.ColumnElement[object] = sa.literal(parts[part], sa.String())
            values[column] = sa.cast(text, self._types[column]) if self._types else text
        return values

    def _there(self, connection: sa.Connection) -> list[str] | None:
        try:
            return [column["name"] for column in sa.inspect(connection).get_columns(self._name, schema=self._schema)]
        except sa.exc.NoSuchTableError:
            return None

    async def _run(self, work: Callable[[sa.Connection], Done]) -> Done:
        """Do something in one transaction; whatever the database says of a failure is not repeated."""
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                if isinstance(self._engine, AsyncEngine):
                    async with self._engine.begin() as connection:
                        return await connection.run_sync(work)
                return await asyncio.to_thread(_in_transaction, self._engine, work)
        except TimeoutError:
            raise SourceFault(SourceFaultKind.LATE) from None
        except (sa.exc.SQLAlchemyError, OSError, KeyError):
            raise SourceFault(SourceFaultKind.UNREACHABLE) from None


def _in_transaction(engine: sa.Engine, work: Callable[[sa.Connection], Done]) -> Done:
    with engine.begin() as connection:
        return work(connection)


def _engine(write_back: SqlWriteBack | SqlWorkQueue) -> sa.Engine | AsyncEngine:
    url = address_of(write_back)
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    file, table = Path(url.database or ""), write_back.table
    connect = partial(_connect, file, table)
    return sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.NullPool, hide_parameters=True)


def _connect(file: Path, table: str) -> sqlite3.Connection:
    """Open a file that is there, so that only one table can be written and read through the connection."""
    connection = sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=5, check_same_thread=False)
    connection.set_authorizer(partial(_may, table))
    return connection


def _may(
    table: str, action: int, first: str | None, second: str | None, _schema: str | None, within: str | None
) -> int:
    """Tell SQLite what the connection is for. What the table's own triggers do is the agency's, and may be done."""
    is_allowed = within is not None or action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION}
    match action:
        case sqlite3.SQLITE_INSERT:
            is_allowed |= first == table
        case sqlite3.SQLITE_READ:
            is_allowed |= first in {table, "sqlite_master", "sqlite_temp_master"}
        case sqlite3.SQLITE_PRAGMA:
            # What SQLAlchemy looks at: columns, and whether others' unfinished work is read, which is only read here.
            is_allowed |= first in {"table_info", "table_xinfo"} or (first == "read_uncommitted" and second is None)
        case _:
            pass
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY
