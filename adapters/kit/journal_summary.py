"""What a journal comes to: who asked what of late, what left, and whether anything is missing from it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.kit.receipts import Standing, read_standing
from adapters.kit.switch import Turn, last_turn

_ASKED = """
SELECT question, requester_agency, access_level, purpose, outcome, count(*) FROM asks WHERE asked_at_ms >= ?
GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 1, 2, 3, 4, 5 LIMIT ?
"""
_OUTCOMES = "SELECT outcome, count(*) FROM asks WHERE asked_at_ms >= ? GROUP BY 1 ORDER BY 2 DESC, 1"
_VETOES = """
SELECT rule, count(*) FROM ask_vetoes JOIN asks USING (entry) WHERE asked_at_ms >= ? GROUP BY 1 ORDER BY 2 DESC, 1
"""
_RECEIPTS = "SELECT kind, count(*) FROM receipts WHERE recorded_at_ms >= ? GROUP BY 1 ORDER BY 2 DESC, 1"
_CONTACTS = "SELECT count(*) FROM contacts WHERE received_at_ms >= ?"
_NUMBERS = """
SELECT count(entry), coalesce(max(entry), removed.last) AS newest, removed.last,
    (SELECT min(asked_at_ms) FROM asks WHERE request_id <> '')
FROM (SELECT coalesce(max(last_ask), 0) AS last FROM removals) AS removed LEFT JOIN asks ON entry > removed.last
"""
MOST_LINES = 200

Counts = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """How often one kind of requester asked one question for one purpose, and what became of it."""

    question: str
    requester_agency: str
    access_level: str
    purpose: str
    outcome: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How the asks are numbered: those up to `removed_to` were removed, and all after it should be there."""

    removed_to: int
    newest: int
    missing: int
    oldest_at_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What there is since a moment, and how the journal stands now."""

    asked: Sequence[AskedLine]
    outcomes: Counts
    vetoes: Counts
    receipts: Counts
    contacts: int
    numbers: Numbers
    standing: Standing
    switch: Turn


def summarise(connection: sqlite3.Connection, since_ms: int) -> Summary:
    """Read it all as it is at one moment."""
    connection.execute("BEGIN")
    try:
        return Summary(
            asked=[_line(row) for row in connection.execute(_ASKED, (since_ms, MOST_LINES))],
            outcomes=connection.execute(_OUTCOMES, (since_ms,)).fetchall(),
            vetoes=connection.execute(_VETOES, (since_ms,)).fetchall(),
            receipts=connection.execute(_RECEIPTS, (since_ms,)).fetchall(),
            contacts=connection.execute(_CONTACTS, (since_ms,)).fetchone()[0],
            numbers=read_numbers(connection),
            standing=read_standing(connection),
            switch=last_turn(connection),
        )
    finally:
        connection.execute("ROLLBACK")


def read_numbers(connection: sqlite3.Connection) -> Numbers:
    """Say whether a number is missing: nothing but `adapter journal keep` takes an ask out, and it says so."""
    there, newest, removed_to, oldest = connection.execute(_NUMBERS).fetchone()
    return Numbers(removed_to=removed_to, newest=newest, missing=newest - removed_to - there, oldest_at_ms=oldest)


def _line(row: tuple[str, str, str, str, str, int]) -> AskedLine:
    question, agency, level, purpose, outcome, count = row
    return AskedLine(
        question=question,
        requester_agency=agency,
        access_level=level,
        purpose=purpose,
        outcome=outcome,
        count=count,
    )
