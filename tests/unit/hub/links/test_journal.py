import asyncio

import pytest
from sharing.v1 import links_pb2

from hub.links.journal import MOST_WAITING
from hub.links.link import MOST_FAULTS, Link
from hub.links.wire import journal_ask_for, notice_for
from hub.model.journal import LONGEST_SPAN, HeldReceipt, JournalAnswer, ReceiptSpan
from hub.model.notice import Difference, Notice
from hub.model.outcome import Reason
from hub.model.person import PersonKeys
from tests.unit.hub.links.wire import AGENCY, Clock, Watch, Wire, hello, serving

LEAF = bytes(32)
SPAN = journal_ask_for(ReceiptSpan(first=1, last=3), "r1")
ENTRY = links_pb2.JournalEntry(
    request_id="r1", disclosed_at_ms=1, requester_agency="health", question="child_basics", fields=["address"]
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def link(clock: Clock) -> Link:
    return Link(AGENCY, hello(), Watch(), clock)


@pytest.fixture
async def wire() -> Wire:
    return Wire()


def answer(number: int, **parts: object) -> links_pb2.ConnectRequest:
    reply = links_pb2.JournalReply(ask_id=number, status=links_pb2.REPLY_STATUS_ANSWERED, **parts)  # type: ignore[arg-type]  # any part of a reply
    return links_pb2.ConnectRequest(journal_replies=[reply])


async def put(link: Link, wire: Wire, seconds: float = 5) -> "asyncio.Task[JournalAnswer | Reason]":
    """Put a question to the journal, and wait until it has gone out."""
    before = len(wire.written)
    asking = asyncio.create_task(link.journal.ask(SPAN, seconds=seconds))
    await wire.received(before + 1)
    return asking


async def test_a_question_to_the_journal_goes_out_and_its_answer_comes_back(link: Link, wire: Wire) -> None:
    async with serving(link, wire):
        asking = await put(link, wire)
        (ask,) = wire.written[-1].journal_asks
        assert (ask.request_id, ask.receipts.first, ask.receipts.last, ask.remaining_ms) == ("r1", 1, 3, 5_000)
        wire.send(answer(ask.ask_id, receipts=[links_pb2.HeldReceipt(number=2, leaf=LEAF)]))
        assert await asking == JournalAnswer(receipts=(HeldReceipt(number=2, leaf=LEAF),))
        assert link.faults == 0


async def test_a_question_about_a_person_carries_the_keys_that_were_given() -> None:
    ask = journal_ask_for(PersonKeys(nhs_number="9434765919"), "r1")
    assert ask.WhichOneof("about") == "person"
    assert ask.person.nhs_number == "9434765919"


async def test_what_does_not_come_in_time_is_late_and_may_come_once_after_that(link: Link, wire: Wire) -> None:
    async with serving(link, wire):
        assert await (await put(link, wire, seconds=0.01)) is Reason.LATE
        wire.send(answer(1))
        wire.send(answer(1))
        asking = await put(link, wire)
        wire.send(answer(2))
        assert await asking == JournalAnswer()
        # The second answer to one question has no question behind it, and brings nothing.
        assert link.faults == 2


async def test_a_link_that_ends_leaves_nobody_waiting_for_its_journal(link: Link, wire: Wire) -> None:
    async with serving(link, wire):
        asking = await put(link, wire)
        wire.hang_up()
        assert await asking is Reason.DOWN


@pytest.mark.parametrize(
    "out_of_form",
    [
        {"receipts": [links_pb2.HeldReceipt(number=1, leaf=b"short")]},
        {"receipts": [links_pb2.HeldReceipt(number=number, leaf=LEAF) for number in (2, 1)]},
        {"receipts": [links_pb2.HeldReceipt(number=1, leaf=LEAF)] * 2},
        {"entries": [ENTRY] * 501},
        {"entries": [links_pb2.JournalEntry(request_id="r1", disclosed_at_ms=0)]},
        {"entries": [links_pb2.JournalEntry(request_id="\x1b[2J", disclosed_at_ms=1)]},
        {"entries": [links_pb2.JournalEntry(request_id="r", disclosed_at_ms=1, fields=["x" * 101])]},
    ],
)
async def test_an_answer_out_of_form_is_malformed_and_a_fault(
    link: Link, wire: Wire, out_of_form: dict[str, object]
) -> None:
    async with serving(link, wire):
        asking = await put(link, wire)
        wire.send(answer(1, **out_of_form))
        assert await asking is Reason.MALFORMED
        assert link.faults == 2


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (links_pb2.REPLY_STATUS_REFUSED, Reason.REFUSED),
        (links_pb2.REPLY_STATUS_UNABLE, Reason.UNABLE),
        (links_pb2.REPLY_STATUS_SOURCE_DOWN, Reason.SOURCE_DOWN),
        (links_pb2.REPLY_STATUS_UNSPECIFIED, Reason.MALFORMED),
    ],
)
async def test_a_journal_that_does_not_answer_says_why(
    link: Link, wire: Wire, status: links_pb2.ReplyStatus.ValueType, reason: Reason
) -> None:
    async with serving(link, wire):
        asking = await put(link, wire)
        reply = links_pb2.JournalReply(ask_id=1, status=status)
        wire.send(links_pb2.ConnectRequest(journal_replies=[reply]))
        assert await asking is reason


async def test_a_journal_that_never_answers_lets_nothing_grow_without_end(link: Link, wire: Wire) -> None:
    async with serving(link, wire):
        wire.flows.clear()
        for _ in range(2 * MOST_WAITING):
            assert await link.journal.ask(SPAN, seconds=0) is Reason.LATE
        assert len(link._out.message.journal_asks) <= MOST_WAITING


async def test_answers_that_nobody_asked_for_end_the_link(link: Link, wire: Wire) -> None:
    async with serving(link, wire) as serve:
        for _ in range(MOST_FAULTS):
            wire.send(answer(2**40))
        await asyncio.wait([serve], timeout=5)
        assert serve.done()


async def test_a_contact_counts_as_passed_on_once_the_journal_holds_it(link: Link, wire: Wire) -> None:
    async with serving(link, wire):
        passing = asyncio.create_task(link.journal.contact(links_pb2.Contact(request_id="r1"), seconds=5))
        await wire.received(2)
        (contact,) = wire.written[-1].contacts
        assert not passing.done()
        wire.send(links_pb2.ConnectRequest(contact_replies=[links_pb2.ContactReply(contact_id=contact.contact_id)]))
        assert await passing is None


@pytest.mark.parametrize(("first", "last"), [(0, 1), (2, 1), (1, LONGEST_SPAN + 1)])
def test_a_span_that_no_journal_answers_cannot_be_made(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="span"):
        ReceiptSpan(first=first, last=last)


def notice(field: str = "postcode") -> Notice:
    about = Difference(field=field, agencies=1, own="BL1 1AA", values=("BL2 2BB",))
    person = PersonKeys(nhs_number="9434765919", family_name="Ash", uln="1234567890")
    return Notice(agency=AGENCY, request_id="r1", person=person, about=about)


async def test_a_notice_goes_out_with_a_number_and_is_kept_once_that_is_said(link: Link, wire: Wire) -> None:
    async with serving(link, wire):
        before = len(wire.written)
        telling = asyncio.create_task(link.journal.notice(notice_for(notice()), seconds=5))
        await wire.received(before + 1)
        (sent,) = wire.written[-1].notices
        assert (sent.request_id, sent.person.uln, sent.difference.field, sent.difference.own) == (
            *("r1", "1234567890"),
            *("postcode", "BL1 1AA"),
        )
        assert list(sent.difference.values) == ["BL2 2BB"]
        wire.send(links_pb2.ConnectRequest(notice_replies=[links_pb2.NoticeReply(notice_id=sent.notice_id)]))
        assert await telling is None
        assert link.faults == 0


async def test_a_word_about_a_notice_that_was_never_sent_is_a_fault(link: Link, wire: Wire) -> None:
    async with serving(link, wire):
        wire.send(links_pb2.ConnectRequest(notice_replies=[links_pb2.NoticeReply(notice_id=7)]))
        wire.hang_up()
    # Of the journal, and of a message that brings nothing.
    assert link.faults == 2


async def test_no_more_notices_wait_than_may_and_one_that_is_not_acknowledged_in_time_is_late(link: Link) -> None:
    sent = notice_for(notice())
    waiting = [asyncio.create_task(link.journal.notice(sent, seconds=0.01)) for _ in range(MOST_WAITING + 1)]
    assert await asyncio.gather(*waiting) == [Reason.LATE] * (MOST_WAITING + 1)
    assert len(link._out.message.notices) == MOST_WAITING


async def test_the_end_of_a_link_leaves_no_notice_waiting(link: Link, wire: Wire) -> None:
    async with serving(link, wire):
        before = len(wire.written)
        telling = asyncio.create_task(link.journal.notice(notice_for(notice()), seconds=60))
        await wire.received(before + 1)
    assert await telling is Reason.DOWN
