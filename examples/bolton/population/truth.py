"""Writes the truth beside the systems, for tests alone: who the children are, and whose each record is."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from examples.bolton.population.people import Child, System

CHILDREN, RECORDS = "children.csv", "records.csv"
CHILD_COLUMNS = ("child", "given", "middle", "family", "former_family", "known_as", "gender", "born", "nhs_number",
                 "upn", "household",
                 "twin", "address", "postcode", "known_to")  # fmt: skip
RECORD_COLUMNS = ("system", "record", "child")


def write(folder: Path, children: Iterable[Child], records: Iterable[tuple[System, str, str]]) -> None:
    """Write both files; a record is a system, its own reference, and the child's key."""
    folder.mkdir(parents=True, exist_ok=True)
    _table(folder / CHILDREN, CHILD_COLUMNS, (_child(child) for child in children))
    _table(folder / RECORDS, RECORD_COLUMNS, ((system.value, record, child) for system, record, child in records))


def _child(child: Child) -> tuple[str, ...]:
    return (
        child.key, child.given, child.middle, child.family, child.former_family, child.known_as, child.gender.value,
        child.born.isoformat(), child.nhs_number, child.upn, str(child.household), "yes" if child.twin else "no",
        child.address.line, child.address.postcode, " ".join(sorted(child.known_to)),
    )  # fmt: skip


def _table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows(rows)
