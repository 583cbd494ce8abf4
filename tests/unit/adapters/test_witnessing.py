"""An agency believes of the hub's log only what follows, by proof, from what it believed before."""

import asyncio
import json
import random
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from sharing.v1.links_pb2 import Checkpoint, Receipt, Welcome, Witnessed
from structlog.testing import CapturingLogger

from adapters.kit.journal import Journal
from adapters.kit.receipts import Standing
from adapters.kit.witnessing import Why, Witnessing, believed, proven
from tests.lib.signed_log import SignedLog, disclosure

AGENCY = "schools"
OTHER_SEED = bytes(32)


@pytest.fixture
def log() -> SignedLog:
    log = SignedLog()
    log.disclose("health", "r1")
    log.disclose(AGENCY, "r1", "r2")
    return log


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    journal = Journal(tmp_path / "journal.sqlite")
    await journal.open()
    yield journal
    await journal.close()


@pytest.fixture
def logged() -> CapturingLogger:
    return CapturingLogger()


def witnessing(journal: Journal, logged: CapturingLogger | None = None) -> Witnessing:
    log = structlog.wrap_logger(logged or CapturingLogger(), processors=[structlog.processors.JSONRenderer()])
    return Witnessing(agency=AGENCY, hub="localhost:1", journal=journal, wall_ms=lambda: 7, log=log)


def welcome(log: SignedLog) -> Welcome:
    return Welcome(agency=AGENCY, log_origin=log.signer.origin, log_key=log.signer.public_key)


async def begun(
    journal: Journal, log: SignedLog, logged: CapturingLogger | None = None
) -> tuple[Witnessing, Witnessed]:
    witness = witnessing(journal, logged)
    said = await witness.begin(welcome(log))
    assert said is not None
    return witness, said


async def caught_up(journal: Journal, log: SignedLog) -> tuple[Witnessing, Witnessed]:
    """Take everything that the log has."""
    witness, said = await begun(journal, log)
    return witness, await brought(witness, said, log)


async def brought(witness: Witnessing, said: Witnessed, log: SignedLog) -> Witnessed:
    """Bring what a true hub would."""
    return await witness.take(log.receipts(AGENCY, said.last_receipt), log.checkpoint(said.size))


def rows(tmp_path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(tmp_path / "journal.sqlite")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


async def test_receipts_are_kept_with_all_that_proves_them_and_are_readable(
    journal: Journal, log: SignedLog, tmp_path: Path
) -> None:
    _, said = await caught_up(journal, log)
    assert (said.size, said.root, said.last_receipt, said.has_refused) == (3, log.root(3), 2, False)
    assert rows(tmp_path, "SELECT number, request_id, audit_position, checkpoint_size FROM receipts") == [
        (1, "r1", 1, 3),
        (2, "r2", 2, 3),
    ]
    query = (
        "SELECT requester, requester_agency, access_level, question, purpose, lawful_basis, fields, row_count,"
        " recorded_at_ms FROM receipts WHERE number = 1"
    )
    assert rows(tmp_path, query) == [
        (
            "h.visitor",
            "health",
            "health_visitor",
            "child_basics",
            "safeguarding",
            "A6_E",
            '["nhs_number", "address"]',
            1,
            1_800_000_000_000,
        )
    ]
    assert rows(tmp_path, "SELECT entry FROM receipts") == [(leaf,) for leaf in log.leaves[1:]]


async def test_the_next_state_is_taken_up_where_the_last_one_ended_after_a_restart(
    journal: Journal, log: SignedLog, tmp_path: Path
) -> None:
    await caught_up(journal, log)
    log.disclose(AGENCY, "r3")
    witness, said = await begun(journal, log)
    assert (said.size, said.last_receipt) == (3, 2)
    said = await brought(witness, said, log)
    assert (said.size, said.last_receipt) == (4, 3)
    log.disclose("health", "r4")
    assert (await brought(witness, said, log)).size == 5
    assert rows(tmp_path, "SELECT size FROM checkpoints") == [(3,), (4,), (5,)]


async def test_a_hub_that_keeps_no_log_is_told_nothing(journal: Journal) -> None:
    assert await witnessing(journal).begin(Welcome(agency=AGENCY)) is None


def shorter(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    return [], log.fork(size=2).checkpoint(0)


def endless(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    return [], Checkpoint(note=log.signer.sign(2**63, bytes(32)), from_size=3)


def forked(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    other = log.fork(size=2)
    other.disclose(AGENCY, "rewritten")
    return [], Checkpoint(note=other.note(), from_size=3)


def rewritten(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    other = log.fork(size=1)
    other.disclose(AGENCY, "rewritten", "r2", "r3")
    return other.receipts(AGENCY, 2), other.checkpoint(3)


def resigned(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    other = SignedLog(seed=OTHER_SEED, leaves=log.leaves)
    other.disclose(AGENCY, "r3")
    return other.receipts(AGENCY, 2), other.checkpoint(3)


def unsigned(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    log.disclose(AGENCY, "r3")
    checkpoint = log.checkpoint(3)
    checkpoint.note = checkpoint.note.replace("\n4\n", "\n5\n")
    return log.receipts(AGENCY, 2), checkpoint


def stateless(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    log.disclose(AGENCY, "r3")
    return log.receipts(AGENCY, 2), Checkpoint()


def from_elsewhere(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    log.disclose(AGENCY, "r3")
    return log.receipts(AGENCY, 2), log.checkpoint(1)


def gap(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    log.disclose(AGENCY, "r3", "r4")
    return log.receipts(AGENCY, 3), log.checkpoint(3)


def gap_within(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    log.disclose(AGENCY, "r3", "r4", "r5")
    first, _, last = log.receipts(AGENCY, 2)
    return [first, last], log.checkpoint(3)


def repeated(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    log.disclose(AGENCY, "r3")
    return log.receipts(AGENCY, 1), log.checkpoint(3)


def others(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    log.disclose("health", "r3")
    return [log.receipt(3, 3)], log.checkpoint(3)


def invented(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    log.disclose(AGENCY, "r3")
    (receipt,) = log.receipts(AGENCY, 2)
    receipt.entry = disclosure(AGENCY, "invented")
    return [receipt], log.checkpoint(3)


def misplaced(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    log.disclose(AGENCY, "r3")
    (receipt,) = log.receipts(AGENCY, 2)
    receipt.audit_position = 2
    return [receipt], log.checkpoint(3)


def no_entry(log: SignedLog, leaf: bytes) -> tuple[list[Receipt], Checkpoint]:
    log.add(leaf)
    return [log.receipt(3, 3)], log.checkpoint(3)


def unreadable(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    return no_entry(log, b"\xff")


def half_a_letter(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    return no_entry(log, json.dumps({"agency": AGENCY, "requester": "\ud800"}).encode())


def bottomless(log: SignedLog) -> tuple[list[Receipt], Checkpoint]:
    return no_entry(log, b"[" * 100_000)


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        (shorter, Why.SMALLER),
        (endless, Why.OUT_OF_TURN),
        (forked, Why.FORKED),
        (rewritten, Why.REWRITTEN),
        (resigned, Why.NOT_SIGNED),
        (unsigned, Why.NOT_SIGNED),
        (stateless, Why.NOT_SIGNED),
        (from_elsewhere, Why.OUT_OF_TURN),
        (gap, Why.GAP),
        (gap_within, Why.GAP),
        (repeated, Why.GAP),
        (others, Why.OTHER_AGENCY),
        (invented, Why.NOT_INCLUDED),
        (misplaced, Why.NOT_INCLUDED),
        (unreadable, Why.UNREADABLE),
        (half_a_letter, Why.UNREADABLE),
        (bottomless, Why.UNREADABLE),
    ],
)
async def test_what_does_not_follow_is_refused_told_and_written_down_and_nothing_of_it_is_kept(
    journal: Journal, log: SignedLog, tmp_path: Path, logged: CapturingLogger, forge: object, why: Why
) -> None:
    await caught_up(journal, log)
    witness, before = await begun(journal, log, logged)
    receipts, checkpoint = forge(log)  # type: ignore[operator]  # one of the forgeries above
    said = await witness.take(receipts, checkpoint)
    assert (said.size, said.root, said.last_receipt) == (before.size, before.root, before.last_receipt)
    assert said.has_refused
    assert rows(tmp_path, "SELECT why, note FROM refusals") == [(why.name.lower(), checkpoint.note)]
    assert len(rows(tmp_path, "SELECT 1 FROM receipts")) == 2
    assert why.value in str(logged.calls)
    # Another link, and another start, say so too; what is true is taken all the same.
    truth = log.fork(size=3)
    truth.disclose(AGENCY, "true")
    witness, said = await begun(journal, truth)
    assert said.has_refused
    said = await brought(witness, said, truth)
    assert (said.size, said.last_receipt, said.has_refused) == (4, 3, True)


async def test_another_log_or_another_key_than_the_first_is_refused_and_the_first_stays(
    journal: Journal, log: SignedLog, tmp_path: Path
) -> None:
    await caught_up(journal, log)
    for other in (
        SignedLog(seed=OTHER_SEED),
        SignedLog(origin="sharing-hub/other"),
        SignedLog(seed=OTHER_SEED, origin="o"),
    ):
        witness, said = await begun(journal, other)
        assert (said.size, said.root, said.has_refused) == (3, log.root(3), True)
        said = await brought(witness, Witnessed(), other)
        assert (said.size, said.root) == (3, log.root(3))
    assert rows(tmp_path, "SELECT DISTINCT origin, key FROM logs") == [(log.signer.origin, log.signer.public_key)]


async def test_a_key_is_trusted_with_the_first_state_that_it_signed_and_not_before(
    journal: Journal, log: SignedLog, tmp_path: Path
) -> None:
    witness, _ = await begun(journal, log)
    await witness.take([], Checkpoint(note="nonsense"))
    assert rows(tmp_path, "SELECT * FROM logs") == []
    await brought(witness, Witnessed(), log)
    assert rows(tmp_path, "SELECT origin FROM logs") == [(log.signer.origin,)]


async def test_two_links_that_are_brought_the_same_keep_it_once_and_both_go_on(
    journal: Journal, log: SignedLog, tmp_path: Path
) -> None:
    (first, one), (second, two) = await begun(journal, log), await begun(journal, log)
    both = await asyncio.gather(brought(first, one, log), brought(second, two, log))
    assert [(said.size, said.last_receipt, said.has_refused) for said in both] == [(3, 2, False)] * 2
    log.disclose(AGENCY, "r3")
    said = await brought(second, both[1], log)
    assert (said.size, said.last_receipt, said.has_refused) == (4, 3, False)
    # The first does not know of that; it is told from where to go on, and that is no refusal.
    said = await brought(first, both[0], log)
    assert (said.size, said.last_receipt, said.has_refused) == (4, 3, False)
    assert rows(tmp_path, "SELECT count(*) FROM receipts") == [(3,)]


async def test_of_two_continuations_of_one_state_only_one_is_ever_accepted(
    journal: Journal, log: SignedLog, tmp_path: Path
) -> None:
    (first, one), (second, two) = await begun(journal, log), await begun(journal, log)
    fork = log.fork(size=2)
    fork.disclose(AGENCY, "forked")
    both = await asyncio.gather(brought(first, one, log), brought(second, two, fork))
    assert both[0] == both[1]
    assert len(rows(tmp_path, "SELECT 1 FROM checkpoints")) == 1
    said = [await brought(witness, both[0], way) for witness in (first, second) for way in (log, fork)]
    assert any(one.has_refused for one in said)
    assert len(rows(tmp_path, "SELECT DISTINCT root FROM checkpoints")) == 1


async def test_of_two_continuations_without_receipts_only_one_is_ever_accepted(
    journal: Journal, log: SignedLog, tmp_path: Path
) -> None:
    await caught_up(journal, log)
    (first, one), (second, two) = await begun(journal, log), await begun(journal, log)
    fork = log.fork()
    log.disclose("health", "r3")
    fork.disclose("health", "r4", "r5")
    both = await asyncio.gather(brought(first, one, log), brought(second, two, fork))
    assert [(said.size, said.has_refused) for said in both] == [(4, False)] * 2
    assert (await brought(second, both[1], fork)).has_refused
    assert rows(tmp_path, "SELECT size FROM checkpoints") == [(3,), (4,)]


async def test_a_journal_that_cannot_be_written_keeps_nothing_and_accuses_nobody(
    journal: Journal, log: SignedLog, tmp_path: Path, logged: CapturingLogger
) -> None:
    witness, said = await begun(journal, log, logged)
    connection = sqlite3.connect(tmp_path / "journal.sqlite")
    connection.execute("CREATE TRIGGER full BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'full'); END")
    connection.commit()
    again = await brought(witness, said, log)
    assert (again.size, again.last_receipt, again.has_refused) == (0, 0, False)
    assert "journal_failed" in str(logged.calls)
    connection.execute("DROP TRIGGER full")
    connection.commit()
    connection.close()
    assert (await brought(witness, again, log)).last_receipt == 2


async def test_nonsense_without_end_does_not_fill_the_journal(journal: Journal, log: SignedLog, tmp_path: Path) -> None:
    witness, _ = await begun(journal, log)
    for number in range(1_100):
        await witness.take([], Checkpoint(note=f"{number} " * 2_000))
    assert rows(tmp_path, "SELECT count(*), max(length(note)) FROM refusals") == [(1_000, 1_000)]


@pytest.mark.parametrize("runs", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_true_log_is_never_refused_however_it_grows(runs: int) -> None:
    chance = random.Random(runs)
    for _ in range(runs):
        log, standing = SignedLog(), Standing(origin="sharing-hub/test", key=SignedLog().signer.public_key)
        for step in range(chance.randint(1, 4)):
            for number in range(chance.randint(0 if step else 1, 9)):
                log.disclose(chance.choice((AGENCY, "health")), f"r{step}.{number}")
            state = believed(standing, log.checkpoint(standing.size))
            held = proven(AGENCY, standing.last_receipt, log.receipts(AGENCY, standing.last_receipt), state)
            standing = replace(
                standing, size=state.size, root=state.root, last_receipt=standing.last_receipt + len(held)
            )
        assert standing.last_receipt == len(log.receipts(AGENCY))
