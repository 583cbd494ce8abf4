"""What the rules no longer allow goes at once: held answers, running questions, and what is just being recorded."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.access.policy import Policy, compile_policy
from hub.access.reading import read_rulebook
from hub.asking.withdrawing import Withdrawing
from hub.errors import NotAllowed, NotHeld
from hub.model.catalogue import Listing
from hub.model.entry import Entry
from hub.model.policy import Rulebook
from hub.sessions.session import EndedBy
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.spec.clockwork import run
from tests.spec.scenario import TODAY
from tests.unit.hub.asking.scene import ONE_IS_SILENT, QUESTION, Scene, ask, scene, shown

VISITOR = "health_visitor"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook(SHIPPED_POLICIES)


def without_question(book: Rulebook, question: str) -> Policy:
    """Compile the policy as it is when health visitors may no longer ask a question."""
    level = book.levels[VISITOR]
    grants = tuple(grant for grant in level.grants if question not in grant.questions)
    return compile_policy(replace(book, levels=Listing({**book.levels, VISITOR: replace(level, grants=grants)})))


def without_agreements(book: Rulebook) -> Policy:
    return compile_policy(replace(book, agreements=Listing({})))


def ending_in(book: Rulebook, seconds: float) -> Policy:
    """Compile the policy as it is when every agreement ends so many seconds after today's noon."""
    ends = TODAY + timedelta(seconds=seconds)
    agreements = tuple(replace(agreement, ends=ends) for agreement in book.agreements.values())
    return compile_policy(replace(book, agreements=Listing.of(agreements)))


def withdrawing_for(on: Scene) -> Withdrawing:
    return Withdrawing(on.in_force, on.hub.sessions, now=lambda: on.now)


def test_a_held_answer_that_may_no_longer_be_shown_is_dropped_and_its_requester_told(
    policy: Policy, book: Rulebook
) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            withdrawing = withdrawing_for(on)
            await ask(on)
            (held,) = on.session.held()
            request_id = held.request.request_id
            assert withdrawing.held(on.session, request_id) is held
            on.in_force.put(without_question(book, "child_services"))
            assert withdrawing.everywhere() == 1
            assert on.session.held() == ()
            assert on.session.withdrawn() == (request_id,)
            with pytest.raises(NotHeld) as gone:
                withdrawing.held(on.session, request_id)
            assert gone.value.reason == "WITHDRAWN"

    run(journey())


def test_a_held_answer_is_not_shown_again_even_before_it_has_been_withdrawn(policy: Policy, book: Rulebook) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            await ask(on)
            (held,) = on.session.held()
            on.in_force.put(without_agreements(book))
            with pytest.raises(NotHeld) as gone:
                withdrawing_for(on).held(on.session, held.request.request_id)
            assert gone.value.reason == "WITHDRAWN"
            assert on.session.held() == ()

    run(journey())


def test_what_may_still_be_shown_stays(policy: Policy, book: Rulebook) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            await ask(on)
            on.in_force.put(without_question(book, "child_concerns"))
            assert withdrawing_for(on).everywhere() == 0
            assert len(on.session.held()) == 1

    run(journey())


def test_a_running_question_that_may_no_longer_be_asked_is_cut(policy: Policy, book: Rulebook) -> None:
    async def journey() -> None:
        async with scene(policy, ONE_IS_SILENT) as on:
            async with aclosing(on.hub.asking.ask(on.session, QUESTION.asked())) as parts:
                await shown(parts, agencies=4)
                on.in_force.put(without_question(book, "child_services"))
                withdrawing_for(on).everywhere()
                with pytest.raises(NotHeld) as cut:
                    await anext(parts)
            assert cut.value.reason == "WITHDRAWN"
            assert on.session.held() == ()
            assert on.session.running() == ()
            with pytest.raises(NotAllowed):
                await ask(on)

    run(journey())


def test_an_answer_is_not_released_when_the_rules_change_while_it_is_being_recorded(
    policy: Policy, book: Rulebook
) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            loop = asyncio.get_running_loop()

            def change() -> None:
                loop.call_soon_threadsafe(on.in_force.put, without_agreements(book))

            on.disk.after["disclosure"] = change
            parts = on.hub.asking.ask(on.session, QUESTION.asked())
            with pytest.raises(NotHeld) as cut:
                await shown(parts, agencies=1)
            assert cut.value.reason == "WITHDRAWN"
            assert on.session.held() == ()
            assert not [agency for agency in on.hub.agencies.values() if agency.receipts]
            await on.hub.audit.record(Entry(kind="other", at_ms=1, body="{}"))
            (ended,) = on.disk.of_kind("ended_early")
            assert set(ended["without"]) == set(policy.agencies)  # type: ignore[call-overload]  # free JSON

    run(journey())


def test_what_rests_on_an_agreement_goes_at_the_second_at_which_it_ends(book: Rulebook) -> None:
    async def journey() -> None:
        policy = ending_in(book, 30.25)
        async with scene(policy) as on:
            loop = asyncio.get_running_loop()
            began = loop.time()

            def now() -> object:
                return TODAY + timedelta(seconds=loop.time() - began)

            withdrawing = Withdrawing(on.in_force, on.hub.sessions, now=now)  # type: ignore[arg-type]  # a datetime
            watching = asyncio.create_task(withdrawing.watch())
            await ask(on)
            await asyncio.sleep(30.2 - (loop.time() - began))
            assert len(on.session.held()) == 1
            await asyncio.sleep(0.1)
            assert on.session.held() == ()
            assert len(on.session.withdrawn()) == 1
            watching.cancel()

    run(journey())


def test_a_session_whose_level_has_gone_ends(policy: Policy, book: Rulebook) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            await ask(on)
            levels = {name: level for name, level in book.levels.items() if name != VISITOR}
            on.in_force.put(compile_policy(replace(book, levels=Listing(levels))))
            assert withdrawing_for(on).everywhere() == 1
            assert on.session.ended_by is EndedBy.REVOKED

    run(journey())


def test_other_sessions_are_left_in_peace(policy: Policy, book: Rulebook) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            other = replace(on.session.requester, user_name="s.patel", access_level="social_worker")
            other = replace(other, agency="social_care")
            session = on.hub.sessions.require(on.hub.sessions.open(other))
            async with aclosing(on.hub.asking.ask(session, QUESTION.asked())) as parts:
                [part async for part in parts]
            await ask(on)
            on.in_force.put(without_question(book, "child_services"))
            assert withdrawing_for(on).everywhere() == 1
            assert len(session.held()) == 1

    run(journey())


def test_an_end_that_a_new_policy_brings_forward_is_not_slept_through(policy: Policy, book: Rulebook) -> None:
    async def journey() -> None:
        sooner = ending_in(book, 30.6)
        async with scene(policy) as on:
            loop = asyncio.get_running_loop()
            began = loop.time()

            def now() -> object:
                return TODAY + timedelta(seconds=loop.time() - began)

            withdrawing = Withdrawing(on.in_force, on.hub.sessions, now=now)  # type: ignore[arg-type]  # a datetime
            watching = asyncio.create_task(withdrawing.watch())
            await ask(on)
            # Its next look, without a reason for an earlier one, would be at 31.
            await asyncio.sleep(30.2 - (loop.time() - began))
            on.in_force.put(sooner)
            await asyncio.sleep(0.45)
            assert on.session.held() == ()
            watching.cancel()

    run(journey())
