"""What an agency's people see of the log that their journal witnesses, and what only they decide about it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.kit.errors import JournalFault
from adapters.kit.journal import open_journal
from adapters.kit.receipts import Standing, read_standing

_REFUSALS = "SELECT refused_at_ms, hub, why FROM refusals WHERE settled_at_ms IS NULL ORDER BY entry"
_SETTLE = "UPDATE refusals SET settled_at_ms = ? WHERE settled_at_ms IS NULL"
# What was witnessed keeps its place under a name of its own, so that the next log may have the same.
_RENAME = ("checkpoints", "receipts", "write_backs")
_RETIRE = "UPDATE logs SET origin = :retired, retired_at_ms = :at WHERE origin = :origin"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRefusal:
    """Something of the hub's log that was not accepted and that nobody has settled."""

    refused_at_ms: int
    hub: str
    why: str


@contextmanager
def _journal(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a journal that is there; raises JournalFault for any other."""
    if not file.is_file():
        raise JournalFault("there is no journal yet")
    try:
        connection = open_journal(file)
        try:
            yield connection
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as fault:
        raise JournalFault(type(fault).__name__) from None


def read_log(file: Path) -> tuple[Standing, list[OpenRefusal]]:
    """Read how far the journal has come with the log, and what is open."""
    with _journal(file) as connection:
        rows = connection.execute(_REFUSALS).fetchall()
        return read_standing(connection), [OpenRefusal(refused_at_ms=at, hub=hub, why=why) for at, hub, why in rows]


def settle(file: Path, at_ms: int) -> int:
    """Settle every open refusal: somebody has found out what it was. Returns how many there were."""
    with _journal(file) as connection:
        return connection.execute(_SETTLE, (at_ms,)).rowcount


def trust_anew(file: Path, at_ms: int) -> bool:
    """Witness the log no longer, so that the next one is trusted; its receipts stay. Says whether there was one."""
    with _journal(file) as connection:
        connection.execute("BEGIN IMMEDIATE")
        origin = read_standing(connection).origin
        names = {"origin": origin, "retired": f"{origin} until {at_ms}", "at": at_ms}
        for table in _RENAME:
            connection.execute(f"UPDATE {table} SET origin = :retired WHERE origin = :origin", names)  # noqa: S608  our own tables
        connection.execute(_RETIRE, names)
        connection.execute("COMMIT")
    return bool(origin)
