import asyncio

import pytest

from hub.agreeing.carrying import carried_through


async def test_what_was_begun_is_done_before_a_cancellation_takes_hold() -> None:
    begun, may_end, done = asyncio.Event(), asyncio.Event(), []

    async def work() -> None:
        begun.set()
        await may_end.wait()
        done.append("the work")

    async def caller() -> None:
        try:
            await carried_through(work())
        finally:
            done.append("the caller")

    calling = asyncio.create_task(caller())
    await begun.wait()
    calling.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await calling
    assert done == ["the work", "the caller"]


async def test_what_it_comes_to_is_returned_and_what_goes_wrong_is_raised() -> None:
    async def right() -> int:
        return 7

    async def wrong() -> int:
        raise KeyError("no such thing")

    assert await carried_through(right()) == 7
    with pytest.raises(KeyError):
        await carried_through(wrong())


async def test_what_goes_wrong_after_the_caller_has_gone_is_nobody_s_unseen_error() -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await may_end.wait()
        raise ValueError("odd")

    calling = asyncio.create_task(carried_through(work()))
    await begun.wait()
    calling.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await calling
