import asyncio

import pytest
from sharing.v1 import links_pb2

from hub.links.gathering import Gathering
from hub.links.link import Link
from hub.model.outcome import Outcome, Reason
from tests.unit.hub.links.wire import AGENCY, NONCE, Clock, Watch, hello

HELD = Outcome.HELD


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_arrivals_come_in_the_order_of_arrival_with_the_time_they_took(clock: Clock) -> None:
    gathering = Gathering(["health", "schools"], clock)
    clock.seconds += 0.25
    gathering.arrive("schools", HELD)
    clock.seconds += 0.5
    gathering.arrive("health", HELD)
    arrivals = await gathering.next()
    assert [(arrival.agency, arrival.elapsed_ms) for arrival in arrivals] == [("schools", 250), ("health", 750)]
    assert gathering.is_complete


async def test_only_the_first_arrival_of_an_agency_counts(clock: Clock) -> None:
    gathering = Gathering(["health"], clock)
    gathering.arrive("health", HELD)
    gathering.arrive("health", Outcome.NO_ANSWER, Reason.DOWN)
    assert [arrival.outcome for arrival in await gathering.next()] == [HELD]
    assert await gathering.next() == []


async def test_waiting_ends_with_the_next_arrival_and_brings_all_since_the_last(clock: Clock) -> None:
    gathering = Gathering(["health", "schools", "connexions"], clock)
    waiting = asyncio.create_task(gathering.next())
    await asyncio.sleep(0)
    gathering.arrive("health", HELD)
    gathering.arrive("schools", HELD)
    assert [arrival.agency for arrival in await waiting] == ["health", "schools"]
    assert gathering.missing() == ["connexions"]


async def test_when_time_is_up_whoever_is_missing_is_late(clock: Clock) -> None:
    gathering = Gathering(["health", "schools"], clock)
    gathering.arrive("health", HELD)
    await gathering.next()
    gathering.expire_after(0)
    late = await gathering.next()
    assert [(arrival.agency, arrival.outcome, arrival.reason) for arrival in late] == [
        ("schools", Outcome.NO_ANSWER, Reason.LATE)
    ]
    assert gathering.is_complete


async def test_what_arrives_after_the_time_is_up_changes_nothing(clock: Clock) -> None:
    gathering = Gathering(["schools"], clock)
    gathering.expire_after(0)
    assert [arrival.reason for arrival in await gathering.next()] == [Reason.LATE]
    gathering.arrive("schools", HELD)
    assert await gathering.next() == []


async def test_a_question_that_nobody_is_asked_is_complete_at_once(clock: Clock) -> None:
    gathering = Gathering([], clock)
    gathering.expire_after(0)
    assert gathering.is_complete
    assert await gathering.next() == []


async def test_cutting_wakes_the_waiter_and_keeps_nothing(clock: Clock) -> None:
    gathering = Gathering(["health", "schools"], clock)
    waiting = asyncio.create_task(gathering.next())
    await asyncio.sleep(0)
    gathering.cut()
    assert await waiting == []
    gathering.arrive("health", HELD)
    assert await gathering.next() == []
    assert gathering.was_cut


@pytest.mark.parametrize("end", ["cut", "close"])
async def test_ending_a_question_early_takes_the_ask_back_without_blaming_the_agency(clock: Clock, end: str) -> None:
    watch = Watch()
    link = Link(AGENCY, hello(), watch, clock)
    gathering = Gathering([AGENCY], clock)
    link.ask(links_pb2.Ask(), nonce=NONCE, fields=(), gathering=gathering)
    getattr(gathering, end)()
    getattr(gathering, end)()
    assert link.in_flight == 0
    assert watch.told == {"abandoned": 1}


async def test_an_ask_whose_time_is_up_counts_against_the_agency_once(clock: Clock) -> None:
    watch = Watch()
    link = Link(AGENCY, hello(), watch, clock)
    gathering = Gathering([AGENCY], clock)
    link.ask(links_pb2.Ask(), nonce=NONCE, fields=(), gathering=gathering)
    gathering.expire_after(0)
    await gathering.next()
    gathering.close()
    assert watch.told == {"failed": 1}
