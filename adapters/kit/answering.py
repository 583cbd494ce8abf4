"""Answers one ask: look, hold back what may not leave, journal, reply; whatever goes wrong becomes a status."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import assert_never

from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import Ask, Reply
from sharing.v1.records_pb2 import Records
from structlog.typing import FilteringBoundLogger

from adapters.kit.errors import AdapterError, AnswersStopped, SourceFault, SourceFaultKind
from adapters.kit.figures import Figures
from adapters.kit.finding import Answerer, Result, find
from adapters.kit.journal import AskEntry, AskOutcome, Entry, Journal
from adapters.kit.register import search
from adapters.kit.switch import Switch
from adapters.kit.terms import message_of
from adapters.kit.veto import STOPPED, Vetoes, VetoRule
from adapters.kit.watching import Look, Watch, Watching

LARGEST_REPLY = 256 * 1024
HUNDREDTHS = 100
MARGIN_OF_TIME = 10
"""Hundredths of the remaining time that are kept for journal and way back."""
LONGEST_MARGIN_SECONDS = 0.1

WallClock = Callable[[], int]
REFUSED_BY_SWITCH = Result(outcome=AskOutcome.REFUSED, vetoes=(STOPPED,))


@dataclass(slots=True, kw_only=True)
class Answering:
    """Answers the asks of all links of an adapter."""

    answerers: Mapping[str, Answerer]
    vetoes: Vetoes
    switch: Switch
    journal: Journal
    asks_at_once: int
    read_seconds: float
    wall_ms: WallClock
    log: FilteringBoundLogger
    watching: Watching
    figures: Figures = field(default_factory=Figures)
    _slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        """Make the slots in which asks are read."""
        self._slots = asyncio.Semaphore(self.asks_at_once)

    async def answer(self, ask: Ask, hub: str, largest: int) -> Reply:
        """Answer an ask of a hub within its time, in at most `largest` bytes; never raises for a source's fault."""
        began, figures = asyncio.get_running_loop().time(), self.figures
        figures.asks_running += 1
        try:
            reply = await self._answer(ask, hub, largest)
        finally:
            figures.asks_running -= 1
        figures.asked(links_pb2.ReplyStatus.Name(reply.status), asyncio.get_running_loop().time() - began)
        return reply

    async def _answer(self, ask: Ask, hub: str, largest: int) -> Reply:
        asked_at = self.figures.last_ask_ms = self.wall_ms()
        result = await self._look(ask)
        reply = self._reply(ask, result)
        if reply.ByteSize() > min(largest, LARGEST_REPLY):
            result = self._fault(ask, result.source, SourceFaultKind.TOO_MUCH)
            reply = self._reply(ask, result)
        reply = await self._journalled(ask, hub, asked_at, result, reply)
        return self._let_leave(ask, hub, result, reply)

    async def turn_away(self, ask: Ask, hub: str) -> Reply:
        """Answer, without looking, that the source cannot be read: too much waits already."""
        result = self._fault(ask, "", SourceFaultKind.TOO_MUCH)
        reply = await self._journalled(ask, hub, self.wall_ms(), result, self._reply(ask, result))
        self.figures.asked(links_pb2.ReplyStatus.Name(reply.status), 0.0)
        return reply

    def dropped(self, ask: Ask, hub: str) -> None:
        """Journal an ask that was given up; one that was answered already, but did not leave, has both entries."""
        self.figures.dropped()
        self.keep(self._entry(ask, hub, self.wall_ms(), Result(outcome=AskOutcome.DROPPED)))

    def keep(self, entry: Entry) -> None:
        """Journal something without waiting until it is durable."""
        try:
            self.journal.put(entry).add_done_callback(self._kept)
        except RuntimeError as fault:
            self.log.critical("journal_failed", type=type(fault).__name__)

    def _let_leave(self, ask: Ask, hub: str, result: Result, reply: Reply) -> Reply:
        """Watch what is told from now on; nothing is awaited between this and the reply's leaving."""
        if not reply.records.cells:
            return reply
        withdrawn = self._entry(ask, hub, 0, _withdrawn(result))
        if self.switch.is_stopped:
            self._keep_now(withdrawn)
            return self._reply(ask, REFUSED_BY_SWITCH)
        self._watch(ask, hub, result, withdrawn)
        return reply

    def _watch(self, ask: Ask, hub: str, result: Result, withdrawn: AskEntry) -> None:
        """Remember an answer, to take it back; what left on terms, or under a rule about people, is looked at again."""
        answerer, found, match = self.answerers.get(ask.question), result.found, result.match
        if answerer is None or found is None or match is None:
            return
        rules = self.vetoes.holding_back(ask)
        look = None
        if answerer.has_terms or rules:
            records = answerer.under(rules).records
            look = Look(
                reader=result.again or answerer.reader, records=records, match=match, said=found.terms_by_record()
            )
        journal = partial(self._keep_now, withdrawn)
        self.watching.begin(
            Watch(hub=hub, request_id=ask.request_id, source=answerer.source, look=look, journal=journal)
        )

    def _keep_now(self, entry: AskEntry) -> None:
        now = self.wall_ms()
        self.keep(replace(entry, asked_at_ms=now, journalled_at_ms=now))

    async def _look(self, ask: Ask) -> Result:
        if self.switch.is_stopped:
            return REFUSED_BY_SWITCH
        if rule := self.vetoes.refusing(ask):
            return Result(outcome=AskOutcome.REFUSED, vetoes=(rule,))
        answerer = self.answerers.get(ask.question)
        if answerer is None:
            return Result(outcome=AskOutcome.UNABLE)
        rules = self.vetoes.holding_back(ask)
        return await self._find(answerer.under(rules), ask, rules)

    async def _find(self, answerer: Answerer, ask: Ask, rules: Sequence[VetoRule]) -> Result:
        loop_time = asyncio.get_running_loop().time()
        remaining = ask.remaining_ms / 1000
        margin = min(LONGEST_MARGIN_SECONDS, remaining * MARGIN_OF_TIME / HUNDREDTHS)
        deadline = loop_time + min(remaining - margin, self.read_seconds)
        try:
            async with asyncio.timeout_at(deadline):
                await answerer.turns.wait(deadline)
                async with self._slots:
                    seek = search if ask.HasField("criteria") else find
                    return await seek(answerer, ask, deadline, rules)
        except SourceFault as fault:
            return self._fault(ask, answerer.source, fault.kind)
        except TimeoutError:
            return self._fault(ask, answerer.source, SourceFaultKind.LATE)
        except Exception as fault:  # noqa: BLE001  last resort: the fault's words may hold case data, so only its type is told
            self.log.warning(
                "reader_failed", question=ask.question, type=type(fault).__name__, request_id=ask.request_id
            )
            return Result(outcome=AskOutcome.SOURCE_DOWN, source=answerer.source)

    def _fault(self, ask: Ask, source: str, kind: SourceFaultKind) -> Result:
        self.log.warning(
            "source_fault", question=ask.question, source=source, kind=kind.value, request_id=ask.request_id
        )
        outcome = AskOutcome.BUSY if kind.is_limit else AskOutcome.SOURCE_DOWN
        return Result(outcome=outcome, source=source)

    def _reply(self, ask: Ask, result: Result) -> Reply:
        found = result.found
        # What is told of somebody who is kept silent about is what would be told of somebody unknown.
        status = _status(result.outcome) if found is None else links_pb2.REPLY_STATUS_ANSWERED
        reply = Reply(ask_id=ask.ask_id, nonce=ask.nonce, status=status)
        if found is not None:
            records = Records(
                columns=found.columns,
                cells=found.cells,
                record_dates=found.record_dates,
                source=result.source,
                retrieved_at_ms=self.wall_ms(),
                terms=map(message_of, found.terms),
                terms_of_row=found.terms_of_row if found.terms else (),
            )
            reply.records.CopyFrom(records)
        return reply

    async def _journalled(self, ask: Ask, hub: str, asked_at: int, result: Result, reply: Reply) -> Reply:
        """Give the reply once the journal holds it; what cannot be journalled does not leave."""
        try:
            await self.journal.put(self._entry(ask, hub, asked_at, result))
        except AnswersStopped:
            return await self._journalled(ask, hub, asked_at, REFUSED_BY_SWITCH, self._reply(ask, REFUSED_BY_SWITCH))
        except (AdapterError, RuntimeError) as fault:
            self.log.critical("journal_failed", type=type(fault).__name__, request_id=ask.request_id)
            return self._reply(ask, Result(outcome=AskOutcome.SOURCE_DOWN))
        return reply

    def _kept(self, written: asyncio.Future[None]) -> None:
        if not written.cancelled() and written.exception() is not None:
            self.log.critical("journal_failed", type=type(written.exception()).__name__)

    def _entry(self, ask: Ask, hub: str, asked_at: int, result: Result) -> AskEntry:
        found = result.found
        return AskEntry(
            asked_at_ms=asked_at,
            journalled_at_ms=self.wall_ms(),
            hub=hub,
            ask_id=ask.ask_id,
            request_id=ask.request_id,
            question=ask.question,
            fields=tuple(ask.fields),
            purpose=ask.purpose,
            lawful_basis=ask.lawful_basis,
            case_reference=ask.case_reference,
            requester=ask.requester,
            requester_agency=ask.requester_agency,
            access_level=ask.access_level,
            policy_version=ask.policy_version,
            source=result.source,
            outcome=result.outcome,
            row_count=len(found.record_dates) if found is not None else 0,
            withheld_count=result.withheld,
            own_references=result.references,
            vetoes=result.vetoes,
        )


def _withdrawn(result: Result) -> Result:
    return Result(outcome=AskOutcome.WITHDRAWN, source=result.source, references=result.references)


def _status(outcome: AskOutcome) -> links_pb2.ReplyStatus.ValueType:
    match outcome:
        case AskOutcome.ANSWERED | AskOutcome.SHIELDED:
            return links_pb2.REPLY_STATUS_ANSWERED
        case AskOutcome.WITHHELD:
            return links_pb2.REPLY_STATUS_WITHHELD
        case AskOutcome.REFUSED:
            return links_pb2.REPLY_STATUS_REFUSED
        case AskOutcome.UNABLE:
            return links_pb2.REPLY_STATUS_UNABLE
        case AskOutcome.SOURCE_DOWN | AskOutcome.BUSY | AskOutcome.DROPPED | AskOutcome.WITHDRAWN:
            return links_pb2.REPLY_STATUS_SOURCE_DOWN
        case _:
            assert_never(outcome)


def wall_clock_ms() -> int:
    """Read the wall clock: milliseconds since 1970-01-01T00:00:00Z."""
    return time.time_ns() // 1_000_000
