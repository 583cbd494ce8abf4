"""A hub that is told to stop answers what it was asked, sends its adapters elsewhere, and ends."""

import asyncio
from collections.abc import Iterator

from sharing.v1.records_pb2 import PersonKeys

from tests.lib.deployment import AGENCIES, Deployment, hub_process
from tests.lib.good_adapter import GoodAdapter, all_connected, connected
from tests.lib.load import shows_truth_of
from tests.lib.requester import signed_in

SLOW = "schools"
OTHERS = [agency for agency in AGENCIES if agency != SLOW]


async def test_a_hub_that_stops_answers_what_it_was_asked_and_sends_its_adapters_elsewhere(
    deployment: Deployment, people: Iterator[PersonKeys]
) -> None:
    with hub_process(deployment) as served:
        ports = served.ports
        slow = GoodAdapter(SLOW, delay=0.4)
        async with (
            all_connected(deployment, ports.links, OTHERS) as good,
            connected(deployment, ports.links, slow),
            signed_in(deployment, ports.requesters) as requester,
        ):
            asking = asyncio.create_task(requester.ask(next(people)))
            await slow.was_asked.wait()
            code = await asyncio.to_thread(served.program.terminate)
            answer = await asking
            for adapter in (slow, *good.values()):
                async with asyncio.timeout(2):
                    await adapter.ended.wait()
    assert code == 0
    assert answer.completeness.complete
    assert shows_truth_of(answer, AGENCIES)
    assert {adapter.agency for adapter in (slow, *good.values()) if adapter.told_to_drain.is_set()} == set(AGENCIES)
