"""A real adapter, with a real certificate, that misbehaves in named ways; a task here, or a program of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from secrets import token_hex

import grpc
from sharing.v1 import links_pb2

from tests.lib.agency_stream import AgencyStream, dialled
from tests.lib.deployment import Deployment, open_deployment
from tests.lib.dripping_proxy import dripping_proxy
from tests.lib.forgeries import claiming, forged, planted
from tests.lib.good_adapter import GoodAdapter, hello_of, truthful_reply
from tests.lib.misbehaviour import Misbehaviour

RETURN_SECONDS = 0.1
FLAP_SECONDS = 0.03
FOREVER_SECONDS = 3_600.0
MANY_LINKS = 100
MANY_WITNESSES = 1_000
# As small as a window can be, so that what is not read soon keeps the hub from writing.
NARROW = (("grpc.http2.lookahead_bytes", 1), ("grpc.http2.bdp_probe", 0))


class HostileAdapter:
    """Comes back whenever its link is ended, and misbehaves again."""

    def __init__(self, misbehaviour: Misbehaviour, agency: str, canary: str, *, instance: str = "") -> None:
        """Misbehave in an agency's name; the canary is planted in all that nobody may see."""
        self.misbehaviour = misbehaviour
        self.agency = agency
        self.ready = asyncio.Event()
        self._canary = canary
        self._instance = instance or token_hex(12)
        self._first: links_pb2.Ask | None = None
        self._later: set[asyncio.Task[None]] = set()

    async def run(self, deployment: Deployment, port: int) -> None:
        """Misbehave until cancelled."""
        address, credentials = f"127.0.0.1:{port}", deployment.agency_credentials(self.agency)
        match self.misbehaviour:
            case Misbehaviour.OPENS_MANY_LINKS:
                await self._many_links(address, credentials)
            case Misbehaviour.DRIPS:
                async with dripping_proxy(port) as (proxy, proxy_port):
                    adapter = GoodAdapter(self.agency)
                    async with dialled(f"127.0.0.1:{proxy_port}", credentials) as stream, asyncio.TaskGroup() as group:
                        group.create_task(adapter.serve(stream))
                        await adapter.welcomed.wait()
                        proxy.drips = True
                        self.ready.set()
            case Misbehaviour.STOPS_READING:
                await self._again_and_again(address, credentials, NARROW)
            case _:
                await self._again_and_again(address, credentials)

    async def _again_and_again(
        self, address: str, credentials: grpc.ChannelCredentials, options: Sequence[tuple[str, int]] = ()
    ) -> None:
        while True:
            try:
                async with dialled(address, credentials, options=options) as stream:
                    await self._misbehave(stream)
            except (grpc.RpcError, grpc.aio.BaseError, asyncio.InvalidStateError):
                pass
            except asyncio.CancelledError:
                # A call that the hub ended reads as cancelled, too.
                if (task := asyncio.current_task()) is not None and task.cancelling():
                    raise
            self.ready.set()
            await asyncio.sleep(RETURN_SECONDS)

    async def _misbehave(self, stream: AgencyStream) -> None:
        match self.misbehaviour:
            case Misbehaviour.NEVER_INTRODUCES_ITSELF:
                self.ready.set()
                await asyncio.sleep(FOREVER_SECONDS)
            case Misbehaviour.SPEAKS_BEFORE_HELLO:
                ask = links_pb2.Ask(ask_id=1, nonce=bytes(8), fields=["address", "service"])
                await stream.write(links_pb2.ConnectRequest(replies=[planted(self.agency, ask, self._canary)]))
                await stream.read()
            case Misbehaviour.DECLARES_NOTHING:
                await stream.write(hello_of(self._instance, questions=()))
                await self._read_on(stream)
            case Misbehaviour.CLAIMS_ANOTHER_AGENCY:
                await stream.write(claiming(hello_of(self._instance), self._canary))
                await self._read_on(stream)
            case _:
                await stream.write(hello_of(self._instance))
                await self._read_on(stream)

    async def _read_on(self, stream: AgencyStream) -> None:
        if await stream.read() is None:
            return
        self.ready.set()
        match self.misbehaviour:
            case Misbehaviour.STOPS_READING:
                await asyncio.sleep(FOREVER_SECONDS)
            case Misbehaviour.FLAPS:
                await asyncio.sleep(FLAP_SECONDS)
            case Misbehaviour.FLOODS_UNSOLICITED | Misbehaviour.FLOODS_EMPTY | Misbehaviour.FLOODS_HUGE:
                await self._flood(stream, self._flood_message())
            case Misbehaviour.WITNESSES_WHAT_NEVER_WAS | Misbehaviour.WITNESSES_WITHOUT_END:
                await self._witness(stream)
            case _:
                await self._answer_all(stream)

    async def _witness(self, stream: AgencyStream) -> None:
        """Claim a journal of a log that never was, once or again and again, and answer truthfully besides."""
        claim = links_pb2.Witnessed(size=2**62, root=bytes(32), last_receipt=2**62, has_refused=True)
        for _ in range(1 if self.misbehaviour is Misbehaviour.WITNESSES_WHAT_NEVER_WAS else MANY_WITNESSES):
            await stream.write(links_pb2.ConnectRequest(witnessed=claim))
        await self._answer_all(stream)

    async def _answer(self, stream: AgencyStream, ask: links_pb2.Ask) -> None:
        match self.misbehaviour:
            case Misbehaviour.STALLS | Misbehaviour.DECLARES_NOTHING:
                pass
            case (
                Misbehaviour.FROZEN
                | Misbehaviour.BORROWS_AN_INSTANCE
                | Misbehaviour.OPENS_MANY_LINKS
                | Misbehaviour.WITNESSES_WHAT_NEVER_WAS
            ):
                await stream.write(links_pb2.ConnectRequest(replies=[truthful_reply(self.agency, ask)]))
            case Misbehaviour.DIES_WHEN_ASKED:
                stream.call.cancel()
            case Misbehaviour.SAYS_HELLO_AGAIN:
                await stream.write(hello_of(token_hex(12)))
            case Misbehaviour.ANSWERS_LATE | Misbehaviour.FLOODS_LATE_ANSWERS:
                task = asyncio.create_task(self._answer_late(stream, ask))
                self._later.add(task)
                task.add_done_callback(self._later.discard)
            case Misbehaviour.REPLAYS:
                await stream.write(links_pb2.ConnectRequest(replies=[self._replay(ask)]))
            case _:
                await stream.write(forged(self.misbehaviour, self.agency, ask, self._canary))

    def _replay(self, ask: links_pb2.Ask) -> links_pb2.Reply:
        """Answer the first ask, and every later one with another answer to the first."""
        if self._first is None:
            self._first = ask
            return truthful_reply(self.agency, ask)
        return planted(self.agency, self._first, self._canary)

    async def _answer_late(self, stream: AgencyStream, ask: links_pb2.Ask) -> None:
        await asyncio.sleep(ask.remaining_ms / 1_000 + 0.1)
        reply = planted(self.agency, ask, self._canary)
        try:
            if self.misbehaviour is Misbehaviour.ANSWERS_LATE:
                await stream.write(links_pb2.ConnectRequest(replies=[reply]))
            else:
                reply.ClearField("records")
                await self._flood(stream, links_pb2.ConnectRequest(replies=[reply] * 35_000).SerializeToString())
        except (grpc.RpcError, grpc.aio.BaseError, asyncio.InvalidStateError):
            pass

    def _flood_message(self) -> bytes:
        match self.misbehaviour:
            case Misbehaviour.FLOODS_UNSOLICITED:
                ask = links_pb2.Ask(ask_id=2**40, nonce=bytes(8), fields=["address", "service"])
                return links_pb2.ConnectRequest(
                    replies=[planted(self.agency, ask, self._canary)] * 1_000
                ).SerializeToString()
            case Misbehaviour.FLOODS_EMPTY:
                return b""
            case _:
                return self._canary.encode() * (4 * 1024 * 1024 // len(self._canary))

    async def _flood(self, stream: AgencyStream, message: bytes) -> None:
        while True:
            await stream.write(message)

    async def _many_links(self, address: str, credentials: grpc.ChannelCredentials) -> None:
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            for _ in range(MANY_LINKS):
                group.create_task(self._one_of_many(await stack.enter_async_context(dialled(address, credentials))))

    async def _one_of_many(self, stream: AgencyStream) -> None:
        try:
            await stream.write(hello_of(token_hex(12)))
            await self._answer_all(stream)
        except (grpc.RpcError, grpc.aio.BaseError, asyncio.InvalidStateError):
            pass

    async def _answer_all(self, stream: AgencyStream) -> None:
        while (message := await stream.read()) is not None:
            self.ready.set()
            for ask in message.asks:
                await self._answer(stream, ask)


@asynccontextmanager
async def misbehaving(deployment: Deployment, port: int, adapter: HostileAdapter) -> AsyncIterator[HostileAdapter]:
    """Let an adapter misbehave in this event loop, from when it is ready to when it is left."""
    running = asyncio.create_task(adapter.run(deployment, port))
    try:
        async with asyncio.timeout(10):
            await adapter.ready.wait()
        yield adapter
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _main(folder: Path, port: int, misbehaviour: Misbehaviour, agency: str, canary: str) -> None:
    adapter = HostileAdapter(misbehaviour, agency, canary)
    async with misbehaving(open_deployment(folder), port, adapter):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.sleep(FOREVER_SECONDS)


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), int(sys.argv[2]), Misbehaviour(sys.argv[3]), sys.argv[4], sys.argv[5]))
