"""One cell of the matrix: a fault, on how many lines, while how much is asked; what it must look like, and did."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.chaos.asking import (
    DOWN,
    HELD,
    LATE,
    Said,
    Seen,
    ask_idly,
    ask_loaded,
    look_again,
    seconds_until_complete,
)
from tests.chaos.field import Field
from tests.lib.deployment import AGENCIES
from tests.lib.line_faults import LineFault
from tests.lib.measuring import percentile

GRACE_SECONDS = 0.25
MOST_GRACE_SECONDS = 0.5
RECOVERY_SECONDS = 5.0
PATIENCE_SECONDS = 60.0
MOST_ADDED_MS = 50


class Share(StrEnum):
    """Is how many agencies' lines have a fault."""

    ONE = "one"
    HALF = "half"
    ALL = "all"


class Load(StrEnum):
    """Is how much is asked meanwhile."""

    IDLE = "idle"
    LOADED = "loaded"


HOW_MANY = {Share.ONE: 1, Share.HALF: len(AGENCIES) // 2 + 1, Share.ALL: len(AGENCIES)}

# What must be said of the agency at least once while its line has the fault.
EXPECTED: Mapping[LineFault, Said] = {
    LineFault.LATENCY: HELD,
    LineFault.FAR: LATE,
    LineFault.DRIP: LATE,
    LineFault.STOPS: LATE,
    LineFault.HALF_OPEN_TO_HUB: LATE,
    LineFault.HALF_OPEN_TO_ADAPTER: LATE,
    LineFault.HALF_OPEN: LATE,
    LineFault.RESET_BEFORE_TLS: DOWN,
    LineFault.RESET_IN_HANDSHAKE: DOWN,
    LineFault.RESET_AFTER_HANDSHAKE: DOWN,
    LineFault.RESET_IN_PREFACE: DOWN,
    LineFault.RESET_IN_ASK: DOWN,
    LineFault.RESET_BEFORE_REPLY: DOWN,
    LineFault.RESET_IN_REPLY: DOWN,
    LineFault.RESET_AFTER_REPLY: HELD,
    LineFault.RESET_IN_RECEIPT: HELD,
    LineFault.FLAPS: DOWN,
    LineFault.FLIPS_TO_HUB: DOWN,
    LineFault.FLIPS_TO_ADAPTER: DOWN,
    LineFault.GARBAGE_TO_HUB: DOWN,
    LineFault.GARBAGE_TO_ADAPTER: DOWN,
}
# The line is slow, and still good enough for every answer.
GOOD_ENOUGH = frozenset({LineFault.LATENCY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Names one cell."""

    fault: LineFault
    share: Share
    load: Load

    def __str__(self) -> str:
        return f"{self.fault}, {self.share}, {self.load}"

    def agencies(self) -> tuple[str, ...]:
        """Choose whose lines are struck: always the same for one cell, and not always the same agencies."""
        return tuple(random.Random(str(self)).sample(AGENCIES, HOW_MANY[self.share]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a cell; times are seconds, `late` is what an answer took beyond its deadline."""

    cell: Cell
    seen: Seen
    deadline_seconds: float
    recovery_seconds: float

    def late(self, per_cent: float) -> float:
        """Return by how much so many per cent of the answers were past the deadline at most, without what is ours."""
        worst = percentile(self.seen.seconds, per_cent) - self.deadline_seconds
        return max(0.0, worst - self.seen.disturbance_seconds)

    def faults(self) -> list[str]:
        """Say everything that is not as it must be."""
        seen, wrong = self.seen, [f"{what}: {count}" for what, count in self.seen.wrong.items()]
        if not seen.said[EXPECTED[self.cell.fault]]:
            wrong.append(f"never said: {' '.join(EXPECTED[self.cell.fault])}")
        if self.cell.fault in GOOD_ENOUGH and seen.said.keys() != {HELD}:
            wrong.append("a line that is only slow must answer")
        if seen.good != seen.good_held:
            wrong.append(f"good agencies were missing {seen.good - seen.good_held} times")
        if self.late(99) > GRACE_SECONDS or self.late(100) > MOST_GRACE_SECONDS:
            wrong.append(f"answers were late by {self.late(99):.3f} s, {self.late(100):.3f} s at most")
        if self.recovery_seconds > RECOVERY_SECONDS:
            wrong.append(f"all agencies answered again only after {self.recovery_seconds:.1f} s")
        return wrong


async def strike(field: Field, cell: Cell, *, seconds: float, per_second: float) -> Outcome:
    """Let the fault strike while questions are asked, mend it, and wait until every agency answers again."""
    bad = cell.agencies()
    for agency in bad:
        field.lines[agency].switch(cell.fault)
    try:
        if cell.load is Load.LOADED:
            seen = await ask_loaded(field, bad, seconds=seconds, per_second=per_second)
        else:
            seen = await ask_idly(field, bad, seconds=seconds)
    finally:
        for agency in bad:
            field.lines[agency].mend()
    recovering = Seen()
    recovery = await seconds_until_complete(field, bad, recovering, PATIENCE_SECONDS)
    await look_again(seen)
    await look_again(recovering)
    seen.wrong += recovering.wrong
    seen.held += recovering.held
    return Outcome(cell=cell, seen=seen, deadline_seconds=field.deadline_seconds, recovery_seconds=recovery)
