"""The journal's desk at one link: what concerns the journal and no answer is taken in, done, and told back here."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field

from sharing.v1.links_pb2 import (
    ConnectRequest,
    ConnectResponse,
    Contact,
    ContactReply,
    JournalAsk,
    Notice,
    NoticeReply,
    Welcome,
)
from structlog.typing import FilteringBoundLogger

from adapters.kit.contacts import ContactEntry
from adapters.kit.errors import AdapterError
from adapters.kit.journal_asks import JournalAsks
from adapters.kit.notices import NoticeEntry
from adapters.kit.outbox import Outbox
from adapters.kit.witnessing import Witnessing

MOST_WAITING = 256
LARGEST_NOTICE = 16 * 1024
"""What says of one field that others hold something else is far smaller; the journal keeps each for years."""


@dataclass(slots=True, kw_only=True, eq=False)
class JournalDesk:
    """Works on one link until that ends; nobody waits here for a question to be answered."""

    witnessing: Witnessing
    asks: JournalAsks
    outbox: Outbox
    log: FilteringBoundLogger
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _witnessed: asyncio.Task[None] | None = None

    def begin(self, welcome: Welcome) -> None:
        """Tell the hub how far the journal has come with its log."""
        self._witnessed = self._start(self._begin(welcome))

    def take_in(self, message: ConnectResponse) -> None:
        """Take in what a message brings for the journal."""
        if message.receipts or message.HasField("checkpoint"):
            self._witnessed = self._start(self._take(message, self._witnessed))
        for ask in message.journal_asks:
            self._start(self._answer(ask))
        for contact in message.contacts:
            self._start(self._pass_on(contact))
        for notice in message.notices:
            self._start(self._note(notice))

    async def close(self) -> None:
        """Give up what still runs: the hub sends again what it heard nothing of."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _begin(self, welcome: Welcome) -> None:
        if (witnessed := await self.witnessing.begin(welcome)) is not None:
            self.outbox.say(ConnectRequest(witnessed=witnessed))

    async def _take(self, message: ConnectResponse, before: "asyncio.Task[None] | None") -> None:
        """Keep a batch once the one before it is settled."""
        if before is not None:
            await asyncio.wait([before])
        witnessed = await self.witnessing.take(message.receipts, message.checkpoint)
        self.outbox.say(ConnectRequest(witnessed=witnessed))

    async def _answer(self, ask: JournalAsk) -> None:
        self.outbox.say(ConnectRequest(journal_replies=[await self.asks.answer(ask)]))

    async def _pass_on(self, contact: Contact) -> None:
        """Say that the journal holds a contact once it does; where it cannot, say nothing."""
        witnessing = self.witnessing
        entry = ContactEntry(received_at_ms=witnessing.wall_ms(), hub=witnessing.hub, contact=contact)
        try:
            await witnessing.journal.put(entry)
        except (AdapterError, RuntimeError) as fault:
            self.log.critical("journal_failed", type=type(fault).__name__, request_id=contact.request_id)
        else:
            self.log.warning("contact_wanted", hub=witnessing.hub, request_id=contact.request_id)
            self.outbox.say(ConnectRequest(contact_replies=[ContactReply(contact_id=contact.contact_id)]))

    async def _note(self, notice: Notice) -> None:
        """Say that the journal holds a notice once it does; of one that is about nothing known nothing is said."""
        witnessing = self.witnessing
        if notice.WhichOneof("about") is None or notice.ByteSize() > LARGEST_NOTICE:
            self.log.warning("notice_not_understood", hub=witnessing.hub, request_id=notice.request_id)
            return
        entry = NoticeEntry(received_at_ms=witnessing.wall_ms(), hub=witnessing.hub, notice=notice)
        try:
            await witnessing.journal.put(entry)
        except (AdapterError, RuntimeError) as fault:
            self.log.critical("journal_failed", type=type(fault).__name__, request_id=notice.request_id)
        else:
            self.outbox.say(ConnectRequest(notice_replies=[NoticeReply(notice_id=notice.notice_id)]))

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Do something beside the link; what is too much is not begun."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        if len(self._running) > MOST_WAITING:
            task.cancel()
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self.log.error("desk_failed", type=type(fault).__name__)
