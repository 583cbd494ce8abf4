"""`python -m tests.chaos`: strikes every line with every fault, prints a table, and holds it against the battery."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from tests.chaos.cells import Load, Outcome, Share
from tests.chaos.field import running_field
from tests.chaos.matrix import SHARE_OF_CAPACITY, Matrix, Report, all_cells
from tests.chaos.noticing import Noticed, notice
from tests.chaos.returning import Returned, return_all
from tests.lib.line_faults import LineFault, Measures

HEAD = f"{'fault, lines, load':38} answers  held  late  down  over, p99     max   back"


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("faults", nargs="*", type=LineFault, metavar="FAULT", help="only these; all unless named")
    parser.add_argument("--shares", nargs="*", type=Share, default=list(Share), metavar="SHARE")
    parser.add_argument("--loads", nargs="*", type=Load, default=list(Load), metavar="LOAD")
    parser.add_argument("--deadline-ms", type=int, default=1_000, help="of every question; the catalogue says 3000")
    parser.add_argument("--seconds", type=float, default=2.0, help="for which each fault lasts")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--patience", action="store_true", help="also time half-open lines and sixteen adapters")
    parser.add_argument("--json", type=Path, help="write the figures here")
    return parser.parse_args(arguments)


def line(outcome: Outcome) -> str:
    """Return a cell's line of the table."""
    said = {reason or what: count for (what, reason), count in outcome.seen.said.items()}
    late = [f"{outcome.late(per_cent) * 1_000:.0f}" for per_cent in (99, 100)]
    counts = "".join(f" {said.get(what, 0):>5}" for what in ("held", "late", "down"))
    wrong = "".join(f"\n    {fault}" for fault in outcome.faults())
    return (
        f"{outcome.cell!s:38} {len(outcome.seen.seconds):>7}{counts} {late[0]:>5} ms {late[1]:>4} ms"
        f" {outcome.recovery_seconds:>4.2f} s{wrong}"
    )


async def measure(chosen: argparse.Namespace) -> tuple[Report, list[Noticed], Returned | None]:
    """Run everything in a folder of its own."""
    faults = chosen.faults or list(LineFault)
    cells = all_cells(faults, chosen.shares, chosen.loads)
    measures = Measures(far_seconds=1.5 * chosen.deadline_ms / 1_000)
    with tempfile.TemporaryDirectory(prefix="chaos ") as folder:
        async with running_field(
            Path(folder), deadline_ms=chosen.deadline_ms, seed=chosen.seed, measures=measures
        ) as field:
            matrix = Matrix(field)
            await matrix.begin()
            for cell in cells:
                print(line(await matrix.strike(cell, seconds=chosen.seconds)), flush=True)
            report = await matrix.end()
            noticed = await notice(field) if chosen.patience else []
            returned = await return_all(field) if chosen.patience else None
            return report, noticed, returned


def as_json(report: Report, noticed: Sequence[Noticed], returned: Returned | None) -> dict[str, Any]:
    """Return every figure."""
    cells = [
        {
            "cell": str(outcome.cell),
            "answers": len(outcome.seen.seconds),
            "said": {" ".join(filter(None, said)): count for said, count in outcome.seen.said.items()},
            "late_ms": [round(outcome.late(per_cent) * 1_000, 1) for per_cent in (50, 99, 100)],
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and the findings; exit code 1 when anything is not as it must be."""
    chosen, began = options(arguments), time.monotonic()
    print(HEAD)
    report, noticed, returned = asyncio.run(measure(chosen))
    findings = list(report.findings())
    print(f"\nLoaded: {SHARE_OF_CAPACITY:.0%} of {report.capacity:.0f} questions a second.")
    for finding in findings:
        print(f"{'met   ' if finding.is_met else 'MISSED'} {finding.what}: {finding.measured} ({finding.bar})")
    for one in noticed:
        word = "met   " if one.is_in_time else "MISSED"
        print(f"{word} {one.fault} noticed: hub {one.by_hub:.1f} s, adapter {one.by_adapter:.1f} s (30 s)")
    if returned:
        print(f"{'MISSED' if returned.faults() else 'met   '} sixteen adapters: {returned}")
    if chosen.json:
        chosen.json.write_bytes(orjson.dumps(as_json(report, noticed, returned), option=orjson.OPT_INDENT_2) + b"\n")
    print(f"In {time.monotonic() - began:.0f} s.")
    wrong = [
        *(one for one in findings if not one.is_met),
        *(fault for one in report.outcomes for fault in one.faults()),
    ]
    return 1 if wrong or not all(one.is_in_time for one in noticed) or (returned and returned.faults()) else 0


if __name__ == "__main__":
    sys.exit(main())
