from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.pacing import LONGEST_PAUSE_SECONDS, Pace, asked_pause

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)


class Hands:
    """A clock that moves when somebody sleeps by it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def read(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds

    def pace(self, per_second: int | None = None) -> Pace:
        return Pace(per_second=per_second, clock=self.read, wall=NOW.timestamp, sleep=self.sleep)


@pytest.fixture
def hands() -> Hands:
    return Hands()


async def expect_busy(pace: Pace, deadline: float) -> None:
    with pytest.raises(SourceFault) as raised:
        await pace.turn(deadline)
    assert raised.value.kind is SourceFaultKind.BUSY


async def test_without_a_limit_every_turn_is_at_once(hands: Hands) -> None:
    pace = hands.pace()
    for _ in range(100):
        await pace.turn(hands.now + 1)
    assert not hands.slept


async def test_an_agency_s_own_limit_spreads_the_requests(hands: Hands) -> None:
    pace = hands.pace(4)
    for _ in range(5):
        await pace.turn(hands.now + 10)
    assert hands.slept == [0.25] * 4


async def test_a_turn_that_would_come_too_late_is_refused_at_once(hands: Hands) -> None:
    pace = hands.pace(1)
    await pace.turn(hands.now + 0.5)
    await expect_busy(pace, hands.now + 0.5)
    assert not hands.slept
    # Nobody has taken the turn that was refused.
    await pace.turn(hands.now + 1.5)
    assert hands.slept == [1.0]


async def test_a_pause_that_the_source_asks_for_is_kept_or_refused(hands: Hands) -> None:
    pace = hands.pace()
    assert pace.is_turned_away(429, {"Retry-After": "7"})
    await expect_busy(pace, hands.now + 5)
    await pace.turn(hands.now + 8)
    assert hands.slept == [7.0]


async def test_those_who_have_waited_for_the_end_of_a_pause_do_not_come_all_at_once(hands: Hands) -> None:
    pace, began = hands.pace(), hands.now
    assert pace.is_turned_away(503, {"Retry-After": "1"})
    turns = []
    for _ in range(3):
        at, hands.now = hands.now, began
        await pace.turn(began + 5)
        turns.append(round(hands.now - began, 3))
        hands.now = max(at, began)
    assert turns == [1.0, 1.01, 1.02]


async def test_a_longer_pause_that_is_asked_for_meanwhile_counts(hands: Hands) -> None:
    pace = hands.pace()
    assert pace.is_turned_away(429, {"Retry-After": "1"})

    async def sleep(seconds: float) -> None:
        if not hands.slept:
            pace.is_turned_away(429, {"Retry-After": "3"})
        await Hands.sleep(hands, seconds)

    pace.sleep = sleep
    await pace.turn(hands.now + 10)
    assert hands.slept == [1.0, 2.0]


@pytest.mark.parametrize(
    ("status", "headers", "turned_away"),
    [
        (429, {}, True),
        (429, {"Retry-After": "soon"}, True),
        (503, {"Retry-After": "1"}, True),
        (503, {}, False),
        (503, {"Retry-After": "soon"}, False),
        (200, {"Retry-After": "1"}, False),
        (500, {"Retry-After": "1"}, False),
    ],
)
def test_which_replies_ask_to_come_again_later(
    hands: Hands, status: int, headers: dict[str, str], *, turned_away: bool
) -> None:
    assert hands.pace().is_turned_away(status, headers) is turned_away


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), -90.0),
        ("Friday, 15-Jan-27 08:00:05 GMT", 5.0),
        ("", None),
        (None, None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Fri, 99 Jan 2027 08:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_moment(written: str | None, seconds: float | None) -> None:
    assert asked_pause(written, NOW.timestamp()) == seconds


async def test_a_pause_without_end_is_cut_to_an_hour(hands: Hands) -> None:
    pace = hands.pace()
    assert pace.is_turned_away(429, {"Retry-After": "9" * 400})
    await pace.turn(hands.now + 2 * LONGEST_PAUSE_SECONDS)
    assert hands.slept == [LONGEST_PAUSE_SECONDS]
