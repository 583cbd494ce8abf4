"""Sessions with MariaDB or MySQL over asyncmy, with prepared statements only: the other way writes values into text."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncmy
import sqlalchemy as sa
from sqlalchemy.dialects.mysql.asyncmy import MySQLDialect_asyncmy as _Address

from adapters.kit.errors import SourceFaultKind
from adapters.sql.database import Rows

CHARACTERS = "utf8mb4"
MOST_PREPARED = 200
OUT_OF_TIME = frozenset({1317, 1969, 3024})
REFUSALS = frozenset({1044, 1045, 1049, 1142, 1143, 1227, 1370, 1698, 1820})
READ_ONLY = 1792
NO_SUCH_THREAD = 1094
"""Columns of a plan."""
MISFITS = frozenset({1054, 1064, 1146, 1267, 1292, 1356, 1366, 1525})


class MariaSession:
    """One connection, with the statements that the server has prepared for it."""

    def __init__(self, connection: Any, driver: "MariaDriver") -> None:  # noqa: ANN401  asyncmy types next to nothing
        """Take an open connection, and what can stop it."""
        self._connection = connection
        self._driver = driver
        self._prepared: dict[str, Any] = {}
        self._thread_id = connection.thread_id()
        self._is_busy = False

    def is_usable(self) -> bool:
        """Tell whether the connection still stands."""
        return not self._connection._stream_broken  # noqa: SLF001  its own pool asks this, and nothing else tells

    async def rows(self, text: str, values: Sequence[object]) -> Rows:
        """Run a statement with its parameters."""
        self._is_busy = True
        statement = self._prepared.get(text) or await self._prepare(text)
        rows: Rows = (await statement.execute(values)).rows or ()
        self._is_busy = False
        return rows

    async def stop(self) -> None:
        """Close, and have the server end what it still does: MariaDB goes on though nobody listens."""
        self._connection.close()
        if self._is_busy:
            await self._driver.kill(self._thread_id)

    async def close(self) -> None:
        """Close in peace."""
        await self._connection.ensure_closed()

    async def _prepare(self, text: str) -> Any:  # noqa: ANN401  as above
        if len(self._prepared) >= MOST_PREPARED:
            for statement in self._prepared.values():
                await statement.close()
            self._prepared.clear()
        statement = self._prepared[text] = await self._connection.prepare(text)
        return statement


class MariaDriver:
    """Opens sessions that can only read."""

    def __init__(self, url: sa.URL, *, read_ms: int) -> None:
        """Take the address, and the most time the server may spend on one statement."""
        self._arguments = _arguments(url)
        self._read_ms = read_ms
        self._killing = asyncio.Lock()
        self._to_kill: list[int] = []

    async def connect(self) -> MariaSession:
        """Open a session."""
        connection: Any = await asyncmy.connect(**self._arguments, autocommit=True)
        try:
            for statement in self._bounds(connection.get_server_info()):
                await connection.query(statement)
        except BaseException:
            connection.close()
            raise
        return MariaSession(connection, self)

    async def kill(self, thread_id: int) -> None:
        """End a session at the server, over one connection for all that are to end, and for nothing else."""
        self._to_kill.append(thread_id)
        async with self._killing:
            if not self._to_kill:
                return
            connection: Any = await asyncmy.connect(**self._arguments)
            try:
                while self._to_kill:
                    await self._kill_one(connection, self._to_kill.pop())
            finally:
                connection.close()

    async def _kill_one(self, connection: Any, thread_id: int) -> None:  # noqa: ANN401  as above
        try:
            await connection.query(f"KILL CONNECTION {thread_id:d}")
        except asyncmy.errors.Error as fault:
            if _number(fault) != NO_SUCH_THREAD:
                raise

    def kind_of(self, fault: Exception) -> SourceFaultKind:
        """Say in our words what is wrong."""
        number = _number(fault)
        if number in OUT_OF_TIME:
            return SourceFaultKind.LATE
        if number in REFUSALS:
            return SourceFaultKind.REFUSED
        if number in MISFITS or isinstance(fault, ValueError):
            return SourceFaultKind.GARBAGE
        return SourceFaultKind.UNREACHABLE

    def refuses_writing(self, fault: BaseException | None) -> bool:
        """Tell whether a session that only reads was the reason."""
        return _number(fault) == READ_ONLY

    def _bounds(self, server: str) -> tuple[str, str]:
        """Say how a session is kept from writing, and from taking long; MySQL and MariaDB spell the second apart."""
        if "MariaDB" in server:
            longest = f"SET SESSION max_statement_time = {self._read_ms / 1000:.3f}"
        else:
            longest = f"SET SESSION max_execution_time = {self._read_ms:d}"
        return "SET SESSION TRANSACTION READ ONLY", longest


def _number(fault: BaseException | None) -> int:
    number = fault.args[0] if fault is not None and fault.args else 0
    return number if isinstance(number, int) else 0


def _arguments(url: sa.URL) -> dict[str, Any]:
    """Spell an address as asyncmy takes it; a URL means what it means to SQLAlchemy."""
    _, arguments = _Address(dbapi=_Address.import_dbapi()).create_connect_args(url)
    return {"charset": CHARACTERS, **arguments}
