"""An agency on the bare transport: echoes every message's number in front of 1 KB of nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import grpc

from tests.bench.bare import ID_BYTES, SERVICE, WELCOME, Outbox, write_all
from tests.bench.pace import Pace, Running
from tests.bench.question import REPLY_BYTES, sample_ask
from tests.bench.tls import CHANNEL_OPTIONS, channel_credentials

PATIENCE_SECONDS = 20
_FILLING = bytes(REPLY_BYTES - ID_BYTES)


@asynccontextmanager
async def serve_bare(agency: str, hub: str, tls: Path, pace: Pace, window_seconds: float) -> AsyncIterator[Running]:
    """Hold one stream open and echo over it."""
    async with grpc.aio.secure_channel(hub, channel_credentials(tls, agency), options=CHANNEL_OPTIONS) as channel:
        call = channel.stream_stream(f"/{SERVICE}/Connect")()
        async with asyncio.timeout(PATIENCE_SECONDS):
            if await call.read() != WELCOME:
                raise ConnectionError(f"the bare hub did not welcome {agency}")
        outbox = Outbox()
        tasks = asyncio.gather(_read(call, outbox, pace), write_all(outbox, call, window_seconds))
        try:
            yield tasks
        finally:
            tasks.cancel()
            call.cancel()


async def _read(call: grpc.aio.StreamStreamCall, outbox: Outbox, pace: Pace) -> None:
    ask_bytes = sample_ask(0).ByteSize()
    while (message := await call.read()) is not grpc.aio.EOF:
        for start in range(0, len(message), ask_bytes):
            reply = message[start : start + ID_BYTES] + _FILLING
            pace.after(partial(outbox.put, reply))
