"""Links come, share, go and come again, and no question is lost over it but those that were on the link that broke."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import grpc
import pytest
from sharing.v1.records_pb2 import PersonKeys

from hub.links.register import MOST_LINKS
from hub.links.turnstile import BURST
from tests.integration.hub.conftest import DEADLINE_MS
from tests.lib.agency_stream import dialled
from tests.lib.deployment import AGENCIES, Deployment, Served, hub_process
from tests.lib.good_adapter import GoodAdapter, all_connected, connected, hello_of
from tests.lib.hostile_adapter import HostileAdapter, misbehaving
from tests.lib.hostile_program import hostile_program
from tests.lib.load import keep_asking, shows_truth_of
from tests.lib.misbehaviour import Misbehaviour
from tests.lib.requester import Answer, Requester, signed_in

AGENCY = "schools"
OTHERS = [agency for agency in AGENCIES if agency != AGENCY]
HELD, DOWN, LATE = ("held", ""), ("no_answer", "down"), ("no_answer", "late")


@pytest.fixture
async def requester(served: Served) -> AsyncIterator[Requester]:
    """Give a signed-in requester, with every agency but one connected."""
    async with (
        all_connected(served.deployment, served.ports.links, OTHERS),
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        yield requester
        await requester.sign_out()


def outcomes(answers: list[Answer]) -> Counter[tuple[str, str]]:
    return Counter(answer.outcome(AGENCY) for answer in answers)


async def test_an_agency_is_down_until_an_adapter_connects_and_when_it_has_gone(
    served: Served, requester: Requester, people: Iterator[PersonKeys]
) -> None:
    assert (await requester.ask(next(people))).outcome(AGENCY) == DOWN
    async with connected(served.deployment, served.ports.links, GoodAdapter(AGENCY)):
        answer = await requester.ask(next(people))
        assert answer.outcome(AGENCY) == HELD
        assert answer.completeness.complete
    answer = await requester.ask(next(people))
    assert answer.outcome(AGENCY) == DOWN
    assert not answer.completeness.complete


async def test_two_adapters_of_one_agency_share_the_load(
    served: Served, requester: Requester, people: Iterator[PersonKeys]
) -> None:
    pair = [GoodAdapter(AGENCY, delay=0.02), GoodAdapter(AGENCY, delay=0.02)]
    async with AsyncExitStack() as stack:
        for adapter in pair:
            await stack.enter_async_context(connected(served.deployment, served.ports.links, adapter))
        answers = (await keep_asking(requester, people, seconds=0.5)).answers
    assert outcomes(answers) == {HELD: len(answers)}
    assert min(len(adapter.asks) for adapter in pair) >= 0.3 * len(answers)


async def test_an_adapter_that_drains_is_asked_no_more_and_no_question_fails(
    served: Served, requester: Requester, people: Iterator[PersonKeys]
) -> None:
    leaving, staying = GoodAdapter(AGENCY, delay=0.05), GoodAdapter(AGENCY, delay=0.05)
    async with connected(served.deployment, served.ports.links, staying):
        async with connected(served.deployment, served.ports.links, leaving):
            asking = asyncio.create_task(keep_asking(requester, people, seconds=0.8))
            await asyncio.sleep(0.3)
            await leaving.say_draining()
            await asyncio.sleep(0.1)
            asked_until_then = len(leaving.asks)
            await leaving.finish()
            await asyncio.sleep(0.1)
        answers = (await asking).answers
    assert outcomes(answers) == {HELD: len(answers)}
    assert 0 < asked_until_then == len(leaving.asks)
    assert len(leaving.asks) == len(leaving.answered)


async def test_an_adapter_that_breaks_off_takes_only_what_was_in_flight_with_it(
    served: Served, requester: Requester, people: Iterator[PersonKeys]
) -> None:
    leaving, staying = GoodAdapter(AGENCY, delay=0.05), GoodAdapter(AGENCY, delay=0.05)
    in_flight = 8
    async with connected(served.deployment, served.ports.links, staying):
        async with connected(served.deployment, served.ports.links, leaving):
            asking = asyncio.create_task(keep_asking(requester, people, seconds=0.8, in_flight=in_flight))
            await asyncio.sleep(0.3)
        broken_off = len(leaving.asks) - len(leaving.answered)
        answers = (await asking).answers
    assert leaving.asks
    failed = outcomes(answers)
    assert failed.keys() <= {HELD, DOWN}
    # The hub may have had a few more under way to it than it had come to see.
    assert failed[DOWN] <= max(broken_off, in_flight)
    assert all(shows_truth_of(answer, OTHERS) for answer in answers)


async def test_an_adapter_that_hangs_loses_its_share_to_the_one_that_does_not(
    served: Served, requester: Requester, people: Iterator[PersonKeys]
) -> None:
    deployment, port = served.deployment, served.ports.links
    async with connected(deployment, port, GoodAdapter(AGENCY)):
        with hostile_program(deployment.folder, port, Misbehaviour.FROZEN, AGENCY, "canary") as program:
            program.freeze()
            # One at a time: neither ever has more in flight than the other.
            answers = [await requester.ask(next(people)) for _ in range(12)]
            program.thaw()
    assert outcomes(answers) == {LATE: 1, HELD: 11}


async def test_the_newer_of_two_links_of_one_process_takes_over_and_what_was_asked_on_the_older_is_answered(
    served: Served, requester: Requester, people: Iterator[PersonKeys]
) -> None:
    old, new = GoodAdapter(AGENCY, delay=0.3), GoodAdapter(AGENCY)
    new.instance = old.instance
    async with connected(served.deployment, served.ports.links, old):
        asking = asyncio.create_task(requester.ask(next(people)))
        await old.was_asked.wait()
        async with connected(served.deployment, served.ports.links, new):
            caught = await asking
            after = await requester.ask(next(people))
            links = (await requester.status())[AGENCY].links
    assert caught.outcome(AGENCY) == HELD
    assert after.outcome(AGENCY) == HELD
    assert [link.instance for link in links] == [new.instance]


async def test_an_agency_cannot_have_links_without_end(served: Served, requester: Requester) -> None:
    adapter = HostileAdapter(Misbehaviour.OPENS_MANY_LINKS, AGENCY, "canary")
    async with misbehaving(served.deployment, served.ports.links, adapter):
        await asyncio.sleep(0.5)
        assert 0 < len((await requester.status())[AGENCY].links) <= MOST_LINKS


async def test_an_agency_that_connects_without_end_is_slowed_down_and_let_in_again(deployment: Deployment) -> None:
    credentials = deployment.agency_credentials(AGENCY)
    refused = 0
    with hub_process(deployment) as served:
        address = f"127.0.0.1:{served.ports.links}"
        for number in range(BURST + 10):
            async with dialled(address, credentials) as stream:
                try:
                    await stream.write(hello_of(f"instance-number-{number:08}"))
                    await stream.read()
                except grpc.RpcError:
                    refused += 1
        assert 0 < refused <= 10
        async with connected(deployment, served.ports.links, GoodAdapter(AGENCY)) as adapter:
            assert adapter.welcomed.is_set()


async def test_an_ask_that_nobody_waits_for_any_more_is_taken_back(
    served: Served, requester: Requester, people: Iterator[PersonKeys]
) -> None:
    slow = GoodAdapter(AGENCY, delay=DEADLINE_MS / 1_000 + 0.2)
    async with connected(served.deployment, served.ports.links, slow):
        answer = await requester.ask(next(people))
        assert answer.outcome(AGENCY) == LATE
        async with asyncio.timeout(2):
            await slow.was_told_to_drop.wait()
        assert slow.dropped == [slow.asks[0].ask_id]
        await slow.finish()
        held = await requester.view(answer.request_id)
        assert [part.records.cells[:] for part in held.agencies if part.agency == AGENCY] == [[]]


async def test_a_source_gets_a_receipt_for_what_was_released_and_for_nothing_else(
    served: Served, requester: Requester, people: Iterator[PersonKeys]
) -> None:
    async with connected(served.deployment, served.ports.links, GoodAdapter(AGENCY)) as adapter:
        answer = await requester.ask(next(people))
        async with asyncio.timeout(5):
            while answer.request_id not in {receipt.request_id for receipt in adapter.receipts}:
                adapter.got_receipt.clear()
                await adapter.got_receipt.wait()
    (ask,) = adapter.asks
    # What the agency is told of its own record has a receipt, too, after that of the disclosure.
    receipt, *_ = [receipt for receipt in adapter.receipts if receipt.request_id == answer.request_id]
    entry = json.loads(receipt.entry)
    assert (entry["kind"], entry["agency"], entry["request"]) == ("disclosure", AGENCY, answer.request_id)
    assert set(receipt.fields) == set(entry["fields"]) <= set(ask.fields)
    assert receipt.records == entry["records"] == 1
    # Those of earlier tests came as well: an agency is brought all that it is owed, in order and without a gap.
    assert [receipt.number for receipt in adapter.receipts] == list(range(1, len(adapter.receipts) + 1))
