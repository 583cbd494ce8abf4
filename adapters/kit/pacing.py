"""Keeps to what a source can bear: so many requests a second, and none while it asks to be left alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from adapters.kit.errors import SourceFault, SourceFaultKind

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]
TOO_MANY = 429
UNAVAILABLE = 503
PAUSE_SECONDS = 1.0
LEAST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 3600.0
LEAST_TO_ASK_SECONDS = 0.05
"""With less time than this left there is no point in sending."""
STAGGER_SECONDS = 0.01


def loop_time() -> float:
    """Read the clock of the running event loop, by which deadlines go."""
    return asyncio.get_running_loop().time()


@dataclass(slots=True, kw_only=True)
class Pace:
    """Gives each request its turn; `per_second` is the agency's own limit, if it has one."""

    per_second: int | None = None
    clock: Clock = loop_time
    wall: Clock = time.time
    sleep: Sleep = asyncio.sleep
    _next_at: float = 0.0
    _paused_until: float = 0.0

    async def turn(self, deadline: float) -> None:
        """Wait for the turn of one request; raise SourceFault at once where it does not come in time."""
        now = self.clock()
        at = max(now, self._next_at, self._paused_until)
        if at > now and at + LEAST_TO_ASK_SECONDS > deadline:
            raise SourceFault(SourceFaultKind.BUSY)
        # Those who have waited for the end of a pause do not all come at once.
        after_a_pause = STAGGER_SECONDS if at > now else 0.0
        self._next_at = at + (1 / self.per_second if self.per_second is not None else after_a_pause)
        if at > now:
            await self.sleep(at - now)
            if self.clock() < self._paused_until:
                await self.turn(deadline)

    def is_turned_away(self, status: int, headers: Mapping[str, str]) -> bool:
        """Tell whether a reply asks to come again later; nothing is sent until then."""
        asked = asked_pause(headers.get("Retry-After"), self.wall())
        if status != TOO_MANY and (status != UNAVAILABLE or asked is None):
            return False
        pause = PAUSE_SECONDS if asked is None else min(max(asked, LEAST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
        self._paused_until = max(self._paused_until, self.clock() + pause)
        return True


def asked_pause(retry_after: str | None, now: float) -> float | None:
    """Read `Retry-After` (RFC 9110, 10.2.3), seconds or a moment, as seconds from now; None where it says nothing."""
    written = (retry_after or "").strip()
    if written.isascii() and written.isdecimal():
        return float(written[:10])
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - now
