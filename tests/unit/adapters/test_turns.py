"""What an agency limits is kept to: how many questions a second, and the hours at which nothing is asked."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.reader import Finding, Found, Looking, Match
from adapters.kit.shaping import nothing_told
from adapters.kit.source_limits import SourceLimits, is_within
from adapters.kit.turns import OpenHoursReader, Turns

AGES = 1e9
MATCH = Match(looking=Looking.ANY, wanted=(("upn", "x"),))


class CountingReader:
    def __init__(self) -> None:
        self.finds = 0

    async def open(self) -> None: ...

    async def find(self, _records: str, _match: Match, _fields: tuple[str, ...], _deadline: float) -> Found:
        self.finds += 1
        return nothing_told(())

    async def check(self) -> Sequence[Finding]:
        return ()

    async def close(self) -> None: ...


def limits(**said: Any) -> SourceLimits:
    return SourceLimits.model_validate(said)


async def kind_of(turns: Turns, deadline: float = AGES) -> SourceFaultKind:
    with pytest.raises(SourceFault) as raised:
        await turns.wait(deadline)
    return raised.value.kind


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [("01:00-03:00", (60, 179), (59, 180, 720)), ("23:30-02:00", (1410, 1439, 0, 119), (120, 1409))],
)
def test_a_span_has_its_first_minute_and_not_its_last_and_may_pass_midnight(
    hours: str, inside: Sequence[int], outside: Sequence[int]
) -> None:
    assert all(is_within(hours, minute) for minute in inside)
    assert not any(is_within(hours, minute) for minute in outside)


@pytest.mark.parametrize("hours", ["1:00-3:00", "01:00", "25:00-26:00", "01:00-01:00", "01:60-02:00", "01:00–03:00"])
def test_what_is_no_span_of_a_day_is_refused(hours: str) -> None:
    with pytest.raises(ValidationError, match="no span of a day"):
        limits(closed=[hours])


async def test_nobody_asks_at_closed_hours_neither_for_a_question_nor_for_a_look() -> None:
    minute, inner = 0, CountingReader()
    turns = Turns(limits(closed=["01:00-03:00", "12:00-12:30"]), minute=lambda: minute)
    reader = OpenHoursReader(reader=inner, turns=turns)
    for minute, is_open in ((59, True), (60, False), (179, False), (180, True), (725, False)):  # noqa: B007  the clock reads it
        if is_open:
            await turns.wait(AGES)
            await reader.find("child", MATCH, (), AGES)
        else:
            assert await kind_of(turns) is SourceFaultKind.CLOSED
            with pytest.raises(SourceFault):
                await reader.find("child", MATCH, (), AGES)
    assert inner.finds == 2


async def test_no_second_has_more_questions_than_it_may_and_those_that_wait_keep_their_order() -> None:
    loop, pauses = asyncio.get_running_loop(), []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    turns = Turns(limits(questions_per_second=3), pause=pause)
    began = loop.time()
    for _ in range(8):
        await turns.wait(AGES)
    took = loop.time() - began
    assert took < 0.5
    assert [round(seconds + took / 2) for seconds in pauses] == [1, 1, 1, 2, 2]


async def test_a_question_whose_turn_would_come_too_late_is_told_so_at_once_and_takes_no_turn() -> None:
    async def never(_seconds: float) -> None:
        pytest.fail("it waited")

    turns = Turns(limits(questions_per_second=2), pause=never)
    now = asyncio.get_running_loop().time()
    for _ in range(2):
        await turns.wait(now + 0.5)
    for _ in range(10):
        assert await kind_of(turns, now + 0.5) is SourceFaultKind.BUSY
    assert len(turns._begun) == 2


async def test_without_limits_nothing_waits() -> None:
    turns = Turns()
    for _ in range(100):
        await turns.wait(0.0)
