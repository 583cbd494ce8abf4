"""Writing back: each disclosure is noted, once, in the records that it was made from, where the manifest says so."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from structlog.typing import FilteringBoundLogger

from adapters.kit.answering import WallClock
from adapters.kit.errors import OutOfStep, SourceFault
from adapters.kit.journal import Journal
from adapters.kit.sharing_events import SharingEvent, Writer

LOOK_SECONDS = 1.0
MOST_AT_ONCE = 50
TAKEN_MS = 20_000
"""How long a process has to write what it took; after that another may, which first looks whether it is there."""
FIRST_PAUSE_MS = 1_000
LONGEST_PAUSE_MS = 300_000

_UNWRITTEN = """
SELECT origin, number, request_id, recorded_at_ms, requester_agency, access_level, question, purpose, fields,
    coalesce(attempts, 0), coalesce(taken_until_ms, 0)
FROM receipts LEFT JOIN write_backs USING (origin, number)
WHERE number > :written_to AND kind = 'disclosure' AND written_at_ms IS NULL AND coalesce(taken_until_ms, 0) <= :now
    AND question IN (SELECT value FROM json_each(:questions))
    AND origin = (SELECT origin FROM logs WHERE retired_at_ms IS NULL)
ORDER BY number LIMIT :most
"""
# Below the first that is not written, or up to the newest where all are.
_WRITTEN_TO = """
SELECT coalesce(min(iif(written_at_ms IS NULL, number - 1, NULL)), max(number), :written_to)
FROM receipts LEFT JOIN write_backs USING (origin, number)
WHERE number > :written_to AND kind = 'disclosure' AND question IN (SELECT value FROM json_each(:questions))
    AND origin = (SELECT origin FROM logs WHERE retired_at_ms IS NULL)
"""
_REFERENCES = "SELECT own_reference FROM ask_references WHERE request_id = ? AND question = ? ORDER BY own_reference"
_TAKE = """
INSERT INTO write_backs VALUES (?, ?, ?, ?, ?, NULL)
ON CONFLICT DO UPDATE SET taken_until_ms = excluded.taken_until_ms, attempts = excluded.attempts
WHERE written_at_ms IS NULL AND taken_until_ms = ?
"""
_SETTLE = "UPDATE write_backs SET written_at_ms = ?, taken_until_ms = ? WHERE origin = ? AND number = ?"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Due:
    """A receipt that has to be noted in the records that it was made from."""

    origin: str
    number: int
    request_id: str
    recorded_at_ms: int
    requester_agency: str
    access_level: str
    question: str
    purpose: str
    fields: str
    attempts: int
    taken_until_ms: int

    def event(self, reference: str) -> SharingEvent:
        """Return what is noted in one record."""
        return SharingEvent(
            reference=reference,
            shared_at=datetime.fromtimestamp(self.recorded_at_ms / 1_000, UTC).isoformat(timespec="seconds"),
            agency=self.requester_agency,
            request=self.request_id,
            access_level=self.access_level,
            question=self.question,
            purpose=self.purpose,
            fields=tuple(json.loads(self.fields)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """That this process is about to write; raises OutOfStep when another was quicker."""

    due: Due
    source: str
    until_ms: int

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open."""
        due = self.due
        row = (due.origin, due.number, self.source, self.until_ms, due.attempts + 1, due.taken_until_ms)
        if connection.execute(_TAKE, row).rowcount != 1:
            raise OutOfStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of it: written at a moment, or to be tried again after another."""

    due: Due
    written_at_ms: int | None
    again_at_ms: int = 0

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open."""
        connection.execute(_SETTLE, (self.written_at_ms, self.again_at_ms, self.due.origin, self.due.number))


@dataclass(slots=True, kw_only=True, eq=False)
class WriteBack:
    """Notes what the journal's receipts say in one source; never in the way of an answer."""

    source: str
    questions: Sequence[str]
    writer: Writer
    journal: Journal
    wall_ms: WallClock
    log: FilteringBoundLogger
    _written_to: int = field(default=0)

    async def run(self) -> None:
        """Write what is due, again and again, until cancelled."""
        while True:
            try:
                await self.write_due()
            except Exception as fault:  # noqa: BLE001  whatever it was, it must not end the writing; its words may hold case data
                self.log.critical("write_back_failed", source=self.source, kind=type(fault).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def write_due(self) -> None:
        """Write all that is due now."""
        for due in await self.journal.read(self._look):
            await self._write_one(due)

    def _look(self, connection: sqlite3.Connection) -> list[Due]:
        """List what is due. What is written without a gap from the first needs no second look."""
        wanted = {"written_to": self._written_to, "questions": json.dumps(list(self.questions))}
        (self._written_to,) = connection.execute(_WRITTEN_TO, wanted).fetchone()
        rows = connection.execute(_UNWRITTEN, {**wanted, "now": self.wall_ms(), "most": MOST_AT_ONCE})
        return [Due(**dict(zip(Due.__slots__, row, strict=True))) for row in rows]

    async def _write_one(self, due: Due) -> None:
        try:
            await self.journal.put(Taken(due=due, source=self.source, until_ms=self.wall_ms() + TAKEN_MS))
        except OutOfStep:
            return
        try:
            for reference in await self._references(due):
                await self.writer.write(due.event(reference))
        except SourceFault as fault:
            pause = min(FIRST_PAUSE_MS * 2**due.attempts, LONGEST_PAUSE_MS)
            await self.journal.put(Settled(due=due, written_at_ms=None, again_at_ms=self.wall_ms() + pause))
            self.log.warning("write_back_failed", source=self.source, kind=fault.kind.value, number=due.number)
        else:
            await self.journal.put(Settled(due=due, written_at_ms=self.wall_ms()))

    async def _references(self, due: Due) -> Sequence[str]:
        """List the own records that the answer was made from; an answer of another journal has none here."""
        wanted = (due.request_id, due.question)
        rows = await self.journal.read(lambda connection: connection.execute(_REFERENCES, wanted).fetchall())
        if not rows:
            self.log.warning("write_back_without_reference", source=self.source, number=due.number)
        return [reference for (reference,) in rows]


def write_backs(
    writers: Mapping[str, Writer],
    questions: Mapping[str, str],
    *,
    journal: Journal,
    wall_ms: WallClock,
    log: FilteringBoundLogger,
) -> list[WriteBack]:
    """Make one for each source that has a writer; `questions` maps each question to the source that answers it."""
    return [
        WriteBack(
            source=source,
            questions=[question for question, answered_by in questions.items() if answered_by == source],
            writer=writer,
            journal=journal,
            wall_ms=wall_ms,
            log=log,
        )
        for source, writer in writers.items()
    ]
