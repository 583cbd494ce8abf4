"""Places in a pool: taken at once where one is free, and handed over in the order in which they were wanted."""

import asyncio
from collections import deque


class Places:
    """Does what a semaphore does; taking a place that is free is a plain call, which is felt in each read."""

    def __init__(self, most: int) -> None:
        """Take how many there are."""
        self._free = most
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Take a place if one is free."""
        if self._free == 0:
            return False
        self._free -= 1
        return True

    async def wait(self) -> None:
        """Wait until a place is handed over."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                # Handed over in the moment in which nobody wanted it any more.
                self.give_back()
            elif waiter in self._waiting:
                self._waiting.remove(waiter)
            raise

    def give_back(self) -> None:
        """Hand a place over to whoever waits longest, or keep it free."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._free += 1
