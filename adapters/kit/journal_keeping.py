"""Removes from the journal what is older than the agency keeps it, and keeps the evidence that there was something.

Asks go whole, from the oldest on, so that the numbers of what stays follow one another; how far they went is written
down. Receipts are numbered by the hub and hashed into its log: each stays with its number, its place there and its
hash, and loses everything that it says. What the hub left out, or numbered twice, shows afterwards as it did before.
"""

import sqlite3
from dataclasses import dataclass

MOST_AT_ONCE = 2_000
"""So many in one transaction: an adapter that runs waits for none that is longer."""

# The number up to which all are older; where none is newer, that of the newest.
_LAST_OLD = """
SELECT coalesce((SELECT min(entry) - 1 FROM asks WHERE journalled_at_ms >= :before), (SELECT max(entry) FROM asks), 0)
"""
_COUNT_ASKS = "SELECT count(*) FROM asks WHERE entry <= :last AND request_id <> ''"
_COUNT_RECEIPTS = "SELECT count(*) FROM receipts WHERE received_at_ms < :before AND entry <> x''"
_COUNT_CONTACTS = "SELECT count(*) FROM contacts WHERE received_at_ms < :before"
_COUNT_NOTICES = "SELECT count(*) FROM notices WHERE received_at_ms < :before"
_BATCH_TO = "SELECT max(entry) FROM (SELECT entry FROM asks WHERE entry <= :last ORDER BY entry LIMIT :most)"

_DELETE_VETOES = "DELETE FROM ask_vetoes WHERE entry <= :last"
_DELETE_ASKS = "DELETE FROM asks WHERE entry <= :last AND entry < (SELECT max(entry) FROM asks)"
# The newest of all stays, since the next takes its number from it; it says nothing any more.
_EMPTY_NEWEST = """
UPDATE asks SET hub = '', ask_id = '', request_id = '', question = '', fields = '[]', purpose = '', lawful_basis = '',
    case_reference = '', requester = '', requester_agency = '', access_level = '', policy_version = '', source = '',
    row_count = 0, withheld_count = 0, own_references = '[]'
WHERE entry <= :last
"""
_DELETE_REFERENCES = """
DELETE FROM ask_references WHERE request_id NOT IN (SELECT request_id FROM asks)
    AND request_id NOT IN (SELECT request_id FROM receipts)
"""
_EMPTY_RECEIPTS = """
UPDATE receipts SET request_id = '', requester = '', requester_agency = '', access_level = '', question = '',
    purpose = '', lawful_basis = '', special_condition = '', ground = '', override_reason = '', confirmed_by = '',
    case_reference = '', policy_version = '', fields = '[]', row_count = 0, held_until = '', entry = x'', proof = '[]'
WHERE (origin, number) IN (
    SELECT origin, number FROM receipts WHERE received_at_ms < :before AND entry <> x'' LIMIT :most
)
"""
_DELETE_CONTACTS = "DELETE FROM contacts WHERE received_at_ms < :before"
_DELETE_WORK = "DELETE FROM work_items WHERE notice IN (SELECT id FROM notices WHERE received_at_ms < :before)"
_DELETE_NOTICES = "DELETE FROM notices WHERE received_at_ms < :before"
_BEGIN_REMOVAL = "INSERT INTO removals VALUES (NULL, :at, :by, :before, 0, 0, 0, 0, 0)"
_ADD_TO_REMOVAL = """
UPDATE removals SET asks = asks + :asks, last_ask = max(last_ask, :last), receipts = receipts + :receipts,
    contacts = contacts + :contacts, notices = notices + :notices
WHERE removal = :removal
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """What is older than a moment: asks up to a number, receipts that still say something, contacts and notices."""

    before_ms: int
    asks: int
    last_ask: int
    receipts: int
    contacts: int
    notices: int = 0

    @property
    def is_nothing(self) -> bool:
        """Tell whether there is nothing to remove."""
        return not (self.asks or self.receipts or self.contacts or self.notices)


def older_than(connection: sqlite3.Connection, before_ms: int) -> Older:
    """Look what would be removed; removes nothing."""
    (last,) = connection.execute(_LAST_OLD, {"before": before_ms}).fetchone()
    named = {"before": before_ms, "last": last}
    asks, receipts, contacts, notices = (
        connection.execute(count, named).fetchone()[0]
        for count in (_COUNT_ASKS, _COUNT_RECEIPTS, _COUNT_CONTACTS, _COUNT_NOTICES)
    )
    return Older(before_ms=before_ms, asks=asks, last_ask=last, receipts=receipts, contacts=contacts, notices=notices)


def remove_older(connection: sqlite3.Connection, before_ms: int, *, at_ms: int, by: str) -> Older:
    """Remove it in parts, each with its evidence in one transaction, and overwrite where it stood in the file."""
    connection.execute("PRAGMA secure_delete = ON")
    found = older_than(connection, before_ms)
    if found.is_nothing:
        return found
    named = {"at": at_ms, "by": by, "before": before_ms}
    removal = connection.execute(_BEGIN_REMOVAL, named).lastrowid
    going_on = True
    while going_on:
        connection.execute("BEGIN IMMEDIATE")
        going_on = _remove_part(connection, found, removal)
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return found


def _remove_part(connection: sqlite3.Connection, found: Older, removal: int | None) -> bool:
    """Remove one part, and say whether there may be more."""
    named = {"before": found.before_ms, "last": found.last_ask, "most": MOST_AT_ONCE}
    (last,) = connection.execute(_BATCH_TO, named).fetchone()
    named["last"] = last = last or 0
    (asks,) = connection.execute(_COUNT_ASKS, named).fetchone()
    connection.execute(_DELETE_VETOES, named)
    deleted = connection.execute(_DELETE_ASKS, named).rowcount
    connection.execute(_EMPTY_NEWEST, named)
    receipts = connection.execute(_EMPTY_RECEIPTS, named).rowcount
    contacts = connection.execute(_DELETE_CONTACTS, named).rowcount
    connection.execute(_DELETE_WORK, named)
    notices = connection.execute(_DELETE_NOTICES, named).rowcount
    is_more = deleted >= MOST_AT_ONCE or receipts >= MOST_AT_ONCE
    if not is_more:
        connection.execute(_DELETE_REFERENCES)
    did = {"asks": asks, "last": last, "receipts": receipts, "contacts": contacts, "notices": notices}
    connection.execute(_ADD_TO_REMOVAL, {**did, "removal": removal})
    return is_more
