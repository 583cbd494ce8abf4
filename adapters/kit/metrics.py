"""Where an adapter's figures are found: in a file, or at a port that this machine alone can reach."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Self

from pydantic import Field, model_validator
from structlog.typing import FilteringBoundLogger

from adapters.kit.local_paths import LocalPath
from adapters.kit.mapping import Part, mend_needed

LOOPBACK = "127.0.0.1"
LONGEST_HEAD = 8 * 1024
READ_SECONDS = 2.0
KIND = "text/plain; version=0.0.4; charset=utf-8"


class Metrics(Part):
    """A port of this machine, or a file."""

    port: Annotated[int, Field(ge=1024, le=65_535)] | None = None
    file: LocalPath | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.port is None) == (self.file is None):
            raise mend_needed("`metrics` has exactly one of `port`, `file`", "Give one of them.")
        return self


async def serve_figures(port: int, text: Callable[[], bytes], log: FilteringBoundLogger) -> None:
    """Serve them until cancelled; a port that is taken is said, and is no reason not to answer questions."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(READ_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(_response(text) if head.startswith(b"GET /metrics ") else _framed("404 Not Found", b""))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.info("metrics_unread")
        finally:
            writer.close()

    try:
        server = await asyncio.start_server(answer, LOOPBACK, port, limit=LONGEST_HEAD)
    except OSError as fault:
        log.warning("metrics_unserved", port=port, reason=fault.strerror)
        return
    async with server:
        await server.serve_forever()


def _response(text: Callable[[], bytes]) -> bytes:
    return _framed("200 OK", text())


def _framed(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {KIND}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body
