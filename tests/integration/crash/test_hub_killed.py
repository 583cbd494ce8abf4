"""A hub that is killed at every step of its journey: whatever anybody received is on record, and nothing is lost."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from tests.integration.crash.killing import Kill, outlive
from tests.integration.crash.partnership import partnership
from tests.integration.crash.tracer import Step, needs_tracer

pytestmark = needs_tracer

# As many syncs, writes and sends as some dozens of questions take; three times over, since no two journeys are alike.
NUMBERS, ROUNDS = range(1, 57), 3
# Each part is shorter than what a test may take.
PARTS = 36
# A step that is counted on a thread may be one that the thread does not come to.
LEAST_REACHED = 0.85


def every_kill() -> list[Kill]:
    """Return all kills of the slow tier, 504 of them, in an order that mixes early and late ones."""
    kills = [Kill(step=step, nth=nth) for step in Step for nth in NUMBERS for _ in range(ROUNDS)]
    Random(4).shuffle(kills)
    return kills


async def test_a_hub_killed_at_a_step_of_each_kind_has_recorded_what_anybody_received(tmp_path: Path) -> None:
    await outlives(tmp_path, [Kill(step=step, nth=nth) for nth in (1, 4, 11, 23, 47) for step in Step])


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
async def test_a_hub_killed_at_every_step_has_recorded_what_anybody_received(part: int, tmp_path: Path) -> None:
    await outlives(tmp_path, every_kill()[part::PARTS])


async def outlives(folder: Path, kills: Sequence[Kill]) -> None:
    with partnership(folder) as on:
        reached = await outlive(on, kills)
        assert on.faults() == []
        assert on.truth.disclosed
        assert reached >= LEAST_REACHED * len(kills)
