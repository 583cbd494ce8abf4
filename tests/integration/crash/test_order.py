"""The order of system calls, as it is with receipts: none goes out before the disclosure it is of has been synced."""

from pathlib import Path

import pytest
from sharing.v1 import links_pb2

from tests.integration.crash.tracer import needs_tracer
from tests.integration.journey.test_sync_order import traced
from tests.integration.journey.waiting import until
from tests.lib.deployment import make_deployment
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.people import people
from tests.lib.requester import signed_in

pytestmark = [needs_tracer, pytest.mark.slow]


class WitnessingAdapter(GoodAdapter):
    """Has an empty journal, so that it is brought every receipt."""

    async def _take(self, message: links_pb2.ConnectResponse) -> None:
        await super()._take(message)
        if message.HasField("welcome"):
            await self.stream.write(links_pb2.ConnectRequest(witnessed=links_pb2.Witnessed()))


async def test_a_receipt_goes_out_only_after_the_disclosure_has_been_synced(tmp_path: Path) -> None:
    deployment = make_deployment(tmp_path / "deployment", deadline_ms=1_500)
    with traced(deployment, tmp_path / "trace") as hub:
        agency = WitnessingAdapter("health", delay=0.5)
        async with (
            connected(deployment, hub.ports.links, agency),
            signed_in(deployment, hub.ports.requesters) as requester,
        ):
            before = len(hub.lines())
            assert (await requester.ask(next(people()))).outcome("health") == ("held", "")
            await until(agency.got_receipt.is_set)
            happened = hub.happened(hub.lines()[before:])
    # To the agency there go first the ask, then the receipt. What became of agencies that are not there is shown in
    # between; the disclosure's own sync comes after that.
    asked, receipted = (place for place, what in enumerate(happened) if what == "asked")
    first_shown = happened.index("shown")
    assert "synced" in happened[:asked]
    assert asked < first_shown < receipted
    assert "synced" in happened[first_shown:receipted]
