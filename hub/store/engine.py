"""Open the store: one database, every connection of it durable, its schema up to date."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from hub.errors import Fault, SettingsError

# The engine is named outside this room, where SQLAlchemy is not.
__all__ = ["Engine", "open_store", "sole_use"]

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


@contextmanager
def sole_use(url: str) -> Iterator[None]:
    """Hold a store for one process: the audit log has one writer, and a policy one hub that publishes it.

    Raises SettingsError when another process has it. A process that dies lets go of it.
    """
    file = Path(url.removeprefix("sqlite:///")).with_suffix(".lock")
    with file.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            mend = "Stop the hub that runs on it first; what can be done while it runs is done through it."
            raise SettingsError([Fault(file=file, line=1, what="the store is in use", mend=mend)]) from None
        yield
