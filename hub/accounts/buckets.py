"""Token buckets: so many at once, so many an hour, for each key."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

HOUR = 3_600.0
_FEWEST_BEFORE_SWEEPING = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many may be taken at once, and how many come back in an hour."""

    at_once: int
    an_hour: int


class Buckets:
    """Holds a bucket for each key; full ones are not kept, so that memory follows what was taken lately."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float]) -> None:
        """Start with every bucket full; `clock` counts seconds and never goes back."""
        self._allowance = allowance
        self._clock = clock
        self._levels: dict[Hashable, tuple[float, float]] = {}
        self._sweep_at = _FEWEST_BEFORE_SWEEPING

    def __len__(self) -> int:
        """Count the buckets that are kept."""
        return len(self._levels)

    def has_one(self, key: Hashable) -> bool:
        """Tell whether there is one to take."""
        return self._level(key) >= 1

    def take(self, key: Hashable) -> None:
        """Take one; whoever takes has looked before whether there is one."""
        if len(self._levels) >= self._sweep_at:
            self._sweep()
        self._levels[key] = (self._level(key) - 1, self._clock())

    def give_back(self, key: Hashable) -> None:
        """Put back one that was taken."""
        level = self._level(key) + 1
        if level < self._allowance.at_once:
            self._levels[key] = (level, self._clock())
        else:
            self._levels.pop(key, None)

    def _level(self, key: Hashable) -> float:
        if key not in self._levels:
            return self._allowance.at_once
        level, since = self._levels[key]
        return min(self._allowance.at_once, level + (self._clock() - since) * self._allowance.an_hour / HOUR)

    def _sweep(self) -> None:
        """Forget the buckets that are full again; look once more when there are twice as many."""
        full = [key for key in self._levels if self._level(key) >= self._allowance.at_once]
        for key in full:
            del self._levels[key]
        self._sweep_at = max(_FEWEST_BEFORE_SWEEPING, 2 * len(self._levels))
