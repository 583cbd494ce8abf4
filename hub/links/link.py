"""One link: one adapter process's stream, its pending asks, and the bounds that keep it from harming others."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from google.protobuf.message import DecodeError
from sharing.v1 import links_pb2

from hub.links.gathering import Gathering, Place
from hub.links.journal import JournalQuestions
from hub.links.outgoing import Outgoing, WriteMessage
from hub.links.receipts import Courier, Round
from hub.links.replies import MALFORMED, MAX_REPLY_BYTES, read_reply
from hub.links.watching import Fault, LinkWatch
from hub.model.membership import AgencyCertificate
from hub.model.outcome import Outcome, Reason

PING_SECONDS = 10
SILENT_PINGS = 3
# An adapter that renews its link finishes on the old one what was asked there.
GIVE_WAY_SECONDS = 5.0
MOST_PENDING = 2_000
MOST_WAITING = 1_000
MOST_FAULTS = 20
# An adapter that is right may take back what the hub has just dropped, or what another hub held before this one, and
# all that it has told in half a day when its agency stops all answers; one that takes back more than this for nothing
# only makes the hub look for it.
MOST_IN_VAIN = 20_000
REMEMBERED_DROPS = 4_000

# Reads one message; None, or a cancelled call, when the adapter has gone.
ReadMessage = Callable[[], Awaitable[bytes | None]]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pending:
    """An ask that waits for its reply."""

    nonce: bytes
    gathering: Gathering


class Link:
    """Carries asks to one adapter process and its replies back.

    Only one write is outstanding at a time; nothing here is shared with another agency, so a slow or hostile adapter
    can delay nobody else's questions.
    """

    def __init__(
        self,
        agency: str,
        hello: links_pb2.Hello,
        watch: LinkWatch,
        clock: Callable[[], float] = time.monotonic,
        *,
        owed: Round | None = None,
        certificate: AgencyCertificate | None = None,
    ) -> None:
        """Take the agency that the certificate names, how the adapter introduced itself, and what the agency is owed.

        Without the last, no receipts are brought. `certificate` is what the link stands on, and ends with.
        """
        self.agency = agency
        self.certificate = certificate
        self.instance = hello.instance
        self.program = hello.program
        self.questions = frozenset(hello.questions)
        self.connected_at_ms = int(time.time() * 1_000)
        self.asked = 0
        self.late = 0
        self.unanswered = 0
        self.faults = 0
        self.is_draining = False
        self._watch = watch
        self._clock = clock
        self._pending: dict[int, Pending] = {}
        # In the order in which they were dropped; the values say nothing.
        self._dropped: dict[int, None] = {}
        self._out = Outgoing(clock)
        self.journal = JournalQuestions(self._out)
        self._owed = owed
        self._courier = Courier(owed, self._out, lambda: self._fault(Fault.FALSE_WITNESS)) if owed else None
        self._closed = asyncio.Event()
        self._last_heard = clock()
        self._pinged = 0
        self._echoed = 0
        self._said_draining = False
        self._in_vain = 0
        self._kinds_of_fault: set[Fault] = set()

    @property
    def in_flight(self) -> int:
        """Count the asks that wait for a reply."""
        return len(self._pending)

    def ask(self, shared: links_pb2.Ask, *, nonce: bytes, fields: tuple[str, ...], gathering: Gathering) -> bool:
        """Queue an ask; return False when this link has as much waiting as it may."""
        if len(self._pending) >= MOST_PENDING or len(self._out.message.asks) >= MOST_WAITING:
            return False
        self.asked += 1
        ask = self._out.message.asks.add()
        ask.CopyFrom(shared)
        ask.ask_id = self.asked
        ask.nonce = nonce
        ask.fields.extend(fields)
        self._pending[self.asked] = Pending(nonce, gathering)
        gathering.asked(self.agency, Place(self, self.asked))
        self._out.rouse()
        return True

    def drop(self, ask_id: int, *, failed: bool) -> None:
        """Forget an ask that nobody waits for any more and tell the adapter; `failed` when its time was up."""
        if self._pending.pop(ask_id, None) is None:
            return
        self._dropped[ask_id] = None
        if len(self._dropped) > REMEMBERED_DROPS:
            del self._dropped[next(iter(self._dropped))]
        if len(self._out.message.dropped) < MOST_PENDING:
            self._out.message.dropped.append(ask_id)
        if failed:
            self.unanswered += 1
            self._watch.failed(self.agency)
            if self._pinged == self._echoed:
                self._send_ping()
        else:
            self._watch.abandoned(self.agency)
        self._out.rouse()

    def let_go(self, ask_id: int) -> None:
        """Tell the adapter that nobody holds an answer of its any more, so that it need not look again."""
        if len(self._out.message.dropped) < MOST_PENDING:
            self._out.message.dropped.append(ask_id)
            self._out.rouse()

    def drain(self) -> None:
        """Ask the adapter to open another link elsewhere, because the hub is going away."""
        self.is_draining = True
        self._out.message.drain = True
        self._out.rouse()

    def give_way(self) -> None:
        """Take no further asks, and end: at once if nothing is pending, else when that has had time to be answered."""
        self.is_draining = True
        if self._pending:
            asyncio.get_running_loop().call_later(GIVE_WAY_SECONDS, self.close)
        else:
            self.close()

    def cut(self) -> None:
        """End the link now because its certificate counts no more: it is told nothing from this moment on."""
        self.is_draining = True
        self._resolve_pending()
        self._out.forget()
        self.close()

    def close(self) -> None:
        """End the link; what is pending on it is answered by nobody."""
        self._closed.set()

    async def serve(self, read: ReadMessage, write: WriteMessage) -> None:
        """Carry messages until either side ends the link; then every pending ask has an outcome."""
        self._out.message.welcome.CopyFrom(
            links_pb2.Welcome(
                agency=self.agency,
                ping_seconds=PING_SECONDS,
                max_reply_bytes=MAX_REPLY_BYTES,
                log_origin=self._owed.ledger.origin if self._owed else "",
                log_key=self._owed.ledger.key if self._owed else b"",
            )
        )
        self._out.rouse()
        tasks = [
            asyncio.create_task(work, name=f"link {self.agency} {part}")
            for part, work in (
                ("reader", self._read(read)),
                ("writer", self._out.write_all(write)),
                ("pinger", self._ping()),
                ("end", self._closed.wait()),
                *((("courier", self._courier.run()),) if self._courier else ()),
            )
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            for ended in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(ended, Exception):
                    _log.error("link.broken", agency=self.agency, instance=self.instance, error=type(ended).__name__)
            self._resolve_pending()
            self.journal.end()

    async def _read(self, read: ReadMessage) -> None:
        goes_on = True
        while goes_on and (received := await read()) is not None:
            goes_on = self._take_in(received)
            # It must not wait here for the next message, which may be long in coming.
            del received

    def _take_in(self, received: bytes) -> bool:
        """Take in a message; return False when the link must end."""
        self._last_heard = self._clock()
        self.unanswered = 0
        try:
            message = links_pb2.ConnectRequest.FromString(received)
        except DecodeError:
            self._fault(Fault.UNREADABLE)
            self._resolve_pending(Reason.MALFORMED)
            return False
        if message.HasField("hello"):
            self._fault(Fault.OUT_OF_STATE)
            return False
        took = (self._notes(message), self._witnesses(message), self._answers(message), self._takes_back(message))
        if not (any(took) or message.replies):
            self._fault(Fault.OUT_OF_STATE)
        for reply in message.replies:
            self._accept(reply)
            if self.faults > MOST_FAULTS:
                break
        if self.faults > MOST_FAULTS:
            self._resolve_pending(Reason.MALFORMED)
            return False
        return True

    def _takes_back(self, message: links_pb2.ConnectRequest) -> bool:
        """Have every answer withdrawn that the agency takes back; tell whether it took some back."""
        for withdrawal in message.withdrawals:
            if not self._watch.withdrawn(self.agency, withdrawal.request_id):
                self._in_vain += 1
                if self._in_vain > MOST_IN_VAIN:
                    self._fault(Fault.OUT_OF_STATE)
            if self.faults > MOST_FAULTS:
                break
        return bool(message.withdrawals)

    def _notes(self, message: links_pb2.ConnectRequest) -> bool:
        """Note the echo of a ping and a farewell; tell whether there was one.

        Each counts once: messages that bring nothing new are a flood.
        """
        is_echo = self._echoed < message.pong <= self._pinged
        says_draining = message.draining and not self._said_draining
        if is_echo:
            self._echoed = message.pong
        if says_draining:
            self._said_draining = self.is_draining = True
        return is_echo or says_draining

    def _witnesses(self, message: links_pb2.ConnectRequest) -> bool:
        """Take in how far the agency's journal has come, where that was asked."""
        return message.HasField("witnessed") and self._courier is not None and self._courier.accept(message.witnessed)

    def _answers(self, message: links_pb2.ConnectRequest) -> bool:
        """Take in what the agency's journal answers; tell whether somebody waited for any of it."""
        taken = [self.journal.accept_reply(reply) for reply in message.journal_replies]
        taken += [self.journal.accept_contact(reply) for reply in message.contact_replies]
        taken += [self.journal.accept_notice(reply) for reply in message.notice_replies]
        for _ in range(taken.count(False)):
            self._fault(Fault.BAD_JOURNAL)
        return any(taken)

    def _accept(self, reply: links_pb2.Reply) -> None:
        pending = self._pending.get(reply.ask_id)
        if pending is None:
            # A late reply is no fault, once; it is counted and never shown. Any other has no question behind it.
            if reply.ask_id in self._dropped:
                del self._dropped[reply.ask_id]
                self.late += 1
            else:
                self._fault(Fault.UNKNOWN_ASK)
            return
        del self._pending[reply.ask_id]
        if reply.nonce != pending.nonce:
            self._fault(Fault.WRONG_NONCE)
            outcome, reason, records = MALFORMED
        else:
            outcome, reason, records = read_reply(reply)
            if reason is Reason.MALFORMED:
                self._fault(Fault.BAD_REPLY)
            elif reply.HasField("records") and records is None and outcome is not Outcome.NOTHING_HELD:
                # It sent what it said may not leave. Nobody sees it, and what it said stands.
                self._watch.at_fault(self.agency)
        if reason in (Reason.MALFORMED, Reason.SOURCE_DOWN):
            self._watch.failed(self.agency)
        else:
            self._watch.answered(self.agency)
        pending.gathering.arrive(self.agency, outcome, reason, records)

    async def _ping(self) -> None:
        """Ping again and again; return as soon as nothing has been heard for as long as three pings take."""
        longest = SILENT_PINGS * PING_SECONDS
        while (left := longest - (self._clock() - self._last_heard)) > 0:
            await asyncio.sleep(min(PING_SECONDS, left))
            self._send_ping()
        _log.warning("link.silent", agency=self.agency, instance=self.instance)

    def _send_ping(self) -> None:
        self._pinged += 1
        self._out.message.ping = self._pinged
        self._out.rouse()

    def _fault(self, fault: Fault) -> None:
        self.faults += 1
        self._watch.at_fault(self.agency)
        # Once for each kind: a hostile adapter must not fill the log, either.
        if fault not in self._kinds_of_fault:
            self._kinds_of_fault.add(fault)
            _log.warning("link.fault", agency=self.agency, instance=self.instance, fault=fault.value)

    def _resolve_pending(self, reason: Reason = Reason.DOWN) -> None:
        pending, self._pending = self._pending, {}
        for waiting in pending.values():
            self._watch.failed(self.agency)
            waiting.gathering.arrive(self.agency, Outcome.NO_ANSWER, reason)
