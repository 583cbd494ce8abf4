"""`python -m tests.forensics`: runs sessions against a real hub, ends them, and searches all that is left."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.forensics.running import Options, Report, Run
from tests.forensics.visits import VISITS

MOST_SHOWN = 20


def _options() -> tuple[argparse.Namespace, Options]:
    parser = argparse.ArgumentParser(prog="python -m tests.forensics")
    parser.add_argument("--sessions", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=60)
    parser.add_argument("--no-harden", action="store_true", help="to see what it would be like")
    parser.add_argument("--visits", help="names of visits, with commas between; default all")
    parser.add_argument("--places", action="store_true", help="show what stands around the first hits")
    read = parser.parse_args()
    chosen = read.visits.split(",") if read.visits else None
    visits = tuple(visit for visit in VISITS if chosen is None or visit.__name__ in chosen)
    return read, Options(sessions=read.sessions, at_once=read.at_once, no_harden=read.no_harden, visits=visits)


def _lines(report: Report) -> list[str]:
    found, held = report.control
    rows = [
        ("sessions", f"{report.options.sessions}, {report.options.at_once} at once"),
        ("values planted, shown", f"{report.planted:,}, {report.shown:,}"),
        ("visits that went wrong", str(len(report.failed))),
        ("found while sessions are open", f"{found:,} of {held:,} that they hold"),
    ]
    for seconds, left in report.after:
        places = f"{len(left.counts):,} values in {left.counts.total():,} places of {left.scanned_bytes / 1e6:.0f} MB"
        rows.append((f"in memory {seconds:.1f} s after the last", places))
    rows.append(("kinds of those", ", ".join(f"{kind} {count:,}" for kind, count in report.kinds.items()) or "none"))
    rows.append(("on disk and in the log", str(sum(map(len, report.files.values())))))
    return [f"{name:<34}{figure}" for name, figure in rows]


def main() -> int:
    """Run, print, and return 0 only if nothing was found that must not be, and everything that must."""
    read, options = _options()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="forensics-") as folder:
        report = asyncio.run(Run(Path(folder), options).run())
    print("\n".join(_lines(report)))
    for problem in report.failed[:MOST_SHOWN]:
        print(f"  {problem}")
    if read.places:
        for hit, region, around in report.left.places:
            print(f"  {hit.value} {hit.written} {region.name or 'anonymous'} {hit.at:x}: {around!r}")
    for file, values in report.files.items():
        print(f"  {file}: {values[:MOST_SHOWN]}")
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if report.is_forgotten else 1


if __name__ == "__main__":
    sys.exit(main())
