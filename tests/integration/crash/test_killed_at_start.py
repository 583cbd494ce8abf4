"""A hub that is killed while it starts, after a kill before: it starts again, and has lost nothing."""

from pathlib import Path

import pytest

from tests.integration.crash.killing import Kill, live_and_die, settle
from tests.integration.crash.partnership import Partnership, partnership
from tests.integration.crash.tracer import Fate, Injection, Step, needs_tracer, starting, store_files

pytestmark = [needs_tracer, pytest.mark.slow]

# As many as a start takes on a thread, and a few more: these it survives.
NUMBERS = range(1, 9)


@pytest.mark.parametrize("step", [Step.SYNC, Step.WRITE], ids=lambda step: step.name)
async def test_a_hub_killed_at_any_step_of_its_start_starts_again(step: Step, tmp_path: Path) -> None:
    with partnership(tmp_path) as on:
        # What it has to take up is in a write-ahead log that nobody has closed.
        await live_and_die(on, Kill(step=Step.SYNC, nth=9))
        assert [nth for nth in NUMBERS if not starts(on, step, nth)]
        await settle(on)
        assert on.truth.disclosed
        assert on.faults() == []


def starts(on: Partnership, step: Step, nth: int) -> bool:
    """Have the hub killed at a step of its start; tell whether it was serving before it came to that."""
    kill = Injection(step=step, fate=Fate.KILLED_BEFORE, nth=nth, files=store_files(on.data, "hub.sqlite"))
    try:
        on.start(starting(Path("/dev/null"), kill.arguments()))
    except RuntimeError:
        return False
    on.hub.kill()
    return True
