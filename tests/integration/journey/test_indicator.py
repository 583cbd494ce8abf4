"""A question that only indicates, over real links: what it tells, what that rests on, and what never leaves."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import grpc
import pytest
from sharing.v1 import links_pb2, questions_pb2, records_pb2

from tests.lib.deployment import Served
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.people import people
from tests.lib.requester import PATIENCE_SECONDS, Answer, Requester, signed_in

QUESTION = "child_concern_indicator"
YES, UNKNOWN = questions_pb2.INDICATOR_VERDICT_YES, questions_pb2.INDICATOR_VERDICT_NOT_ALL_ASKED
NO = questions_pb2.INDICATOR_VERDICT_NO
ALL = ("social_care", "health", "schools", "youth_offending")
CONCERN = {
    "concern_kind": "neglect",
    "concern_since": "2026-02-01",
    "service": "Duty team",
    "worker_name": "Dana Cole",
    "worker_phone": "01632 960001",
}
NAMED = {"given_name": "Canary-Ada", "family_name": "Testcase", "date_of_birth": "2015-01-02"}


class Worried(GoodAdapter):
    """Answers with rows of its own; `is_known_by_name` leaves out the number that was asked for."""

    def __init__(self, agency: str, *rows: dict[str, str], is_known_by_name: bool = False) -> None:
        super().__init__(agency)
        self._rows = rows
        self._is_known_by_name = is_known_by_name

    async def _answer(self, asks: Sequence[links_pb2.Ask]) -> None:
        for ask in asks:
            number = "" if self._is_known_by_name else ask.person.nhs_number
            rows = [{"nhs_number": number, **row} for row in self._rows]
            records = records_pb2.Records(
                columns=ask.fields,
                cells=[row.get(field, "") for row in rows for field in ask.fields],
                record_dates=["2026-01-31"] * len(rows),
                source="Records",
                retrieved_at_ms=1,
            )
            status = links_pb2.REPLY_STATUS_ANSWERED
            reply = links_pb2.Reply(
                ask_id=ask.ask_id, nonce=ask.nonce, status=status, records=records if rows else None
            )
            await self.stream.write(links_pb2.ConnectRequest(replies=[reply]))

    async def withdraw(self, request_id: str) -> None:
        withdrawals = [links_pb2.Withdrawal(request_id=request_id)]
        await self.stream.write(links_pb2.ConnectRequest(withdrawals=withdrawals))


@asynccontextmanager
async def asking(served: Served, *adapters: Worried, level: str = "social_worker") -> AsyncIterator[Requester]:
    async with AsyncExitStack() as stack:
        for adapter in adapters:
            await stack.enter_async_context(connected(served.deployment, served.ports.links, adapter))
        requester = await stack.enter_async_context(signed_in(served.deployment, served.ports.requesters, level))
        yield requester
        await requester.sign_out()


def last(answer: Answer) -> questions_pb2.Indicator:
    return answer.parts[-1].indicator


async def test_it_says_who_holds_what_and_whom_to_speak_to_and_no_record_leaves(served: Served) -> None:
    worried = Worried("social_care", {**NAMED, **CONCERN})
    others = [Worried("health", NAMED), Worried("schools"), Worried("youth_offending")]
    async with asking(served, worried, *others) as requester:
        answer = await requester.ask(next(people()), question=QUESTION)
        viewed = await requester.view(answer.request_id)
    found = last(answer)
    assert (found.verdict, found.what) == (YES, "a concern")
    (holding,) = found.holdings
    assert (holding.agency, list(holding.kinds), holding.since) == ("social_care", ["neglect"], "2026-02-01")
    assert (holding.contact.title, holding.contact.id) == ("Duty team, Dana Cole", "01632 960001")
    assert list(found.without) == ["health", "schools", "youth_offending"]
    assert answer.completeness.complete
    assert answer.outcome("social_care") == ("held", "")
    assert answer.outcome("health") == ("nothing_held", "")
    assert not any(
        part.HasField("joining") or agency.records.cells for part in answer.parts for agency in part.agencies
    )
    assert b"Canary-Ada" not in answer.wire() + viewed.SerializeToString()
    assert viewed.indicator == found


async def test_what_is_told_is_what_the_agency_gets_a_receipt_of(served: Served) -> None:
    worried = Worried("social_care", {**NAMED, **CONCERN}, NAMED)
    async with asking(served, worried) as requester:
        await requester.ask(next(people()), question=QUESTION)
        await worried.got_receipt.wait()
    (receipt,) = worried.receipts
    entry = json.loads(receipt.entry)
    assert entry["records"] == 1
    assert entry["fields"] == ["concern_kind", "concern_since", "service", "worker_name", "worker_phone"]


async def test_an_agency_that_is_away_makes_a_no_impossible(served: Served) -> None:
    async with asking(served, *(Worried(agency) for agency in ALL[:3])) as requester:
        answer = await requester.ask(next(people()), question=QUESTION)
    assert last(answer).verdict == UNKNOWN
    assert list(last(answer).unknown) == ["youth_offending"]


async def test_it_is_no_once_all_have_looked_and_hold_nothing(served: Served) -> None:
    async with asking(served, *(Worried(agency) for agency in ALL)) as requester:
        answer = await requester.ask(next(people()), question=QUESTION)
    assert last(answer).verdict == NO
    assert sorted(last(answer).without) == sorted(ALL)


async def test_an_agency_that_the_level_does_not_reach_is_unknown_and_not_asked(served: Served) -> None:
    hidden = Worried("youth_offending", {**NAMED, **CONCERN})
    async with asking(served, hidden, *(Worried(agency) for agency in ALL[:3]), level="health_visitor") as requester:
        answer = await requester.ask(next(people()), question=QUESTION)
    assert last(answer).verdict == UNKNOWN
    assert answer.outcome("youth_offending") == ("not_permitted", "access_level")
    assert not hidden.asks


async def test_of_somebody_who_is_possibly_another_only_the_contact_is_told(served: Served) -> None:
    twin = {"given_name": "Adam", "family_name": "Testcase", "date_of_birth": "2015-01-02", **CONCERN}
    person = records_pb2.PersonKeys(given_name="Ada", family_name="Testcase", date_of_birth="2015-01-02")
    async with asking(served, Worried("social_care", twin, is_known_by_name=True)) as requester:
        answer = await requester.ask(person, question=QUESTION)
    (holding,) = last(answer).holdings
    assert holding.is_possible_only
    assert holding.contact.id == "01632 960001"
    assert b"neglect" not in answer.wire()
    assert b"2026-02-01" not in answer.wire()


async def test_what_a_source_takes_back_is_taken_back_though_no_record_was_shown(served: Served) -> None:
    worried = Worried("social_care", {**NAMED, **CONCERN})
    async with asking(served, worried) as requester:
        answer = await requester.ask(next(people()), question=QUESTION)
        await worried.withdraw(answer.request_id)
        held = await _until_withdrawn(requester)
    assert list(held.withdrawn) == [answer.request_id]


async def test_who_holds_nothing_of_the_kind_cannot_take_the_answer_back(served: Served) -> None:
    knows, worried = Worried("health", NAMED), Worried("social_care", {**NAMED, **CONCERN})
    async with asking(served, knows, worried) as requester:
        answer = await requester.ask(next(people()), question=QUESTION)
        await knows.withdraw(answer.request_id)
        # What comes after it on the same link has been read after it.
        await requester.ask(next(people()), question=QUESTION)
        assert (await requester.view(answer.request_id)).indicator.verdict == YES


@pytest.mark.parametrize("call", ["ShowDetails", "Judge"])
async def test_behind_an_indicator_nobody_can_be_looked_at_or_judged(served: Served, call: str) -> None:
    async with asking(served, Worried("social_care", {**NAMED, **CONCERN})) as requester:
        answer = await requester.ask(next(people()), question=QUESTION)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await _on_the_card(requester, call, answer.request_id)
        assert (await requester.view(answer.request_id)).indicator == last(answer)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def _on_the_card(requester: Requester, call: str, request_id: str) -> None:
    request: questions_pb2.ShowDetailsRequest | questions_pb2.JudgeRequest
    request = questions_pb2.ShowDetailsRequest(request_id=request_id)
    if call == "Judge":
        request = questions_pb2.JudgeRequest(request_id=request_id, word=questions_pb2.REQUESTER_WORD_SAME)
    await getattr(requester.questions, call)(request, metadata=requester.metadata, timeout=PATIENCE_SECONDS)


async def _until_withdrawn(requester: Requester) -> questions_pb2.ListHeldResponse:
    """Look until the answer is gone; the patience of a call bounds it."""
    request = questions_pb2.ListHeldRequest()
    for _ in range(1_000):
        held = await requester.questions.ListHeld(request, metadata=requester.metadata, timeout=PATIENCE_SECONDS)
        if held.withdrawn:
            return held
    raise AssertionError("the answer was not taken back")
