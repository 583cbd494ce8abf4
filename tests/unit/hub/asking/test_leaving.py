"""What was consented to when it was asked for, and is not any more: between ask and release, and while it is held."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hub.access.policy import Policy, compile_policy
from hub.access.reading import read_rulebook
from hub.asking.withdrawing import Withdrawing
from hub.errors import NotHeld
from hub.model.catalogue import Listing
from hub.model.outcome import Outcome
from hub.model.policy import Rulebook
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.spec.clockwork import run
from tests.spec.scenario import TODAY, Question
from tests.unit.hub.asking.scene import Scene, ask, scene

HEALTH = Question(
    level="social_worker",
    question="child_health",
    purpose="safeguarding",
    about="nhs:A",
    condition="A9_H",
    more="yes",
)
CONSENTED = """
agency | answers  | nhs_number | last_seen  | consent  | until
health | a record | nhs:A      | 2026-10-02 | explicit | 2026-11-23
"""
ATTENDANCE = Question(level="connexions_adviser", question="child_attendance", purpose="transition", about="upn:A")
PUPIL = """
agency  | answers  | upn   | date_of_birth | school       | attendance_percent | objects
schools | a record | upn:A | 2010-11-24    | Moor End High | 91                | pupil
"""
INSTANCE = ("health", "0123456789abcdef")
MIDNIGHT = datetime(2026, 11, 24, tzinfo=TODAY.tzinfo)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook(SHIPPED_POLICIES)


def listening(on: Scene, *, is_linked: Callable[[str, str], bool] = lambda *_: True) -> Withdrawing:
    """Return what takes answers back, told of what agencies take back."""
    withdrawing = Withdrawing(on.in_force, on.hub.sessions, now=lambda: on.now, is_linked=is_linked)
    on.hub.links.on_withdrawal(withdrawing.withdraw_from_source)
    return withdrawing


def needing_consent(book: Rulebook, name: str) -> Policy:
    found = book.catalogue.field_classes[name]
    classes = Listing({**book.catalogue.field_classes, name: replace(found, consent=True)})
    return compile_policy(replace(book, catalogue=replace(book.catalogue, field_classes=classes)))


async def until(holds: Callable[[], bool], *, seconds: float) -> float:
    """Let the loop turn until something holds; return how many seconds that took, by its clock."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not holds():
        assert loop.time() - began < seconds
        await asyncio.sleep(0.01)
    return loop.time() - began


def test_what_a_source_takes_back_before_it_is_released_is_not_released(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, CONSENTED, question=HEALTH) as on:
            listening(on)
            health = on.hub.agencies["health"]
            health.when_asked = lambda: health.withdraw(health.asks[0].request_id)
            with pytest.raises(NotHeld) as gone:
                await ask(on, HEALTH)
            assert gone.value.reason == "WITHDRAWN"
            assert on.session.held() == ()
            assert on.disk.disclosed() == set()

    run(journey())


def test_what_a_source_takes_back_while_it_is_being_recorded_is_not_shown(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, CONSENTED, question=HEALTH) as on:
            withdrawing, health = listening(on), on.hub.agencies["health"]
            on.disk.after["disclosure"] = lambda: withdrawing.withdraw_from_source("health", health.asks[0].request_id)
            with pytest.raises(NotHeld):
                await ask(on, HEALTH)
            assert on.session.held() == ()

    run(journey())


def test_what_a_source_takes_back_while_it_is_held_goes_within_a_second(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, CONSENTED, question=HEALTH) as on:
            listening(on)
            await ask(on, HEALTH)
            (held,) = on.session.held()
            on.hub.agencies["health"].withdraw("0" * 18, held.request.request_id)
            assert await until(lambda: not on.session.held(), seconds=1) < 0.5
            assert on.session.withdrawn() == (held.request.request_id,)

    run(journey())


ELSEWHERE = """
agency      | answers  | nhs_number | service         | area
social_care | a record | nhs:A      | Assessment team |
schools     | {then}   | nhs:A      | Attendance      |
health      | a record | nhs:A      | Health visiting | elsewhere
"""
SERVICES = Question(level="health_visitor", question="child_services", purpose="safeguarding", about="nhs:A")
WORKER = replace(SERVICES, level="social_worker")


def test_what_was_dropped_without_trace_is_taken_back_without_one_while_others_are_waited_for(policy: Policy) -> None:
    """Otherwise "taken back" would say what "nothing held" kept to itself."""

    async def journey() -> None:
        async with scene(policy, ELSEWHERE.format(then="says nothing"), question=WORKER) as on:
            listening(on)
            health = on.hub.agencies["health"]
            async with aclosing(on.hub.asking.ask(on.session, WORKER.asked())) as parts:
                async for part in parts:
                    if any(answer.agency == "health" for answer in part.agencies):
                        health.withdraw(health.asks[0].request_id)
            assert on.session.withdrawn() == ()
            assert len(on.session.held()) == 1

    run(journey())


def test_what_was_dropped_without_trace_is_taken_back_without_one_when_the_answer_is_held(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, ELSEWHERE.format(then="a record"), question=WORKER) as on:
            withdrawing = listening(on)
            await ask(on, WORKER)
            (held,) = on.session.held()
            assert not withdrawing.withdraw_from_source("health", held.request.request_id)
            assert on.session.withdrawn() == ()
            assert withdrawing.withdraw_from_source("social_care", held.request.request_id)

    run(journey())


def test_an_agency_takes_back_nothing_of_another_s(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, CONSENTED, question=HEALTH) as on:
            withdrawing = listening(on)
            await ask(on, HEALTH)
            (held,) = on.session.held()
            assert not withdrawing.withdraw_from_source("schools", held.request.request_id)
            assert not withdrawing.withdraw_from_source("health", "another request")
            assert len(on.session.held()) == 1
            assert withdrawing.withdraw_from_source("health", held.request.request_id)

    run(journey())


def test_an_answer_goes_at_the_second_at_which_the_consent_ends_on_which_it_rests(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, CONSENTED, question=HEALTH) as on:
            await ask(on, HEALTH)
            assert on.session.limit == MIDNIGHT
            loop = asyncio.get_running_loop()
            began, shortly = loop.time(), MIDNIGHT - timedelta(seconds=5.25)
            withdrawing = Withdrawing(
                on.in_force, on.hub.sessions, now=lambda: shortly + timedelta(seconds=loop.time() - began)
            )
            watching = asyncio.create_task(withdrawing.watch())
            await asyncio.sleep(5.2)
            assert len(on.session.held()) == 1
            await asyncio.sleep(0.1)
            assert on.session.held() == ()
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    run(journey())


def test_no_answer_is_shown_again_once_the_consent_has_ended_even_before_it_has_been_taken_back(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, CONSENTED, question=HEALTH) as on:
            withdrawing = listening(on)
            await ask(on, HEALTH)
            (held,) = on.session.held()
            on.now = MIDNIGHT - timedelta(seconds=1)
            assert withdrawing.held(on.session, held.request.request_id) is held
            on.now = MIDNIGHT
            with pytest.raises(NotHeld):
                withdrawing.held(on.session, held.request.request_id)

    run(journey())


def test_an_answer_about_a_pupil_goes_when_the_pupil_is_old_enough_to_object(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, PUPIL, question=ATTENDANCE) as on:
            withdrawing = listening(on)
            await ask(on, ATTENDANCE)
            assert on.session.limit == datetime(2026, 11, 24, tzinfo=TODAY.tzinfo)
            assert withdrawing.past_their_time() == 0
            on.now = MIDNIGHT
            assert withdrawing.past_their_time() == 1
            assert on.session.held() == ()

    run(journey())


def test_a_policy_that_comes_to_need_consent_takes_back_what_has_none(policy: Policy, book: Rulebook) -> None:
    services = Question(level="health_visitor", question="child_services", purpose="safeguarding", about="nhs:A")
    sources = """
    agency      | answers  | nhs_number | service         | consent
    social_care | a record | nhs:A      | Assessment team | refused
    """

    async def journey() -> None:
        async with scene(policy, sources, question=services) as on:
            withdrawing = listening(on)
            await ask(on, services)
            on.in_force.put(needing_consent(book, "concern"))
            assert withdrawing.everywhere() == 0
            on.in_force.put(needing_consent(book, "involvement"))
            assert withdrawing.everywhere() == 1
            assert on.session.held() == ()

    run(journey())


def test_an_answer_that_rests_on_consent_goes_when_its_source_has_not_been_heard_for_a_minute(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, CONSENTED, question=HEALTH) as on:
            linked = {INSTANCE}
            withdrawing = listening(on, is_linked=lambda agency, instance: (agency, instance) in linked)
            await ask(on, HEALTH)
            linked.clear()
            assert withdrawing.unwatched() == 0
            on.now += timedelta(seconds=59)
            assert withdrawing.unwatched() == 0
            linked.add(INSTANCE)
            assert withdrawing.unwatched() == 0
            linked.clear()
            # Another process of the agency, which knows nothing of what the first one sent.
            linked.add(("health", "fedcba9876543210"))
            on.now += timedelta(seconds=59)
            assert withdrawing.unwatched() == 0
            on.now += timedelta(seconds=60)
            assert withdrawing.unwatched() == 1
            assert on.session.held() == ()

    run(journey())


@pytest.mark.parametrize(
    ("question", "sources", "taken"),
    [(ATTENDANCE, PUPIL, 1), (WORKER, ELSEWHERE.format(then="a record"), 0)],
    ids=["what may be objected to", "what nobody keeps back"],
)
def test_what_may_be_objected_to_goes_too_when_its_source_has_not_been_heard(
    policy: Policy, question: Question, sources: str, taken: int
) -> None:
    async def journey() -> None:
        async with scene(policy, sources.replace("| pupil", "|"), question=question) as on:
            withdrawing = listening(on, is_linked=lambda *_: False)
            await ask(on, question)
            assert withdrawing.unwatched() == 0
            on.now += timedelta(seconds=60)
            assert withdrawing.unwatched() == taken

    run(journey())


def test_what_rested_on_an_access_that_was_ended_goes(policy: Policy) -> None:
    emergency = replace(HEALTH, level="social_care_duty", glass="yes")

    async def journey() -> None:
        async with scene(policy, CONSENTED, question=emergency) as on:
            withdrawing = listening(on)
            await ask(on, emergency)
            assert on.session.limit == TODAY + timedelta(hours=1)
            assert withdrawing.take_back(lambda request: request.break_glass == "another") == 0
            assert withdrawing.take_back(lambda request: request.break_glass == "access") == 1
            assert on.session.held() == ()

    run(journey())


def test_a_source_is_told_when_nobody_holds_its_answer_any_more(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, CONSENTED, question=HEALTH) as on:
            await ask(on, HEALTH)
            health = on.hub.agencies["health"]
            await asyncio.sleep(0.1)
            assert health.dropped == []
            assert not health.asks[0].with_shielded
            on.session.close("")
            await until(lambda: health.dropped == [health.asks[0].ask_id], seconds=1)

    run(journey())


def test_a_source_is_told_what_the_requester_relies_on(policy: Policy) -> None:
    emergency = replace(
        HEALTH,
        level="social_care_duty",
        ground="G4_DEATH_OR_SERIOUS_HARM",
        why="CHILD_RISK",
        informed="no_unsafe",
        officers="health schools",
        glass="yes",
    )

    async def journey() -> None:
        async with scene(policy, CONSENTED, question=emergency) as on:
            await ask(on, emergency)
            (told,) = on.hub.agencies["health"].asks
            assert (told.special_condition, told.ground, told.override_reason) == (
                "A9_H",
                "G4_DEATH_OR_SERIOUS_HARM",
                "CHILD_RISK",
            )
            assert (told.confirmed_by, told.with_shielded, told.break_glass) == ("officer", True, True)
            assert list(told.agreements) == [
                "children_partnership",
                "safeguarding_all_partners",
                "staff_safety",
                "youth_crime_and_disorder",
            ]
            (intent,) = on.disk.of_kind("intent")
            assert intent["confirmed_by"] == {"health": "officer", "schools": "officer"}
            assert intent["agreements"] == {"health": list(told.agreements)}

    run(journey())


@pytest.mark.parametrize("place", ["postcode", "address"])
def test_a_protected_address_is_not_told_by_finding_who_is_asked_for_by_it(policy: Policy, place: str) -> None:
    by_name = Question(level="social_worker", question="child_services", purpose="safeguarding", about="")
    sources = """
    agency | answers  | given_name | family_name | date_of_birth | postcode | address      | service         | protects
    health | a record | Zoe        | Brown       | 2016-03-09    | BL1 4QQ  | 1 High Street | Health visiting | address
    """

    async def outcome(**keys: str) -> Outcome:
        async with scene(policy, sources, question=by_name) as on:
            asked = replace(by_name.asked(), given_name="Zoe", family_name="Brown", **keys)
            parts = [part async for part in on.hub.asking.ask(on.session, asked)]
            return next(answer.outcome for part in parts for answer in part.agencies if answer.agency == "health")

    places = {"postcode": "BL1 4QQ", "address": "1 High Street"}
    assert run(outcome(**{place: places[place]})) is Outcome.NOTHING_HELD
    # Whoever knows when she was born does not find her by where she lives.
    assert run(outcome(date_of_birth="2016-03-09", **{place: places[place]})) is Outcome.HELD
