"""One adapter's link as the stand-in hub holds it: what came is sorted, and what should not have come is noted."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from google.protobuf.message import DecodeError, Message
from google.protobuf.unknown_fields import UnknownFieldSet
from sharing.v1.links_pb2 import (
    Ask,
    ConnectRequest,
    ConnectResponse,
    ContactReply,
    Hello,
    JournalReply,
    NoticeReply,
    Reply,
    Witnessed,
)

LARGEST_FRAME = 1024 * 1024
LATE_SECONDS = 0.25
KEPT_FRAMES = 2_000


class Oddity(StrEnum):
    """Is something that an adapter must never send."""

    UNREADABLE = "a frame that is no message of the contract, or holds text that is not UTF-8"
    TOO_LARGE = "a frame of more than 1 MiB"
    BEYOND = "something that the contract has no place for"
    UNASKED = "a reply to an ask that was never sent, or an answer given twice"
    WRONG_NONCE = "a reply with another nonce than its ask"
    LATE = "a reply after the ask's time was over"
    HELLO_AGAIN = "a second introduction on one link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A reply, with the seconds that it took."""

    reply: Reply
    seconds: float


@dataclass(eq=False, slots=True, kw_only=True)
class HeldLink:
    """Remembers what came over one link."""

    hello: Hello
    agency: str
    note: Callable[[Oddity], None]
    outgoing: asyncio.Queue[ConnectResponse | None] = field(default_factory=asyncio.Queue)
    frames: deque[bytes] = field(default_factory=lambda: deque(maxlen=KEPT_FRAMES))
    pongs: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    witnessed: asyncio.Queue[Witnessed] = field(default_factory=asyncio.Queue)
    journal_replies: asyncio.Queue[JournalReply] = field(default_factory=asyncio.Queue)
    contact_replies: asyncio.Queue[ContactReply] = field(default_factory=asyncio.Queue)
    notice_replies: asyncio.Queue[NoticeReply] = field(default_factory=asyncio.Queue)
    withdrawals: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    ended_in_peace: bool = False
    replied: set[int] = field(default_factory=set)
    _asked: dict[int, tuple[Ask, float, "asyncio.Future[Answer]"]] = field(default_factory=dict)

    def send(self, message: ConnectResponse) -> None:
        """Send a message."""
        self.outgoing.put_nowait(message)

    def end(self) -> None:
        """End the stream from the hub's side."""
        self.outgoing.put_nowait(None)

    def expect(self, ask: Ask) -> "asyncio.Future[Answer]":
        """Note that an ask is about to be sent; its answer can be awaited."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._asked[ask.ask_id] = (ask, loop.time(), answer)
        return answer

    def take_in(self, frame: bytes) -> None:
        """Sort what a frame brings."""
        self.frames.append(frame)
        if len(frame) > LARGEST_FRAME:
            self.note(Oddity.TOO_LARGE)
        request = read_frame(frame, self.note)
        if request is not None:
            self._sort(request)

    def _sort(self, request: ConnectRequest) -> None:
        if request.HasField("hello"):
            self.note(Oddity.HELLO_AGAIN)
        self._sort_signs(request)
        for reply in request.replies:
            self._take_reply(reply)
        for journal_reply in request.journal_replies:
            self.journal_replies.put_nowait(journal_reply)
        for contact_reply in request.contact_replies:
            self.contact_replies.put_nowait(contact_reply)
        for notice_reply in request.notice_replies:
            self.notice_replies.put_nowait(notice_reply)
        for withdrawal in request.withdrawals:
            self.withdrawals.put_nowait(withdrawal.request_id)

    def _sort_signs(self, request: ConnectRequest) -> None:
        if request.pong:
            self.pongs.put_nowait(request.pong)
        if request.draining:
            self.draining.set()
        if request.HasField("witnessed"):
            self.witnessed.put_nowait(request.witnessed)

    def _take_reply(self, reply: Reply) -> None:
        asked = self._asked.get(reply.ask_id)
        if asked is None or reply.ask_id in self.replied:
            self.note(Oddity.UNASKED)
            return
        self.replied.add(reply.ask_id)
        ask, sent_at, answer = asked
        seconds = asyncio.get_running_loop().time() - sent_at
        if reply.nonce != ask.nonce:
            self.note(Oddity.WRONG_NONCE)
        if seconds > ask.remaining_ms / 1_000 + LATE_SECONDS:
            self.note(Oddity.LATE)
        if not answer.done():
            answer.set_result(Answer(reply=reply, seconds=seconds))


def read_frame(frame: bytes, note: Callable[[Oddity], None]) -> ConnectRequest | None:
    """Read a frame; what cannot be read, or is beyond the contract, is noted."""
    try:
        request = ConnectRequest.FromString(frame)
    except DecodeError:
        note(Oddity.UNREADABLE)
        return None
    if _has_unknown(request):
        note(Oddity.BEYOND)
    return request


def _has_unknown(message: Message) -> bool:
    """Tell whether a message, or one within it, holds a field that the contract does not have."""
    if len(UnknownFieldSet(message)):
        return True
    for descriptor, value in message.ListFields():
        if descriptor.message_type is not None:
            within = [value] if isinstance(value, Message) else value
            if any(_has_unknown(part) for part in within):
                return True
    return False
