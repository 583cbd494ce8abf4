"""Questions to an agency's journal, and contacts and notices passed on to its people, over one link."""

import asyncio
from typing import Generic, TypeVar

from sharing.v1 import links_pb2

from hub.links.outgoing import Outgoing
from hub.links.replies import END_OF_TIME_MS
from hub.model.journal import MOST_ENTRIES, HeldReceipt, JournalAnswer, JournalEntry
from hub.model.outcome import Reason

MOST_WAITING = 200
MOST_EXPIRED = 1_000
HASH_BYTES = 32
LONGEST_WORD = 100
MOST_FIELDS = 200

Answer = TypeVar("Answer")

_STATUS_REASONS: dict[int, Reason] = {
    links_pb2.REPLY_STATUS_REFUSED: Reason.REFUSED,
    links_pb2.REPLY_STATUS_UNABLE: Reason.UNABLE,
    links_pb2.REPLY_STATUS_SOURCE_DOWN: Reason.SOURCE_DOWN,
}


class Waiting(Generic[Answer]):
    """Questions of one kind that wait for their answers, each by its number; a number is never used twice."""

    __slots__ = ("_expired", "_last", "_waiting")

    def __init__(self) -> None:
        """Start with none."""
        self._last = 0
        self._waiting: dict[int, asyncio.Future[Answer | Reason]] = {}
        # In the order in which they expired; the values say nothing.
        self._expired: dict[int, None] = {}

    def __len__(self) -> int:
        """Count the questions that wait."""
        return len(self._waiting)

    def begin(self) -> tuple[int, asyncio.Future[Answer | Reason]]:
        """Give the next number, and what will hold its answer."""
        self._last += 1
        future: asyncio.Future[Answer | Reason] = asyncio.get_running_loop().create_future()
        self._waiting[self._last] = future
        return self._last, future

    def answer(self, number: int, answer: Answer | Reason) -> bool:
        """Hand over an answer; return False when nobody waited, unless its time had just run out."""
        future = self._waiting.pop(number, None)
        if future is None:
            was_late = number in self._expired
            self._expired.pop(number, None)
            return was_late
        if not future.done():
            future.set_result(answer)
        return True

    def expire(self, number: int) -> None:
        """Forget a question whose time is over; one late answer to it is no fault."""
        if self._waiting.pop(number, None) is not None:
            self._expired[number] = None
            if len(self._expired) > MOST_EXPIRED:
                del self._expired[next(iter(self._expired))]

    def end(self) -> None:
        """Answer all that wait: the link has ended."""
        for number in list(self._waiting):
            self.answer(number, Reason.DOWN)


class JournalQuestions:
    """Asks the journal that is behind one link."""

    __slots__ = ("_asks", "_contacts", "_notices", "_out")

    def __init__(self, out: Outgoing) -> None:
        """Take what goes out over the link."""
        self._out = out
        self._asks: Waiting[JournalAnswer] = Waiting()
        self._contacts: Waiting[None] = Waiting()
        self._notices: Waiting[None] = Waiting()

    async def ask(self, ask: links_pb2.JournalAsk, *, seconds: float) -> JournalAnswer | Reason:
        """Put a question to the journal; return its answer, or why there is none."""
        if max(len(self._asks), len(self._out.message.journal_asks)) >= MOST_WAITING:
            return Reason.LATE
        number, answer = self._asks.begin()
        sent = self._out.message.journal_asks.add()
        sent.CopyFrom(ask)
        sent.ask_id, sent.remaining_ms = number, int(seconds * 1_000)
        self._out.rouse()
        return await _within(seconds, self._asks, number, answer)

    async def contact(self, contact: links_pb2.Contact, *, seconds: float) -> Reason | None:
        """Pass a contact on; return nothing once the journal holds it, or why it may not."""
        if max(len(self._contacts), len(self._out.message.contacts)) >= MOST_WAITING:
            return Reason.LATE
        number, answer = self._contacts.begin()
        sent = self._out.message.contacts.add()
        sent.CopyFrom(contact)
        sent.contact_id = number
        self._out.rouse()
        return await _within(seconds, self._contacts, number, answer)

    async def notice(self, notice: links_pb2.Notice, *, seconds: float) -> Reason | None:
        """Pass a notice on; return nothing once the journal holds it, or why it may not."""
        if max(len(self._notices), len(self._out.message.notices)) >= MOST_WAITING:
            return Reason.LATE
        number, answer = self._notices.begin()
        sent = self._out.message.notices.add()
        sent.CopyFrom(notice)
        sent.notice_id = number
        self._out.rouse()
        return await _within(seconds, self._notices, number, answer)

    def accept_reply(self, reply: links_pb2.JournalReply) -> bool:
        """Take an answer; return False when nobody asked for it or it is out of form."""
        answer = read_journal_reply(reply)
        return self._asks.answer(reply.ask_id, answer) and answer is not Reason.MALFORMED

    def accept_contact(self, reply: links_pb2.ContactReply) -> bool:
        """Take word that a contact is in the journal; return False when there was no such contact."""
        return self._contacts.answer(reply.contact_id, None)

    def accept_notice(self, reply: links_pb2.NoticeReply) -> bool:
        """Take word that a notice is in the journal; return False when there was no such notice."""
        return self._notices.answer(reply.notice_id, None)

    def end(self) -> None:
        """Leave nobody waiting. Idempotent."""
        self._asks.end()
        self._contacts.end()
        self._notices.end()


async def _within(
    seconds: float, waiting: Waiting[Answer], number: int, answer: "asyncio.Future[Answer | Reason]"
) -> Answer | Reason:
    try:
        async with asyncio.timeout(seconds):
            return await answer
    except TimeoutError:
        return Reason.LATE
    finally:
        waiting.expire(number)


def read_journal_reply(reply: links_pb2.JournalReply) -> JournalAnswer | Reason:
    """Return what a journal says; whatever is out of form is malformed."""
    if reply.status != links_pb2.REPLY_STATUS_ANSWERED:
        return _STATUS_REASONS.get(reply.status, Reason.MALFORMED)
    numbers = [receipt.number for receipt in reply.receipts]
    if (
        len(reply.entries) > MOST_ENTRIES
        or not all(map(_is_in_form, reply.entries))
        or any(len(receipt.leaf) != HASH_BYTES for receipt in reply.receipts)
        or numbers != sorted(set(numbers))
    ):
        return Reason.MALFORMED
    return JournalAnswer(
        entries=tuple(map(_entry, reply.entries)),
        receipts=tuple(HeldReceipt(number=receipt.number, leaf=receipt.leaf) for receipt in reply.receipts),
    )


def _is_in_form(entry: links_pb2.JournalEntry) -> bool:
    words = (
        entry.request_id,
        entry.requester_agency,
        entry.access_level,
        entry.question,
        entry.purpose,
        entry.lawful_basis,
        *entry.fields,
    )
    return (
        0 < entry.disclosed_at_ms < END_OF_TIME_MS
        and len(entry.fields) <= MOST_FIELDS
        and all(word.isprintable() and len(word) <= LONGEST_WORD for word in words)
    )


def _entry(entry: links_pb2.JournalEntry) -> JournalEntry:
    return JournalEntry(
        request_id=entry.request_id,
        disclosed_at_ms=entry.disclosed_at_ms,
        requester_agency=entry.requester_agency,
        access_level=entry.access_level,
        question=entry.question,
        purpose=entry.purpose,
        lawful_basis=entry.lawful_basis,
        fields=tuple(entry.fields),
    )
