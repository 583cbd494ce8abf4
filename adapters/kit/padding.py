"""Overwrites what the hub's end of a link still holds of the last replies, once the link has become quiet."""

import asyncio
from collections.abc import Awaitable, Callable

from sharing.v1.links_pb2 import ConnectRequest

QUIET_SECONDS = 1.0
PADDING_BYTES = 64 * 1024
SMALL_BYTES = 64
"""Whatever is shorter is an echo, or says that nothing was found, and holds nothing of a case."""

Write = Callable[[ConnectRequest], Awaitable[None]]


class Padding:
    """Stands between an outbox and its stream."""

    def __init__(self, write: Write, *, quiet_seconds: float = QUIET_SECONDS) -> None:
        """Take the way out."""
        self._write = write
        self._quiet_seconds = quiet_seconds
        self._writing = asyncio.Lock()
        self._is_due = asyncio.Event()
        self._last = 0.0

    async def write(self, message: ConnectRequest) -> None:
        """Write a message; when nothing follows it for a moment, padding does."""
        async with self._writing:
            await self._write(message)
        if message.ByteSize() > SMALL_BYTES:
            self._last = asyncio.get_running_loop().time()
            self._is_due.set()

    async def pad_when_quiet(self) -> None:
        """Write padding, once, whenever the link has been quiet since something was written; never ends by itself."""
        now = asyncio.get_running_loop().time
        while True:
            await self._is_due.wait()
            while (wait := self._last + self._quiet_seconds - now()) > 0:  # noqa: ASYNC110  (time is what is waited for)
                await asyncio.sleep(wait)
            async with self._writing:
                self._is_due.clear()
                await self._write(ConnectRequest(padding=bytes(PADDING_BYTES)))
