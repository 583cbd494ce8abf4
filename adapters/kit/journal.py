"""The agency's own journal: every ask before its reply leaves, every receipt, and more, durable in one SQLite file."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from adapters.kit.errors import AdapterError, AnswersStopped, JournalFault
from adapters.kit.journal_schema import make_tables
from adapters.kit.lane import Lane
from adapters.kit.switch import is_stopped

OWNER_ONLY = 0o600
INSERT_ASK = f"INSERT INTO asks VALUES (NULL{', ?' * 19})"  # noqa: S608  only question marks are put in
INSERT_REFERENCE = "INSERT OR IGNORE INTO ask_references VALUES (?, ?, ?)"
INSERT_VETO = "INSERT INTO ask_vetoes VALUES (?, ?)"

Answer = TypeVar("Answer")
Query = Callable[[sqlite3.Connection], Answer]


class AskOutcome(StrEnum):
    """What became of an ask at the agency, as its journal spells it."""

    ANSWERED = "answered"
    WITHHELD = "withheld"
    SHIELDED = "shielded"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    UNABLE = "unable"
    SOURCE_DOWN = "source_down"
    BUSY = "busy"
    DROPPED = "dropped"


LOOKED = frozenset({AskOutcome.ANSWERED, AskOutcome.WITHHELD, AskOutcome.SHIELDED})
"""Where a source was looked into, and the hub hears something of what is there."""


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
    vetoes: Sequence[str] = ()

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open; raises AnswersStopped for what may not be told any more.

        Whoever stops all answers writes that into the same file: after that no answer is kept, and none leaves.
        """
        if self.outcome in LOOKED and is_stopped(connection):
            raise AnswersStopped
        entry = connection.execute(INSERT_ASK, _ask_row(self)).lastrowid
        connection.executemany(INSERT_VETO, [(entry, rule) for rule in dict.fromkeys(self.vetoes)])
        own = [(self.question, reference, self.request_id) for reference in self.own_references]
        connection.executemany(INSERT_REFERENCE, own)


class Entry(Protocol):
    """Is what the journal can keep: asks, receipts, and whatever else an agency must not forget."""

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open; whatever is raised undoes this entry and no other."""


class Journal:
    """Writes on one thread of its own, where all entries that wait share one commit, and reads on another."""

    def __init__(self, file: Path) -> None:
        """Take the file; its folder is made when the journal is opened."""
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._lane: Lane[Entry, None] = Lane("journal", self._write, self._disconnect)
        self._reading: Lane[Query[Any], Any] = Lane("journal reading", self._read, self._disconnect_reader)
        self._closed = False

    async def open(self) -> None:
        """Make or open the file; raises JournalFault where that cannot be done."""
        try:
            self._connection = await asyncio.to_thread(open_journal, self._file)
            self._reader = await asyncio.to_thread(open_journal_to_read, self._file)
        except (OSError, sqlite3.Error) as fault:
            self._disconnect()
            raise JournalFault(type(fault).__name__) from None
        self._lane.open()
        self._reading.open()

    def put(self, entry: Entry) -> asyncio.Future[None]:
        """Hand over an entry; the future ends once it is durable, or with JournalFault or what the entry raised."""
        return self._lane.put(entry)

    async def read(self, query: Query[Answer]) -> Answer:
        """Read something out of the journal; raises JournalFault where that cannot be done."""
        answer: Answer = await self._reading.put(query)
        return answer

    async def close(self) -> None:
        """Write what still waits and close the file; may be called again."""
        if not self._closed:
            self._closed = True
            await self._reading.close()
            await self._lane.close()

    def _write(self, entries: Sequence[Entry]) -> Sequence[AdapterError | None]:
        if self._connection is None:
            return [JournalFault("closed")] * len(entries)
        try:
            # Immediate, since what an entry reads must still hold when it is written: other processes write here, too.
            self._connection.execute("BEGIN IMMEDIATE")
            results = [self._one(self._connection, entry) for entry in entries]
            self._connection.execute("COMMIT")
        except sqlite3.Error as fault:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            return [JournalFault(type(fault).__name__)] * len(entries)
        return results

    def _one(self, connection: sqlite3.Connection, entry: Entry) -> AdapterError | None:
        connection.execute("SAVEPOINT entry")
        try:
            entry.keep(connection)
        except Exception as fault:  # noqa: BLE001  one entry that does not fit must not keep the others from the disk
            connection.execute("ROLLBACK TO entry")
            connection.execute("RELEASE entry")
            return fault if isinstance(fault, AdapterError) else JournalFault(type(fault).__name__)
        connection.execute("RELEASE entry")
        return None

    def _read(self, queries: Sequence[Query[Any]]) -> Sequence[Any]:
        if self._reader is None:
            return [JournalFault("closed")] * len(queries)
        return [self._look(self._reader, query) for query in queries]

    def _look(self, connection: sqlite3.Connection, query: Query[Any]) -> Any:  # noqa: ANN401  whatever the query answers
        try:
            return query(connection)
        except sqlite3.Error as fault:
            return JournalFault(type(fault).__name__)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _disconnect_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None


def open_journal(file: Path) -> sqlite3.Connection:
    """Open the journal for writing, readable by its owner only; every commit reaches the disk before it returns."""
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
    connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        make_tables(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_journal_to_read(file: Path) -> sqlite3.Connection:
    """Open a journal that is there, so that nothing can be written through the connection."""
    where = f"file:{quote(str(file))}?mode=ro"
    return sqlite3.connect(where, uri=True, isolation_level=None, check_same_thread=False, timeout=5)


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


def _listed(texts: Iterable[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False, separators=(",", ":"))
