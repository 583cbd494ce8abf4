"""A hub that is killed at every step of its journey: whatever anybody received is on record, and nothing is lost."""

from pathlib import Path
from random import Random

import pytest

from tests.integration.crash.killing import Kill, outlive
from tests.integration.crash.partnership import partnership
from tests.integration.crash.tracer import Step, needs_tracer

pytestmark = needs_tracer


async def test_a_hub_killed_at_a_step_of_each_kind_has_recorded_what_anybody_received(tmp_path: Path) -> None:
    numbers = (1, 4, 11, 23, 47)
    await outlives(tmp_path, [Kill(step=step, nth=nth) for nth in numbers for step in Step])


async def outlives(folder: Path, kills: list[Kill]) -> None:
    with partnership(folder) as on:
        reached = await outlive(on, kills)
        assert on.faults() == []
        assert reached >= 0.9 * len(kills)
