"""The whole matrix: every fault, on one, half and all lines, idle and loaded; what is left afterwards; and the bars."""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.asking import calibrate
from tests.chaos.cells import (
    GRACE_SECONDS,
    MOST_ADDED_MS,
    MOST_GRACE_SECONDS,
    RECOVERY_SECONDS,
    Cell,
    Load,
    Outcome,
    Share,
    strike,
)
from tests.chaos.field import Field, Resources
from tests.lib.line_faults import LineFault
from tests.lib.measuring import percentile

CALIBRATION_SECONDS = 4.0
SHARE_OF_CAPACITY = 0.8
SETTLE_SECONDS = 10.0
TOLERANCE = 2
MOST_GROWTH_BYTES = 64 << 20
MOST_BYTES = 400 << 20
MEGABYTE = 1 << 20
# What is late on such a line comes once it is mended.
STILL_ARRIVES = frozenset({LineFault.FAR, LineFault.DRIP, LineFault.STOPS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One figure of the battery: what it must be, what it is, and whether that will do."""

    what: str
    bar: str
    measured: str
    is_met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a matrix."""

    capacity: float
    outcomes: Sequence[Outcome]
    before: Resources
    after: Resources
    receipts: int
    held: int
    late_replies: int

    def findings(self) -> Iterator[Finding]:
        """Hold everything against the figures of the battery."""
        yield from self._of_answers()
        yield from self._of_what_is_left()

    def _of_answers(self) -> Iterator[Finding]:
        outcomes = self.outcomes
        late99, late100 = (max(outcome.late(per_cent) for outcome in outcomes) for per_cent in (99, 100))
        as_seen = max(0.0, *(max(outcome.seen.as_seen) - outcome.deadline_seconds for outcome in outcomes))
        good, held = (sum(getattr(outcome.seen, name) for outcome in outcomes) for name in ("good", "good_held"))
        answers = sum(len(outcome.seen.seconds) for outcome in outcomes)
        wrong = sum(outcome.seen.wrong.total() for outcome in outcomes)
        others = sum(outcome.seen.wrong["somebody else is shown"] for outcome in outcomes)
        added = [ms for outcome in outcomes for ms in outcome.seen.added_ms]
        recovery = max(outcome.recovery_seconds for outcome in outcomes)
        yield Finding(
            what="past the deadline, p99 of the worst cell",
            bar=f"≤ {GRACE_SECONDS * 1_000:.0f} ms",
            measured=f"{late99 * 1_000:.0f} ms",
            is_met=late99 <= GRACE_SECONDS,
        )
        yield Finding(
            what="past the deadline, at most",
            bar=f"≤ {MOST_GRACE_SECONDS * 1_000:.0f} ms",
            measured=f"{late100 * 1_000:.0f} ms; {as_seen * 1_000:.0f} ms with what other programs took",
            is_met=late100 <= MOST_GRACE_SECONDS,
        )
        yield Finding(
            what="healthy agencies' data shown", bar="100 %", measured=f"{held} of {good}", is_met=held == good
        )
        yield Finding(
            what="answers with anything wrong: unlabelled, mislabelled, incomplete, refused",
            bar="0",
            measured=f"{wrong} of {answers}",
            is_met=wrong == 0,
        )
        yield Finding(
            what="records of somebody else", bar="0", measured=f"{others} of {answers} answers", is_met=others == 0
        )
        if added:
            worst = percentile(added, 99)
            yield Finding(
                what="a dead agency adds, once it is known to be down, p99",
                bar=f"≤ {MOST_ADDED_MS} ms",
                measured=f"{worst} ms of {len(added)}",
                is_met=worst <= MOST_ADDED_MS,
            )
        yield Finding(
            what="until all agencies answer again, worst cell",
            bar=f"≤ {RECOVERY_SECONDS:.0f} s",
            measured=f"{recovery:.2f} s",
            is_met=recovery <= RECOVERY_SECONDS,
        )

    def _of_what_is_left(self) -> Iterator[Finding]:
        before, after = self.before, self.after
        growth = after.resident_bytes - before.resident_bytes
        yield Finding(
            what="the hub's memory",
            bar="≤ 64 MB more, ≤ 400 MB",
            measured=f"{growth / MEGABYTE:+.1f} MB, {after.resident_bytes / MEGABYTE:.0f} MB",
            is_met=growth <= MOST_GROWTH_BYTES and after.resident_bytes <= MOST_BYTES,
        )
        for name in ("tasks", "connections", "streams", "own_tasks"):
            was, is_now = getattr(before, name), getattr(after, name)
            whose = "the adapters' and lines' tasks" if name == "own_tasks" else f"the hub's {name}"
            yield Finding(
                what=f"{whose}, {SETTLE_SECONDS:.0f} s later",
                bar=f"± {TOLERANCE}",
                measured=f"{was} → {is_now}",
                is_met=abs(is_now - was) <= TOLERANCE,
            )
        yield Finding(
            what="receipts in the journals, once each and in order, for what was shown",
            bar="all",
            measured=f"{self.receipts} for {self.held}",
            is_met=self.receipts == self.held,
        )
        if any(outcome.cell.fault in STILL_ARRIVES for outcome in self.outcomes):
            yield Finding(
                what="replies that came too late: counted, never shown",
                bar="> 0",
                measured=str(self.late_replies),
                is_met=self.late_replies > 0,
            )


def all_cells(faults: Sequence[LineFault], shares: Sequence[Share], loads: Sequence[Load]) -> list[Cell]:
    """List the cells of a matrix."""
    return [
        Cell(fault=fault, share=share, load=load) for fault, share, load in itertools.product(faults, shares, loads)
    ]


class Matrix:
    """Strikes cell after cell on one field, and remembers what was before and what came of each."""

    def __init__(self, field: Field) -> None:
        """Take the field; nothing has happened on it."""
        self.outcomes: list[Outcome] = []
        self.capacity = 0.0
        self._field = field
        self._before: Resources | None = None
        self._receipts = 0

    async def begin(self) -> None:
        """Find the load, and see what there is."""
        self.capacity = await calibrate(self._field, CALIBRATION_SECONDS)
        self._receipts = await self._field.receipts_settled()
        self._before = await self._field.resources()

    async def strike(self, cell: Cell, *, seconds: float) -> Outcome:
        """Strike one cell."""
        per_second = SHARE_OF_CAPACITY * self.capacity
        self.outcomes.append(await strike(self._field, cell, seconds=seconds, per_second=per_second))
        return self.outcomes[-1]

    async def end(self) -> Report:
        """See what is left, once that has had its time."""
        if self._before is None:
            raise RuntimeError("the matrix has not begun")
        after = await _settled(self._field, self._before)
        return Report(
            capacity=self.capacity,
            outcomes=self.outcomes,
            before=self._before,
            after=after,
            receipts=await self._field.receipts_settled() - self._receipts,
            held=sum(outcome.seen.held for outcome in self.outcomes),
            late_replies=await self._field.late_replies(),
        )


async def _settled(field: Field, before: Resources) -> Resources:
    """Measure until everything is back to what it was, for ten seconds at most."""
    clock = asyncio.get_running_loop().time
    end = clock() + SETTLE_SECONDS
    while True:
        now = await field.resources()
        differences = [
            abs(getattr(now, name) - getattr(before, name)) for name in ("tasks", "connections", "streams", "own_tasks")
        ]
        if max(differences) <= TOLERANCE or clock() > end:
            return now
        await asyncio.sleep(0.5)
