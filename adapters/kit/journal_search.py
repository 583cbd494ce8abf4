"""Finds asks in the journal for the agency's own people, each with what became of it, and the receipts beside it."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Particulars = Mapping[str, object]

_ASKS = """
SELECT entry, asked_at_ms, journalled_at_ms, hub, request_id, question, fields, purpose, lawful_basis, case_reference,
    requester, requester_agency, access_level, policy_version, source, outcome, row_count, withheld_count,
    own_references, (SELECT json_group_array(rule) FROM ask_vetoes WHERE entry = asks.entry) AS vetoes
FROM asks
"""
_RECEIPTS = """
SELECT origin, number, kind, recorded_at_ms, received_at_ms, request_id, requester, requester_agency, access_level,
    question, purpose, lawful_basis, special_condition, ground, override_reason, confirmed_by, case_reference,
    policy_version, fields, row_count, held_until, audit_position, checkpoint_size, hex(leaf_hash) AS leaf_hash
FROM receipts
"""
_BY_REFERENCE = "EXISTS (SELECT 1 FROM json_each(own_references) WHERE value = ?)"
# A reference means something only within its own record set, which is why the question stands beside it.
_BY_OWN = (
    "EXISTS (SELECT 1 FROM json_each(own_references) AS own JOIN json_each(?) AS wanted"
    " ON json_extract(wanted.value, '$[0]') = question AND json_extract(wanted.value, '$[1]') = own.value)"
)
_LISTS = ("fields", "own_references", "vetoes")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Search:
    """What is looked for; a part that is left out fits everything. Case data, so it has no repr.

    `own` lists the agency's own records of one person: the question that is answered from them, and the reference.
    """

    own: Sequence[tuple[str, str]] | None = None
    reference: str = ""
    request: str = ""
    question: str = ""
    agency: str = ""
    requester: str = ""
    purpose: str = ""
    outcome: str = ""
    since_ms: int | None = None
    until_ms: int | None = None

    def where(self) -> tuple[str, list[object]]:
        """Spell it as the condition of a statement, with its parameters."""
        named = (
            ("request_id = ?", self.request),
            ("question = ?", self.question),
            ("requester_agency = ?", self.agency),
            ("requester = ?", self.requester),
            ("purpose = ?", self.purpose),
            ("outcome = ?", self.outcome),
            (_BY_REFERENCE, self.reference),
        )
        parts: list[tuple[str, object]] = [(test, value) for test, value in named if value]
        parts += [("asked_at_ms >= ?", self.since_ms)] if self.since_ms is not None else []
        parts += [("asked_at_ms < ?", self.until_ms)] if self.until_ms is not None else []
        parts += [(_BY_OWN, json.dumps(list(self.own)))] if self.own is not None else []
        return " AND ".join(test for test, _ in parts) or "TRUE", [value for _, value in parts]

    @property
    def is_everything(self) -> bool:
        """Tell whether nothing was left out."""
        return self.where()[0] == "TRUE"

    def told(self) -> Particulars:
        """Say what was looked for, and not whom."""
        said = {name: getattr(self, name) for name in self.__slots__ if name != "own"}
        return {name: value for name, value in said.items() if value not in ("", None)} | (
            {"by": "person"} if self.own is not None else {}
        )


def count_asks(connection: sqlite3.Connection, search: Search) -> int:
    """Count what fits."""
    where, parameters = search.where()
    statement = f"SELECT count(*) FROM asks WHERE request_id <> '' AND {where}"  # noqa: S608  our own conditions
    (count,) = connection.execute(statement, parameters).fetchone()
    return int(count)


def find_asks(connection: sqlite3.Connection, search: Search, *, most: int | None = None) -> Iterator[Particulars]:
    """Give the asks that fit: the oldest first, or, where there may be at most so many, the newest first."""
    where, parameters = search.where()
    order, limit = ("entry", -1) if most is None else ("entry DESC", most)
    # One that says nothing any more is there for its number only.
    statement = f"{_ASKS} WHERE request_id <> '' AND {where} ORDER BY {order} LIMIT ?"
    yield from _particulars(connection.execute(statement, [*parameters, limit]))


def receipts_of(connection: sqlite3.Connection, request_id: str) -> list[Particulars]:
    """Give the receipts of one request, in their order."""
    statement = f"{_RECEIPTS} WHERE request_id = ? ORDER BY origin, number"
    return list(_particulars(connection.execute(statement, (request_id,))))


def find_receipts(connection: sqlite3.Connection, search: Search) -> Iterator[Particulars]:
    """Give the receipts that belong to the asks that fit; all of them where everything fits."""
    where, parameters = search.where()
    of_asks = "TRUE" if search.is_everything else f"request_id IN (SELECT request_id FROM asks WHERE {where})"  # noqa: S608  as above
    yield from _particulars(connection.execute(f"{_RECEIPTS} WHERE {of_asks} ORDER BY origin, number", parameters))


def _particulars(rows: sqlite3.Cursor) -> Iterator[Particulars]:
    names = [column[0] for column in rows.description]
    for row in rows:
        found = dict(zip(names, row, strict=True))
        yield found | {name: json.loads(found[name]) for name in _LISTS if name in found}
