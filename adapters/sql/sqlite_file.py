"""One SQLite file, read through one read-only connection on one thread, which measured fastest and cannot write."""

import asyncio
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.lane import Lane
from adapters.kit.reader import Finding, FindingState
from adapters.sql.database import Rows, Scan, Statement, TableColumns
from adapters.sql.inspecting import columns_of
from adapters.sql.plans import EXPLAINING, scans

STEPS_BETWEEN_LOOKS = 5000
"""Steps of SQLite's machine between two looks at the clock: a fraction of a millisecond."""
DIALECT_STYLE = "named"
SQLITE = "sqlite"
MOST_TEXTS = 1000
ABORT = 1
PRIMARY_CODE = 0xFF
NO_UTF8 = "Could not decode to UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Read:
    """One statement to run, with the time on the monotonic clock by which it must be done. Holds case data."""

    text: str
    parameters: Mapping[str, object]
    until: float


class SqliteFile:
    """Reads one file. A file that is replaced is opened again."""

    def __init__(self, file: Path) -> None:
        """Take the file."""
        self._file = file
        self._lane: Lane[_Read, Rows] = Lane("sqlite", self._work, self._disconnect)
        self._connection: sqlite3.Connection | None = None
        self._inode: tuple[int, int] | None = None
        self._until = 0.0
        self._texts: dict[Statement, tuple[str, Mapping[str, object]]] = {}

    async def open(self) -> None:
        """Start the thread; the file is opened with the first read."""
        self._lane.open()

    async def rows(self, statement: Statement, parameters: Mapping[str, object], deadline: float) -> Rows:
        """Run a statement until the event loop's clock shows the deadline."""
        text, wanted = self._spelt(statement, parameters)
        until = time.monotonic() + deadline - asyncio.get_running_loop().time()
        return await self._lane.put(_Read(text=text, parameters=wanted, until=until))

    async def read_whole(
        self, statement: Statement, parameters: Mapping[str, object], deadline: float
    ) -> Sequence[Scan] | None:
        """List the tables that SQLite would read from end to end."""
        text, wanted = self._spelt(statement, parameters)
        until = time.monotonic() + deadline - asyncio.get_running_loop().time()
        plan = await self._lane.put(_Read(text=f"{EXPLAINING[SQLITE]} {text}", parameters=wanted, until=until))
        return scans(SQLITE, plan)

    async def columns(self, tables: Sequence[str], schema: str | None) -> TableColumns:
        """List the columns of tables; None for a table that is not there."""
        return await asyncio.to_thread(_columns, self._file, tables, schema)

    async def prove_read_only(self) -> Finding:
        """Try to write, which a read-only connection must refuse."""
        return await asyncio.to_thread(_prove, self._file)

    async def close(self) -> None:
        """End the thread and close the file."""
        await self._lane.close()

    def _spelt(self, statement: Statement, parameters: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
        """Spell a statement once, and give the values beside it; dates are text in SQLite."""
        compiled = self._texts.get(statement)
        if compiled is None:
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            spelt = statement.compile(dialect=sqlite.dialect(paramstyle=DIALECT_STYLE))
            compiled = self._texts[statement] = (str(spelt), dict(spelt.params))
        wanted = {name: value.isoformat() if isinstance(value, date) else value for name, value in parameters.items()}
        return compiled[0], {**compiled[1], **wanted}

    def _work(self, reads: Sequence[_Read]) -> Sequence[Rows | Exception]:
        return [self._one(read) for read in reads]

    def _one(self, read: _Read) -> Rows | Exception:
        self._until = read.until
        if time.monotonic() >= read.until:
            return SourceFault(SourceFaultKind.LATE)
        try:
            return self._fetched(self._connected(), read)
        except (sqlite3.Error, OSError):
            late = time.monotonic() >= read.until
            if not late:
                self._disconnect()
            return SourceFault(SourceFaultKind.LATE if late else SourceFaultKind.UNREACHABLE)

    def _fetched(self, connection: sqlite3.Connection, read: _Read) -> Rows:
        """Read, and once more with a sign in place of each byte where a text is no UTF-8: that way is slower."""
        try:
            return connection.execute(read.text, read.parameters).fetchall()
        except sqlite3.OperationalError as fault:
            if NO_UTF8 not in str(fault):
                raise
        connection.text_factory = _lenient
        try:
            return connection.execute(read.text, read.parameters).fetchall()
        finally:
            connection.text_factory = str

    def _connected(self) -> sqlite3.Connection:
        there = self._file.stat()
        if self._connection is None or (there.st_dev, there.st_ino) != self._inode:
            self._disconnect()
            self._connection = connect_read_only(self._file)
            self._connection.set_progress_handler(self._look_at_clock, STEPS_BETWEEN_LOOKS)
            self._inode = (there.st_dev, there.st_ino)
        return self._connection

    def _look_at_clock(self) -> int:
        return ABORT if time.monotonic() >= self._until else 0

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def connect_read_only(file: Path) -> sqlite3.Connection:
    """Open a file so that nothing can be written through the connection."""
    connection = sqlite3.connect(
        f"file:{quote(str(file))}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA query_only = ON")
    return connection


def _columns(file: Path, tables: Sequence[str], schema: str | None) -> TableColumns:
    engine = sa.create_engine("sqlite://", creator=lambda: connect_read_only(file), poolclass=sa.pool.NullPool)
    try:
        seen = sa.inspect(engine)
        return {table: columns_of(seen, table, schema) for table in tables}
    finally:
        engine.dispose()


def _lenient(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _prove(file: Path) -> Finding:
    """Try to make a table, and go back whatever comes of it."""
    connection = connect_read_only(file)
    try:
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE adapter_check_tries_to_write (one)")
    except sqlite3.OperationalError as refusal:
        if refusal.sqlite_errorcode & PRIMARY_CODE != sqlite3.SQLITE_READONLY:
            raise
        return Finding(state=FindingState.OK, what="a write was tried, and this connection refused it as read-only")
    finally:
        connection.rollback()
        connection.close()
    return Finding(
        state=FindingState.FAULT, what="the database can be written through this connection", mend="Report this."
    )
