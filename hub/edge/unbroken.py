"""Takes gRPC's operations to their end: one that is given up half-way keeps the bytes that it carries for good."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class Unbroken:
    """Owns every operation that is under way, so that it ends with its call and not with whoever waits for it."""

    def __init__(self) -> None:
        """Start without any."""
        self._under_way: set[asyncio.Task[Any]] = set()

    async def __call__(self, operation: Coroutine[Any, Any, _Result]) -> _Result:
        """Wait for an operation; whoever is cancelled meanwhile leaves it to end by itself."""
        task = asyncio.ensure_future(operation)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # Whoever still waits is told; whoever has gone need not be.
            task.exception()
