"""Whoever dies, and when: each receipt comes to the journal exactly once, in order, and the agency's records say so."""

import asyncio
import random
from collections.abc import Sequence
from itertools import cycle, islice

import pytest
from sharing.v1.records_pb2 import PersonKeys

from tests.integration.receipts.partnership import Partnership

LONGEST_LIFE_SECONDS = 0.6
ASKING = 4


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(13))
async def test_a_hundred_kills_lose_and_double_no_receipt(
    partnership: Partnership, known: list[PersonKeys], seed: int
) -> None:
    await survive(partnership, known, kills=8, chance=random.Random(seed))


@pytest.mark.slow
async def test_a_dozen_kills_lose_and_double_no_receipt(partnership: Partnership, known: list[PersonKeys]) -> None:
    await survive(partnership, known, kills=12, chance=random.Random("a dozen"))


async def survive(partnership: Partnership, known: Sequence[PersonKeys], *, kills: int, chance: random.Random) -> None:
    """Let questions be asked while hub and adapter are killed in turn, then compare what both have on disk."""
    hub, adapter = partnership.hub, partnership.adapter
    port = hub.start().requesters
    adapter.start()
    children = cycle(known)
    for number in range(kills):
        async with partnership.requester(port) as requester:
            asking = [
                asyncio.create_task(partnership.ask(requester, list(islice(children, 50)))) for _ in range(ASKING)
            ]
            await asyncio.sleep(chance.uniform(0.02, LONGEST_LIFE_SECONDS))
            victims = [(hub,), (adapter,), (hub, adapter)][number % 3]
            for victim in victims:
                victim.kill()
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        if hub in victims:
            port = hub.start().requesters
        if adapter in victims:
            adapter.start()
    await partnership.settled()
    partnership.require_agreement()
    assert len(partnership.held()) >= kills
