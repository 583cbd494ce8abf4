"""The work queue: where the manifest says so, each notice becomes one item of work in the agency's own system."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from structlog.typing import FilteringBoundLogger

from adapters.kit.answering import WallClock
from adapters.kit.errors import OutOfStep, SourceFault
from adapters.kit.journal import Journal
from adapters.kit.sharing_events import Writer
from adapters.kit.write_back import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, LOOK_SECONDS, MOST_AT_ONCE, TAKEN_MS

# What its own people have looked into already is work no more.
_UNWRITTEN = """
SELECT id, received_at_ms, request_id, own_references, kind, field, agencies, other_values, is_same, requester,
    requester_agency, coalesce(attempts, 0) AS attempts, coalesce(taken_until_ms, 0) AS taken_until_ms
FROM notices LEFT JOIN work_items ON notice = id AND source = :source
WHERE written_at_ms IS NULL AND done_at_ms IS NULL AND coalesce(taken_until_ms, 0) <= :now
    AND question IN (SELECT value FROM json_each(:questions))
ORDER BY notices.entry LIMIT :most
"""
_TAKE = """
INSERT INTO work_items VALUES (?, ?, ?, ?, NULL)
ON CONFLICT DO UPDATE SET taken_until_ms = excluded.taken_until_ms, attempts = excluded.attempts
WHERE written_at_ms IS NULL AND taken_until_ms = ?
"""
_SETTLE = "UPDATE work_items SET written_at_ms = ?, taken_until_ms = ? WHERE notice = ? AND source = ?"
_WORDS = {None: "", 0: "not_same", 1: "same"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WorkItem:
    """One notice, as somebody is to look into it; `notice` names it, here and in the journal."""

    notice: str
    reference: str
    noticed_at: str
    kind: str
    field: str
    others: str
    values: tuple[str, ...]
    word: str
    request: str
    requester: str
    requester_agency: str

    @property
    def once(self) -> str:
        """Name it, so that a system knows one that it has already."""
        return self.notice

    def parts(self) -> Mapping[str, str]:
        """Spell each part as text, as a column holds it."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "values"} | {
            "values": "; ".join(self.values)
        }

    def document(self) -> Mapping[str, object]:
        """Spell it as an API takes it."""
        return {**self.parts(), "values": list(self.values)}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Due:
    """A notice that is not in the queue yet."""

    id: str
    received_at_ms: int
    request_id: str
    own_references: str
    kind: str
    field: str
    agencies: int
    other_values: str
    is_same: int | None
    requester: str
    requester_agency: str
    attempts: int
    taken_until_ms: int

    def item(self) -> WorkItem:
        """Return what is put into the queue."""
        return WorkItem(
            notice=self.id,
            reference=", ".join(json.loads(self.own_references)),
            noticed_at=datetime.fromtimestamp(self.received_at_ms / 1_000, UTC).isoformat(timespec="seconds"),
            kind=self.kind,
            field=self.field,
            others=str(self.agencies) if self.agencies else "",
            values=tuple(json.loads(self.other_values)),
            word=_WORDS[self.is_same],
            request=self.request_id,
            requester=self.requester,
            requester_agency=self.requester_agency,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """That this process is about to write; raises OutOfStep when another was quicker."""

    due: Due
    source: str
    until_ms: int

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open."""
        row = (self.due.id, self.source, self.until_ms, self.due.attempts + 1, self.due.taken_until_ms)
        if connection.execute(_TAKE, row).rowcount != 1:
            raise OutOfStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of it: written at a moment, or to be tried again after another."""

    due: Due
    source: str
    written_at_ms: int | None
    again_at_ms: int = 0

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open."""
        connection.execute(_SETTLE, (self.written_at_ms, self.again_at_ms, self.due.id, self.source))


@dataclass(slots=True, kw_only=True, eq=False)
class WorkQueue:
    """Puts the journal's notices into one source's queue; never in the way of an answer or an acknowledgement."""

    source: str
    questions: Sequence[str]
    writer: Writer
    journal: Journal
    wall_ms: WallClock
    log: FilteringBoundLogger

    async def run(self) -> None:
        """Write what is due, again and again, until cancelled."""
        while True:
            try:
                await self.write_due()
            except Exception as fault:  # noqa: BLE001  whatever it was, it must not end the writing; its words may hold case data
                self.log.critical("work_queue_failed", source=self.source, kind=type(fault).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def write_due(self) -> None:
        """Write all that is due now."""
        for due in await self.journal.read(self._look):
            await self._write_one(due)

    def _look(self, connection: sqlite3.Connection) -> list[Due]:
        wanted = {"source": self.source, "questions": json.dumps(list(self.questions)), "now": self.wall_ms()}
        rows = connection.execute(_UNWRITTEN, {**wanted, "most": MOST_AT_ONCE})
        return [Due(**dict(zip(Due.__slots__, row, strict=True))) for row in rows]

    async def _write_one(self, due: Due) -> None:
        """Write one item: twice, if the process ends before it is noted, and then the queue knows it already."""
        try:
            await self.journal.put(Taken(due=due, source=self.source, until_ms=self.wall_ms() + TAKEN_MS))
        except OutOfStep:
            return
        written_at, again_at = None, 0
        try:
            await self.writer.write(due.item())
            written_at = self.wall_ms()
        except SourceFault as fault:
            again_at = self.wall_ms() + min(FIRST_PAUSE_MS * 2**due.attempts, LONGEST_PAUSE_MS)
            self.log.warning("work_queue_failed", source=self.source, kind=fault.kind.value, notice=due.id)
        await self.journal.put(Settled(due=due, source=self.source, written_at_ms=written_at, again_at_ms=again_at))


def work_queues(
    writers: Mapping[str, Writer],
    questions: Mapping[str, str],
    *,
    journal: Journal,
    wall_ms: WallClock,
    log: FilteringBoundLogger,
) -> list[WorkQueue]:
    """Make one for each source that has a queue; `questions` maps each question to the source that answers it."""
    return [
        WorkQueue(
            source=source,
            questions=[question for question, answered_by in questions.items() if answered_by == source],
            writer=writer,
            journal=journal,
            wall_ms=wall_ms,
            log=log,
        )
        for source, writer in writers.items()
    ]
