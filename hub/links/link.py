"""One link: one adapter process's stream, its pending asks, and the bounds that keep it from harming others."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

import structlog
from google.protobuf.message import DecodeError
from sharing.v1 import links_pb2

from hub.links.gathering import Gathering, Place
from hub.links.replies import MALFORMED, MAX_REPLY_BYTES, read_reply
from hub.model.outcome import Outcome, Reason

PING_SECONDS = 10
SILENT_PINGS = 3
# A busy link writes at most once in a millisecond, and then everything that waits: batching is what makes it cheap.
RHYTHM_SECONDS = 0.001
# Nobody waits for a receipt, and a write of its own would double what a busy link costs.
RECEIPT_SECONDS = 0.05
# An adapter that renews its link finishes on the old one what was asked there.
GIVE_WAY_SECONDS = 5.0
MOST_PENDING = 2_000
MOST_WAITING = 1_000
MOST_FAULTS = 20
REMEMBERED_DROPS = 4_000

# Reads one message; None, or a cancelled call, when the adapter has gone.
ReadMessage = Callable[[], Awaitable[bytes | None]]
WriteMessage = Callable[[bytes], Awaitable[None]]

_log = structlog.get_logger(__name__)


class Fault(StrEnum):
    """Is a thing that an adapter must not do."""

    UNREADABLE = "unreadable"
    OUT_OF_STATE = "out_of_state"
    UNKNOWN_ASK = "unknown_ask"
    WRONG_NONCE = "wrong_nonce"
    BAD_REPLY = "bad_reply"


@dataclass(frozen=True, slots=True)
class Pending:
    """An ask that waits for its reply."""

    nonce: bytes
    gathering: Gathering


class LinkWatch:
    """Is told how an agency's links fare; the register of links is one."""

    def answered(self, agency: str) -> None:
        """Count a reply that was understood."""

    def failed(self, agency: str) -> None:
        """Count an ask that was not answered."""

    def abandoned(self, agency: str) -> None:
        """Note an ask that nobody waits for any more, through no failure of the agency."""

    def at_fault(self, agency: str, count: int = 1) -> None:
        """Count something that the agency's adapter must not do."""


class Link:
    """Carries asks to one adapter process and its replies back.

    Only one write is outstanding at a time; nothing here is shared with another agency, so a slow or hostile adapter
    can delay nobody else's questions.
    """

    def __init__(
        self, agency: str, hello: links_pb2.Hello, watch: LinkWatch, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the agency that the certificate names, and how the adapter introduced itself."""
        self.agency = agency
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
        self._outgoing = links_pb2.ConnectResponse()
        self._wake = asyncio.Event()
        self._closed = asyncio.Event()
        self._last_heard = clock()
        self._pinged = 0
        self._echoed = 0
        self._said_draining = False
        self._kinds_of_fault: set[Fault] = set()

    @property
    def in_flight(self) -> int:
        """Count the asks that wait for a reply."""
        return len(self._pending)

    def ask(self, shared: links_pb2.Ask, *, nonce: bytes, fields: tuple[str, ...], gathering: Gathering) -> bool:
        """Queue an ask; return False when this link has as much waiting as it may."""
        if len(self._pending) >= MOST_PENDING or len(self._outgoing.asks) >= MOST_WAITING:
            return False
        self.asked += 1
        ask = self._outgoing.asks.add()
        ask.CopyFrom(shared)
        ask.ask_id = self.asked
        ask.nonce = nonce
        ask.fields.extend(fields)
        self._pending[self.asked] = Pending(nonce, gathering)
        gathering.asked(self.agency, Place(self, self.asked))
        self._wake.set()
        return True

    def drop(self, ask_id: int, *, failed: bool) -> None:
        """Forget an ask that nobody waits for any more and tell the adapter; `failed` when its time was up."""
        if self._pending.pop(ask_id, None) is None:
            return
        self._dropped[ask_id] = None
        if len(self._dropped) > REMEMBERED_DROPS:
            del self._dropped[next(iter(self._dropped))]
        if len(self._outgoing.dropped) < MOST_PENDING:
            self._outgoing.dropped.append(ask_id)
        if failed:
            self.unanswered += 1
            self._watch.failed(self.agency)
            if self._pinged == self._echoed:
                self._send_ping()
        else:
            self._watch.abandoned(self.agency)
        self._wake.set()

    def receipt(self, receipt: links_pb2.Receipt) -> None:
        """Queue a receipt for the agency's journal; it goes out with the next ask, or by itself a little later."""
        if len(self._outgoing.receipts) >= MOST_WAITING:
            return
        if not self._outgoing.receipts:
            asyncio.get_running_loop().call_later(RECEIPT_SECONDS, self._wake.set)
        self._outgoing.receipts.append(receipt)

    def drain(self) -> None:
        """Ask the adapter to open another link elsewhere, because the hub is going away."""
        self.is_draining = True
        self._outgoing.drain = True
        self._wake.set()

    def give_way(self) -> None:
        """Take no further asks, and end: at once if nothing is pending, else when that has had time to be answered."""
        self.is_draining = True
        if self._pending:
            asyncio.get_running_loop().call_later(GIVE_WAY_SECONDS, self.close)
        else:
            self.close()

    def close(self) -> None:
        """End the link; what is pending on it is answered by nobody."""
        self._closed.set()

    async def serve(self, read: ReadMessage, write: WriteMessage) -> None:
        """Carry messages until either side ends the link; then every pending ask has an outcome."""
        self._outgoing.welcome.CopyFrom(
            links_pb2.Welcome(agency=self.agency, ping_seconds=PING_SECONDS, max_reply_bytes=MAX_REPLY_BYTES)
        )
        self._wake.set()
        tasks = [
            asyncio.create_task(work, name=f"link {self.agency} {part}")
            for part, work in (
                ("reader", self._read(read)),
                ("writer", self._write(write)),
                ("pinger", self._ping()),
                ("end", self._closed.wait()),
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
        if not self._notes(message) and not message.replies:
            self._fault(Fault.OUT_OF_STATE)
        for reply in message.replies:
            self._accept(reply)
            if self.faults > MOST_FAULTS:
                break
        if self.faults > MOST_FAULTS:
            self._resolve_pending(Reason.MALFORMED)
            return False
        return True

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

    async def _write(self, write: WriteMessage) -> None:
        last_write = float("-inf")
        while True:
            await self._wake.wait()
            pause = RHYTHM_SECONDS - (self._clock() - last_write)
            if pause > 0:
                await asyncio.sleep(pause)
            self._wake.clear()
            message, self._outgoing = self._outgoing, links_pb2.ConnectResponse()
            await write(message.SerializeToString())
            # Who was asked about must not wait here for the next message, either.
            del message
            last_write = self._clock()

    async def _ping(self) -> None:
        while self._clock() - self._last_heard < SILENT_PINGS * PING_SECONDS:
            await asyncio.sleep(PING_SECONDS)
            self._send_ping()
        _log.warning("link.silent", agency=self.agency, instance=self.instance)

    def _send_ping(self) -> None:
        self._pinged += 1
        self._outgoing.ping = self._pinged
        self._wake.set()

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
