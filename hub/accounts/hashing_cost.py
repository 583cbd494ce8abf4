"""What one password hash costs, and the dearest cost that a machine bears."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from argon2 import PasswordHasher

LONGEST_MS = 100.0
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HashingCost:
    """How much memory, in KiB, argon2id goes through, and how often; one lane, since many sign in at once."""

    memory_kib: int
    passes: int

    def hasher(self) -> PasswordHasher:
        """Return argon2id at this cost."""
        return PasswordHasher(time_cost=self.passes, memory_cost=self.memory_kib, parallelism=1)


# The first two are what OWASP's Password Storage Cheat Sheet names as equally strong; the last is the second choice of
# RFC 9106. In between there is one step, so that the choice is not between little and much.
COSTS = (
    HashingCost(memory_kib=19_456, passes=2),
    HashingCost(memory_kib=47_104, passes=1),
    HashingCost(memory_kib=65_536, passes=2),
    HashingCost(memory_kib=65_536, passes=3),
)
LEAST = COSTS[0]


def measured_cost(
    longest_ms: float = LONGEST_MS, *, measure: Callable[[HashingCost], float] | None = None
) -> HashingCost:
    """Return the dearest cost that takes no longer than this on this machine; never less than the first of the list."""
    measure = measure or milliseconds
    chosen = LEAST
    for cost in COSTS[1:]:
        if measure(cost) > longest_ms:
            break
        chosen = cost
    return chosen


def milliseconds(cost: HashingCost) -> float:
    """Return how long one hash takes: the quickest of several, since whatever else runs can only make it longer."""
    hasher, password = cost.hasher(), secrets.token_urlsafe()
    taken = []
    for _ in range(_TRIES):
        began = time.perf_counter()
        hasher.hash(password)
        taken.append((time.perf_counter() - began) * 1_000)
    return min(taken)
