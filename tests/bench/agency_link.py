"""An agency on the hub's own contract: one outbound link that answers every ask with a reply made ready."""

import asyncio
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import grpc
from sharing.v1 import links_pb2

from tests.bench.frames import ReadyReplies
from tests.bench.pace import Pace, Running
from tests.bench.question import QUESTION
from tests.bench.tls import CHANNEL_OPTIONS, channel_credentials

METHOD = "/sharing.v1.LinkService/Connect"
# A busy link writes at most once in a millisecond, and then all that waits.
RHYTHM_SECONDS = 0.001
PATIENCE_SECONDS = 20


@asynccontextmanager
async def serve_link(agency: str, hub: str, tls: Path, pace: Pace) -> AsyncIterator[Running]:
    """Hold one link open, welcomed and answering."""
    async with grpc.aio.secure_channel(hub, channel_credentials(tls, agency), options=CHANNEL_OPTIONS) as channel:
        call = channel.stream_stream(METHOD, response_deserializer=links_pb2.ConnectResponse.FromString)()
        link = _Link(agency, call, pace)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await link.introduce()
        tasks = asyncio.gather(link.read(), link.write())
        try:
            yield tasks
        finally:
            tasks.cancel()
            call.cancel()


class _Link:
    """Reads asks, and writes all that has been answered since the last write."""

    def __init__(self, agency: str, call: grpc.aio.StreamStreamCall, pace: Pace) -> None:
        self._agency = agency
        self._call = call
        self._pace = pace
        self._replies = ReadyReplies(agency, read_at_ms=int(time.time() * 1_000))
        self._outgoing: list[bytes] = []
        self._receipts = 0
        self._wake = asyncio.Event()

    async def introduce(self) -> None:
        hello = links_pb2.Hello(
            contract=1, instance=f"benchmark-{self._agency.replace('_', '-')}", program="bench", questions=[QUESTION]
        )
        await self._call.write(links_pb2.ConnectRequest(hello=hello).SerializeToString())
        first = await self._call.read()
        if first is grpc.aio.EOF or first.welcome.agency != self._agency:
            raise ConnectionError(f"the hub did not welcome {self._agency}")
        self._take(first)

    async def read(self) -> None:
        while (message := await self._call.read()) is not grpc.aio.EOF:
            self._take(message)

    def _take(self, message: links_pb2.ConnectResponse) -> None:
        if message.HasField("welcome") or message.HasField("checkpoint"):
            self._release([links_pb2.ConnectRequest(witnessed=self._witnessed(message)).SerializeToString()])
        if message.ping:
            self._release([links_pb2.ConnectRequest(pong=message.ping).SerializeToString()])
        if message.asks:
            self._pace.after(partial(self._release, [self._replies.frame(ask) for ask in message.asks]))

    def _witnessed(self, message: links_pb2.ConnectResponse) -> links_pb2.Witnessed:
        """Say that all of it is kept: what the hub spends on receipts is measured, and not what agencies do."""
        if message.HasField("welcome"):
            return links_pb2.Witnessed()
        self._receipts += len(message.receipts)
        _, size, root, *_ = message.checkpoint.note.splitlines()
        return links_pb2.Witnessed(size=int(size), root=b64decode(root), last_receipt=self._receipts)

    def _release(self, frames: Iterable[bytes]) -> None:
        self._outgoing.extend(frames)
        self._wake.set()

    async def write(self) -> None:
        clock = asyncio.get_running_loop().time
        last_write = 0.0
        while True:
            await self._wake.wait()
            pause = last_write + RHYTHM_SECONDS - clock()
            if pause > 0:
                await asyncio.sleep(pause)
            self._wake.clear()
            frames, self._outgoing = self._outgoing, []
            # Pieces of one protobuf message set end to end are that message.
            await self._call.write(b"".join(frames))
            last_write = clock()
