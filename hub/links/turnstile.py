"""A turnstile: an agency's adapters may connect again and again, but not without end."""

from collections.abc import Callable

BURST = 64
PER_SECOND = 2.0


class Turnstile:
    """Lets 64 links of an agency begin at once, and after that two a second.

    Adapters that restart, all at the same time, pass; one that comes and goes in a loop costs the hub little.
    """

    __slots__ = ("_clock", "_left", "_seen_at")

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start with the whole burst; `clock` counts seconds and never goes back."""
        self._clock = clock
        self._left = float(BURST)
        self._seen_at = clock()

    def admits(self) -> bool:
        """Tell whether one more link may begin now, and count it if it may."""
        now = self._clock()
        self._left = min(BURST, self._left + (now - self._seen_at) * PER_SECOND)
        self._seen_at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
