"""Reads a database's plan for a question: what it would read from end to end, and which of it for want of an index."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.sql.database import Rows, Scan

EXPLAINING = {
    "sqlite": "EXPLAIN QUERY PLAN",
    "postgresql": "EXPLAIN (FORMAT JSON)",
    "mysql": "EXPLAIN FORMAT=JSON",
    "mariadb": "EXPLAIN FORMAT=JSON",
}
SMALL_COST = 50.0
"""What PostgreSQL thinks reading some two thousand rows costs; it reads less than that whole, index or none."""
_WHOLE = ("ALL", "index")
_SQLITE_SCAN = re.compile(r"^SCAN (?:TABLE )?(?P<table>[^ (]+)(?: AS (?P<alias>\S+))?")
_SQLITE_AUTOMATIC = re.compile(r"^SEARCH (?:TABLE )?(?P<table>[^ (]+)(?: AS (?P<alias>\S+))? USING AUTOMATIC ")


def scans(backend: str, rows: Rows) -> list[Scan]:
    """List what a plan reads whole."""
    match backend:
        case "sqlite":
            return list(_sqlite(rows))
        case "postgresql":
            return list(_postgresql(_document(rows)))
        case _:
            return list(_mysql(_document(rows)))


def _sqlite(rows: Rows) -> Iterator[Scan]:
    for row in rows:
        said = str(row[-1])
        match = _SQLITE_SCAN.match(said) or _SQLITE_AUTOMATIC.match(said)
        if match and match["table"] != "CONSTANT":
            yield Scan(table=match["alias"] or match["table"], wants_index="VIRTUAL TABLE" not in said)


def _document(rows: Rows) -> object:
    """Read the one document of a plan; a driver may have read it already."""
    said = rows[0][0] if rows and rows[0] else None
    return json.loads(said) if isinstance(said, str | bytes) else said


def _postgresql(plan: object) -> Iterator[Scan]:
    for node in _nodes(plan):
        if node.get("Node Type") == "Seq Scan":
            table, cost = str(node.get("Alias", node.get("Relation Name", ""))), float(node.get("Total Cost", 0))
            yield Scan(table=table, wants_index=cost >= SMALL_COST)


def _mysql(plan: object) -> Iterator[Scan]:
    for node in _nodes(plan):
        if node.get("access_type") in _WHOLE:
            rows = node.get("rows", node.get("rows_examined_per_scan"))
            yield Scan(
                table=str(node.get("table_name", "")),
                rows=int(rows) if rows is not None else None,
                wants_index=not node.get("possible_keys"),
            )


def _nodes(part: object) -> Iterator[dict[str, Any]]:
    """Walk through every object of a document."""
    if isinstance(part, dict):
        yield part
        for below in part.values():
            yield from _nodes(below)
    elif isinstance(part, Sequence) and not isinstance(part, str | bytes):
        for below in part:
            yield from _nodes(below)
