"""`python -m tests.forensics`: runs sessions against a real hub, ends them, and searches all that is left."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.forensics.running import Options, Report, Run
from tests.forensics.visits import VISITS


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
    lines = [
        f"sessions                         {report.options.sessions}, {report.options.at_once} at once",
        f"values planted / shown           {report.planted:,} / {report.shown:,}",
        f"visits that went wrong           {len(report.failed)}",
        f"control: found of values held    {found:,} of {held:,}",
    ]
    for seconds, left in report.after:
        size = left.scanned_bytes / 1e6
        lines.append(
            f"in memory after {seconds:4.1f} s            {len(left.counts):,} values ({left.counts.total():,} places, {size:.0f} MB)"
        )
    lines.append(f"of those                         {dict(report.kinds)}")
    lines.append(f"on disk and in logs              {sum(map(len, report.files.values()))}")
    return lines


def main() -> int:
    """Run, print, and return 0 only if nothing was found that must not be, and everything that must."""
    read, options = _options()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="forensics-") as folder:
        report = asyncio.run(Run(Path(folder), options).run())
    print("\n".join(_lines(report)))
    for problem in report.failed[:20]:
        print(f"  {problem}")
    if read.places:
        for hit, region, around in report.left.places:
            print(f"  {hit.value} {hit.written} {region.name or 'anonymous'} {hit.at:x}: {around!r}")
    for file, values in report.files.items():
        print(f"  {file}: {values[:5]}")
    print(f"{time.monotonic() - began:.0f} s")
    found, held = report.control
    return 0 if not report.left.counts and not report.files and found >= held * 0.95 and held else 1


if __name__ == "__main__":
    sys.exit(main())
