"""What an agency keeps no longer goes out of its journal, and the evidence that it was there stays."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from sharing.v1.links_pb2 import Contact, Welcome
from structlog.testing import CapturingLogger

from adapters.kit import journal_keeping
from adapters.kit.contacts import ContactEntry
from adapters.kit.journal import Journal, open_journal
from adapters.kit.journal_keeping import Older, older_than, remove_older
from adapters.kit.journal_summary import read_numbers
from adapters.kit.receipts import Standing, read_standing
from adapters.kit.witnessing import Witnessing
from tests.lib.signed_log import SignedLog
from tests.unit.adapters.test_journal_asks import answered

AGENCY = "schools"
LOG = structlog.wrap_logger(CapturingLogger(), processors=[structlog.processors.JSONRenderer()])


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[Path]:
    """Fill a journal: at each of the moments 10, 20 and 30 an ask about CANARY with its receipt, and a contact."""
    journal, log = Journal(tmp_path / "journal.sqlite"), SignedLog()
    await journal.open()
    for at in (10, 20, 30):
        asked = replace(answered(), asked_at_ms=at, journalled_at_ms=at, request_id=f"r{at}", vetoes=("sealed",))
        await journal.put(replace(asked, own_references=(f"CANARY{at}",)))
        log.disclose(AGENCY, f"r{at}")
        witness = Witnessing(agency=AGENCY, hub="localhost:1", journal=journal, wall_ms=lambda at=at: at, log=LOG)
        said = await witness.begin(Welcome(agency=AGENCY, log_origin=log.signer.origin, log_key=log.signer.public_key))
        assert said is not None
        await witness.take(log.receipts(AGENCY, said.last_receipt), log.checkpoint(said.size))
        contact = Contact(request_id=f"c{at}", requester_name=f"CANARY{at}")
        await journal.put(ContactEntry(received_at_ms=at, hub="localhost:1", contact=contact))
    yield tmp_path / "journal.sqlite"
    await journal.close()


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_journal(file)) as opened:
        yield opened


def column(connection: sqlite3.Connection, statement: str) -> list[object]:
    return [row[0] for row in connection.execute(statement)]


def removed(connection: sqlite3.Connection, before: int) -> Older:
    return remove_older(connection, before, at_ms=99, by="m.hughes")


async def test_to_look_removes_nothing(connection: sqlite3.Connection) -> None:
    older = older_than(connection, 25)
    assert older == Older(before_ms=25, asks=2, last_ask=2, receipts=2, contacts=2)
    assert column(connection, "SELECT count(*) FROM asks") == [3]
    assert column(connection, "SELECT count(*) FROM removals") == [0]


async def test_what_is_older_goes_and_what_is_not_stays_with_its_numbers(connection: sqlite3.Connection) -> None:
    assert removed(connection, 25) == Older(before_ms=25, asks=2, last_ask=2, receipts=2, contacts=2)
    assert connection.execute("SELECT entry, request_id FROM asks").fetchall() == [(3, "r30")]
    assert column(connection, "SELECT entry FROM ask_vetoes") == [3]
    assert column(connection, "SELECT own_reference FROM ask_references") == ["CANARY30"]
    assert column(connection, "SELECT request_id FROM contacts") == ["c30"]
    assert read_numbers(connection).missing == 0
    evidence = connection.execute("SELECT removed_at_ms, removed_by, asks, last_ask, receipts, contacts FROM removals")
    assert evidence.fetchall() == [(99, "m.hughes", 2, 2, 2, 2)]


async def test_a_receipt_keeps_its_number_its_place_and_its_hash_and_says_nothing_any_more(
    connection: sqlite3.Connection,
) -> None:
    kept = "SELECT number, audit_position, checkpoint_size, leaf_hash, kind FROM receipts ORDER BY number"
    before, standing = connection.execute(kept).fetchall(), read_standing(connection)
    removed(connection, 25)
    assert connection.execute(kept).fetchall() == before
    assert read_standing(connection) == standing != Standing()
    said = "SELECT request_id || requester || requester_agency || question || fields || case_reference || hex(entry)"
    emptied = column(connection, f"{said} FROM receipts WHERE number < 3")
    assert emptied == ["[]", "[]"]
    assert column(connection, "SELECT length(entry) > 0 FROM receipts WHERE number = 3") == [1]
    assert column(connection, "SELECT count(*) FROM checkpoints") == [3]


async def test_nothing_of_it_is_left_in_the_file(connection: sqlite3.Connection, file: Path) -> None:
    def everything() -> bytes:
        return b"".join(part.read_bytes() for part in file.parent.iterdir() if part.name.startswith(file.name))

    assert b"CANARY10" in everything()
    removed(connection, 25)
    assert b"CANARY10" not in everything()
    assert b"CANARY20" not in everything()
    assert b"CANARY30" in everything()


async def test_the_next_ask_takes_the_next_number_also_where_all_were_removed(
    connection: sqlite3.Connection, file: Path
) -> None:
    removed(connection, 1_000)
    assert column(connection, "SELECT request_id || own_references FROM asks") == ["[]"]
    assert read_numbers(connection).missing == 0
    journal = Journal(file)
    await journal.open()
    await journal.put(answered())
    await journal.close()
    assert column(connection, "SELECT entry FROM asks WHERE request_id <> ''") == [4]
    assert (read_numbers(connection).removed_to, read_numbers(connection).missing) == (3, 0)
    assert removed(connection, 1_000).asks == 1
    assert column(connection, "SELECT sum(asks) FROM removals") == [4]


async def test_an_ask_that_somebody_else_took_out_is_missing(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM asks WHERE entry = 2")
    assert read_numbers(connection).missing == 1
    removed(connection, 15)
    assert read_numbers(connection).missing == 1


async def test_much_is_removed_in_parts_and_is_one_removal(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_keeping, "MOST_AT_ONCE", 1)
    assert removed(connection, 25).asks == 2
    assert connection.execute("SELECT asks, last_ask, receipts, contacts FROM removals").fetchall() == [(2, 2, 2, 2)]
    assert column(connection, "SELECT entry FROM asks") == [3]


async def test_an_ask_whose_clock_was_wrong_keeps_those_after_it(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE asks SET journalled_at_ms = 500 WHERE entry = 1")
    assert removed(connection, 25).asks == 0
    assert column(connection, "SELECT entry FROM asks") == [1, 2, 3]


async def test_where_nothing_is_older_nothing_is_written(connection: sqlite3.Connection) -> None:
    assert removed(connection, 5).is_nothing
    assert column(connection, "SELECT count(*) FROM removals") == [0]
