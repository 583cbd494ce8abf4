"""Asks a database what it says of itself: which tables there are, and whether the account may write to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from adapters.sql.database import Database, Rows, Statement

SQLITE, POSTGRESQL, MYSQL, MARIADB = "sqlite", "postgresql", "mysql", "mariadb"
KNOWN = frozenset({SQLITE, POSTGRESQL, MYSQL, MARIADB})
MOST_TABLES = 2000
WRITING = "INSERT, UPDATE, DELETE"
NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """One database's own tables about itself."""

    database: Database
    backend: str
    schema: str | None

    async def tables(self, deadline: float) -> list[str]:
        """List tables and views; none where this kind of database is not known."""
        rows = await self._rows(self._tables(), deadline)
        return sorted(str(row[0]) for row in rows)

    async def writable(self, tables: Sequence[str], deadline: float) -> list[str]:
        """List the tables that the account itself may write to; none where that cannot be told."""
        if self.backend != POSTGRESQL:
            return []
        named = {table: f'"{self.schema}"."{table}"' if self.schema else f'"{table}"' for table in tables}
        may = [sa.func.has_table_privilege(name, WRITING) for name in named.values()]
        (row,) = await self._rows(sa.select(*may), deadline)
        return [table for table, is_writable in zip(named, row, strict=True) if is_writable]

    def _tables(self) -> Statement | None:
        match self.backend:
            case "sqlite":
                there = sa.table("sqlite_master", sa.column("name"), sa.column("type"))
                kinds = sa.or_(there.c.type == "table", there.c.type == "view")
                return sa.select(there.c.name).where(kinds).limit(MOST_TABLES)
            case "postgresql" | "mysql" | "mariadb":
                there = sa.table(
                    "tables", sa.column("table_name"), sa.column("table_schema"), schema="information_schema"
                )
                own = sa.func.current_schema() if self.backend == POSTGRESQL else sa.func.database()
                return (
                    sa.select(there.c.table_name).where(there.c.table_schema == (self.schema or own)).limit(MOST_TABLES)
                )
            case _:
                return None

    async def _rows(self, statement: Statement | None, deadline: float) -> Rows:
        return await self.database.rows(statement, NOTHING, deadline) if statement is not None else ()
