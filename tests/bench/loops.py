"""The event loop that a benchmark process runs on."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any

import uvloop


class Loop(StrEnum):
    """Is an event loop implementation."""

    ASYNCIO = "asyncio"
    UVLOOP = "uvloop"


def run(work: Callable[[], Coroutine[Any, Any, None]], loop: Loop) -> None:
    """Run a process's work on one kind of event loop until it ends or SIGTERM ends it."""
    factory = uvloop.new_event_loop if loop is Loop.UVLOOP else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_until_terminated(work))


async def _until_terminated(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    task = asyncio.create_task(work())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        # SIGTERM is how a benchmark ends its processes; there is nobody further out to tell.
        return
