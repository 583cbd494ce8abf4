"""Questions to the journal: who asked about a person, and which receipts it holds."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import HeldReceipt, JournalAsk, JournalEntry, JournalReply
from sharing.v1.records_pb2 import PersonKeys
from structlog.typing import FilteringBoundLogger

from adapters.kit.errors import AnswersStopped, JournalFault, SourceFault
from adapters.kit.finding import Answerer
from adapters.kit.journal import Journal
from adapters.kit.looking import ways_to_look
from adapters.kit.switch import Switch, is_stopped

MOST_ENTRIES = 500
LONGEST_SPAN = 10_000
LARGEST_NUMBER = 2**53
SHARE_OF_TIME = 0.8
"""Share of the remaining time in which the sources are looked in; the rest is for the journal and the way back."""

# The newest, since there may be more than can be sent. A reference means something only within its own record set,
# which is why the question stands beside it.
_DISCLOSURES = """
SELECT request_id, recorded_at_ms, requester_agency, access_level, question, purpose, lawful_basis, fields FROM receipts
WHERE kind = 'disclosure' AND request_id IN (
    SELECT ask_references.request_id FROM json_each(?) AS found JOIN ask_references
    ON question = json_extract(found.value, '$[0]') AND own_reference = json_extract(found.value, '$[1]')
)
ORDER BY recorded_at_ms DESC, number DESC LIMIT ?
"""
_SPAN = """
SELECT number, leaf_hash FROM receipts JOIN logs USING (origin)
WHERE retired_at_ms IS NULL AND number BETWEEN ? AND ? ORDER BY number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalAsks:
    """Answers out of the journal. To find a person's disclosures it looks for the person's records in the sources."""

    answerers: Mapping[str, Answerer]
    journal: Journal
    switch: Switch
    log: FilteringBoundLogger

    async def answer(self, ask: JournalAsk) -> JournalReply:
        """Answer within the ask's time; whatever goes wrong becomes a status."""
        reply = JournalReply(ask_id=ask.ask_id, status=links_pb2.REPLY_STATUS_ANSWERED)
        try:
            async with asyncio.timeout(ask.remaining_ms / 1000):
                match ask.WhichOneof("about"):
                    case "person" if self.switch.is_stopped:
                        reply.status = links_pb2.REPLY_STATUS_REFUSED
                    case "person":
                        reply.entries.extend(await self._about_person(ask))
                    case "receipts":
                        reply.receipts.extend(await self._in_span(ask))
                    case _:
                        reply.status = links_pb2.REPLY_STATUS_UNABLE
        except AnswersStopped:
            return JournalReply(ask_id=ask.ask_id, status=links_pb2.REPLY_STATUS_REFUSED)
        except Exception as fault:  # noqa: BLE001  last resort: the fault's words may hold case data, so only its type is told
            self._note(ask, fault)
            return JournalReply(ask_id=ask.ask_id, status=links_pb2.REPLY_STATUS_SOURCE_DOWN)
        return reply

    async def _about_person(self, ask: JournalAsk) -> list[JournalEntry]:
        """Find the person's own records by every way that the manifest knows, then what was disclosed of them."""
        deadline = asyncio.get_running_loop().time() + ask.remaining_ms / 1000 * SHARE_OF_TIME
        sets = {_record_set(answerer): answerer for answerer in self.answerers.values()}
        looks = (_own_references(answerer, ask.person, deadline) for answerer in sets.values())
        found = dict(zip(sets, await asyncio.gather(*looks), strict=True))
        own = [
            (question, reference)
            for question, answerer in self.answerers.items()
            for reference in found[_record_set(answerer)]
        ]
        rows = await self.journal.read(lambda connection: _disclosures(connection, own))
        if rows is None:
            raise AnswersStopped
        return [_entry(row) for row in reversed(rows)]

    async def _in_span(self, ask: JournalAsk) -> list[HeldReceipt]:
        first, last = ask.receipts.first, ask.receipts.last
        bounded = (min(first, LARGEST_NUMBER), min(last, first + LONGEST_SPAN - 1, LARGEST_NUMBER))
        rows = await self.journal.read(lambda connection: connection.execute(_SPAN, bounded).fetchall())
        return [HeldReceipt(number=number, leaf=leaf) for number, leaf in rows]

    def _note(self, ask: JournalAsk, fault: Exception) -> None:
        kind = str(fault) if isinstance(fault, (SourceFault, JournalFault)) else type(fault).__name__
        self.log.warning("journal_ask_failed", kind=kind, request_id=ask.request_id)


def _record_set(answerer: Answerer) -> tuple[int, str]:
    """Tell record sets apart: several questions may be answered from one."""
    return id(answerer.reader), answerer.records


async def _own_references(answerer: Answerer, person: PersonKeys, deadline: float) -> Sequence[str]:
    """Find a person's records in one record set, as an ask would; a set that has no `record_id` gives none.

    Where an ask would be answered as if nobody were known, nobody has ever looked: one record that is kept silent about
    silences what another way to look finds.
    """
    own: Sequence[str] = ()
    is_silent = False
    for way in ways_to_look(answerer.keys, person):
        found = await answerer.reader.find(answerer.records, way, (), deadline)
        if found.is_silent:
            is_silent = True
        elif found.record_dates:
            own = tuple(dict.fromkeys(filter(None, found.references)))
            break
    return () if is_silent else own


def _disclosures(connection: sqlite3.Connection, own: Sequence[tuple[str, str]]) -> list[tuple[object, ...]] | None:
    """Read what was disclosed; None where all answers have been stopped while the sources were looked in."""
    if is_stopped(connection):
        return None
    return connection.execute(_DISCLOSURES, (json.dumps(own), MOST_ENTRIES)).fetchall()


def _entry(row: Sequence[object]) -> JournalEntry:
    request_id, at_ms, agency, level, question, purpose, basis, fields = row
    return JournalEntry(
        request_id=str(request_id),
        disclosed_at_ms=int(str(at_ms)),
        requester_agency=str(agency),
        access_level=str(level),
        question=str(question),
        purpose=str(purpose),
        lawful_basis=str(basis),
        fields=json.loads(str(fields)),
    )
