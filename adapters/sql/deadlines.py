"""Ends what is late, with one timer for all that runs: a timer for each read cost as much as a third of the read."""

import asyncio
import math
from heapq import heappop, heappush
from itertools import count
from types import TracebackType
from typing import Self

from adapters.kit.errors import SourceFault, SourceFaultKind


class Bounded:
    """Is what runs until a deadline: the task that enters is cancelled then, and leaves with a SourceFault."""

    __slots__ = ("_before", "_is_fired", "_task")

    def __init__(self, task: "asyncio.Task[object]") -> None:
        """Take the task, and how often it is being cancelled already."""
        self._task: asyncio.Task[object] | None = task
        self._before = task.cancelling()
        self._is_fired = False

    @property
    def is_over(self) -> bool:
        """Tell whether it has ended."""
        return self._task is None

    def fire(self) -> None:
        """Cancel what has not ended."""
        if self._task is not None:
            self._is_fired = True
            self._task.cancel()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; a cancellation that came from here alone is lateness, and any other stays what it is."""
        task, self._task = self._task, None
        if self._is_fired and task is not None:
            from_here_alone = task.uncancel() <= self._before
            if from_here_alone and kind is asyncio.CancelledError:
                raise SourceFault(SourceFaultKind.LATE) from None


class Deadlines:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        """Begin with nothing that runs."""
        self._running: list[tuple[float, int, Bounded]] = []
        self._numbers = count()
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = math.inf

    def until(self, deadline: float) -> Bounded:
        """Bound what the current task does next, by the event loop's clock; raises SourceFault where it is late."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is None or loop.time() >= deadline:
            raise SourceFault(SourceFaultKind.LATE)
        running = self._running
        # Most end long before their deadline, and about in the order in which they began.
        while running and running[0][2].is_over:
            heappop(running)
        bounded = Bounded(task)
        heappush(running, (deadline, next(self._numbers), bounded))
        if deadline < self._rings_at:
            self._set(loop, deadline)
        return bounded

    def _set(self, loop: asyncio.AbstractEventLoop, deadline: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = deadline
        self._timer = loop.call_at(deadline, self._ring, loop)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        """Cancel what is late, and set the timer for what comes next."""
        running, self._rings_at = self._running, math.inf
        while running and (running[0][2].is_over or running[0][0] <= loop.time()):
            heappop(running)[2].fire()
        if running:
            self._set(loop, running[0][0])
