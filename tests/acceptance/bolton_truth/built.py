"""Builds Bolton the way its README says, with the truth in a folder of its own."""

import csv
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """Is a built deployment: the systems' folder, what the build printed, the children and the owner of each record."""

    systems: Path
    printed: str
    children: dict[str, dict[str, str]]
    owners: dict[tuple[str, str], str]


def build(repository: Path, into: Path, *arguments: str) -> Built:
    truth = into / "the truth"
    command = (sys.executable, "-m", "examples.bolton.build", "--into", into / "systems", "--truth", truth, *arguments)
    printed = subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True).stdout
    with (truth / "children.csv").open(encoding="utf-8", newline="") as file:
        children = {row["child"]: row for row in csv.DictReader(file)}
    with (truth / "records.csv").open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    owners = {(row["system"], row["record"]): row["child"] for row in records}
    assert len(owners) == len(records), "a record is in the truth twice"
    return Built(systems=into / "systems", printed=printed, children=children, owners=owners)
