"""What waits to go out over one link, and the rhythm in which it goes."""

import asyncio
from collections.abc import Awaitable, Callable

from sharing.v1 import links_pb2

# A busy link writes at most once in a millisecond, and then everything that waits: batching is what makes it cheap.
RHYTHM_SECONDS = 0.001

WriteMessage = Callable[[bytes], Awaitable[None]]


class Outgoing:
    """Holds the one message that is being put together; its one writer sends it and begins the next."""

    __slots__ = ("_clock", "_wake", "message")

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start with nothing; `clock` counts seconds and never goes back."""
        self.message = links_pb2.ConnectResponse()
        self._clock = clock
        self._wake = asyncio.Event()

    def rouse(self) -> None:
        """Let what waits go now."""
        self._wake.set()

    def forget(self) -> None:
        """Let what waits never go: its writer may be about to take it."""
        self.message = links_pb2.ConnectResponse()

    async def write_all(self, write: WriteMessage) -> None:
        """Write whatever comes to wait, until cancelled."""
        last_write = float("-inf")
        while True:
            await self._wake.wait()
            pause = RHYTHM_SECONDS - (self._clock() - last_write)
            if pause > 0:
                await asyncio.sleep(pause)
            self._wake.clear()
            message, self.message = self.message, links_pb2.ConnectResponse()
            if content := message.SerializeToString():
                await write(content)
            # Who was asked about must not wait here for the next message.
            del message, content
            last_write = self._clock()
