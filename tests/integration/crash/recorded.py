"""The hub's log as it is on disk, read by what its entries mean: the one place that knows how they are written."""

import base64
import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.integration.crash.truth import Place, Shown

Found = TypeVar("Found")

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
    """The log, and what its entries mean.

    `intents` tells where each request's intent is, `planned` which agencies it names, `recorded` what was disclosed or
    said of an agency's part in a request; `roots` has the root for each size of the log, worked out anew from its
    leaves, `signed` those of its checkpoints; `receipts` has number and position of each agency's, `owed` the positions
    of what it must have a receipt of.
    """

    positions: tuple[int, ...]
    leaves: tuple[bytes, ...]
    intents: Mapping[str, int]
    planned: Mapping[str, frozenset[str]]
    recorded: Mapping[Place, tuple[Recorded, ...]]
    roots: tuple[bytes, ...]
    signed: Mapping[int, bytes]
    receipts: Mapping[str, tuple[tuple[int, int], ...]]
    owed: Mapping[str, tuple[int, ...]]

    @property
    def disclosures(self) -> dict[Place, Recorded]:
        """Return what was disclosed of records."""
        return {place: one for place, all_ in self.recorded.items() for one in all_ if one.shown.is_disclosure}


def read_record(store: Path) -> Record:
    """Read the log of a store that no hub runs on."""
    with closing(sqlite3.connect(store)) as database:
        rows = database.execute("select position, body from audit_entry order by position").fetchall()
        signed = {size: root_in(note) for size, note in database.execute("select size, note from checkpoint")}
        receipted = database.execute("select agency, number, position from receipt order by agency, number").fetchall()
    leaves = tuple(body.encode() for _, body in rows)
    entries = [(position, json.loads(leaf)) for (position, _), leaf in zip(rows, leaves, strict=True)]
    intents = [(position, body) for position, body in entries if body["kind"] == "intent"]
    receipted_kinds = {"disclosure", "notice", "asked_again", "judgement"}
    told = [(position, body) for position, body in entries if body["kind"] in receipted_kinds]
    recorded: dict[Place, tuple[Recorded, ...]] = {}
    for position, body in entries:
        for place, shown in _said(body):
            recorded[place] = (*recorded.get(place, ()), Recorded(position=position, shown=shown))
    return Record(
        positions=tuple(position for position, _ in entries),
        leaves=leaves,
        intents={body["request"]: position for position, body in intents},
        planned={body["request"]: frozenset(body["asked"]) for _, body in intents},
        recorded=recorded,
        roots=tuple(roots_of(leaves)),
        signed=signed,
        receipts=_by_agency((agency, (number, position)) for agency, number, position in receipted),
        owed=_by_agency((body["agency"], position) for position, body in told),
    )


def read_signed(store: Path) -> dict[int, bytes]:
    """Return the root that each checkpoint in a store is signed for, by its size."""
    with closing(sqlite3.connect(store)) as database:
        return {size: root_in(note) for size, note in database.execute("select size, note from checkpoint")}


def last_number(store: Path, agency: str) -> int:
    """Return the number of an agency's newest receipt in a store whose hub may be running; 0 before the first."""
    with closing(sqlite3.connect(store)) as database:
        query = "select coalesce(max(number), 0) from receipt where agency = ?"
        return int(database.execute(query, (agency,)).fetchone()[0])


def read_rest(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a store keeps besides its log: accounts, what belongs to them, policies, duties."""
    with closing(sqlite3.connect(store)) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        kept = [name for name in tables if name not in RECORD_TABLES and not name.startswith("sqlite_")]
        return {name: _rows(database, name) for name in kept}


def root_in(note: str) -> bytes:
    """Return the root that a signed note is about: it stands in the third line."""
    return base64.b64decode(note.splitlines()[2], validate=True)


def roots_of(leaves: tuple[bytes, ...]) -> Iterator[bytes]:
    """Yield the root of the log for each of its sizes from 0 on (RFC 9162, section 2.1.1)."""
    whole: list[tuple[int, bytes]] = []
    yield hashlib.sha256().digest()
    for leaf in leaves:
        level, found = 0, hashlib.sha256(b"\x00" + leaf).digest()
        while whole and whole[-1][0] == level:
            level, found = level + 1, _above(whole.pop()[1], found)
        whole.append((level, found))
        root = whole[-1][1]
        for _, left in reversed(whole[:-1]):
            root = _above(left, root)
        yield root


def _above(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _by_agency(found: Iterable[tuple[str, Found]]) -> dict[str, tuple[Found, ...]]:
    grouped: defaultdict[str, list[Found]] = defaultdict(list)
    for agency, one in found:
        grouped[agency].append(one)
    return {agency: tuple(all_) for agency, all_ in grouped.items()}


def _rows(database: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
    lasting = ", ".join(f'"{column}"' for column in columns if column not in PASSING_COLUMNS)
    rows = database.execute(f"select {lasting} from {table}")  # noqa: S608  names of the store's own tables
    return sorted(rows.fetchall(), key=repr)


def _said(body: Mapping[str, object]) -> Iterator[tuple[Place, Shown]]:
    """Read what an entry says of whose part in which request."""
    if body["kind"] == "disclosure":
        fields, records = body["fields"], body["records"]
        assert isinstance(fields, list)
        assert isinstance(records, int)
        shown = Shown(outcome="held", fields=frozenset(fields), records=records)
        yield (str(body["request"]), str(body["agency"])), shown
    elif body["kind"] == "outcomes":
        agencies = body["agencies"]
        assert isinstance(agencies, list)
        for said in agencies:
            yield (str(body["request"]), said["agency"]), Shown(outcome=said["outcome"])
