"""Replaces Connexions' files as its nightly job does: python -m examples.bolton.nightly --into FOLDER."""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from examples.bolton.systems.connexions import night


def main() -> None:
    """Read the folder and the night from the command line, and replace the files."""
    parser = argparse.ArgumentParser(prog="nightly", description=__doc__)
    parser.add_argument("--into", type=Path, required=True, help="the folder that examples.bolton.build filled")
    parser.add_argument("--night", type=date.fromisoformat, default=datetime.now(UTC).date(), help="YYYY-MM-DD; today")
    options = parser.parse_args()
    reviewed = night.replace_files(options.into / "connexions", options.night)
    sys.stdout.write(f"connexions: files of {options.night} are in place, {reviewed} clients reviewed\n")


if __name__ == "__main__":
    main()
