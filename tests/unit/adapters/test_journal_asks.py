"""Whom the journal tells of: of somebody kept silent about it tells what it tells of somebody unknown."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import JournalAsk, JournalReply, Welcome
from structlog.testing import CapturingLogger

from adapters.kit.finding import Answerer
from adapters.kit.journal import AskEntry, AskOutcome, Journal
from adapters.kit.journal_asks import JournalAsks
from adapters.kit.reader import Found, Match
from adapters.kit.switch import Switch, Turn
from adapters.kit.witnessing import Witnessing
from tests.lib.signed_log import SignedLog
from tests.unit.adapters.test_finding import HELD, KEYS, NOTHING, PERSON, SHIELDED, WITHHELD, Ways

AGENCY, QUESTION = "schools", "child_basics"
STOPPED = Turn(is_stopped=True, turned_at_ms=1, turned_by="m.hughes", reason="a breach")
LOG = structlog.wrap_logger(CapturingLogger(), processors=[structlog.processors.JSONRenderer()])


def answered() -> AskEntry:
    """Say that a question was answered once from the records 7 and 8, when nobody shielded them."""
    words = dict.fromkeys(
        ("hub", "purpose", "lawful_basis", "case_reference", "requester", "requester_agency", "access_level"), "x"
    )
    return AskEntry(
        asked_at_ms=1,
        journalled_at_ms=1,
        ask_id=1,
        request_id="r1",
        question=QUESTION,
        fields=("upn",),
        policy_version="1",
        source="Care",
        outcome=AskOutcome.ANSWERED,
        row_count=1,
        withheld_count=0,
        own_references=("7", "8"),
        **words,
    )


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    """Hold an answer and the receipt of what was disclosed of it."""
    journal, log = Journal(tmp_path / "journal.sqlite"), SignedLog()
    await journal.open()
    await journal.put(answered())
    log.disclose(AGENCY, "r1")
    witness = Witnessing(agency=AGENCY, hub="localhost:1", journal=journal, wall_ms=lambda: 7, log=LOG)
    await witness.begin(Welcome(agency=AGENCY, log_origin=log.signer.origin, log_key=log.signer.public_key))
    assert (await witness.take(log.receipts(AGENCY), log.checkpoint())).last_receipt == 1
    yield journal
    await journal.close()


def asks_of(journal: Journal, source: Ways) -> JournalAsks:
    """Make what answers out of a journal."""
    answerer = Answerer(reader=source, records="child", source="Care", keys=KEYS.mapped(), fields=frozenset({"upn"}))
    switch = Switch(read=journal.read, stop=lambda: 0, log=LOG)
    return JournalAsks(answerers={QUESTION: answerer}, journal=journal, switch=switch, log=LOG)


async def told(journal: Journal, source: Ways) -> JournalReply:
    """Ask who looked at the person."""
    reply = await asks_of(journal, source).answer(
        JournalAsk(ask_id=1, request_id="subject", remaining_ms=5_000, person=PERSON)
    )
    assert reply.status == links_pb2.REPLY_STATUS_ANSWERED
    return reply


async def test_who_looked_is_told_of_somebody_who_may_be_told_of(journal: Journal) -> None:
    for source in (Ways(HELD, NOTHING), Ways(NOTHING, HELD)):
        assert [entry.request_id for entry in (await told(journal, source)).entries] == ["r1"]


@pytest.mark.parametrize("kept", [SHIELDED, WITHHELD], ids=["shielded", "withheld"])
async def test_the_journal_answers_for_somebody_kept_silent_about_as_for_somebody_unknown(
    journal: Journal, kept: Found
) -> None:
    unknown = Ways(NOTHING, NOTHING)
    nothing = await told(journal, unknown)
    assert not nothing.entries
    assert not any(match.with_shielded for match in unknown.tried)
    for source in (Ways(kept, NOTHING), Ways(NOTHING, kept), Ways(kept, HELD)):
        # Byte for byte, and after the same looks.
        assert await told(journal, source) == nothing
        assert source.tried == unknown.tried


class StoppedMeanwhile(Ways):
    """A source during whose reading somebody stops all answers, which the adapter's switch has not seen yet."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(HELD, NOTHING)
        self.journal = journal

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        await self.journal.put(STOPPED)
        return await super().find(records, match, fields, deadline)


async def test_who_looked_is_not_told_any_more_once_answers_were_stopped_while_it_was_looked_for(
    journal: Journal,
) -> None:
    asks = asks_of(journal, StoppedMeanwhile(journal))
    reply = await asks.answer(JournalAsk(ask_id=1, remaining_ms=5_000, person=PERSON))
    assert not asks.switch.is_stopped
    assert (reply.status, list(reply.entries)) == (links_pb2.REPLY_STATUS_REFUSED, [])


async def test_while_answers_are_stopped_nobody_is_told_who_looked_and_the_numbers_of_receipts_are_told_all_the_same(
    journal: Journal,
) -> None:
    source = Ways(HELD, NOTHING)
    asks = asks_of(journal, source)
    await journal.put(STOPPED)
    await asks.switch.look()
    reply = await asks.answer(JournalAsk(ask_id=1, remaining_ms=5_000, person=PERSON))
    assert (reply.status, list(reply.entries), source.tried) == (links_pb2.REPLY_STATUS_REFUSED, [], [])
    span = links_pb2.ReceiptSpan(first=1, last=9)
    reply = await asks.answer(JournalAsk(ask_id=2, remaining_ms=5_000, receipts=span))
    assert [receipt.number for receipt in reply.receipts] == [1]
