"""What a number of measurements come to, and how far a busy machine may have disturbed them."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

BEAT_SECONDS = 0.005


def percentile(values: Sequence[float], per_cent: float) -> float:
    """Return the smallest value that so many per cent of all do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * per_cent / 100) - 1)]


def auc(some: list[float], others: list[float]) -> float:
    """Return how likely one of some is larger than one of the others: 0.5 when nothing tells them apart."""
    ranked = sorted([(value, 1) for value in some] + [(value, 0) for value in others])
    ranks = sum(rank for rank, (_, is_some) in enumerate(ranked, start=1) if is_some)
    return (ranks - len(some) * (len(some) + 1) / 2) / (len(some) * len(others))


class Disturbance:
    """How late this process came to its own turn, at worst: that much of a time measured here is not the hub's."""

    def __init__(self) -> None:
        """Start undisturbed."""
        self.worst_seconds = 0.0

    async def watch(self) -> None:
        """Measure until cancelled."""
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            self.worst_seconds = max(self.worst_seconds, clock() - due)


@asynccontextmanager
async def disturbance() -> AsyncIterator[Disturbance]:
    """Measure how far this process is disturbed, for as long as it is entered."""
    measured = Disturbance()
    watching = asyncio.create_task(measured.watch())
    try:
        yield measured
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
