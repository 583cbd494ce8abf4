"""An answer that is held goes within a second once its source lets less leave; a closed one is watched no more."""

import asyncio
from pathlib import Path

import pytest
from sharing.v1 import questions_pb2

from tests.integration.adapters.changing_sources import KNOWN
from tests.integration.silence.pairs import AGENCIES, agencies_answering, journalled
from tests.lib.deployment import Deployment, HubProcess
from tests.lib.requester import Requester, signed_in

PATIENCE_SECONDS = 10.0
LOOK_SECONDS = 0.02


async def gone_after(requester: Requester, request_id: str) -> float:
    """Wait until an answer was taken back, and return how many seconds that was."""
    clock = asyncio.get_running_loop().time
    began = clock()
    async with asyncio.timeout(PATIENCE_SECONDS):
        withdrawn: list[str] = []
        while request_id not in withdrawn:
            await asyncio.sleep(LOOK_SECONDS)
            request = questions_pb2.ListHeldRequest()
            held = await requester.questions.ListHeld(request, metadata=requester.metadata)
            withdrawn = list(held.withdrawn)
    assert [one.request_id for one in held.held if one.request_id == request_id] == []
    return clock() - began


@pytest.mark.parametrize(("agency", "change"), [("social_care", {"consent": "W"}), ("health", {"shield": "R"})])
async def test_a_held_answer_is_gone_within_a_second_when_its_source_changes_its_mind(
    deployment: Deployment, program: HubProcess, tmp_path: Path, agency: str, change: dict[str, str]
) -> None:
    ports = program.start()
    async with (
        agencies_answering(deployment, ports, tmp_path) as agencies,
        signed_in(deployment, ports.requesters) as requester,
    ):
        closed, held = await requester.ask(KNOWN), await requester.ask(KNOWN)
        assert {name: held.outcome(name)[0] for name in AGENCIES} == dict.fromkeys(AGENCIES, "held")
        await requester.close(closed.request_id)
        agencies[agency].source.change(**change)
        assert await gone_after(requester, held.request_id) < 1
    outcomes = dict(
        zip(AGENCIES, journalled([one.journal for one in agencies.values()], "asks", "outcome"), strict=True)
    )
    assert outcomes.pop(agency) == ["answered", "answered", "withdrawn"]
    assert list(outcomes.values()) == [["answered", "answered"]]
