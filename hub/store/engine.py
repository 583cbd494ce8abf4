"""Open the store: one database, every connection of it durable, its schema up to date."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from hub.errors import Fault, NotReady, SettingsError

# The engine is named outside this room, where SQLAlchemy is not.
__all__ = ["Engine", "make_lasting", "open_store", "sole_use"]

_MIGRATIONS = Path(__file__).parent / "migrations"
# What a disk, or another program that holds the store, may do to it; an error of ours in a statement is none of these.
_OUTSIDE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
    }
)

_STRETCH_BYTES = 1 << 20

_log = structlog.get_logger(__name__)


def open_store(url: str) -> Engine:
    """Open the database that a URL names and bring its schema up to date."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _make_durable)
        event.listen(engine, "handle_error", _translate)
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


def _translate(context: ExceptionContext) -> None:
    """Say in words for whoever waits that the store cannot be used: a full disk is no fault of the hub's."""
    error = context.original_exception
    # Extended codes refine the eight lower bits, which are the code itself.
    if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _OUTSIDE:
        _log.error("store.unusable", error=error.sqlite_errorname)
        raise _unusable() from None


def _migrate(connection: Connection) -> None:
    config = Config()
    # A percent sign in a path would be read as interpolation.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


def make_lasting(url: str) -> None:
    """Write a store's write-ahead log anew, as it is, and sync it, before anything in it is believed.

    A sync that fails is told of once: from then on the system takes pages for written that are only in its memory. The
    hub that was told refuses and writes them again; but one that is started after its end would find them, go on from
    there, and lose all that it recorded since when the power goes. Call it while no other hub uses the store.
    """
    log = Path(f"{url.removeprefix('sqlite:///')}-wal")
    if not log.exists():
        return
    try:
        file = os.open(log, os.O_RDWR)
        try:
            offset = 0
            while stretch := os.pread(file, _STRETCH_BYTES, offset):
                offset += os.pwrite(file, stretch, offset)
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        _log.error("store.unusable", error=type(error).__name__)
        raise _unusable() from None


def _unusable() -> NotReady:
    return NotReady(
        "STORE_UNUSABLE",
        "The hub cannot use its store now, so it does nothing that is to be kept. Tell its operator; try again.",
    )


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
