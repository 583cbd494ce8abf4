"""The agency's own journal: every ask before its reply leaves, and every receipt, durable in one SQLite file."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from adapters.kit.errors import JournalFault
from adapters.kit.lane import Lane

LARGEST_INTEGER = 2**63 - 1
OWNER_ONLY = 0o600

SCHEMA = """
CREATE TABLE IF NOT EXISTS asks (
    entry INTEGER PRIMARY KEY, asked_at_ms INTEGER NOT NULL, journalled_at_ms INTEGER NOT NULL, hub TEXT NOT NULL,
    ask_id TEXT NOT NULL, request_id TEXT NOT NULL, question TEXT NOT NULL, fields TEXT NOT NULL, purpose TEXT NOT NULL,
    lawful_basis TEXT NOT NULL, case_reference TEXT NOT NULL, requester TEXT NOT NULL, requester_agency TEXT NOT NULL,
    access_level TEXT NOT NULL, policy_version TEXT NOT NULL, source TEXT NOT NULL, outcome TEXT NOT NULL,
    row_count INTEGER NOT NULL, withheld_count INTEGER NOT NULL, own_references TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS asks_by_request ON asks (request_id);
CREATE TABLE IF NOT EXISTS receipts (
    entry INTEGER PRIMARY KEY, received_at_ms INTEGER NOT NULL, hub TEXT NOT NULL, ask_id TEXT NOT NULL,
    request_id TEXT NOT NULL, audit_position INTEGER NOT NULL, fields TEXT NOT NULL, row_count INTEGER NOT NULL,
    disclosed_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS receipts_by_request ON receipts (request_id);
"""
INSERT_ASK = f"INSERT INTO asks VALUES (NULL{', ?' * 19})"  # noqa: S608  only question marks are put in
INSERT_RECEIPT = f"INSERT INTO receipts VALUES (NULL{', ?' * 8})"  # noqa: S608  only question marks are put in


class AskOutcome(StrEnum):
    """What became of an ask at the agency, as its journal spells it."""

    ANSWERED = "answered"
    WITHHELD = "withheld"
    SHIELDED = "shielded"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    UNABLE = "unable"
    SOURCE_DOWN = "source_down"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AskEntry:
    """One ask with what became of it."""

    asked_at_ms: int
    journalled_at_ms: int
    hub: str
    ask_id: int
    request_id: str
    question: str
    fields: Sequence[str]
    purpose: str
    lawful_basis: str
    case_reference: str
    requester: str
    requester_agency: str
    access_level: str
    policy_version: str
    source: str
    outcome: AskOutcome
    row_count: int
    withheld_count: int
    own_references: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReceiptEntry:
    """What the hub says that it disclosed out of one reply."""

    received_at_ms: int
    hub: str
    ask_id: int
    request_id: str
    audit_position: int
    fields: Sequence[str]
    row_count: int
    disclosed_at_ms: int


Entry = AskEntry | ReceiptEntry


class Journal:
    """Writes on one thread of its own; all entries that wait share one commit."""

    def __init__(self, file: Path) -> None:
        """Take the file; its folder is made when the journal is opened."""
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._lane: Lane[Entry, None] = Lane("journal", self._write, self._disconnect)
        self._closed = False

    async def open(self) -> None:
        """Make or open the file; raises JournalFault where that cannot be done."""
        try:
            self._connection = await asyncio.to_thread(open_journal, self._file)
        except (OSError, sqlite3.Error) as fault:
            raise JournalFault(type(fault).__name__) from None
        self._lane.open()

    def put(self, entry: Entry) -> asyncio.Future[None]:
        """Hand over an entry; the future ends once it is durable, or with JournalFault."""
        return self._lane.put(entry)

    async def close(self) -> None:
        """Write what still waits and close the file; may be called again."""
        if not self._closed:
            self._closed = True
            await self._lane.close()

    def _write(self, entries: Sequence[Entry]) -> Sequence[JournalFault | None]:
        if self._connection is None:
            return [JournalFault("closed")] * len(entries)
        asks = [_ask_row(entry) for entry in entries if isinstance(entry, AskEntry)]
        receipts = [_receipt_row(entry) for entry in entries if isinstance(entry, ReceiptEntry)]
        try:
            with self._connection:
                self._connection.executemany(INSERT_ASK, asks)
                self._connection.executemany(INSERT_RECEIPT, receipts)
        except sqlite3.Error as fault:
            return [JournalFault(type(fault).__name__)] * len(entries)
        return [None] * len(entries)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def open_journal(file: Path) -> sqlite3.Connection:
    """Open the journal for writing, readable by its owner only; every commit reaches the disk before it returns."""
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
    connection = sqlite3.connect(file, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.executescript(SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _ask_row(entry: AskEntry) -> tuple[object, ...]:
    return (
        entry.asked_at_ms,
        entry.journalled_at_ms,
        entry.hub,
        f"{entry.ask_id:016x}",
        entry.request_id,
        entry.question,
        _listed(entry.fields),
        entry.purpose,
        entry.lawful_basis,
        entry.case_reference,
        entry.requester,
        entry.requester_agency,
        entry.access_level,
        entry.policy_version,
        entry.source,
        entry.outcome.value,
        entry.row_count,
        entry.withheld_count,
        _listed(entry.own_references),
    )


def _receipt_row(entry: ReceiptEntry) -> tuple[object, ...]:
    return (
        entry.received_at_ms,
        entry.hub,
        f"{entry.ask_id:016x}",
        entry.request_id,
        min(entry.audit_position, LARGEST_INTEGER),
        _listed(entry.fields),
        entry.row_count,
        entry.disclosed_at_ms,
    )


def _listed(texts: Iterable[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False, separators=(",", ":"))
