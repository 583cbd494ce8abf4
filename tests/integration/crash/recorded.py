"""The hub's log as it is on disk, read by what its entries mean: the one place that knows how they are written."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.integration.crash.truth import Place, Shown

# What is recorded changes with every question, and when somebody last signed in with every sign-in.
RECORD_TABLES = frozenset({"audit_entry", "audit_tile", "checkpoint", "receipt"})
PASSING_COLUMNS = frozenset({"last_signed_in_ms", "password_hash"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One thing that was recorded of an agency's part in a request, and where."""

    position: int
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The log: where each request's intent is and whom it names, and what was disclosed or said of whom."""

    positions: tuple[int, ...]
    intents: Mapping[str, int]
    planned: Mapping[str, frozenset[str]]
    recorded: Mapping[Place, tuple[Recorded, ...]]
    in_force: tuple[str, ...]

    @property
    def disclosures(self) -> dict[Place, Recorded]:
        """Return what was disclosed of records."""
        return {place: one for place, all_ in self.recorded.items() for one in all_ if one.shown.is_disclosure}


def read_record(store: Path) -> Record:
    """Read the log of a store that no hub runs on."""
    with closing(sqlite3.connect(store)) as database:
        rows = database.execute("select position, kind, body from audit_entry order by position").fetchall()
    entries = [(position, kind, json.loads(body)) for position, kind, body in rows]
    intents = [(position, body) for position, kind, body in entries if kind == "intent"]
    recorded: dict[Place, tuple[Recorded, ...]] = {}
    for position, kind, body in entries:
        for place, shown in _said(kind, body):
            recorded[place] = (*recorded.get(place, ()), Recorded(position=position, shown=shown))
    return Record(
        positions=tuple(position for position, _, _ in entries),
        intents={body["request"]: position for position, body in intents},
        planned={body["request"]: frozenset(body["asked"]) for _, body in intents},
        recorded=recorded,
        in_force=tuple(body["policy_version"] for _, kind, body in entries if kind == "policy_in_force"),
    )


def read_rest(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a store keeps besides its log: accounts, what belongs to them, policies, duties."""
    with closing(sqlite3.connect(store)) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        kept = [name for name in tables if name not in RECORD_TABLES and not name.startswith("sqlite_")]
        return {name: _rows(database, name) for name in kept}


def _rows(database: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
    lasting = ", ".join(f'"{column}"' for column in columns if column not in PASSING_COLUMNS)
    return sorted(database.execute(f"select {lasting} from {table}").fetchall(), key=repr)  # noqa: S608  names of its own tables


def _said(kind: str, body: Mapping[str, object]) -> Iterator[tuple[Place, Shown]]:
    """Read what an entry says of whose part in which request."""
    if kind != "disclosure":
        return
    agencies = body["agencies"]
    assert isinstance(agencies, list)
    for said in agencies:
        fields, records = frozenset(said.get("fields", ())), said.get("records", 0)
        yield (str(body["request"]), said["agency"]), Shown(outcome=said["outcome"], fields=fields, records=records)
