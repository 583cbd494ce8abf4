"""Wait for what another process, or a stream, brings about."""

import asyncio
from collections.abc import Callable

import grpc
from sharing.v1 import questions_pb2

LONGEST_SECONDS = 20.0
LOOK_SECONDS = 0.005


async def until(holds: Callable[[], bool], seconds: float = LONGEST_SECONDS) -> None:
    """Look again and again until something holds; raise TimeoutError when it does not come about."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110  (what is waited for happens in another process, or deep inside the hub)
            await asyncio.sleep(LOOK_SECONDS)


async def rest_of(
    stream: grpc.aio.UnaryStreamCall, seen: list[questions_pb2.AnswerPart] | None = None
) -> list[questions_pb2.AnswerPart]:
    """Read an answer to its end, noting each part as it comes; raise AioRpcError when it ends otherwise."""
    parts = [] if seen is None else seen
    while (response := await stream.read()) is not grpc.aio.EOF:
        parts.append(response.part)
    return parts
