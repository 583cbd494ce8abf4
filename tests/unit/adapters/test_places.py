"""Places are handed over in order, and none is lost though whoever waited for it has gone."""

import asyncio

import pytest

from adapters.sql.places import Places


async def waiting(places: Places) -> asyncio.Task[None]:
    task = asyncio.create_task(places.wait())
    await asyncio.sleep(0)
    return task


async def test_what_is_free_is_taken_at_once_and_the_rest_waits_its_turn() -> None:
    places = Places(2)
    assert (places.take(), places.take(), places.take()) == (True, True, False)
    first, second = await waiting(places), await waiting(places)
    places.give_back()
    await first
    assert not second.done()
    assert not places.take()
    places.give_back()
    await second
    places.give_back()
    assert places.take()


@pytest.mark.parametrize("handed_over", ["before", "between", "after"])
async def test_no_place_is_lost_though_whoever_waited_has_gone(handed_over: str) -> None:
    places = Places(1)
    assert places.take()
    gone, next_one = await waiting(places), await waiting(places)
    if handed_over == "before":
        places.give_back()
    gone.cancel()
    if handed_over == "between":
        places.give_back()
    with pytest.raises(asyncio.CancelledError):
        await gone
    if handed_over == "after":
        places.give_back()
    async with asyncio.timeout(5):
        await next_one
    assert not places.take()
    places.give_back()
    assert places.take()
    assert not places.take()
