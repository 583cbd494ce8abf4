"""The agency's journal: durable, complete, readable by its owner alone."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from adapters.kit.errors import JournalFault
from adapters.kit.journal import AskEntry, AskOutcome, Journal, open_journal


def entry(number: int) -> AskEntry:
    return AskEntry(
        asked_at_ms=1,
        journalled_at_ms=2,
        hub="localhost:1",
        ask_id=2**64 - number,
        request_id=f"r{number}",
        question="child_basics",
        fields=("upn",),
        purpose="safeguarding",
        lawful_basis="A6_E",
        case_reference="CASE/1",
        requester="h.visitor",
        requester_agency="health",
        access_level="health_visitor",
        policy_version="p1",
        source="Care",
        outcome=AskOutcome.ANSWERED,
        row_count=1,
        withheld_count=0,
        own_references=("7",),
    )


async def test_entries_that_wait_together_are_all_there_in_order(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "journal.sqlite"
    journal = Journal(file)
    await journal.open()
    await asyncio.gather(*(journal.put(entry(number)) for number in range(1, 1201)))
    await journal.close()
    await journal.close()
    connection = sqlite3.connect(file)
    assert [row[0] for row in connection.execute("SELECT request_id FROM asks ORDER BY entry")] == [
        f"r{number}" for number in range(1, 1201)
    ]
    assert connection.execute("SELECT ask_id FROM asks LIMIT 1").fetchone() == ("f" * 16,)
    assert connection.execute("SELECT count(*) FROM ask_references").fetchone() == (1_200,)
    connection.close()
    assert file.stat().st_mode & 0o077 == 0


async def test_every_commit_reaches_the_disk(tmp_path: Path) -> None:
    connection = open_journal(tmp_path / "journal.sqlite")
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


async def test_a_journal_that_cannot_be_opened_says_so_without_a_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(JournalFault) as raised:
        await Journal(tmp_path / "file" / "journal.sqlite").open()
    assert str(tmp_path) not in str(raised.value)


async def test_nothing_is_taken_after_the_end(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    await journal.open()
    await journal.close()
    with pytest.raises(RuntimeError):
        journal.put(entry(1))


class Unfit:
    """Is an entry that cannot be kept, and notices only after it has begun to write."""

    def keep(self, connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM asks")
        raise ValueError("canary")


async def test_an_entry_that_does_not_fit_is_undone_and_keeps_no_other_from_the_disk(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    await journal.open()
    kept = await asyncio.gather(
        journal.put(entry(1)), journal.put(Unfit()), journal.put(entry(2)), return_exceptions=True
    )
    assert [kept[0], kept[2]] == [None, None]
    assert isinstance(kept[1], JournalFault)
    assert "canary" not in str(kept[1])
    assert await journal.read(lambda connection: connection.execute("SELECT count(*) FROM asks").fetchone()) == (2,)
    await journal.close()


async def test_what_reads_the_journal_cannot_write_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    await journal.open()
    await journal.put(entry(1))
    with pytest.raises(JournalFault):
        await journal.read(lambda connection: connection.execute("DELETE FROM asks"))
    await journal.close()


async def test_two_processes_write_one_journal_and_neither_loses_anything(tmp_path: Path) -> None:
    journals = [Journal(tmp_path / "journal.sqlite") for _ in range(2)]
    for journal in journals:
        await journal.open()
    await asyncio.gather(*(journal.put(entry(number)) for number in range(300) for journal in journals))
    for journal in journals:
        await journal.close()
    connection = sqlite3.connect(tmp_path / "journal.sqlite")
    assert connection.execute("SELECT count(*), count(DISTINCT request_id) FROM asks").fetchone() == (600, 300)
    connection.close()
