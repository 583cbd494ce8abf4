"""A PostgreSQL, MariaDB or MySQL server over the driver's own connections; SQLAlchemy only spells the statements."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from adapters.kit.errors import SourceFault
from adapters.kit.reader import Finding, FindingState
from adapters.sql.database import Rows, Scan, Statement, TableColumns
from adapters.sql.inspecting import inspected_columns
from adapters.sql.plans import EXPLAINING, scans
from adapters.sql.pool import Driver, Pool
from adapters.sql.spelling import Spelling

PROOF_SECONDS = 10.0


class PooledServer:
    """Keeps a pool of sessions for the adapter's whole life, none of which can write."""

    def __init__(self, url: sa.URL, driver: Driver, dialect: sa.Dialect, *, connections: int) -> None:
        """Take the address, what opens sessions, the server's dialect, and the size of the pool."""
        self._url = url
        self._driver = driver
        self._pool = Pool(driver, most=connections)
        self._spelling = Spelling(dialect)

    async def open(self) -> None:
        """Connect with the first read."""

    async def rows(self, statement: Statement, parameters: Mapping[str, object], deadline: float) -> Rows:
        """Run a statement until the event loop's clock shows the deadline."""
        spelt = self._spelling.of(statement)
        return await self._pool.rows(spelt.text, spelt.values(parameters), deadline)

    async def columns(self, tables: Sequence[str], schema: str | None) -> TableColumns:
        """List the columns of tables; None for a table that is not there."""
        return await inspected_columns(self._url, tables, schema)

    async def read_whole(
        self, statement: Statement, parameters: Mapping[str, object], deadline: float
    ) -> Sequence[Scan] | None:
        """List the tables that the server would read from end to end."""
        spelt = self._spelling.of(statement)
        backend = self._url.get_backend_name()
        plan = await self._pool.rows(f"{EXPLAINING[backend]} {spelt.text}", spelt.values(parameters), deadline)
        return scans(backend, plan)

    async def prove_read_only(self) -> Finding:
        """Try to write over a session like any other, which the server must refuse."""
        # A table of this name there never was, so that nothing is lost where the server does not refuse.
        drop = f"DROP TABLE IF EXISTS sharing_no_such_table_{secrets.token_hex(8)}"
        try:
            await self._pool.rows(drop, (), asyncio.get_running_loop().time() + PROOF_SECONDS)
        except SourceFault as fault:
            if not self._driver.refuses_writing(fault.__context__):
                raise
            return Finding(state=FindingState.OK, what="the server refuses to be written by a read-only session")
        return Finding(
            state=FindingState.FAULT, what="this session can write", mend="Give the adapter a read-only account."
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()
