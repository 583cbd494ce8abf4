"""A power cut loses the page cache: what was shown is on the disk all the same, also after a sync that failed."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.integration.crash.clients import Client
from tests.integration.crash.failing import all_attempt
from tests.integration.crash.killing import dies, settle
from tests.integration.crash.partnership import Partnership, partnership
from tests.integration.crash.power import Disk
from tests.integration.crash.tracer import Fate, Injection, Step, followed, needs_tracer, starting
from tests.integration.journey.waiting import until
from tests.lib.requester import PATIENCE_SECONDS

pytestmark = needs_tracer


async def live_until_cut(on: Partnership, folder: Path, step: Step, nth: int) -> None:
    """Let the clients ask until the hub is killed at a step, and cut the power."""
    trace = folder / f"{step.name} {nth}.trace"
    async with on.open() as clients:
        disk = Disk(on.data)
        kill = Injection(step=step, fate=Fate.KILLED_BEFORE, nth=nth)
        with followed(on.hub.pid, disk.arguments(kill), trace):
            asking = [asyncio.create_task(client.ask_on(on.truth, on.people)) for client in clients]
            await asyncio.to_thread(dies, on)
            on.hub.kill()
            await asyncio.gather(*asking)
    disk.follow(trace)
    disk.cut_power()


async def attempt_and_die(on: Partnership, clients: Sequence[Client]) -> None:
    """Let every client ask a few times, whatever becomes of it, and kill the hub."""
    for _ in range(4):
        await all_attempt(on, clients)
    on.hub.end_at_once()
    await asyncio.to_thread(on.hub.wait, PATIENCE_SECONDS)


async def written_down(on: Partnership, trace: Path) -> None:
    """Wait until a tracer that has started the hub, and that nobody waits for, has written down how it was killed."""
    gone = f"{on.hub.pid:<5} +++ killed by SIGKILL +++"
    await until(lambda: gone in trace.read_text(encoding="ascii"))
    on.hub.kill()


async def test_what_was_shown_survives_a_power_cut(tmp_path: Path) -> None:
    await survives(tmp_path, ((Step.SYNC, 9), (Step.WRITE, 60)))


@pytest.mark.slow
@pytest.mark.parametrize("step", [Step.SYNC, Step.WRITE], ids=lambda step: step.name)
async def test_what_was_shown_survives_a_power_cut_at_every_step(step: Step, tmp_path: Path) -> None:
    await survives(tmp_path, [(step, nth) for nth in range(1, 31)])


async def survives(folder: Path, cuts: Sequence[tuple[Step, int]]) -> None:
    with partnership(folder) as on:
        for step, nth in cuts:
            await live_until_cut(on, folder, step, nth)
        await settle(on)
        assert on.truth.disclosed
        assert on.faults() == []


async def test_what_is_shown_after_a_failed_sync_and_a_kill_survives_a_power_cut(tmp_path: Path) -> None:
    with partnership(tmp_path) as on:
        before, after = tmp_path / "before.trace", tmp_path / "after.trace"
        async with on.open() as clients:
            disk = Disk(on.data)
            fails = Injection(step=Step.SYNC, fate=Fate.IO_ERROR, nth=9, and_after=True)
            with followed(on.hub.pid, disk.arguments(fails), before):
                await attempt_and_die(on, clients)
        on.hub.kill()
        disk.follow(before)
        shown = len(on.truth.disclosed)
        async with on.open(starting(after, disk.arguments())) as clients:
            await attempt_and_die(on, clients)
        await written_down(on, after)
        disk.follow(after)
        assert len(on.truth.disclosed) > shown > 0
        disk.cut_power()
        await settle(on)
        assert on.faults() == []
