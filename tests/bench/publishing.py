"""Publishing in the benchmark's hub: a policy is compiled in the workshop and put in force amid questions."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.access.reading import texts_in
from hub.access.workshop.workshop import Workshop
from hub.model.policy import Office
from tests.bench.lag import lag
from tests.bench.policies import LEVEL, PURPOSES
from tests.bench.question import QUESTION
from tests.bench.tls import agency_ids

# What goes once the old policy has been let go shows for a while after it.
AFTERWARDS_SECONDS = 1.0
LOOKUPS, REPEATS = 1_000, 30
MICROSECONDS = 1_000_000


async def publish(in_force: PolicyInForce, folder: str, seconds: float) -> dict[str, Any]:
    """Publish the policy of a folder, or with none let so many seconds pass; return how late the loop was meanwhile."""
    async with lag() as measured:
        took = await _put_in_force(in_force, Path(folder)) if folder else seconds
        await asyncio.sleep(AFTERWARDS_SECONDS if folder else seconds)
    return {
        "seconds": took,
        "late_ms": measured.late_ms,
        "longest_collection_ms": measured.longest_collection_ms,
        "lookup_us": _lookup_us(in_force.policy),
    }


async def _put_in_force(in_force: PolicyInForce, folder: Path) -> float:
    texts = await asyncio.to_thread(texts_in, folder)
    began = time.perf_counter()
    async with Workshop() as workshop:
        in_force.put(await workshop.compile(texts))
    return time.perf_counter() - began


def _lookup_us(policy: Policy) -> float:
    """Return what a look-up costs at best: the rest is what else the machine did."""
    office = Office(LEVEL, agency_ids(1)[0], tuple(policy.catalogue.areas))
    at, best = datetime.now(UTC), float("inf")
    for _ in range(REPEATS):
        began = time.perf_counter()
        for _ in range(LOOKUPS):
            policy.permits(office, question=QUESTION, purpose=PURPOSES[0], at=at)
        best = min(best, time.perf_counter() - began)
    return best * MICROSECONDS / LOOKUPS
