"""Receipts as the journal keeps them: what the hub recorded of this agency, readable by its people, with its proof."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.kit.errors import OutOfStep
from adapters.kit.verifying import State

_WORDS = (
    "kind",
    "request",
    "requester",
    "requester_agency",
    "access_level",
    "question",
    "purpose",
    "lawful_basis",
    "special_condition",
    "ground",
    "override_reason",
    "confirmed_by",
    "case_reference",
    "policy_version",
    "until",
)
"""Particulars of an entry that are words; one that an entry does not have is empty."""

_COLUMNS = (
    "origin, number, received_at_ms, hub, kind, recorded_at_ms, request_id, requester, requester_agency, access_level,"
    " question, purpose, lawful_basis, special_condition, ground, override_reason, confirmed_by, case_reference,"
    " policy_version, fields, row_count, held_until, audit_position, checkpoint_size, leaf_hash, entry, proof"
)
_INSERT_RECEIPT = f"INSERT INTO receipts ({_COLUMNS}) VALUES (?{', ?' * _COLUMNS.count(',')})"  # noqa: S608  constants

_STANDING = """
SELECT logs.origin, logs.key, coalesce(newest.size, 0), coalesce(newest.root, x''),
    (SELECT coalesce(max(number), 0) FROM receipts WHERE receipts.origin = logs.origin),
    EXISTS (SELECT 1 FROM refusals WHERE settled_at_ms IS NULL)
FROM logs LEFT JOIN checkpoints AS newest ON newest.origin = logs.origin
WHERE retired_at_ms IS NULL ORDER BY newest.size DESC LIMIT 1
"""
_HAS_REFUSED = "SELECT EXISTS (SELECT 1 FROM refusals WHERE settled_at_ms IS NULL)"


# Bounded: whoever sends nonsense without end must not fill the journal with it.
_INSERT_REFUSAL = """
INSERT OR IGNORE INTO refusals SELECT NULL, ?, ?, ?, ?, ?, NULL WHERE (SELECT count(*) FROM refusals) < 1000
"""
_LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the journal has come with the hub's log; without an origin it has not begun."""

    origin: str = ""
    key: bytes = b""
    size: int = 0
    root: bytes = b""
    last_receipt: int = 0
    has_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HeldReceipt:
    """One receipt that has been verified."""

    number: int
    position: int
    leaf: bytes
    entry: bytes
    said: Mapping[str, object]
    proof: Sequence[bytes]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AcceptedBatch:
    """Receipts, and the state of the log that covers them, that continue what the journal held when they were verified.

    They are kept only if it still holds just that, so that neither a crash nor another process can make it accept two
    continuations of one state, or one receipt twice.
    """

    hub: str
    accepted_at_ms: int
    before: Standing
    state: State
    note: str
    receipts: Sequence[HeldReceipt]

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open; raises OutOfStep, with nothing written, when it does not fit."""
        now, before = read_standing(connection), self.before
        if now.origin and (now.origin, now.key, now.size, now.root, now.last_receipt) != (
            before.origin,
            before.key,
            before.size,
            before.root,
            before.last_receipt,
        ):
            raise OutOfStep
        if not now.origin:
            self._begin(connection)
        connection.execute(
            "INSERT OR IGNORE INTO checkpoints VALUES (?, ?, ?, ?, ?)",
            (before.origin, self.state.size, self.state.root, self.note, self.accepted_at_ms),
        )
        connection.executemany(_INSERT_RECEIPT, map(self._row, self.receipts))

    def _begin(self, connection: sqlite3.Connection) -> None:
        """Trust the key of the log that is the first to be witnessed here."""
        if self.before.size or self.before.last_receipt:
            raise OutOfStep
        connection.execute(
            "INSERT INTO logs VALUES (?, ?, ?, NULL)", (self.before.origin, self.before.key, self.accepted_at_ms)
        )

    def _row(self, receipt: HeldReceipt) -> tuple[object, ...]:
        said = receipt.said
        words = [_word(said.get(name)) for name in _WORDS]
        kind, *rest, until = words
        return (
            self.before.origin,
            receipt.number,
            self.accepted_at_ms,
            self.hub,
            kind,
            _number(said.get("at_ms")),
            *rest,
            json.dumps(said.get("fields", []), ensure_ascii=False),
            _number(said.get("records")),
            until,
            receipt.position,
            self.state.size,
            receipt.leaf,
            receipt.entry,
            json.dumps([one.hex() for one in receipt.proof]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalEntry:
    """What was not accepted of the hub's log, with the signed note that it came with, which is the evidence."""

    refused_at_ms: int
    hub: str
    origin: str
    why: str
    note: str

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open; what is known already stays as it is."""
        row = (self.refused_at_ms, self.hub, self.origin, self.why, self.note)
        connection.execute(_INSERT_REFUSAL, row)


def read_standing(connection: sqlite3.Connection) -> Standing:
    """Read how far the journal has come."""
    row = connection.execute(_STANDING).fetchone()
    if row is None:
        return Standing(has_refused=bool(connection.execute(_HAS_REFUSED).fetchone()[0]))
    origin, key, size, root, last_receipt, has_refused = row
    return Standing(
        origin=origin, key=key, size=size, root=root, last_receipt=last_receipt, has_refused=bool(has_refused)
    )


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value <= _LARGEST_INTEGER else 0
