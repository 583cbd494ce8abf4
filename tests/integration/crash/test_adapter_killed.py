"""An agency's adapter that is killed at its steps: its journal has whatever left it, and each receipt once."""

import asyncio
import subprocess
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from tests.integration.crash.agencies import AdapterProgram
from tests.integration.crash.clients import Client
from tests.integration.crash.failing import all_attempt
from tests.integration.crash.killing import KILLED, LONGEST_LIFE_SECONDS, Kill
from tests.integration.crash.partnership import Partnership, partnership
from tests.integration.crash.tracer import Fate, Injection, Step, held, needs_tracer, store_files
from tests.integration.journey.waiting import until

pytestmark = needs_tracer

KILLS = [Kill(step=step, nth=nth) for step in Step for nth in range(1, 18) for _ in range(2)]
PARTS = 6


async def test_an_adapter_killed_at_its_steps_has_journalled_what_left_it_and_each_receipt_once(tmp_path: Path) -> None:
    await outlives(tmp_path, [Kill(step=step, nth=nth) for nth, step in enumerate(Step, start=1)])


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
async def test_an_adapter_killed_a_hundred_times_has_journalled_what_left_it(part: int, tmp_path: Path) -> None:
    kills = Random(5).sample(KILLS, len(KILLS))
    await outlives(tmp_path, kills[part::PARTS])


async def outlives(folder: Path, kills: Sequence[Kill]) -> None:
    with partnership(folder) as on:
        async with on.open() as clients:
            for turn, kill in enumerate(kills):
                program = tuple(on.adapters.values())[turn % len(on.adapters)]
                await die_and_live(on, program, clients, kill)
            assert not [attempt for attempt in await all_attempt(on, clients[:-1]) if not attempt.is_whole]
            await on.close()
        assert on.truth.disclosed
        assert on.faults() == []


async def die_and_live(on: Partnership, program: AdapterProgram, clients: Sequence[Client], kill: Kill) -> None:
    """Have an adapter killed while clients ask, and start it again; no question fails for it."""
    files = store_files(program.agency.folder, "journal.sqlite") if kill.step is Step.WRITE else ()
    injection = Injection(step=kill.step, fate=Fate.KILLED_BEFORE, nth=kill.nth, files=files)
    with held(program.pid, injection):
        dying = asyncio.create_task(asyncio.to_thread(dies, program))
        while not dying.done():
            assert all(attempt.is_whole for attempt in await all_attempt(on, clients[:-1]))
        await dying
    program.kill()
    welcomes = program.welcomes()
    program.start()
    await until(lambda: program.welcomes() > welcomes)


def dies(program: AdapterProgram) -> bool:
    """Wait until an adapter has been killed; tell whether it was, in the time that a step may take."""
    try:
        return program.wait(LONGEST_LIFE_SECONDS) == KILLED
    except subprocess.TimeoutExpired:
        return False
