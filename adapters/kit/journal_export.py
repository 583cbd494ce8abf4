"""Writes the journal, or what is picked of it, into a folder: for a spreadsheet, for a program, and with its hashes."""

import csv
import hashlib
import io
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.kit.journal_search import Particulars, Search, find_asks, find_receipts
from adapters.kit.journal_summary import read_numbers
from adapters.kit.notices import notices_about
from adapters.kit.receipts import read_standing

FORMAT = "sharing-journal-export/1"
LISTING = "export.json"
OWNER_ONLY = 0o600
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula begins like this; what others wrote must not run in it."""

_EVIDENCE = """
SELECT origin, number, audit_position, checkpoint_size, hex(leaf_hash) AS leaf_hash, CAST(entry AS TEXT) AS entry, proof
FROM receipts ORDER BY origin, number
"""
_CHECKPOINTS = "SELECT origin, size, hex(root) AS root, note, accepted_at_ms FROM checkpoints ORDER BY origin, size"
_SWITCHINGS = "SELECT turn, turned_at_ms, is_stopped, turned_by, reason FROM switchings ORDER BY turn"
_REMOVALS = """
SELECT removal, removed_at_ms, removed_by, older_than_ms, asks, last_ask, receipts, contacts, notices FROM removals
"""
_REFUSALS = "SELECT refused_at_ms, hub, origin, why, note, settled_at_ms FROM refusals ORDER BY entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: where, how many rows are in each file, and the hash of the file that lists all others."""

    folder: Path
    rows: Mapping[str, int]
    listing_hash: str


def export_journal(connection: sqlite3.Connection, search: Search, folder: Path, *, at_ms: int, by: str) -> Exported:
    """Write into a folder that is made for it; raises FileExistsError where there is something already."""
    folder.mkdir(parents=True, mode=0o700)
    connection.execute("BEGIN")
    try:
        files = dict(_written(connection, search, folder))
        listing = {
            "format": FORMAT,
            "made_at": datetime.fromtimestamp(at_ms / 1_000, UTC).isoformat(timespec="seconds"),
            "made_by": by,
            "searched": search.told(),
            "numbers": asdict(read_numbers(connection)),
            "log": _log(connection),
            "files": files,
        }
    finally:
        connection.execute("ROLLBACK")
    text = json.dumps(listing, ensure_ascii=False, indent=2) + "\n"
    written = _write(folder / LISTING, [text])
    return Exported(
        folder=folder,
        rows={name: int(str(file["rows"])) for name, file in files.items()},
        listing_hash=str(written["sha256"]),
    )


def _written(
    connection: sqlite3.Connection, search: Search, folder: Path
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Write each file, and give its name with its length, rows and hash."""
    searched: dict[str, Callable[[], Iterable[Particulars]]] = {
        "asks": lambda: find_asks(connection, search),
        "receipts": lambda: find_receipts(connection, search),
        "notices": lambda: notices_about(connection, *search.where()),
    }
    for name, find in searched.items():
        yield f"{name}.csv", _write(folder / f"{name}.csv", _as_csv(find()))
        yield f"{name}.json", _write(folder / f"{name}.json", _as_json(find()))
    whole = {"checkpoints": _CHECKPOINTS, "switchings": _SWITCHINGS, "removals": _REMOVALS, "refusals": _REFUSALS}
    for name, statement in whole.items():
        yield f"{name}.json", _write(folder / f"{name}.json", _as_json(_rows(connection, statement)))
    if search.is_everything:
        yield "evidence.json", _write(folder / "evidence.json", _as_json(_evidence(connection)))


def _evidence(connection: sqlite3.Connection) -> Iterator[Particulars]:
    """Give each receipt as it is in the hub's log, with the proof that it is there."""
    for row in _rows(connection, _EVIDENCE):
        yield {**row, "proof": json.loads(str(row["proof"]))}


def _rows(connection: sqlite3.Connection, statement: str) -> Iterator[Particulars]:
    rows = connection.execute(statement)
    names = [column[0] for column in rows.description]
    return (dict(zip(names, row, strict=True)) for row in rows)


def _log(connection: sqlite3.Connection) -> Particulars:
    standing = read_standing(connection)
    return {
        "origin": standing.origin,
        "key": standing.key.hex(),
        "size": standing.size,
        "root": standing.root.hex(),
        "last_receipt": standing.last_receipt,
    }


def _as_json(rows: Iterable[Particulars]) -> Iterator[str]:
    """Spell rows as a list, one on each line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _as_csv(rows: Iterable[Particulars]) -> Iterator[str]:
    """Spell rows with a header; without rows there is nothing to name."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    for index, row in enumerate(rows):
        if not index:
            table.writerow(row)
        table.writerow([_cell(value) for value in row.values()])
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def _cell(value: object) -> object:
    """Spell a value for a spreadsheet, which must run none of it."""
    if isinstance(value, list):
        value = "; ".join(str(each) for each in value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _write(file: Path, parts: Iterable[str]) -> Mapping[str, object]:
    """Write a file that only its owner reads; every part is one row but for what frames them."""
    digest, rows, size = hashlib.sha256(), 0, 0
    with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, OWNER_ONLY), "wb") as out:
        for part in parts:
            encoded = part.encode()
            digest.update(encoded)
            size += len(encoded)
            rows += not part.endswith("]\n")
            out.write(encoded)
        out.flush()
        os.fsync(out.fileno())
    return {"sha256": digest.hexdigest(), "bytes": size, "rows": rows}
