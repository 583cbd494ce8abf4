"""Finishing: a change that has begun comes to its end, though whoever called for it goes away meanwhile."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def to_the_end(change: Coroutine[Any, Any, T]) -> T:
    """Make a change whose first half must not stand alone: what is kept, and then what has to follow from it.

    A call that is cancelled stays until the change is made, and is cancelled then.
    """
    making = asyncio.create_task(change)
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        await asyncio.wait({making})
        if not making.cancelled():
            # Nobody is there any more to be told of an error.
            making.exception()
        raise
