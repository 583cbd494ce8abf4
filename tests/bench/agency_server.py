"""An agency that is called directly, without a hub: one gRPC server with one unary method."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
from sharing.v1 import links_pb2

from tests.bench.frames import ReadyReplies
from tests.bench.pace import Pace
from tests.bench.tls import server_credentials

SERVICE = "bench.Agency"


@asynccontextmanager
async def serve_directly(agency: str, tls: Path, pace: Pace) -> AsyncIterator[str]:
    """Serve one agency; the value is its address."""
    replies = ReadyReplies(agency, read_at_ms=int(time.time() * 1_000))

    async def answer(ask: links_pb2.Ask, _context: grpc.aio.ServicerContext) -> bytes:
        if pace.latency_seconds:
            await asyncio.sleep(pace.latency_seconds)
        return replies.to(ask)

    server = grpc.aio.server(options=(("grpc.so_reuseport", 0),))
    methods = {"Answer": grpc.unary_unary_rpc_method_handler(answer, links_pb2.Ask.FromString)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, methods),))
    port = server.add_secure_port("127.0.0.1:0", server_credentials(tls, agencies_only=False))
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)
