"""Sessions with PostgreSQL over asyncpg, which sends values beside the statement and cancels at the server."""

from collections.abc import Sequence
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it brings no types
import sqlalchemy as sa

from adapters.kit.errors import SourceFaultKind
from adapters.sql.database import Rows

CLOSE_SECONDS = 2.0
NUMBERS = ("int2", "int4", "int8", "numeric")
"""Are read and written as text, so that an identifier may stand in a column of numbers."""
QUERY_CANCELLED = "57014"
REFUSALS = ("28", "3D", "42501")
MISFITS = ("42", "22")
READ_ONLY = "25006"


class PostgresSession:
    """One connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        """Take an open connection."""
        self._connection = connection

    def is_usable(self) -> bool:
        """Tell whether the connection still stands."""
        return not self._connection.is_closed()

    async def rows(self, text: str, values: Sequence[object]) -> Rows:
        """Run a statement with its parameters."""
        rows: Rows = await self._connection.fetch(text, *values)
        return rows

    async def stop(self) -> None:
        """Close, after the request to cancel has gone that asyncpg sends for a read which was cancelled."""
        try:
            await self._connection.close(timeout=CLOSE_SECONDS)
        finally:
            self._connection.terminate()

    async def close(self) -> None:
        """Close in peace."""
        await self.stop()


class PostgresDriver:
    """Opens sessions that can only read."""

    def __init__(self, url: sa.URL, *, read_ms: int) -> None:
        """Take the address, and the most time the server may spend on one statement."""
        self._arguments = _arguments(url)
        # Said while the connection is made, these hold for it whatever is reset later.
        self._settings = {"default_transaction_read_only": "on", "statement_timeout": str(read_ms)}

    async def connect(self) -> PostgresSession:
        """Open a session."""
        connection = await asyncpg.connect(**self._arguments, server_settings=self._settings)
        try:
            for name in NUMBERS:
                await connection.set_type_codec(name, schema="pg_catalog", encoder=str, decoder=str)
        except BaseException:
            connection.terminate()
            raise
        return PostgresSession(connection)

    def kind_of(self, fault: Exception) -> SourceFaultKind:
        """Say in our words what is wrong."""
        state = getattr(fault, "sqlstate", None) or ""
        if state == QUERY_CANCELLED:
            return SourceFaultKind.LATE
        if state.startswith(REFUSALS):
            return SourceFaultKind.REFUSED
        if state.startswith(MISFITS) or isinstance(fault, asyncpg.DataError | ValueError | OverflowError):
            return SourceFaultKind.GARBAGE
        return SourceFaultKind.UNREACHABLE

    def refuses_writing(self, fault: BaseException | None) -> bool:
        """Tell whether a session that only reads was the reason."""
        return getattr(fault, "sqlstate", None) == READ_ONLY


def _arguments(url: sa.URL) -> dict[str, Any]:
    """Spell an address as asyncpg takes it; a URL means what it means to SQLAlchemy."""
    arguments = dict(url.get_dialect()().create_connect_args(url)[1])
    cached = arguments.pop("prepared_statement_cache_size", None)
    return arguments if cached is None else {**arguments, "statement_cache_size": cached}
