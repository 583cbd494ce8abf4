"""An agency stops all answers: what a real hub holds of it is gone within a second, and nothing more comes of it."""

import asyncio

import pytest
from sharing.v1.records_pb2 import PersonKeys
from typer.testing import CliRunner

from adapters.cli import app
from tests.integration.receipts.partnership import AGENCY, Partnership
from tests.integration.silence.test_taking_back import gone_after


@pytest.mark.slow
async def test_what_a_hub_holds_is_gone_within_a_second_after_all_answers_are_stopped(
    partnership: Partnership, known: list[PersonKeys]
) -> None:
    manifest = str(partnership.folder / "agency.yaml")
    ports = partnership.hub.start()
    partnership.adapter.start()
    async with partnership.requester(ports.requesters) as requester:
        held = await requester.ask(known[0])
        assert held.outcome(AGENCY) == ("held", "")
        stopped = await asyncio.to_thread(CliRunner().invoke, app, ("stop-answers", manifest, "--reason", "A breach"))
        assert stopped.exit_code == 0
        assert await gone_after(requester, held.request_id) < 1
        assert (await requester.ask(known[0])).outcome(AGENCY) == ("no_answer", "refused")
        await asyncio.to_thread(CliRunner().invoke, app, ("resume-answers", manifest))
        async with asyncio.timeout(5):
            while (await requester.ask(known[1])).outcome(AGENCY) != ("held", ""):
                pass
