"""What is late ends as late, what is cancelled stays cancelled, and one timer serves all that runs."""

import asyncio
from collections.abc import Awaitable

import pytest

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.sql.deadlines import Deadlines

AGES = 1e9


async def bounded(deadlines: Deadlines, deadline: float, work: Awaitable[object]) -> object:
    with deadlines.until(deadline):
        return await work


def soon(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_what_is_late_ends_as_late_and_the_task_goes_on() -> None:
    deadlines, never = Deadlines(), asyncio.Event()
    with pytest.raises(SourceFault) as raised:
        await bounded(deadlines, soon(0.05), never.wait())
    assert raised.value.kind is SourceFaultKind.LATE
    current = asyncio.current_task()
    assert current is not None
    assert current.cancelling() == 0
    assert await bounded(deadlines, soon(AGES), asyncio.sleep(0, "done")) == "done"


async def test_what_is_late_before_it_begins_does_not_begin() -> None:
    with pytest.raises(SourceFault):
        Deadlines().until(soon(0))


async def test_whoever_is_cancelled_meanwhile_stays_cancelled() -> None:
    deadlines, never = Deadlines(), asyncio.Event()
    task = asyncio.create_task(bounded(deadlines, soon(0.2), never.wait()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.cancelled()


async def test_whoever_is_cancelled_in_the_same_moment_stays_cancelled() -> None:
    deadlines, never = Deadlines(), asyncio.Event()
    task = asyncio.create_task(bounded(deadlines, soon(AGES), never.wait()))
    await asyncio.sleep(0)
    deadlines._running[0][2].fire()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_each_ends_at_its_own_deadline_in_whatever_order_they_began() -> None:
    deadlines, never, clock = Deadlines(), asyncio.Event(), asyncio.get_running_loop().time
    ended: list[float] = []

    async def note(seconds: float) -> None:
        began = clock()
        with pytest.raises(SourceFault):
            await bounded(deadlines, began + seconds, never.wait())
        assert seconds <= clock() - began < seconds + 1
        ended.append(seconds)

    asked = (0.3, 0.05, 0.2, 0.1)
    await asyncio.gather(*map(note, asked))
    assert ended == sorted(asked)


async def test_what_has_ended_is_forgotten_before_its_deadline() -> None:
    deadlines = Deadlines()
    for _ in range(1000):
        await bounded(deadlines, soon(AGES), asyncio.sleep(0))
    assert len(deadlines._running) <= 1
    # One that runs long keeps no more than those that began after it.
    never = asyncio.Event()
    task = asyncio.create_task(bounded(deadlines, soon(AGES), never.wait()))
    await asyncio.sleep(0)
    never.set()
    await task
    await bounded(deadlines, soon(AGES), asyncio.sleep(0))
    assert len(deadlines._running) <= 2
