"""What waits to go to the hub over one link, and the rhythm in which it goes."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from sharing.v1.links_pb2 import ConnectRequest, Reply

BEAT_SECONDS = 0.001
LARGEST_WRITE = 900 * 1024
"""Bytes of replies in one write; the contract allows 1 MiB for the whole message."""

Write = Callable[[ConnectRequest], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], float]


class Outbox:
    """Holds what waits; its one writer sends all of it as one message, at once when idle, once each beat when busy."""

    def __init__(self, *, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        """Take the clock that measures the beat, in seconds, and the way to wait for it."""
        self._clock = clock
        self._sleep = sleep
        self._replies: deque[Reply] = deque()
        self._others: deque[ConnectRequest] = deque()
        self._pong = 0
        self._draining = False
        self._said_draining = False
        self._ended = False
        self._wake = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        """Count the replies that wait."""
        return len(self._replies)

    def reply(self, reply: Reply) -> None:
        """Let a reply go with the next write."""
        self._replies.append(reply)
        self._rouse()

    def say(self, part: ConnectRequest) -> None:
        """Let whatever else is to be told go with the next write, in the order in which it was given."""
        self._others.append(part)
        self._rouse()

    def pong(self, number: int) -> None:
        """Echo a ping with the next write; only the newest counts."""
        self._pong = number
        self._rouse()

    def drain(self) -> None:
        """Tell the hub, once, that this link takes no further asks."""
        if not self._draining:
            self._draining = True
            self._rouse()

    def end(self) -> None:
        """Let the writer stop once everything is written."""
        self._ended = True
        self._wake.set()

    async def emptied(self) -> None:
        """Wait until all is written."""
        await self._empty.wait()

    async def send_all(self, write: Write) -> None:
        """Write until the end; this is the link's only writer, since a stream bears one write at a time."""
        last = self._clock() - BEAT_SECONDS
        while not (self._ended and self._empty.is_set()):
            await self._wake.wait()
            if self._empty.is_set():
                continue
            pause = last + BEAT_SECONDS - self._clock()
            if pause > 0:
                await self._sleep(pause)
            await write(self._take())
            last = self._clock()
            self._rest()

    def _take(self) -> ConnectRequest:
        request = ConnectRequest(pong=self._pong, draining=self._draining)
        self._pong = 0
        self._said_draining = self._draining
        size = 0
        while self._others and (size := size + self._others[0].ByteSize()) <= LARGEST_WRITE:
            request.MergeFrom(self._others.popleft())
        while self._replies and (size := size + self._replies[0].ByteSize()) <= LARGEST_WRITE:
            request.replies.append(self._replies.popleft())
        return request

    def _rouse(self) -> None:
        self._empty.clear()
        self._wake.set()

    def _rest(self) -> None:
        """Sleep until there is more, unless more has come already."""
        if not (self._replies or self._others or self._pong) and self._draining == self._said_draining:
            self._empty.set()
            if not self._ended:
                self._wake.clear()
