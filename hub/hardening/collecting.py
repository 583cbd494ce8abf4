"""Lets go of what refers to itself in a circle: an error, for one, and the calls through which it came.

Python looks for such circles only when enough new objects have been made, which in a quiet hub may be never.
"""

import gc
import time
from collections.abc import Callable

# A full look through everything that has been made since the start may take this share of the time, and no more.
SHARE = 0.02


class Collecting:
    """Looks for circles whenever it is called, unless the last look was so long that it is too early for another."""

    def __init__(
        self, *, clock: Callable[[], float] = time.perf_counter, collect: Callable[[], object] = gc.collect
    ) -> None:
        """Take a clock in seconds, and what looks."""
        self._clock = clock
        self._collect = collect
        self._not_before = 0.0

    def look(self) -> None:
        """Let go of circles, if it is time."""
        began = self._clock()
        if began < self._not_before:
            return
        self._collect()
        took = self._clock() - began
        self._not_before = began + took / SHARE
