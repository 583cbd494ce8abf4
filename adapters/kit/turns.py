"""Whose turn it is to ask a system that its agency has limited: a question waits, or is turned away at once."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.reader import Finding, Found, Match, Reader
from adapters.kit.source_limits import SourceLimits

SECOND = 1.0
NO_LIMITS = SourceLimits()


def minute_of_day() -> int:
    """Read the clock of this machine: minutes since midnight, as people there count them."""
    now = time.localtime()
    return now.tm_hour * 60 + now.tm_min


class Turns:
    """Belongs to one source, and is the same for all questions, whomever they are about."""

    def __init__(
        self,
        limits: SourceLimits = NO_LIMITS,
        *,
        minute: Callable[[], int] = minute_of_day,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Take the limits, the clock on the wall, and how to wait."""
        self._limits = limits
        self._minute = minute
        self._pause = pause
        self._begun: deque[float] = deque(maxlen=limits.questions_per_second or 1)

    def require_open(self) -> None:
        """Refuse at an hour at which nothing may be asked; raises SourceFault."""
        if self._limits.closed and self._limits.is_closed_at(self._minute()):
            raise SourceFault(SourceFaultKind.CLOSED)

    async def wait(self, deadline: float) -> None:
        """Wait for a question's turn; raises SourceFault at once where that comes after the deadline."""
        self.require_open()
        if self._limits.questions_per_second is None:
            return
        now = asyncio.get_running_loop().time()
        is_full = len(self._begun) == self._begun.maxlen
        due = max(now, self._begun[0] + SECOND) if is_full else now
        if due >= deadline:
            raise SourceFault(SourceFaultKind.BUSY)
        self._begun.append(due)
        if due > now:
            await self._pause(due - now)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHoursReader:
    """A reader that is not asked at closed hours by anybody: neither for a question nor for a look at terms."""

    reader: Reader
    turns: Turns

    async def open(self) -> None:
        """Make ready."""
        await self.reader.open()

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        """Find, unless the source is closed."""
        self.turns.require_open()
        return await self.reader.find(records, match, fields, deadline)

    async def check(self) -> Sequence[Finding]:
        """Check, which somebody does by hand and may do at any hour."""
        return await self.reader.check()

    async def close(self) -> None:
        """Close."""
        await self.reader.close()
