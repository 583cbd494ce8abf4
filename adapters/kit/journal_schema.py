"""The journal's tables, which the agency's own people read as well."""

import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS asks (
    entry INTEGER PRIMARY KEY, asked_at_ms INTEGER NOT NULL, journalled_at_ms INTEGER NOT NULL, hub TEXT NOT NULL,
    ask_id TEXT NOT NULL, request_id TEXT NOT NULL, question TEXT NOT NULL, fields TEXT NOT NULL, purpose TEXT NOT NULL,
    lawful_basis TEXT NOT NULL, case_reference TEXT NOT NULL, requester TEXT NOT NULL, requester_agency TEXT NOT NULL,
    access_level TEXT NOT NULL, policy_version TEXT NOT NULL, source TEXT NOT NULL, outcome TEXT NOT NULL,
    row_count INTEGER NOT NULL, withheld_count INTEGER NOT NULL, own_references TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS asks_by_request ON asks (request_id);

-- Which of the agency's own records an ask was answered from: how a person's disclosures are found again.
CREATE TABLE IF NOT EXISTS ask_references (
    question TEXT NOT NULL, own_reference TEXT NOT NULL, request_id TEXT NOT NULL,
    PRIMARY KEY (question, own_reference, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS references_by_request ON ask_references (request_id);

-- Which of the agency's own rules refused an ask, or held back something that was found.
CREATE TABLE IF NOT EXISTS ask_vetoes (
    entry INTEGER NOT NULL, rule TEXT NOT NULL, PRIMARY KEY (entry, rule)
) STRICT, WITHOUT ROWID;

-- The switch that stops all answers: every turn of it, the last of which counts.
CREATE TABLE IF NOT EXISTS switchings (
    turn INTEGER PRIMARY KEY, turned_at_ms INTEGER NOT NULL, is_stopped INTEGER NOT NULL, turned_by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- What was removed because it was older than the agency keeps it: so much is known of it for ever.
CREATE TABLE IF NOT EXISTS removals (
    removal INTEGER PRIMARY KEY, removed_at_ms INTEGER NOT NULL, removed_by TEXT NOT NULL,
    older_than_ms INTEGER NOT NULL, asks INTEGER NOT NULL, last_ask INTEGER NOT NULL, receipts INTEGER NOT NULL,
    contacts INTEGER NOT NULL, notices INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The hub's log that this agency witnesses: the first that it was shown, until its people decide otherwise.
CREATE TABLE IF NOT EXISTS logs (
    origin TEXT PRIMARY KEY, key BLOB NOT NULL, trusted_at_ms INTEGER NOT NULL, retired_at_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_log_at_a_time ON logs ((1)) WHERE retired_at_ms IS NULL;

-- Every state of that log that was accepted, as it was signed. Each continues the one before.
CREATE TABLE IF NOT EXISTS checkpoints (
    origin TEXT NOT NULL REFERENCES logs, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL,
    accepted_at_ms INTEGER NOT NULL, PRIMARY KEY (origin, size)
) STRICT;

-- What the hub recorded of what concerns this agency, numbered without a gap: above all, what was released to whom.
CREATE TABLE IF NOT EXISTS receipts (
    origin TEXT NOT NULL REFERENCES logs, number INTEGER NOT NULL, received_at_ms INTEGER NOT NULL, hub TEXT NOT NULL,
    kind TEXT NOT NULL, recorded_at_ms INTEGER NOT NULL, request_id TEXT NOT NULL, requester TEXT NOT NULL,
    requester_agency TEXT NOT NULL, access_level TEXT NOT NULL, question TEXT NOT NULL, purpose TEXT NOT NULL,
    lawful_basis TEXT NOT NULL, special_condition TEXT NOT NULL, ground TEXT NOT NULL, override_reason TEXT NOT NULL,
    confirmed_by TEXT NOT NULL, case_reference TEXT NOT NULL, policy_version TEXT NOT NULL, fields TEXT NOT NULL,
    row_count INTEGER NOT NULL, held_until TEXT NOT NULL, audit_position INTEGER NOT NULL,
    checkpoint_size INTEGER NOT NULL, leaf_hash BLOB NOT NULL, entry BLOB NOT NULL, proof TEXT NOT NULL,
    PRIMARY KEY (origin, number)
) STRICT;
CREATE INDEX IF NOT EXISTS receipts_by_request ON receipts (request_id);

-- What was not accepted of the hub's log, and why. The hub is told that there is one, until somebody settles it.
CREATE TABLE IF NOT EXISTS refusals (
    entry INTEGER PRIMARY KEY, refused_at_ms INTEGER NOT NULL, hub TEXT NOT NULL, origin TEXT NOT NULL,
    why TEXT NOT NULL, note TEXT NOT NULL, settled_at_ms INTEGER, UNIQUE (origin, why, note)
) STRICT;

-- Requests, for this agency's people, to get in touch with a requester about a person.
CREATE TABLE IF NOT EXISTS contacts (
    entry INTEGER PRIMARY KEY, received_at_ms INTEGER NOT NULL, hub TEXT NOT NULL, request_id TEXT NOT NULL UNIQUE,
    requester TEXT NOT NULL, requester_name TEXT NOT NULL, requester_agency TEXT NOT NULL, purpose TEXT NOT NULL,
    case_reference TEXT NOT NULL, nhs_number TEXT NOT NULL, upn TEXT NOT NULL, given_name TEXT NOT NULL,
    family_name TEXT NOT NULL, date_of_birth TEXT NOT NULL
) STRICT;

-- Notices about this agency's own records: each difference once. The digests know again what they do not tell.
CREATE TABLE IF NOT EXISTS notices (
    entry INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, received_at_ms INTEGER NOT NULL, hub TEXT NOT NULL,
    request_id TEXT NOT NULL, question TEXT NOT NULL, own_references TEXT NOT NULL, kind TEXT NOT NULL,
    field TEXT NOT NULL, agencies INTEGER NOT NULL, other_values TEXT NOT NULL, is_same INTEGER,
    requester TEXT NOT NULL, requester_agency TEXT NOT NULL, case_reference TEXT NOT NULL, nhs_number TEXT NOT NULL,
    upn TEXT NOT NULL, uln TEXT NOT NULL, given_name TEXT NOT NULL, family_name TEXT NOT NULL,
    date_of_birth TEXT NOT NULL, same_person BLOB NOT NULL, same_value BLOB NOT NULL, done_at_ms INTEGER,
    done_by TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS notices_by_value ON notices (same_value);
CREATE TABLE IF NOT EXISTS notice_key (only INTEGER PRIMARY KEY CHECK (only = 1), key BLOB NOT NULL) STRICT;

-- Notices that are to be put into a work queue of a back-office system, and those that are.
CREATE TABLE IF NOT EXISTS work_items (
    notice TEXT NOT NULL, source TEXT NOT NULL, taken_until_ms INTEGER NOT NULL, attempts INTEGER NOT NULL,
    written_at_ms INTEGER, PRIMARY KEY (notice, source)
) STRICT, WITHOUT ROWID;

-- Sharing events that are to be written into a back-office system, and those that are.
CREATE TABLE IF NOT EXISTS write_backs (
    origin TEXT NOT NULL, number INTEGER NOT NULL, source TEXT NOT NULL, taken_until_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL, written_at_ms INTEGER, PRIMARY KEY (origin, number, source)
) STRICT, WITHOUT ROWID;
"""

# Columns that a table has come to have: the table, the column, and what it is.
_LATER = (("removals", "notices", "INTEGER NOT NULL DEFAULT 0"),)


def make_tables(connection: sqlite3.Connection) -> None:
    """Make what is not there yet; a journal that an older version made keeps all that it says."""
    connection.executescript(SCHEMA)
    connection.execute("BEGIN IMMEDIATE")
    for table, column, kind in _LATER:
        there = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
        if column not in there:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    connection.execute("COMMIT")
