"""How late an event loop comes to what is due: what whoever asks meanwhile would wait in addition."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

BEAT_SECONDS = 0.005
MILLISECONDS = 1_000


@dataclass(slots=True, kw_only=True)
class Lag:
    """How late each beat was, in milliseconds, and how long the longest collection of garbage took."""

    late_ms: list[float] = field(default_factory=list)
    longest_collection_ms: float = 0.0

    def note(self, late_seconds: float) -> None:
        """Note a beat, and all that should have come while it was waited for: a stall is not one beat but many."""
        while late_seconds >= 0:
            self.late_ms.append(late_seconds * MILLISECONDS)
            late_seconds -= BEAT_SECONDS

    async def watch(self) -> None:
        """Measure until cancelled."""
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            self.note(max(clock() - due, 0.0))


@asynccontextmanager
async def lag() -> AsyncIterator[Lag]:
    """Measure this loop for as long as it is entered."""
    measured, began = Lag(), 0.0

    def collection(phase: str, _info: dict[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = time.perf_counter()
        else:
            took = (time.perf_counter() - began) * MILLISECONDS
            measured.longest_collection_ms = max(measured.longest_collection_ms, took)

    gc.callbacks.append(collection)
    watching = asyncio.create_task(measured.watch())
    try:
        yield measured
    finally:
        gc.callbacks.remove(collection)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
