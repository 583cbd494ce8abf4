"""Notices about the agency's own records: kept once for each difference, acknowledged, and never answered.

Nothing is looked up in a source: which of the own records a notice is about is what the journal noted with the ask.
"""

import hmac
import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sharing.v1.links_pb2 import Notice

ID_BYTES = 6
KEY_BYTES = 32
MOST_VALUES = 10

_ASKED = """
SELECT question, own_references FROM asks WHERE request_id = ? AND outcome = 'answered' ORDER BY entry DESC LIMIT 1
"""
# Several records of one answer cannot be told apart by their references, and whom they are about then decides.
_KNOWN = """
SELECT 1 FROM notices WHERE kind = :kind AND field = :field AND same_value = :same_value AND (
    same_person = :same_person
    OR (question = :question AND own_references = :own_references AND json_array_length(:own_references) = 1)
)
"""
_INSERT = f"INSERT INTO notices VALUES (NULL{', ?' * 24})"  # noqa: S608  only question marks are put in
_MAKE_KEY = "INSERT OR IGNORE INTO notice_key VALUES (1, ?)"
_KEY = "SELECT key FROM notice_key"
_FIND = """
SELECT id, received_at_ms, hub, request_id, question, own_references, kind, field, agencies, other_values, is_same,
    requester, requester_agency, case_reference, nhs_number, upn, uln, given_name, family_name, date_of_birth,
    done_at_ms, done_by
FROM notices
"""
_DONE = "UPDATE notices SET done_at_ms = ?, done_by = ? WHERE id = ? AND done_at_ms IS NULL"
_LISTS = ("own_references", "other_values")


class NoticeKind(StrEnum):
    """Is what a notice is about."""

    DIFFERENCE = "difference"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NoticeEntry:
    """One notice as it came."""

    received_at_ms: int
    hub: str
    notice: Notice

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open, unless the same difference of the same record is there already.

        What the own record held is known again by a digest, under a key that stays in this file.
        """
        notice, digest = self.notice, _Digest.of(connection)
        question, references = connection.execute(_ASKED, (notice.request_id,)).fetchone() or ("", "[]")
        said: dict[str, object] = {
            "kind": _kind(notice).value,
            "field": notice.difference.field,
            "question": question,
            "own_references": references,
            "same_person": digest.over(*_person(notice)),
            "same_value": digest.over(*_said(notice)),
        }
        if connection.execute(_KNOWN, said).fetchone() is None:
            connection.execute(_INSERT, self._row(said))

    def _row(self, said: Mapping[str, object]) -> Sequence[object]:
        notice, word = self.notice, self.notice.judgement
        return (
            secrets.token_hex(ID_BYTES),
            self.received_at_ms,
            self.hub,
            notice.request_id,
            said["question"],
            said["own_references"],
            said["kind"],
            said["field"],
            notice.difference.agencies,
            json.dumps(list(notice.difference.values)[:MOST_VALUES], ensure_ascii=False),
            int(word.is_same) if notice.HasField("judgement") else None,
            word.requester,
            word.requester_agency,
            word.case_reference,
            *_person(notice),
            said["same_person"],
            said["same_value"],
            None,
            "",
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Digest:
    """Hashes what must be known again and not be read."""

    key: bytes

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> "_Digest":
        """Take the journal's own key, and make it with the first notice."""
        connection.execute(_MAKE_KEY, (secrets.token_bytes(KEY_BYTES),))
        (key,) = connection.execute(_KEY).fetchone()
        return cls(key=key)

    def over(self, *parts: str) -> bytes:
        return hmac.digest(self.key, json.dumps(parts).encode(), "sha256")


def _kind(notice: Notice) -> NoticeKind:
    return NoticeKind.DIFFERENCE if notice.HasField("difference") else NoticeKind.JUDGEMENT


def _person(notice: Notice) -> tuple[str, ...]:
    person = notice.person
    return (
        person.nhs_number,
        person.upn,
        person.uln,
        person.given_name,
        person.family_name,
        person.date_of_birth,
    )


def _said(notice: Notice) -> tuple[str, ...]:
    """Return what makes it another notice: another own value, or another word in another request."""
    word = notice.judgement
    return (
        (notice.difference.own,)
        if notice.HasField("difference")
        else (
            notice.request_id,
            word.requester,
            str(word.is_same),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSearch:
    """Which notices are looked for; a part that is left out fits everything."""

    field: str = ""
    kind: str = ""
    since_ms: int | None = None
    is_open: bool = False

    def where(self) -> tuple[str, list[object]]:
        """Spell it as the condition of a statement, with its parameters."""
        parts: list[tuple[str, object]] = [("field = ?", self.field)] if self.field else []
        parts += [("kind = ?", self.kind)] if self.kind else []
        parts += [("received_at_ms >= ?", self.since_ms)] if self.since_ms is not None else []
        tests = [test for test, _ in parts] + (["done_at_ms IS NULL"] if self.is_open else [])
        return " AND ".join(tests) or "TRUE", [value for _, value in parts]


def find_notices(connection: sqlite3.Connection, search: NoticeSearch) -> Iterator[Mapping[str, object]]:
    """Give the notices that fit, the oldest first."""
    where, parameters = search.where()
    yield from _read(connection, where, parameters)


def notices_about(
    connection: sqlite3.Connection, of_asks: str, parameters: Sequence[object]
) -> Iterator[Mapping[str, object]]:
    """Give the notices that belong to the asks that fit a condition."""
    where = "TRUE" if of_asks == "TRUE" else f"request_id IN (SELECT request_id FROM asks WHERE {of_asks})"  # noqa: S608  our own conditions
    yield from _read(connection, where, parameters)


def mark_done(connection: sqlite3.Connection, notice: str, *, at_ms: int, by: str) -> bool:
    """Note that somebody has looked into a notice; return False where there is none of that name that is open."""
    return connection.execute(_DONE, (at_ms, by, notice)).rowcount == 1


def _read(connection: sqlite3.Connection, where: str, parameters: Sequence[object]) -> Iterator[Mapping[str, object]]:
    rows = connection.execute(f"{_FIND} WHERE {where} ORDER BY entry", parameters)
    names = [column[0] for column in rows.description]
    for row in rows:
        found = dict(zip(names, row, strict=True))
        yield found | {name: json.loads(found[name]) for name in _LISTS}
