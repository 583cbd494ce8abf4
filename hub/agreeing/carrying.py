"""Carrying through: what has been begun takes effect, also when whoever asked for it goes away meanwhile."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def carried_through(work: Coroutine[Any, Any, T]) -> T:
    """Return what some work comes to; a cancellation takes hold only once the work is done.

    A peer that hangs up cancels its call at whichever await it is. Between the store, which keeps that something was
    taken away, and the hub, which feels it, that must not happen: everybody would go on as before until the next start.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            # Nobody is there any more to be told of an error.
            task.exception()
        raise
