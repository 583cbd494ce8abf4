"""The ledger on a real store: what a commit leaves behind, what is proved, and what is refused at the start."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.audit import tree
from hub.audit.checkpoints import Checkpoint, CheckpointSigner, read_checkpoint
from hub.audit.exporting import exported_entries, exported_log
from hub.audit.ledger import BrokenLog, Ledger
from hub.audit.log import AuditLog
from hub.audit.tiles import MOST_OPEN, WIDTH
from hub.audit.tree import Frontier, leaf_hash
from hub.audit.verifying import verify_export
from hub.model.entry import Appended, Entry
from hub.store.audit_entries import AuditEntries
from hub.store.engine import open_store
from hub.store.receipts import Receipts
from tests.lib.ledgers import SIGNER, entry, ledger_on


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_store(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield opened
    opened.dispose()


def numbered(first: int, count: int) -> list[Entry]:
    return [entry("a", n=number) for number in range(first, first + count)]


def state(note: str) -> Checkpoint:
    return read_checkpoint(note, origin=SIGNER.origin, public_key=SIGNER.public_key)


def change(engine: Engine, statement: str, *values: object) -> None:
    """Do what somebody with the database in their hands could."""
    with engine.begin() as connection:
        assert connection.exec_driver_sql(statement, values).rowcount != 0


def test_each_commit_leaves_its_signed_state(engine: Engine) -> None:
    ledger, leaves = ledger_on(engine), Frontier()
    for first, count in ((0, 1), (1, 4), (5, 300), (305, 1)):
        entries = numbered(first, count)
        done = ledger.append(entries)
        for one in entries:
            leaves.append(leaf_hash(one.leaf))
        assert (done.first, done.size, done.root) == (first, first + count, leaves.root())
        assert state(done.checkpoint) == Checkpoint(origin=SIGNER.origin, size=done.size, root=done.root)
        assert (ledger.size, ledger.root, ledger.checkpoint) == (done.size, done.root, done.checkpoint)
        assert AuditEntries(engine).newest_checkpoint() == done.checkpoint


def test_receipts_are_numbered_without_gaps_for_each_agency_over_commits_and_starts(engine: Engine) -> None:
    given = []
    for _ in range(2):
        ledger = ledger_on(engine)
        for _ in range(2):
            done = ledger.append([entry("a", "health"), entry("b"), entry("c", "schools"), entry("d", "health")])
            given += [(receipt.agency, receipt.number, receipt.position - done.first) for receipt in done.receipts]
    assert [number for agency, number, _ in given if agency == "health"] == list(range(1, 9))
    assert [number for agency, number, _ in given if agency == "schools"] == list(range(1, 5))
    assert {(agency, at) for agency, _, at in given} == {("health", 0), ("schools", 2), ("health", 3)}
    assert Receipts(engine).last_numbers() == {"health": 8, "schools": 4}


def test_an_agency_s_receipts_come_in_order_with_their_leaves(engine: Engine) -> None:
    ledger = ledger_on(engine)
    ledger.append([entry("d", agency, n=number) for number in range(10) for agency in ("health", "schools")])
    found = ledger.receipts_after("health", 3, 4)
    assert [(one.number, one.position) for one in found] == [(4, 6), (5, 8), (6, 10), (7, 12)]
    assert [one.leaf for one in found] == [entry("d", "health", n=number).leaf for number in range(3, 7)]
    for one in found:
        assert tree.is_included(leaf_hash(one.leaf), one.position, 20, ledger.inclusion(one.position, 20), ledger.root)
    assert ledger.receipts_after("health", 10, 4) == []
    assert ledger.receipts_after("nobody", 0, 4) == []


def test_everything_is_proved_after_a_start_as_before_it(engine: Engine) -> None:
    size = (MOST_OPEN + 3) * WIDTH + 17
    first = ledger_on(engine)
    entries = numbered(0, size)
    for begin in range(0, size, 500):
        first.append(entries[begin : begin + 500])
    hashes = [leaf_hash(one.leaf) for one in entries]
    for ledger in (first, ledger_on(engine)):
        assert (ledger.size, ledger.root) == (size, Frontier.of(hashes).root())
        for position in (0, 1, 255, 256, 300, 5_000, size - 18, size - 17, size - 1):
            proof = ledger.inclusion(position, size)
            assert tree.is_included(hashes[position], position, size, proof, ledger.root)
        for old in (1, 2, 255, 256, 257, 4_097, size - 17, size - 1, size):
            old_root = Frontier.of(hashes[:old]).root()
            assert ledger.root_at(old) == old_root
            assert tree.is_consistent(old, old_root, size, ledger.root, ledger.consistency(old, size))


def test_what_is_exported_of_a_ledger_is_believed(engine: Engine) -> None:
    ledger = ledger_on(engine)
    ledger.append(numbered(0, 300))
    assert verify_export(exported_log(ledger.state(), ledger.leaves(0, 300))).root == ledger.root
    chosen = exported_entries(ledger.state(), [ledger.proved(position, 300) for position in (0, 7, 299)])
    assert verify_export(chosen, public_key=SIGNER.public_key).size == 300


def test_what_the_log_does_not_have_yet_is_not_proved(engine: Engine) -> None:
    ledger = ledger_on(engine)
    ledger.append(numbered(0, 3))
    for prove in (lambda: ledger.inclusion(3, 4), lambda: ledger.consistency(2, 4), lambda: ledger.root_at(4)):
        with pytest.raises(ValueError, match="3 entries"):
            prove()


def test_a_log_goes_on_where_it_ended(engine: Engine) -> None:
    ledger_on(engine).append(numbered(0, 259))
    again = ledger_on(engine)
    assert again.size == 259
    assert again.append(numbered(259, 2)).first == 259
    assert again.root == Frontier.of(leaf_hash(one.leaf) for one in numbered(0, 261)).root()


def test_a_fresh_store_has_an_empty_log(engine: Engine) -> None:
    ledger = ledger_on(engine)
    assert (ledger.size, ledger.checkpoint, ledger.last_at_ms) == (0, "", 0)


def test_a_log_knows_when_it_was_last_written_to(engine: Engine) -> None:
    ledger_on(engine).append([entry("a", at_ms=5), entry("b", at_ms=9), entry("c", at_ms=7)])
    assert ledger_on(engine).last_at_ms == 9


BREAKING = {
    "an entry is changed": "update audit_entry set body = replace(body, '\"n\":290', '\"n\":291') where position = 290",
    "an entry is filed under another kind": "update audit_entry set kind = 'b' where position = 290",
    "an entry is filed under another time": "update audit_entry set recorded_at_ms = 2 where position = 290",
    "an older entry is changed": "update audit_entry set body = replace(body, '\"n\":9', '\"n\":8') where position = 9",
    "an entry is gone": "delete from audit_entry where position = 290",
    "an older entry is gone": "delete from audit_entry where position = 9",
    "the last entry is gone": "delete from audit_entry where position = 299",
    "entries are gone": "delete from audit_entry where position > 100",
    "all entries are gone": "delete from audit_entry",
    "an entry is put at the end": "insert into audit_entry select 300, kind, 1, body from audit_entry limit 1",
    "the hash of a tile is changed": "update audit_tile set root = zeroblob(32)",
    "the hash of a tile is gone": "delete from audit_tile",
    "the checkpoint is changed": "update checkpoint set note = replace(note, '300', '299')",
    "the newest checkpoint is gone": "delete from checkpoint where size = 300",
    "all checkpoints are gone": "delete from checkpoint",
}


@pytest.mark.parametrize("how", BREAKING)
def test_a_log_that_is_not_what_was_signed_is_not_opened(engine: Engine, how: str) -> None:
    ledger = ledger_on(engine)
    for first in range(0, 300, 100):
        ledger.append(numbered(first, 100))
    change(engine, BREAKING[how])
    with pytest.raises(BrokenLog):
        ledger_on(engine)


def test_two_entries_that_have_changed_places_are_noticed(engine: Engine) -> None:
    ledger_on(engine).append(numbered(0, 10))
    for position, other in ((3, -1), (4, 3), (-1, 4)):
        change(engine, "update audit_entry set position = ? where position = ?", other, position)
    with pytest.raises(BrokenLog):
        ledger_on(engine)


def test_another_key_opens_no_log(engine: Engine) -> None:
    ledger_on(engine).append(numbered(0, 3))
    with pytest.raises(BrokenLog, match="another key"):
        ledger_on(engine, CheckpointSigner(bytes(32), SIGNER.origin))
    with pytest.raises(BrokenLog, match="another log"):
        ledger_on(engine, CheckpointSigner(bytes(range(32)), "sharing.example/other"))


class Doubtful(AuditEntries):
    """Rows that keep a commit, or do not, and fail to say that they did."""

    fails = False
    keeps = True

    def append(self, commit: object) -> None:
        if self.keeps:
            super().append(commit)  # type: ignore[arg-type]  # a commit
        if self.fails:
            raise OSError("the answer of the disk got lost")


@pytest.mark.parametrize("keeps", [True, False])
def test_after_a_failure_the_log_goes_on_from_what_is_on_disk(engine: Engine, *, keeps: bool) -> None:
    rows = Doubtful(engine)
    ledger = Ledger(rows, Receipts(engine), SIGNER)
    ledger.append([entry("a", "health")])
    rows.fails, rows.keeps = True, keeps
    with pytest.raises(OSError, match="lost"):
        ledger.append([entry("b", "health"), entry("c")])
    rows.fails, rows.keeps = False, True
    done = ledger.append([entry("d", "health")])
    assert (done.first, done.receipts[0].number) == ((3, 3) if keeps else (1, 2))
    assert ledger_on(engine).root == done.root
    assert [one.number for one in ledger.receipts_after("health", 0, 9)] == list(range(1, done.receipts[0].number + 1))


def test_receipts_are_in_the_transaction_of_their_entries(engine: Engine) -> None:
    ledger = ledger_on(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "create trigger full before insert on checkpoint begin select raise(abort, 'full'); end"
        )
    with pytest.raises(Exception, match="full"):
        ledger.append([entry("a", "health")])
    assert list(AuditEntries(engine).read()) == []
    assert Receipts(engine).last_numbers() == {}


async def test_proofs_are_good_while_the_log_grows(engine: Engine) -> None:
    ledger = ledger_on(engine)
    checked = 0

    def look(commit: Appended) -> None:
        nonlocal checked
        for receipt in commit.receipts:
            (found,) = ledger.receipts_after(receipt.agency, receipt.number - 1, 1)
            proof = ledger.inclusion(found.position, commit.size)
            assert tree.is_included(leaf_hash(found.leaf), found.position, commit.size, proof, commit.root)
            checked += 1

    async with AuditLog(ledger) as log:
        log.listen(look)
        await asyncio.gather(*(log.record(entry("a", "health", n=number)) for number in range(700)))
    assert checked == 700
