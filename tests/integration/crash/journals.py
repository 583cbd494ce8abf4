"""The agencies' journals as they are on disk, read by what they mean."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What an agency has written down: requests that it was asked, and answered with records; receipts it has."""

    agency: str
    asked: frozenset[str]
    answered: frozenset[str]
    receipts: tuple[str, ...]


def read_journal(agency: str, file: Path) -> Journal:
    """Read a journal; its adapter may be running."""
    with closing(sqlite3.connect(file)) as database:
        asks = database.execute("select request_id, outcome from asks").fetchall()
        receipts = database.execute("select request_id from receipts order by entry").fetchall()
    return Journal(
        agency=agency,
        asked=frozenset(request for request, _ in asks),
        answered=frozenset(request for request, outcome in asks if outcome == "answered"),
        receipts=tuple(request for (request,) in receipts),
    )
