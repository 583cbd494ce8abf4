"""A database server (PostgreSQL, MariaDB) through SQLAlchemy's async engine and its pool, every session read-only."""

import asyncio
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.reader import Finding, FindingState
from adapters.sql.database import Rows, Statement, TableColumns

MYSQL = ("mysql", "mariadb")
POSTGRESQL = "postgresql"
RECYCLE_SECONDS = 1800


class DatabaseServer:
    """Keeps a pool of connections for the adapter's whole life."""

    def __init__(self, url: sa.URL, *, connections: int, read_ms: int) -> None:
        """Take the address, the size of the pool, and the most time the server may spend on one statement."""
        self._read_ms = read_ms
        self._backend = url.get_backend_name()
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            pool_recycle=RECYCLE_SECONDS,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
        )
        sa.event.listen(self._engine.sync_engine, "connect", self._make_read_only)

    async def open(self) -> None:
        """Connect with the first read."""

    async def rows(self, statement: Statement, parameters: Mapping[str, object], deadline: float) -> Rows:
        """Run a statement until the event loop's clock shows the deadline."""
        try:
            async with asyncio.timeout_at(deadline), self._engine.connect() as connection:
                rows: Rows = (await connection.execute(statement, parameters)).all()
                return rows
        except TimeoutError:
            raise SourceFault(SourceFaultKind.LATE) from None
        except (sa.exc.SQLAlchemyError, OSError):
            raise SourceFault(SourceFaultKind.UNREACHABLE) from None

    async def columns(self, tables: Sequence[str], schema: str | None) -> TableColumns:
        """List the columns of tables; None for a table that is not there."""

        def look(connection: sa.Connection) -> TableColumns:
            seen = sa.inspect(connection)
            return {table: _columns_of(seen, table, schema) for table in tables}

        try:
            async with self._engine.connect() as connection:
                return await connection.run_sync(look)
        except sa.exc.SQLAlchemyError:
            raise SourceFault(SourceFaultKind.UNREACHABLE) from None

    async def prove_read_only(self) -> Finding:
        """Ask the server whether this session can write."""
        asked = "SHOW transaction_read_only" if self._backend == POSTGRESQL else "SELECT @@session.tx_read_only"
        try:
            async with self._engine.connect() as connection:
                said = str((await connection.execute(sa.text(asked))).scalar())
        except (sa.exc.SQLAlchemyError, OSError):
            raise SourceFault(SourceFaultKind.UNREACHABLE) from None
        if said.lower() in {"on", "1"}:
            return Finding(state=FindingState.OK, what="the server says that this session is read-only")
        return Finding(
            state=FindingState.FAULT, what="this session can write", mend="Give the adapter a read-only account."
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    def _make_read_only(self, connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        """Forbid a new session to write, and bound its statements."""
        cursor = connection.cursor()
        if self._backend == POSTGRESQL:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            cursor.execute(f"SET statement_timeout = {self._read_ms:d}")
        elif self._backend in MYSQL:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            cursor.execute(f"SET SESSION max_statement_time = {self._read_ms / 1000:.3f}")
        cursor.close()
        connection.commit()


def _columns_of(seen: sa.Inspector, table: str, schema: str | None) -> list[str] | None:
    try:
        return [column["name"] for column in seen.get_columns(table, schema=schema)]
    except sa.exc.NoSuchTableError:
        return None
