"""What the journal makes of notices: each difference once, with the agency's own references, and no own value."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sharing.v1.links_pb2 import Difference, Judgement, Notice
from sharing.v1.records_pb2 import PersonKeys

from adapters.kit.journal import AskEntry, AskOutcome, open_journal
from adapters.kit.journal_keeping import remove_older
from adapters.kit.notices import NoticeEntry, NoticeSearch, find_notices, mark_done
from tests.unit.adapters.test_journal import entry as ask_entry

ZOE = PersonKeys(nhs_number="9434765919", given_name="Zoe", family_name="Ash", date_of_birth="2016-03-09")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_journal(file)) as connection:
        yield connection


def asked(journal: sqlite3.Connection, request: str, *references: str, **parts: object) -> None:
    """Note an ask that was answered from some of the agency's own records."""
    entry: AskEntry = replace(ask_entry(1), request_id=request, own_references=references, outcome=AskOutcome.ANSWERED)
    replace(entry, **parts).keep(journal)  # type: ignore[arg-type]  # whatever a test changes


def difference(request: str, own: str = "BL1 1AA", *, field: str = "postcode", person: PersonKeys = ZOE) -> Notice:
    found = Difference(field=field, agencies=2, own=own)
    return Notice(notice_id=1, request_id=request, person=person, difference=found)


def told(journal: sqlite3.Connection, *notices: Notice) -> list[dict[str, object]]:
    """Keep notices, and list what the journal has then."""
    for notice in notices:
        NoticeEntry(received_at_ms=1_000, hub="h", notice=notice).keep(journal)
    return [dict(one) for one in find_notices(journal, NoticeSearch())]


def test_a_notice_is_kept_with_the_own_reference_of_the_record_that_it_is_about(journal: sqlite3.Connection) -> None:
    asked(journal, "r1", "C-7", question="child_basics")
    (found,) = told(journal, difference("r1"))
    assert (found["question"], found["own_references"], found["field"], found["agencies"]) == (
        *("child_basics", ["C-7"]),
        *("postcode", 2),
    )
    assert (found["family_name"], found["done_at_ms"]) == ("Ash", None)


def test_a_difference_is_kept_once_however_often_it_is_found_and_anew_once_the_own_value_has_changed(
    journal: sqlite3.Connection,
) -> None:
    for request in ("r1", "r2", "r3"):
        asked(journal, request, "C-7")
        assert len(told(journal, difference(request), difference(request))) == 1
    asked(journal, "r4", "C-7")
    assert len(told(journal, difference("r4", "BL9 9ZZ"))) == 2
    assert len(told(journal, difference("r4", "BL9 9ZZ", field="address"))) == 3


def test_the_own_reference_makes_it_the_same_difference_whatever_the_record_now_says_of_the_person(
    journal: sqlite3.Connection,
) -> None:
    asked(journal, "r1", "C-7")
    told(journal, difference("r1"))
    asked(journal, "r2", "C-7")
    assert len(told(journal, difference("r2", person=PersonKeys(family_name="Ashe")))) == 1


def test_without_one_reference_the_person_makes_it_the_same(journal: sqlite3.Connection) -> None:
    asked(journal, "r1", "C-7", "C-8")
    told(journal, difference("r1"))
    asked(journal, "r2")
    assert len(told(journal, difference("r2"))) == 1
    asked(journal, "r3", "C-7", "C-8")
    assert len(told(journal, difference("r3", person=PersonKeys(family_name="Twin")))) == 2


def test_a_reference_means_something_only_with_its_question(journal: sqlite3.Connection) -> None:
    asked(journal, "r1", "7", question="child_basics")
    told(journal, difference("r1"))
    asked(journal, "r2", "7", question="staff_safety")
    assert len(told(journal, difference("r2", person=PersonKeys(family_name="Other")))) == 2


def test_a_notice_about_a_request_that_the_journal_does_not_know_is_kept_without_a_reference(
    journal: sqlite3.Connection,
) -> None:
    (found,) = told(journal, difference("elsewhere"))
    assert (found["question"], found["own_references"]) == ("", [])


def test_each_word_of_a_requester_is_kept_once(journal: sqlite3.Connection) -> None:
    def word(*, is_same: bool) -> Notice:
        said = Judgement(is_same=is_same, requester="anna", requester_agency="health", case_reference="2026/1")
        return Notice(notice_id=1, request_id="r1", person=ZOE, judgement=said)

    asked(journal, "r1", "C-7")
    assert len(told(journal, word(is_same=True), word(is_same=True))) == 1
    found = told(journal, word(is_same=False))
    assert [(one["kind"], one["is_same"], one["requester"]) for one in found] == [
        ("judgement", 1, "anna"),
        ("judgement", 0, "anna"),
    ]


def test_what_the_own_record_held_is_not_in_the_file(journal: sqlite3.Connection, file: Path) -> None:
    asked(journal, "r1", "C-7")
    told(journal, difference("r1", "BL7 7QQ"))
    journal.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert b"BL7 7QQ" not in file.read_bytes()


def test_a_notice_that_was_looked_into_is_open_no_more_and_its_difference_is_not_told_again(
    journal: sqlite3.Connection,
) -> None:
    asked(journal, "r1", "C-7")
    (found,) = told(journal, difference("r1"))
    assert mark_done(journal, str(found["id"]), at_ms=2_000, by="jo")
    assert not mark_done(journal, str(found["id"]), at_ms=3_000, by="mo")
    assert list(find_notices(journal, NoticeSearch(is_open=True))) == []
    (again,) = told(journal, difference("r1"))
    assert (again["done_at_ms"], again["done_by"]) == (2_000, "jo")


def test_notices_are_found_by_field_kind_and_time(journal: sqlite3.Connection) -> None:
    asked(journal, "r1", "C-7")
    told(journal, difference("r1"), difference("r1", field="address"))
    assert [one["field"] for one in find_notices(journal, NoticeSearch(field="address"))] == ["address"]
    assert not list(find_notices(journal, NoticeSearch(kind="judgement")))
    assert len(list(find_notices(journal, NoticeSearch(since_ms=1_000)))) == 2
    assert not list(find_notices(journal, NoticeSearch(since_ms=1_001)))


def test_what_is_older_than_it_is_kept_goes_and_its_number_stays(journal: sqlite3.Connection) -> None:
    told(journal, difference("r1"))
    assert remove_older(journal, 1_001, at_ms=5_000, by="jo").notices == 1
    assert list(find_notices(journal, NoticeSearch())) == []
    assert journal.execute("SELECT notices FROM removals").fetchall() == [(1,)]


def test_a_journal_that_an_older_version_made_gets_what_it_lacks(file: Path) -> None:
    with closing(sqlite3.connect(file)) as old:
        old.execute(
            "CREATE TABLE removals (removal INTEGER PRIMARY KEY, removed_at_ms INTEGER NOT NULL,"
            " removed_by TEXT NOT NULL,"
            " older_than_ms INTEGER NOT NULL, asks INTEGER NOT NULL, last_ask INTEGER NOT NULL,"
            " receipts INTEGER NOT NULL,"
            " contacts INTEGER NOT NULL) STRICT"
        )
        old.execute("INSERT INTO removals VALUES (1, 1, 'jo', 1, 1, 1, 1, 1)")
        old.commit()
    for _ in range(2):
        with closing(open_journal(file)) as journal:
            assert journal.execute("SELECT removed_by, notices FROM removals").fetchall() == [("jo", 0)]
            told(journal, difference("r1"))
