"""What shows nothing is told on a tick, whenever it came; what is held does not wait for it."""

import asyncio

import pytest

from hub.links.gathering import TICK_SECONDS, Arrival, Gathering
from hub.model.outcome import Outcome, Reason
from tests.unit.hub.links.wire import Clock

TICK_MS = round(TICK_SECONDS * 1_000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def told(arrivals: list[Arrival]) -> list[tuple[str, Outcome, int]]:
    return [(arrival.agency, arrival.outcome, arrival.elapsed_ms) for arrival in arrivals]


@pytest.mark.parametrize("outcome", [Outcome.NOTHING_HELD, Outcome.WITHHELD])
@pytest.mark.parametrize(("came_ms", "tick"), [(1, 1), (49, 1), (50, 1), (51, 2), (120, 3)])
async def test_what_shows_nothing_is_told_on_the_next_tick_whenever_it_came(
    clock: Clock, outcome: Outcome, came_ms: int, tick: int
) -> None:
    gathering = Gathering(["health"], clock)
    clock.seconds += came_ms / 1_000
    gathering.arrive("health", outcome)
    assert gathering.is_complete == (came_ms == tick * TICK_MS)
    assert told(await gathering.next()) == [("health", outcome, tick * TICK_MS)]
    assert gathering.is_complete
    clock.seconds += 10
    assert gathering.elapsed_ms() == tick * TICK_MS


async def test_an_arrival_that_waits_for_its_tick_is_no_longer_missing_and_cannot_change(clock: Clock) -> None:
    gathering = Gathering(["health"], clock)
    gathering.arrive("health", Outcome.NOTHING_HELD)
    gathering.arrive("health", Outcome.HELD)
    assert gathering.missing() == []
    assert [arrival.outcome for arrival in await gathering.next()] == [Outcome.NOTHING_HELD]


async def test_what_is_held_is_told_without_waiting_for_those_who_hold_nothing(clock: Clock) -> None:
    gathering = Gathering(["health", "schools"], clock)
    gathering.arrive("schools", Outcome.NOTHING_HELD)
    gathering.arrive("health", Outcome.HELD)
    assert told(await gathering.next()) == [("health", Outcome.HELD, 0)]
    assert not gathering.is_complete
    assert told(await gathering.next()) == [("schools", Outcome.NOTHING_HELD, TICK_MS)]


async def test_in_which_order_agencies_said_that_they_hold_nothing_is_not_told(clock: Clock) -> None:
    agencies = ["connexions", "health", "schools"]
    for order in (agencies, agencies[::-1]):
        gathering = Gathering(agencies, clock)
        for agency in order:
            clock.seconds += 0.001
            gathering.arrive(agency, Outcome.NOTHING_HELD)
        assert [arrival.agency for arrival in await gathering.next()] == agencies


async def test_nothing_waits_beyond_the_time_that_the_agencies_have(clock: Clock) -> None:
    gathering = Gathering(["health", "schools"], clock)
    clock.seconds += 0.010
    gathering.arrive("health", Outcome.NOTHING_HELD)
    clock.seconds += 0.020
    gathering.expire_after(0)
    arrivals = await gathering.next()
    assert told(arrivals) == [("health", Outcome.NOTHING_HELD, 30), ("schools", Outcome.NO_ANSWER, 30)]
    assert arrivals[1].reason is Reason.LATE


async def test_what_is_cut_tells_nothing_that_was_waiting_for_a_tick(clock: Clock) -> None:
    gathering = Gathering(["health", "schools"], clock)
    gathering.arrive("health", Outcome.NOTHING_HELD)
    gathering.cut()
    assert await gathering.next() == []


async def test_who_decides_what_may_be_shown_says_what_waits(clock: Clock) -> None:
    gathering = Gathering(["health"], clock, lambda arrival: arrival.outcome is Outcome.HELD)
    gathering.arrive("health", Outcome.HELD)
    assert not gathering.is_complete
    async with asyncio.timeout(5):
        assert told(await gathering.next()) == [("health", Outcome.HELD, TICK_MS)]
