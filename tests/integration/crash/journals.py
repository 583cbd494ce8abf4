"""The agencies' journals as they are on disk, read by what they mean."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReceipt:
    """A receipt that a journal has: its number, the position of its entry, the entry itself."""

    number: int
    position: int
    leaf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What an agency has written down.

    Requests that it was asked, and answered with records; receipts, in the order in which they were written; the root
    of each state of the hub's log that it has accepted, by size; the newest of these as it was signed; what it refused.
    """

    agency: str
    asked: frozenset[str]
    answered: frozenset[str]
    receipts: tuple[HeldReceipt, ...]
    accepted: Mapping[int, bytes]
    newest_note: str
    refusals: tuple[str, ...]


def read_journal(agency: str, file: Path) -> Journal:
    """Read a journal; its adapter may be running."""
    with closing(sqlite3.connect(file)) as database:
        asks = database.execute("select request_id, outcome from asks").fetchall()
        receipts = database.execute("select number, audit_position, entry from receipts order by rowid").fetchall()
        accepted = database.execute("select size, root, note from checkpoints order by size").fetchall()
        refusals = database.execute("select why from refusals").fetchall()
    return Journal(
        agency=agency,
        asked=frozenset(request for request, _ in asks),
        answered=frozenset(request for request, outcome in asks if outcome == "answered"),
        receipts=tuple(HeldReceipt(number=row[0], position=row[1], leaf=row[2]) for row in receipts),
        accepted={size: root for size, root, _ in accepted},
        newest_note=accepted[-1][2] if accepted else "",
        refusals=tuple(why for (why,) in refusals),
    )


def last_receipt(file: Path) -> int:
    """Return the number of the newest receipt in a journal whose adapter may be running; 0 before the first."""
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute("select coalesce(max(number), 0) from receipts").fetchone()[0])
