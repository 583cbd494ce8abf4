"""Overwrites what the buffers of a link still hold: the last asks on their way out, the last replies on their way in.

A link never ends, and what its connection keeps of the last message stays until the next one takes its place. So a
link on which something has passed, and that has then been quiet for a moment, carries zero bytes, each way, once.
"""

import asyncio
from collections.abc import Awaitable, Callable

from sharing.v1 import links_pb2

QUIET_SECONDS = 1.0
PADDING = bytes(64 * 1024)
# Whatever is shorter is a ping, its echo, or an ask that was dropped, and holds nothing of a case.
SMALL_BYTES = 64

ReadMessage = Callable[[], Awaitable[bytes | None]]
WriteMessage = Callable[[bytes], Awaitable[None]]

_OUTGOING = links_pb2.ConnectResponse(padding=PADDING).SerializeToString()
_INCOMING = links_pb2.ConnectRequest(padding=PADDING).SerializeToString()


class Padding:
    """Stands between a link and its stream; use it for as long as the link is served."""

    def __init__(self, read: ReadMessage, write: WriteMessage, *, quiet_seconds: float = QUIET_SECONDS) -> None:
        """Take the stream's two directions."""
        self._read = read
        self._write = write
        self._quiet_seconds = quiet_seconds
        self._writing = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._may_come = False

    async def read(self) -> bytes | None:
        """Read a message; padding that may come is taken out, and any other is the link's to judge."""
        received = await self._read()
        while self._may_come and received == _INCOMING:
            self._may_come = False
            received = await self._read()
        if received is not None and len(received) > SMALL_BYTES:
            self._may_come = True
        return received

    async def write(self, content: bytes) -> None:
        """Write a message; when nothing follows it for a moment, padding does."""
        async with self._writing:
            await self._write(content)
        if len(content) > SMALL_BYTES:
            self._put_off()

    def close(self) -> None:
        """Write no more padding. Idempotent."""
        if self._timer is not None:
            self._timer.cancel()

    def _put_off(self) -> None:
        self.close()
        self._timer = asyncio.get_running_loop().call_later(self._quiet_seconds, self._begin)

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._pad(), name="link padding")
        # A link that ends at this moment takes no padding any more; its own reader and writer tell of that.
        self._task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _pad(self) -> None:
        async with self._writing:
            await self._write(_OUTGOING)
