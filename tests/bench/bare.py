"""The bare transport: a hub that carries bytes to the agencies and back over one stream each, and does nothing else.

`python -m tests.bench.bare --tls FOLDER --agencies N [--window-ms 1]` is the baseline for the hub's CPU. Without a
window every ask and every reply is a message of its own; with one, each link writes once a window what has gathered.
The requester's call is unary, the cheapest there is: that the hub streams its answers counts as the hub's own cost.
"""

import argparse
import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import grpc

from tests.bench.loops import Loop, run
from tests.bench.profiling import add_profile_options, profiled
from tests.bench.program import Orders, say
from tests.bench.question import REPLY_BYTES, sample_ask
from tests.bench.tls import server_credentials

SERVICE = "bench.Bare"
ID_BYTES = 8
WELCOME = b"welcome"

Stream = grpc.aio.ServicerContext | grpc.aio.StreamStreamCall


class Waiting:
    """A question whose replies are coming in."""

    __slots__ = ("done", "missing", "replies")

    def __init__(self, missing: int, done: asyncio.Future[None]) -> None:
        self.missing = missing
        self.replies: list[bytes] = []
        self.done = done

    def arrive(self, reply: bytes) -> None:
        self.replies.append(reply)
        self.missing -= 1
        if not self.missing and not self.done.done():
            self.done.set_result(None)


class Outbox:
    """The messages that wait for one stream's writer."""

    __slots__ = ("_messages", "_wake")

    def __init__(self) -> None:
        self._messages: deque[bytes] = deque()
        self._wake = asyncio.Event()

    def put(self, message: bytes) -> None:
        self._messages.append(message)
        self._wake.set()

    async def next(self) -> bytes:
        while not self._messages:
            self._wake.clear()
            await self._wake.wait()
        return self._messages.popleft()

    async def gathered(self, window_seconds: float) -> bytes:
        first = await self.next()
        await asyncio.sleep(window_seconds)
        together = b"".join((first, *self._messages))
        self._messages.clear()
        return together


async def write_all(outbox: Outbox, stream: Stream, window_seconds: float) -> None:
    """Write what comes into an outbox: each message by itself, or all that gathered within a window together."""
    if window_seconds:
        while True:
            await stream.write(await outbox.gathered(window_seconds))
    while True:
        await stream.write(await outbox.next())


class BareHub:
    """Sends every question to every agency and returns all replies end to end."""

    def __init__(self, agencies: int, window_seconds: float) -> None:
        self._agencies = agencies
        self._window_seconds = window_seconds
        self._outboxes: list[Outbox] = []
        self._waiting: dict[bytes, Waiting] = {}
        self._numbers = count(1)
        self._filling = bytes(sample_ask(0).ByteSize() - ID_BYTES)

    async def ask(self, _request: bytes, _context: grpc.aio.ServicerContext) -> bytes:
        number = next(self._numbers).to_bytes(ID_BYTES, "little")
        waiting = self._waiting[number] = Waiting(self._agencies, asyncio.get_running_loop().create_future())
        message = number + self._filling
        for outbox in self._outboxes:
            outbox.put(message)
        await waiting.done
        del self._waiting[number]
        return b"".join(waiting.replies)

    async def connect(self, _requests: object, context: grpc.aio.ServicerContext) -> None:
        await context.write(WELCOME)
        outbox = Outbox()
        self._outboxes.append(outbox)
        writer = asyncio.create_task(write_all(outbox, context, self._window_seconds))
        try:
            while (message := await context.read()) is not grpc.aio.EOF:
                self._accept(message)
        finally:
            self._outboxes.remove(outbox)
            writer.cancel()

    def _accept(self, message: bytes) -> None:
        for start in range(0, len(message), REPLY_BYTES):
            reply = message[start : start + REPLY_BYTES]
            self._waiting[reply[:ID_BYTES]].arrive(reply)


async def serve(hub: BareHub, tls: Path, profiling: AbstractContextManager[None]) -> None:
    """Serve requesters on one port and links on another, as the hub does, until the starter has no more orders."""
    requesters, links = grpc.aio.server(), grpc.aio.server()
    ask = {"Ask": grpc.unary_unary_rpc_method_handler(hub.ask)}
    connect = {"Connect": grpc.stream_stream_rpc_method_handler(hub.connect)}
    requesters.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, ask),))
    links.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, connect),))
    requester_port = requesters.add_secure_port("127.0.0.1:0", server_credentials(tls, agencies_only=False))
    link_port = links.add_secure_port("127.0.0.1:0", server_credentials(tls, agencies_only=True))
    await asyncio.gather(requesters.start(), links.start())
    say(requesters=f"127.0.0.1:{requester_port}", links=f"127.0.0.1:{link_port}")
    try:
        with profiling:
            orders = await Orders.open()
            while await orders.next() is not None:
                pass
    finally:
        await asyncio.gather(requesters.stop(None), links.stop(None))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the process."""
    parser = argparse.ArgumentParser(prog="tests.bench.bare")
    parser.add_argument("--tls", type=Path, required=True)
    parser.add_argument("--agencies", type=int, required=True)
    parser.add_argument("--window-ms", type=float, default=0)
    parser.add_argument("--loop", type=Loop, choices=list(Loop), default=Loop.ASYNCIO)
    add_profile_options(parser)
    options = parser.parse_args(arguments)
    profiling = profiled(options.profile, options.profile_file)
    run(lambda: serve(BareHub(options.agencies, options.window_ms / 1_000), options.tls, profiling), options.loop)


if __name__ == "__main__":
    main()
