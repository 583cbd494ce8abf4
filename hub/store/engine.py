"""Open the store: one database, every connection of it durable, its schema up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

# The engine is named outside this room, where SQLAlchemy is not.
__all__ = ["Engine", "open_store"]

_MIGRATIONS = Path(__file__).parent / "migrations"


def open_store(url: str) -> Engine:
    """Open the database that a URL names and bring its schema up to date."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _make_durable)
    with engine.connect() as connection:
        _migrate(connection)
    return engine


def _make_durable(connection: object, _entry: ConnectionPoolEntry) -> None:
    """Make SQLite sync every commit to disk: what the log says was recorded must survive a power cut."""
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a driver's connection has no type of its own here
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()


def _migrate(connection: Connection) -> None:
    config = Config()
    # A percent sign in a path would be read as interpolation.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()
