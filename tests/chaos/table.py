"""What `python -m tests.chaos` prints and writes down."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.chaos.cells import Outcome
from tests.chaos.matrix import Report
from tests.chaos.noticing import STATED_SECONDS, Noticed
from tests.chaos.returning import Returned

HEAD = f"{'fault, lines, load':38} answers  held  late  down  over, p99     max   back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One line under the table."""

    what: str
    is_met: bool

    def __str__(self) -> str:
        return f"{'met   ' if self.is_met else 'MISSED'} {self.what}"


def line_of(outcome: Outcome) -> str:
    """Return a cell's line of the table."""
    said = {reason or what: count for (what, reason), count in outcome.seen.said.items()}
    late = [f"{outcome.late(per_cent) * 1_000:.0f}" for per_cent in (99, 100)]
    counts = "".join(f" {said.get(what, 0):>5}" for what in ("held", "late", "down"))
    wrong = "".join(f"\n    {fault}" for fault in outcome.faults())
    return (
        f"{outcome.cell!s:38} {len(outcome.seen.seconds):>7}{counts} {late[0]:>5} ms {late[1]:>4} ms"
        f" {outcome.recovery_seconds:>4.2f} s{wrong}"
    )


def of_report(report: Report) -> Iterator[Verdict]:
    """Say what was found of each figure, and of cells that are not as they must be."""
    for finding in report.findings():
        yield Verdict(what=f"{finding.what}: {finding.measured} ({finding.bar})", is_met=finding.is_met)
    for outcome in report.outcomes:
        for fault in outcome.faults():
            yield Verdict(what=f"{outcome.cell}: {fault}", is_met=False)


def of_patience(noticed: Sequence[Noticed], returned: Returned | None) -> Iterator[Verdict]:
    """Say how long half-open lines took to be noticed, and how sixteen adapters came back."""
    for one in noticed:
        what = f"{one.fault} noticed: hub {one.by_hub:.1f} s, adapter {one.by_adapter:.1f} s"
        yield Verdict(what=f"{what} (≤ {STATED_SECONDS:.0f} s)", is_met=one.is_in_time)
    if returned:
        yield Verdict(what=f"sixteen adapters whose hub goes and comes: {returned}", is_met=not returned.faults())


def as_json(report: Report, noticed: Sequence[Noticed], returned: Returned | None) -> dict[str, Any]:
    """Return every figure."""
    cells = [
        {
            "cell": str(outcome.cell),
            "answers": len(outcome.seen.seconds),
            "said": {" ".join(filter(None, said)): count for said, count in outcome.seen.said.items()},
            "late_ms": [round(outcome.late(per_cent) * 1_000, 1) for per_cent in (50, 99, 100)],
            "late_as_seen_ms": round(max(0.0, max(outcome.seen.as_seen) - outcome.deadline_seconds) * 1_000, 1),
            "disturbance_ms": round(outcome.seen.disturbance_seconds * 1_000, 1),
            "recovery_seconds": round(outcome.recovery_seconds, 2),
            "faults": outcome.faults(),
        }
        for outcome in report.outcomes
    ]
    return {
        "capacity_per_second": round(report.capacity, 1),
        "cells": cells,
        "findings": [asdict(finding) for finding in report.findings()],
        "noticed": [asdict(one) for one in noticed],
        "returned": asdict(returned) if returned else None,
    }
