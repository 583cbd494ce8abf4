"""A link's wire in memory, a clock that is set by hand, and a watch that remembers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sharing.v1 import links_pb2

from hub.links.gathering import Gathering
from hub.links.link import Link
from hub.links.watching import LinkWatch

AGENCY = "schools"
NONCE = b"8 bytes."


class Clock:
    """Counts the seconds that a test lets pass."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


class Watch(LinkWatch):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: Counter[str] = Counter()
        # Requests of which something is held that may be taken back.
        self.held: set[str] = set()

    def answered(self, agency: str) -> None:
        assert agency == AGENCY
        self.told["answered"] += 1

    def failed(self, agency: str) -> None:
        assert agency == AGENCY
        self.told["failed"] += 1

    def abandoned(self, agency: str) -> None:
        assert agency == AGENCY
        self.told["abandoned"] += 1

    def at_fault(self, agency: str, count: int = 1) -> None:
        assert agency == AGENCY
        self.told["at_fault"] += count

    def withdrawn(self, agency: str, request_id: str) -> bool:
        assert agency == AGENCY
        self.told["withdrawn"] += 1
        was_held = request_id in self.held
        self.held.discard(request_id)
        return was_held


class Wire:
    """An adapter's end of a link."""

    def __init__(self) -> None:
        self.written: list[links_pb2.ConnectResponse] = []
        self.flows = asyncio.Event()
        self.flows.set()
        self._sent: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._wrote = asyncio.Condition()

    async def read(self) -> bytes | None:
        return await self._sent.get()

    async def write(self, message: bytes) -> None:
        await self.flows.wait()
        async with self._wrote:
            self.written.append(links_pb2.ConnectResponse.FromString(message))
            self._wrote.notify_all()

    def send(self, message: links_pb2.ConnectRequest | bytes) -> None:
        """Send a message to the hub."""
        self._sent.put_nowait(message if isinstance(message, bytes) else message.SerializeToString())

    def hang_up(self) -> None:
        """End the stream."""
        self._sent.put_nowait(None)

    async def received(self, messages: int) -> list[links_pb2.ConnectResponse]:
        """Wait until so many messages have come, and return all."""
        async with asyncio.timeout(5), self._wrote:
            await self._wrote.wait_for(lambda: len(self.written) >= messages)
        return self.written


def hello(instance: str = "instance-number-0001", *questions: str) -> links_pb2.Hello:
    return links_pb2.Hello(contract=1, instance=instance, program="p", questions=questions or ("child_services",))


@asynccontextmanager
async def serving(link: Link, wire: Wire) -> AsyncIterator[asyncio.Task[None]]:
    """Serve a link over a wire, welcome and all; on leaving, it has ended."""
    task = asyncio.create_task(link.serve(wire.read, wire.write))
    await wire.received(1)
    try:
        yield task
    finally:
        wire.flows.set()
        link.close()
        await task


def asked(link: Link, clock: Clock, *, agency: str = AGENCY) -> Gathering:
    """Put one question to one agency over a link, and return where its arrival gathers."""
    gathering = Gathering([agency], clock)
    assert link.ask(links_pb2.Ask(question="child_services"), nonce=NONCE, fields=("school",), gathering=gathering)
    return gathering


def reply(ask_id: int, *, nonce: bytes = NONCE, value: str = "Hill Top") -> links_pb2.ConnectRequest:
    """Return a message with one reply of one row."""
    message = links_pb2.ConnectRequest()
    answer = message.replies.add(ask_id=ask_id, nonce=nonce, status=links_pb2.REPLY_STATUS_ANSWERED)
    answer.records.columns.append("school")
    answer.records.cells.append(value)
    answer.records.record_dates.append("2026-01-31")
    answer.records.source, answer.records.retrieved_at_ms = "Register", 1_795_000_000_000
    return message
