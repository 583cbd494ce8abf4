"""Any other database server (Oracle, SQL Server) through SQLAlchemy's engine, on threads of its own."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.reader import Finding, FindingState
from adapters.sql.database import Rows, Scan, Statement, TableColumns
from adapters.sql.inspecting import columns_of

RECYCLE_SECONDS = 1800
CHECK_SECONDS = 10.0
ORACLE, SQL_SERVER = "oracle", "mssql"
READ_ONLY = {ORACLE: "SET TRANSACTION READ ONLY"}

Done = TypeVar("Done")


class DatabaseServer:
    """Keeps a pool of connections, each with a thread, for the adapter's whole life."""

    def __init__(self, url: sa.URL, *, connections: int, read_ms: int) -> None:
        """Take the address, the size of the pool, and the most time the server may spend on one statement."""
        self._read_ms = read_ms
        self._backend = url.get_backend_name()
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="sql")
        self._engine = sa.create_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
            pool_recycle=RECYCLE_SECONDS,
            hide_parameters=True,
        )
        sa.event.listen(self._engine, "connect", self._bound)

    async def open(self) -> None:
        """Connect with the first read."""

    async def rows(self, statement: Statement, parameters: Mapping[str, object], deadline: float) -> Rows:
        """Run a statement until the event loop's clock shows the deadline; what goes on then is the driver's to end."""
        return await self._on_a_thread(partial(self._read, statement, parameters), deadline)

    async def columns(self, tables: Sequence[str], schema: str | None) -> TableColumns:
        """List the columns of tables; None for a table that is not there."""

        def look() -> TableColumns:
            seen = sa.inspect(self._engine)
            return {table: columns_of(seen, table, schema) for table in tables}

        return await self._on_a_thread(look, asyncio.get_running_loop().time() + CHECK_SECONDS)

    async def read_whole(
        self, statement: Statement, parameters: Mapping[str, object], deadline: float
    ) -> Sequence[Scan] | None:
        """Say nothing: each of these servers tells its plans in a way of its own."""
        del statement, parameters, deadline
        return None

    async def prove_read_only(self) -> Finding:
        """Say what is not tried: a server that lets the write pass would have been written to."""
        return Finding(
            state=FindingState.NOTE,
            what="whether the account can write was not tried on this kind of server",
            mend="Give the adapter an account that may only read.",
        )

    async def close(self) -> None:
        """Close all connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._engine.dispose()

    def _read(self, statement: Statement, parameters: Mapping[str, object]) -> Rows:
        """Read in a transaction that is always rolled back."""
        with self._engine.connect() as connection:
            if read_only := READ_ONLY.get(self._backend):
                connection.exec_driver_sql(read_only)
            rows: Rows = connection.execute(statement, parameters).all()
            return rows

    async def _on_a_thread(self, work: Callable[[], Done], deadline: float) -> Done:
        try:
            async with asyncio.timeout_at(deadline):
                return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except TimeoutError:
            raise SourceFault(SourceFaultKind.LATE) from None
        except (sa.exc.SQLAlchemyError, OSError):
            raise SourceFault(SourceFaultKind.UNREACHABLE) from None

    def _bound(self, connection: Any, _record: object) -> None:  # noqa: ANN401  each driver has a connection of its own kind
        """Bound how long the driver of a new connection waits for one statement."""
        if self._backend == ORACLE:
            connection.call_timeout = self._read_ms
        elif self._backend == SQL_SERVER:
            connection.timeout = -(-self._read_ms // 1000)
