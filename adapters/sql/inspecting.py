"""Looks which columns the tables of a server have."""

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.sql.database import TableColumns

INSPECT_SECONDS = 10.0


async def inspected_columns(url: sa.URL, tables: Sequence[str], schema: str | None) -> TableColumns:
    """List the columns of tables over a connection that is closed at once; None for a table that is not there."""
    engine = create_async_engine(url, poolclass=sa.pool.NullPool, hide_parameters=True)

    def look(connection: sa.Connection) -> TableColumns:
        seen = sa.inspect(connection)
        return {table: columns_of(seen, table, schema) for table in tables}

    try:
        async with asyncio.timeout(INSPECT_SECONDS), engine.connect() as connection:
            return await connection.run_sync(look)
    except (sa.exc.SQLAlchemyError, OSError, TimeoutError):
        raise SourceFault(SourceFaultKind.UNREACHABLE) from None
    finally:
        await engine.dispose()


def columns_of(seen: sa.Inspector, table: str, schema: str | None) -> list[str] | None:
    """List a table's columns; None where it is not there."""
    try:
        return [column["name"] for column in seen.get_columns(table, schema=schema)]
    except sa.exc.NoSuchTableError:
        return None
