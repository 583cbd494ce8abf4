"""How long two ends take to notice that the line between them has gone, when nobody asks and nobody is told."""

import asyncio
from dataclasses import dataclass

from tests.chaos.field import Field
from tests.lib.deployment import AGENCIES
from tests.lib.line_faults import SWALLOWS, LineFault

# What operators are told: three pings, ten seconds apart. What is beyond is for noticing it, and for a busy machine.
STATED_SECONDS = 30.0
SLACK_SECONDS = 2.0
LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Seconds from when a line went half open until the hub gave the link up, and the adapter dialled again."""

    fault: LineFault
    by_hub: float
    by_adapter: float

    @property
    def is_in_time(self) -> bool:
        """Tell whether both have noticed when they are said to."""
        return max(self.by_hub, self.by_adapter) <= STATED_SECONDS + SLACK_SECONDS


async def notice(field: Field) -> list[Noticed]:
    """Let three agencies' lines go half open, each in its own way and for good, and wait until both ends know."""
    waits = [_notice(field, agency, fault) for agency, fault in zip(AGENCIES, SWALLOWS, strict=False)]
    return list(await asyncio.gather(*waits))


async def _notice(field: Field, agency: str, fault: LineFault) -> Noticed:
    clock, line = asyncio.get_running_loop().time, field.lines[agency]
    changed, dialled = field.links_changed(agency), len(line.dials)
    began, by_hub = clock(), 0.0
    line.strand(fault)
    async with asyncio.timeout(2 * STATED_SECONDS):
        while not by_hub or len(line.dials) == dialled:
            await asyncio.sleep(LOOK_SECONDS)
            if not by_hub and field.links_changed(agency) > changed:
                by_hub = clock() - began
    return Noticed(fault=fault, by_hub=by_hub, by_adapter=line.dials[dialled] - began)
