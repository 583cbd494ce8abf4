"""A circuit breaker: an agency that keeps failing is not asked for a while, so that nobody waits for it."""

from collections import deque
from collections.abc import Callable
from enum import StrEnum

FAILURES_IN_A_ROW = 5
WINDOW_SECONDS = 10.0
FEWEST_IN_WINDOW = 20
OPEN_SECONDS = 2.0


class BreakerState(StrEnum):
    """Is whether an agency is asked."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Opens after five failures in a row, or when more than half of ten seconds' questions fail.

    After two seconds it lets one question through; if that is answered it closes, otherwise it opens again.
    """

    __slots__ = ("_clock", "_failures_in_a_row", "_opened_at", "_probing", "_window")

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start closed; `clock` counts seconds and never goes back."""
        self._clock = clock
        self._failures_in_a_row = 0
        self._window: deque[tuple[float, bool]] = deque(maxlen=1_000)
        self._opened_at: float | None = None
        self._probing = False

    @property
    def state(self) -> BreakerState:
        """Tell whether the agency is asked."""
        if self._opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self._clock() - self._opened_at < OPEN_SECONDS else BreakerState.HALF_OPEN

    def admits(self) -> bool:
        """Tell whether the next question may go out; half open, only the first may until it has been answered."""
        if self._opened_at is None:
            return True
        if self._probing or self.state is BreakerState.OPEN:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        """Count an answer; one that arrives while the breaker is open closes it."""
        self._failures_in_a_row = 0
        if self._opened_at is not None:
            self._opened_at = None
            self._probing = False
            self._window.clear()
        self._window.append((self._clock(), True))

    def failed(self) -> None:
        """Count a question that the agency did not answer."""
        now = self._clock()
        self._failures_in_a_row += 1
        self._window.append((now, False))
        if self._probing or self._failures_in_a_row >= FAILURES_IN_A_ROW or self._mostly_failed(now):
            self._opened_at = now
            self._probing = False

    def abandoned(self) -> None:
        """Let another question be the one that is let through: this one will never tell how the agency is."""
        self._probing = False

    def _mostly_failed(self, now: float) -> bool:
        while self._window and now - self._window[0][0] > WINDOW_SECONDS:
            self._window.popleft()
        failures = sum(not answered for _, answered in self._window)
        return len(self._window) >= FEWEST_IN_WINDOW and failures * 2 > len(self._window)
