"""How sixteen adapters dial when their links break in one moment, while nobody answers, and when the hub is back."""

import asyncio
import itertools
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from adapters.kit.dialling import STEADY_SECONDS
from tests.chaos import agencies
from tests.chaos.field import LOOK_SECONDS, PATIENCE_SECONDS, Field
from tests.lib.deployment import AGENCIES
from tests.lib.line_faults import LineFault
from tests.lib.measuring import disturbance

ADAPTERS = 16
GONE_SECONDS = 8.0
RECOVERY_SECONDS = 5.0
BREAK_SECONDS = 0.5
A_MOMENT = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Dials in the busiest moment after the break, a second while the hub was gone, and after it came back."""

    in_a_moment: int
    a_second_gone: float
    most_a_second_back: int
    seconds_until_all_linked: float
    # How long this process stood still at worst just after the break: what was to happen in that time happens at once.
    stood_still_seconds: float

    def faults(self) -> list[str]:
        """Say what must not be."""
        wrong = []
        if self.in_a_moment > ADAPTERS * 3 // 4 and self.stood_still_seconds < A_MOMENT:
            wrong.append(f"{self.in_a_moment} of {ADAPTERS} adapters dialled within {A_MOMENT * 1_000:.0f} ms")
        if self.a_second_gone > ADAPTERS:
            wrong.append(f"{self.a_second_gone:.0f} dials a second at a hub that was gone")
        if self.seconds_until_all_linked > RECOVERY_SECONDS:
            wrong.append(f"all were linked again only after {self.seconds_until_all_linked:.1f} s")
        return wrong


async def return_all(field: Field) -> Returned:
    """Run sixteen adapters, take the hub from them for a while, and give it back."""
    clock, lines = asyncio.get_running_loop().time, field.lines.values()
    async with AsyncExitStack() as stack:
        for agency in itertools.islice(itertools.cycle(AGENCIES), ADAPTERS - len(AGENCIES)):
            await stack.enter_async_context(agencies.running(field.folders[agency], field.logged))
        await _linked(field, ADAPTERS)
        await asyncio.sleep(STEADY_SECONDS)
        gone = clock()
        async with disturbance() as disturbed:
            for line in lines:
                line.switch(LineFault.RESET_BEFORE_TLS)
            await asyncio.sleep(BREAK_SECONDS)
        await asyncio.sleep(GONE_SECONDS - BREAK_SECONDS)
        back = clock()
        for line in lines:
            line.mend()
        await _linked(field, ADAPTERS)
        seconds = clock() - back
    dials = sorted(dial for line in lines for dial in line.dials if dial >= gone)
    while_gone = [dial for dial in dials if dial < back]
    return Returned(
        in_a_moment=_most_within(while_gone, A_MOMENT),
        a_second_gone=sum(dial > back - GONE_SECONDS / 2 for dial in while_gone) / (GONE_SECONDS / 2),
        most_a_second_back=_most_within(dials[len(while_gone) :], 1.0),
        seconds_until_all_linked=seconds,
        stood_still_seconds=disturbed.worst_seconds,
    )


async def _linked(field: Field, count: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await field.links() < count:  # noqa: ASYNC110  (they are in another program)
            await asyncio.sleep(LOOK_SECONDS)


def _most_within(moments: Sequence[float], seconds: float) -> int:
    """Count the moments of the busiest stretch of time that is so long."""
    return max((sum(first <= other < first + seconds for other in moments) for first in moments), default=0)
