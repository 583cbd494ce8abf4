"""A link that has become quiet is padded by the adapter, once for all that went out before."""

import asyncio
from contextlib import suppress

from sharing.v1.links_pb2 import ConnectRequest, Reply
from sharing.v1.records_pb2 import Records

from adapters.kit.padding import PADDING_BYTES, Padding

REPLY = ConnectRequest(replies=[Reply(ask_id=1, nonce=b"8 bytes.", records=Records(cells=["a name"] * 20))])


class Wire:
    """Remembers what was written."""

    def __init__(self) -> None:
        self.written: asyncio.Queue[ConnectRequest] = asyncio.Queue()

    async def write(self, message: ConnectRequest) -> None:
        self.written.put_nowait(message)


async def sent(wire: Wire) -> ConnectRequest:
    async with asyncio.timeout(5):
        return await wire.written.get()


async def test_replies_are_followed_by_padding_once() -> None:
    wire = Wire()
    padding = Padding(wire.write, quiet_seconds=0.01)
    keeping = asyncio.create_task(padding.pad_when_quiet())
    for _ in range(2):
        await padding.write(REPLY)
        await padding.write(REPLY)
        assert [await sent(wire), await sent(wire)] == [REPLY, REPLY]
        assert await sent(wire) == ConnectRequest(padding=bytes(PADDING_BYTES))
    assert wire.written.empty()
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping


async def test_what_holds_nothing_of_a_case_is_not_followed_by_padding() -> None:
    wire = Wire()
    padding = Padding(wire.write, quiet_seconds=0.0)
    keeping = asyncio.create_task(padding.pad_when_quiet())
    await padding.write(ConnectRequest(pong=3))
    for _ in range(5):
        await asyncio.sleep(0)
    assert wire.written.qsize() == 1
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping
