"""A hub whose database was put back, whoever did it: the agency's journal knows, and the hub's status says so."""

import asyncio
import shutil

import pytest
from sharing.v1.records_pb2 import PersonKeys

from tests.integration.receipts.partnership import AGENCY, LOOK_SECONDS, PATIENCE_SECONDS, Partnership
from tests.lib.requester import Requester


@pytest.mark.slow
async def test_a_hub_that_was_put_back_is_refused_by_the_journal_and_shows_it(
    partnership: Partnership, known: list[PersonKeys]
) -> None:
    hub, adapter, data = partnership.hub, partnership.adapter, partnership.hub_file.parent
    port = hub.start().requesters
    adapter.start()
    async with partnership.requester(port) as requester:
        await partnership.ask(requester, known[:5])
        await partnership.settled()
        assert not (await requester.status())[AGENCY].disputes_log
    hub.terminate()
    earlier = shutil.copytree(data, data.with_name("earlier"))
    port = hub.start().requesters
    async with partnership.requester(port) as requester:
        await partnership.ask(requester, known[5:10])
        await partnership.settled()
    before = partnership.held()
    hub.terminate()
    shutil.rmtree(data)
    earlier.rename(data)

    port = hub.start().requesters
    async with partnership.requester(port) as requester:
        await shows_dispute(requester)
        assert partnership.refusals() == [("smaller",)]
        # Questions go on: whom the agency trusts is for its people to decide.
        await partnership.ask(requester, known[10:20])
    hub.terminate()

    # The log is longer now than what the journal holds, and has another past.
    port = hub.start().requesters
    async with partnership.requester(port) as requester:
        await shows_dispute(requester)
    assert ("rewritten",) in partnership.refusals()
    assert partnership.held() == before
    assert "receipts.disputed" in {event["event"] for event in hub.events()}
    assert "log_refused" in adapter.log()


async def shows_dispute(requester: Requester) -> None:
    """Wait until the hub's status says that the agency disputes the log, and which receipts are outstanding."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (await requester.status())[AGENCY].disputes_log:  # noqa: ASYNC110  the hub is another program
            await asyncio.sleep(LOOK_SECONDS)
