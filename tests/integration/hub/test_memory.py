"""Floods leave no trace: the hub's memory stays bounded, and its connections are as many as before."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sharing.v1.records_pb2 import PersonKeys

from tests.integration.hub.conftest import DEADLINE_MS, ROOMY_SESSIONS
from tests.lib.deployment import AGENCIES, HubProcess, hub_process, make_deployment
from tests.lib.good_adapter import all_connected
from tests.lib.hostile_program import hostile_program
from tests.lib.load import keep_asking, shows_truth_of
from tests.lib.misbehaviour import Misbehaviour
from tests.lib.requester import signed_in

AGENCY = "connexions"
OTHERS = [agency for agency in AGENCIES if agency != AGENCY]
FLOOD_SECONDS = 2.0
MEGABYTE = 1024 * 1024
SETTLING_SECONDS = 10.0


async def peak_memory(program: HubProcess) -> int:
    """Return the most memory it had resident at any moment until cancelled."""
    peak = 0
    try:
        while True:
            peak = max(peak, program.resident_bytes())
            await asyncio.sleep(0.02)
    except asyncio.CancelledError:
        return peak


async def settled(program: HubProcess, descriptors: int) -> bool:
    """Tell whether it has, in time, no more open than it had."""
    for _ in range(int(SETTLING_SECONDS / 0.1)):
        if program.descriptors() <= descriptors + 2:
            return True
        await asyncio.sleep(0.1)
    return False


@pytest.mark.slow
@pytest.mark.parametrize(
    "flood",
    [
        Misbehaviour.FLOODS_UNSOLICITED,
        Misbehaviour.FLOODS_EMPTY,
        Misbehaviour.FLOODS_HUGE,
        Misbehaviour.FLOODS_LATE_ANSWERS,
    ],
)
async def test_a_flood_does_not_fill_the_hubs_memory(
    flood: Misbehaviour, tmp_path: Path, people: Iterator[PersonKeys]
) -> None:
    deployment = make_deployment(tmp_path / "deployment", deadline_ms=DEADLINE_MS, settings=ROOMY_SESSIONS)
    with hub_process(deployment) as served:
        program, ports = served.program, served.ports
        async with all_connected(deployment, ports.links, OTHERS), signed_in(deployment, ports.requesters) as requester:
            await keep_asking(requester, people, seconds=0.5)
            memory, descriptors = program.resident_bytes(), program.descriptors()
            with hostile_program(deployment.folder, ports.links, flood, AGENCY, "canary" * 10):
                watching = asyncio.create_task(peak_memory(program))
                answers = (await keep_asking(requester, people, seconds=FLOOD_SECONDS)).answers
                watching.cancel()
                peak = await watching
            assert await settled(program, descriptors)
    assert peak - memory < 64 * MEGABYTE
    assert all(shows_truth_of(answer, OTHERS) for answer in answers)
