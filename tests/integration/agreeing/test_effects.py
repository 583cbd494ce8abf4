"""What a publication does to those who are signed in: menus, held answers, running and new questions follow at once."""

import asyncio
from contextlib import AsyncExitStack

import grpc
import pytest
from sharing.v1 import policies_pb2, questions_pb2

from tests.integration.journey.refusing import said_by
from tests.lib.administration import FIRST, SECOND, Administration, Seat, guardian, refusal_of
from tests.lib.deployment import AGENCIES
from tests.lib.drafts import CLOSING, NARROWER, OPENING, Texts
from tests.lib.gate import Gate
from tests.lib.good_adapter import GoodAdapter, all_connected, connected
from tests.lib.people import people
from tests.lib.requester import PATIENCE_SECONDS


async def menu_of(seat: Seat) -> dict[str, list[str]]:
    menu = await seat.call(seat.questions.Menu, questions_pb2.MenuRequest())
    return {item.id: [agency.id for agency in item.agencies] for item in menu.questions}


async def published(administration: Administration, texts: Texts, *approvers: str) -> int:
    """Walk a draft through, and return how many answers were taken back."""
    first, *others = await administration.seats(FIRST, *approvers)
    proposal = await first.propose(texts)
    for other in others:
        await other.approve(proposal)
    return (await first.publish(proposal)).withdrawn_answers


async def about_to_publish(
    administration: Administration, first: Seat, proposal: policies_pb2.Proposal
) -> tuple[Gate, "asyncio.Task[policies_pb2.PublishResponse]"]:
    """Publish up to the gate after which it decides, so that what is asked meanwhile is still running then."""
    gate = Gate(administration.hub.rooms.publishing._process.proposals, "publish")
    administration.change_process(proposals=gate)
    publishing = asyncio.create_task(first.publish(proposal))
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE_SECONDS)
    return gate, publishing


async def test_menus_follow_what_is_published(administration: Administration) -> None:
    nurse = await administration.seat("n.okafor", fresh=False)
    before = await menu_of(nurse)
    assert (before["child_services"], "child_attendance" in before) == (list(AGENCIES), False)
    await published(administration, OPENING, SECOND, guardian("schools"))
    assert (await menu_of(nurse))["child_attendance"] == ["schools"]
    await published(administration, CLOSING, SECOND)
    after = await menu_of(nurse)
    assert (after["child_services"], "child_attendance" in after) == (["health"], False)


async def test_held_answers_that_are_no_longer_allowed_are_taken_back_and_others_stay(
    administration: Administration,
) -> None:
    nurse = await administration.seat("n.okafor", fresh=False)
    someone = people()
    async with all_connected(administration.deployment, administration.hub.links_port, AGENCIES):
        closed = await nurse.ask(next(someone))
        kept = await nurse.ask(next(someone), question="child_basics", purpose="early_help")
        assert await published(administration, CLOSING, SECOND) == 1
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await nurse.view(closed.request_id)
        assert said_by(refused.value).reason == "WITHDRAWN"
        assert (await nurse.view(kept.request_id)).agencies
        held = await nurse.call(nurse.questions.ListHeld, questions_pb2.ListHeldRequest())
        assert [one.request_id for one in held.held] == [kept.request_id]
        assert list(held.withdrawn) == [closed.request_id]
        asked = await nurse.ask(next(someone))
        assert {agency for agency in AGENCIES if asked.outcome(agency)[0] != "not_permitted"} == {"health"}


async def test_a_running_question_is_cut_when_it_may_no_longer_be_asked(administration: Administration) -> None:
    nurse, first, second = await administration.seats("n.okafor", FIRST, SECOND)
    proposal = await first.propose(NARROWER)
    await second.approve(proposal)
    slow = GoodAdapter("health", delay=PATIENCE_SECONDS)
    async with connected(administration.deployment, administration.hub.links_port, slow):
        gate, publishing = await about_to_publish(administration, first, proposal)
        asking = asyncio.create_task(refusal_of(nurse.ask(next(people()), purpose="early_help")))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await slow.was_asked.wait()
        gate.open()
        assert (await publishing).withdrawn_answers == 1
        assert await asking == "WITHDRAWN"
    assert not administration.hub.sessions.held_answers()


async def test_what_arrives_after_a_publication_is_released_under_it_only(administration: Administration) -> None:
    nurse, first, second = await administration.seats("n.okafor", FIRST, SECOND)
    proposal = await first.propose(CLOSING)
    await second.approve(proposal)
    deployment, port = administration.deployment, administration.hub.links_port
    slow = [GoodAdapter(agency, delay=PATIENCE_SECONDS) for agency in ("health", "schools")]
    async with AsyncExitStack() as stack:
        for adapter in slow:
            await stack.enter_async_context(connected(deployment, port, adapter))
        gate, publishing = await about_to_publish(administration, first, proposal)
        asking = asyncio.create_task(nurse.ask(next(people())))
        async with asyncio.timeout(PATIENCE_SECONDS):
            for adapter in slow:
                await adapter.was_asked.wait()
        gate.open()
        await publishing
        for adapter in slow:
            await adapter._answer(adapter.asks)
        answer = await asking
    assert (answer.outcome("health")[0], len(answer.of("health").records.cells) > 0) == ("held", True)
    assert not answer.of("schools").records.cells
