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
        match self.backend:
            case "postgresql":
                return await self._writable_postgresql(tables, deadline)
            case "mysql" | "mariadb":
                return await self._writable_mysql(tables, deadline)
            case _:
                return []

    async def _writable_postgresql(self, tables: Sequence[str], deadline: float) -> list[str]:
        named = [f'"{self.schema}"."{table}"' if self.schema else f'"{table}"' for table in tables]
        may = [sa.func.has_table_privilege(name, WRITING) for name in named]
        (row,) = await self._rows(sa.select(*may), deadline) if may else [()]
        return [table for table, is_writable in zip(tables, row, strict=True) if is_writable]

    async def _writable_mysql(self, tables: Sequence[str], deadline: float) -> list[str]:
        """Read what was granted: on everything, on this database, or on single tables."""
        granted: set[str] = set()
        for level in ("user", "schema", "table"):
            grants = sa.table(
                f"{level}_privileges",
                *map(sa.column, ("grantee", "privilege_type", "table_schema", "table_name")),
                schema="information_schema",
            )
            own = sa.func.concat("'", sa.func.replace(sa.func.current_user(), "@", "'@'"), "'")
            writes = sa.or_(*(grants.c.privilege_type == word for word in WRITING.split(", ")))
            here = grants.c.table_schema == (self.schema or sa.func.database())
            which = grants.c.table_name if level == "table" else sa.literal("*")
            wanted = [grants.c.grantee == own, writes, *([here] if level != "user" else [])]
            rows = await self._rows(sa.select(which).select_from(grants).where(*wanted).limit(MOST_TABLES), deadline)
            granted |= {str(row[0]) for row in rows}
        return [table for table in tables if table in granted or "*" in granted]

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
