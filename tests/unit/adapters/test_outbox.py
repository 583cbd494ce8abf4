"""The one writer of a link: at once when idle, everything that waits as one message when busy."""

import asyncio

import pytest
from sharing.v1.links_pb2 import ConnectRequest, Reply
from sharing.v1.records_pb2 import Records

from adapters.kit.outbox import BEAT_SECONDS, Outbox


class Wire:
    """A stream whose writes end when the test says, with a clock that only the test and the pauses move."""

    def __init__(self) -> None:
        self.now = 100.0
        self.paused: list[float] = []
        self.written: list[ConnectRequest] = []
        self.free = asyncio.Event()
        self.free.set()

    async def sleep(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.now += seconds

    async def write(self, request: ConnectRequest) -> None:
        self.written.append(request)
        await self.free.wait()


def started(wire: Wire) -> tuple[Outbox, asyncio.Task[None]]:
    outbox = Outbox(clock=lambda: wire.now, sleep=wire.sleep)
    return outbox, asyncio.create_task(outbox.send_all(wire.write))


async def finished(outbox: Outbox, writing: asyncio.Task[None]) -> None:
    outbox.end()
    async with asyncio.timeout(5):
        await writing


def numbers(request: ConnectRequest) -> list[int]:
    return [reply.ask_id for reply in request.replies]


async def test_a_reply_goes_at_once_when_nothing_else_goes() -> None:
    wire = Wire()
    outbox, writing = started(wire)
    outbox.reply(Reply(ask_id=1))
    await outbox.emptied()
    assert [numbers(request) for request in wire.written] == [[1]]
    assert wire.paused == []
    await finished(outbox, writing)


async def test_what_comes_during_a_write_goes_together_one_beat_later() -> None:
    wire = Wire()
    outbox, writing = started(wire)
    wire.free.clear()
    outbox.reply(Reply(ask_id=1))
    await asyncio.sleep(0)
    for number in (2, 3, 4):
        outbox.reply(Reply(ask_id=number))
    outbox.pong(9)
    wire.free.set()
    await outbox.emptied()
    assert [numbers(request) for request in wire.written] == [[1], [2, 3, 4]]
    assert wire.written[1].pong == 9
    assert wire.paused == [pytest.approx(BEAT_SECONDS)]
    await finished(outbox, writing)


async def test_a_message_stays_below_the_largest_that_the_contract_allows() -> None:
    wire = Wire()
    outbox, writing = started(wire)
    for number in range(10):
        outbox.reply(Reply(ask_id=number, records=Records(cells=["x" * 2000] * 100)))
    await outbox.emptied()
    assert [number for request in wire.written for number in numbers(request)] == list(range(10))
    assert all(request.ByteSize() < 1024 * 1024 for request in wire.written)
    assert len(wire.written) == 3
    await finished(outbox, writing)


async def test_draining_is_said_and_then_repeated_with_what_still_goes() -> None:
    wire = Wire()
    outbox, writing = started(wire)
    outbox.drain()
    await outbox.emptied()
    outbox.reply(Reply(ask_id=5))
    await outbox.emptied()
    assert [request.draining for request in wire.written] == [True, True]
    await finished(outbox, writing)


async def test_the_writer_ends_only_when_everything_is_written() -> None:
    wire = Wire()
    outbox, writing = started(wire)
    outbox.reply(Reply(ask_id=1))
    await finished(outbox, writing)
    assert [numbers(request) for request in wire.written] == [[1]]
