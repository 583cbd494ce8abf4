"""A change that has begun comes to its end, though whoever called for it goes away."""

import asyncio

import pytest

from hub.edge.finishing import to_the_end


class Change:
    """A change in two halves, between which it waits."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.is_whole = False
        self._failure = failure

    async def make(self) -> str:
        self.begun.set()
        await self.go_on.wait()
        if self._failure:
            raise self._failure
        self.is_whole = True
        return "made"


async def test_what_was_changed_is_told_to_who_waits() -> None:
    change = Change()
    change.go_on.set()
    assert await to_the_end(change.make()) == "made"


async def test_an_error_is_told_to_who_waits() -> None:
    change = Change(ValueError("odd"))
    change.go_on.set()
    with pytest.raises(ValueError, match="odd"):
        await to_the_end(change.make())


@pytest.mark.parametrize("failure", [None, ValueError("odd")])
async def test_a_call_that_is_cancelled_stays_until_the_change_is_made(failure: Exception | None) -> None:
    change = Change(failure)
    call = asyncio.create_task(to_the_end(change.make()))
    await change.begun.wait()
    call.cancel()
    await asyncio.wait({call}, timeout=0.01)
    assert not call.done()
    change.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert change.is_whole == (failure is None)
