"""Does again and again what keeps memory clean, and takes no more than its share of a processor for it."""

import time
from collections.abc import Callable

# Looking through all objects, or through all free memory, may each take this share of one processor, and no more.
SHARE = 0.02

Clock = Callable[[], float]


class Sparing:
    """Does its work whenever it is called, unless the last time took so much that it is too early for another."""

    def __init__(
        self, work: Callable[[], object], *, clock: Clock = time.perf_counter, spent: Clock = time.thread_time
    ) -> None:
        """Take what there is to do; a clock, and how much processor time the calling thread has had, in seconds."""
        self._work = work
        self._clock = clock
        self._spent = spent
        self._not_before = 0.0

    def do(self) -> None:
        """Do it, if it is time."""
        began, before = self._clock(), self._spent()
        if began < self._not_before:
            return
        self._work()
        self._not_before = began + (self._spent() - before) / SHARE
