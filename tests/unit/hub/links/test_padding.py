"""A link that has become quiet carries padding, once each way, and nothing else of it reaches anybody."""

import asyncio
import gc

import pytest
from sharing.v1 import links_pb2

from hub.links.link import Link
from hub.links.padding import PADDING, Padding
from tests.unit.hub.links.wire import Clock, Watch, Wire, asked, hello, reply, serving

INCOMING = links_pb2.ConnectRequest(padding=PADDING)
ASK = links_pb2.ConnectResponse(asks=[links_pb2.Ask(ask_id=1, nonce=b"8 bytes.", question="child_services" * 4)])
PING = links_pb2.ConnectResponse(ping=7)


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def at_fault(link: Link, count: int) -> None:
    """Wait until a link has counted so many faults."""
    async with asyncio.timeout(5):
        while link.faults < count:  # noqa: ASYNC110  (the link's own reader counts, and tells nobody)
            await asyncio.sleep(0)


async def test_what_goes_out_is_followed_by_padding_when_nothing_else_follows(wire: Wire) -> None:
    padding = Padding(wire.read, wire.write, quiet_seconds=0.01)
    await padding.write(ASK.SerializeToString())
    await padding.write(ASK.SerializeToString())
    sent, *_ = (await wire.received(3))[2:]
    assert sent == links_pb2.ConnectResponse(padding=PADDING)
    padding.close()


async def test_a_ping_is_not_followed_by_padding_and_a_link_that_has_ended_writes_none(wire: Wire) -> None:
    padding = Padding(wire.read, wire.write, quiet_seconds=0.0)
    await padding.write(PING.SerializeToString())
    assert padding._timer is None
    await padding.write(ASK.SerializeToString())
    padding.close()
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(wire.written) == 2


async def test_padding_that_a_link_takes_no_more_is_nobody_s_error() -> None:
    gone = asyncio.Event()

    async def write(content: bytes) -> None:
        if content == links_pb2.ConnectResponse(padding=PADDING).SerializeToString():
            gone.set()
            raise ConnectionError("the link has ended")

    async def read() -> bytes | None:
        return None

    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    padding = Padding(read, write, quiet_seconds=0.0)
    await padding.write(ASK.SerializeToString())
    await gone.wait()
    await asyncio.sleep(0)
    padding.close()
    del padding
    gc.collect()
    assert told == []


async def test_padding_that_comes_after_a_reply_is_taken_out_once(wire: Wire) -> None:
    clock, watch = Clock(), Watch()
    link = Link("schools", hello(), watch, clock)
    padding = Padding(wire.read, wire.write)
    task = asyncio.create_task(link.serve(padding.read, padding.write))
    await wire.received(1)
    gathering = asked(link, clock)
    wire.send(reply(1))
    wire.send(INCOMING)
    await gathering.next()
    assert not link.faults
    # It brings nothing, so more of it is a flood.
    wire.send(INCOMING)
    wire.send(reply(99))
    await at_fault(link, 2)
    link.close()
    await task
    padding.close()
    assert watch.told["at_fault"] == 2


async def test_padding_before_anything_was_sent_is_a_fault(wire: Wire) -> None:
    link = Link("schools", hello(), Watch(), Clock())
    padding = Padding(wire.read, wire.write)
    wire.send(INCOMING)
    serve = asyncio.create_task(link.serve(padding.read, padding.write))
    await at_fault(link, 1)
    link.close()
    await serve
    padding.close()


async def test_a_link_holds_nothing_of_the_last_message_while_it_waits_for_the_next(wire: Wire) -> None:
    clock = Clock()
    link = Link("schools", hello(), Watch(), clock)
    async with serving(link, wire):
        gathering = asked(link, clock)
        wire.send(reply(1, value="seen and gone"))
        await gathering.next()
        for _ in range(5):
            await asyncio.sleep(0)
        (reader,) = (task for task in asyncio.all_tasks() if task.get_name() == "link schools reader")
        (writer,) = (task for task in asyncio.all_tasks() if task.get_name() == "link schools writer")
        held = {
            name: value
            for task in (reader, writer)
            for frame in task.get_stack()
            for name, value in frame.f_locals.items()
        }
    assert not [name for name in ("received", "message", "reply") if name in held]
