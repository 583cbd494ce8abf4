"""`python -m tests.chaos`: strikes every line with every fault, prints a table, and holds it against the battery."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import orjson

from tests.chaos.cells import Load, Share
from tests.chaos.field import running_field
from tests.chaos.matrix import SHARE_OF_CAPACITY, Matrix, Report, all_cells
from tests.chaos.noticing import Noticed, notice
from tests.chaos.returning import Returned, return_all
from tests.chaos.table import HEAD, as_json, line_of, of_patience, of_report
from tests.lib.line_faults import LineFault, Measures


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
                print(line_of(await matrix.strike(cell, seconds=chosen.seconds)), flush=True)
            report = await matrix.end()
            noticed = await notice(field) if chosen.patience else []
            returned = await return_all(field) if chosen.patience else None
            return report, noticed, returned


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and the findings; exit code 1 when anything is not as it must be."""
    chosen, began = options(arguments), time.monotonic()
    print(HEAD)
    report, noticed, returned = asyncio.run(measure(chosen))
    print(f"\nLoaded: {SHARE_OF_CAPACITY:.0%} of {report.capacity:.0f} questions a second.")
    verdicts = [*of_report(report), *of_patience(noticed, returned)]
    for verdict in verdicts:
        print(verdict)
    if chosen.json:
        chosen.json.write_bytes(orjson.dumps(as_json(report, noticed, returned), option=orjson.OPT_INDENT_2) + b"\n")
    print(f"In {time.monotonic() - began:.0f} s.")
    return 0 if all(verdict.is_met for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
