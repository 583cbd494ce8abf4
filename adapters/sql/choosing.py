"""Chooses how a database is reached; a driver is imported when a manifest names it, since each is an extra."""

from pathlib import Path

from adapters.kit.manifest import Limits, SqlSource
from adapters.sql.addresses import address_of
from adapters.sql.database import Database
from adapters.sql.pooled import PooledServer
from adapters.sql.server import DatabaseServer
from adapters.sql.spelling import maria_dialect, postgres_dialect
from adapters.sql.sqlite_file import SqliteFile

LARGEST_POOL = 16
SQLITE = "sqlite"


def choose_database(source: SqlSource, limits: Limits) -> Database:
    """Make what reads the database of a source."""
    url = address_of(source)
    if url.get_backend_name() == SQLITE:
        return SqliteFile(Path(url.database or ""))
    connections = min(limits.asks_at_once, LARGEST_POOL)
    match url.drivername:
        case "postgresql+asyncpg":
            from adapters.sql.postgresql import PostgresDriver  # noqa: PLC0415  see above

            postgres = PostgresDriver(url, read_ms=limits.read_ms)
            return PooledServer(url, postgres, postgres_dialect(), connections=connections)
        case "mysql+asyncmy" | "mariadb+asyncmy":
            from adapters.sql.mariadb import MariaDriver  # noqa: PLC0415  see above

            maria = MariaDriver(url, read_ms=limits.read_ms)
            return PooledServer(url, maria, maria_dialect(), connections=connections)
        case _:
            return DatabaseServer(url, connections=connections, read_ms=limits.read_ms)
