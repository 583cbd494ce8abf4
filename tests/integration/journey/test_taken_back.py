"""An agency that says on what terms its records may leave, and then says otherwise; over real links and sessions."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import grpc
import pytest
from sharing.v1 import links_pb2, questions_pb2, records_pb2

from tests.lib.deployment import Served
from tests.lib.good_adapter import GoodAdapter, connected, truthful_records
from tests.lib.people import people
from tests.lib.requester import PATIENCE_SECONDS, Answer, Requester, signed_in

CONSENT = records_pb2.Consent(state=records_pb2.CONSENT_STATE_EXPLICIT, until="2999-12-31", classes=["education"])
AGREED = records_pb2.Terms(consent=CONSENT)
OBJECTED = records_pb2.Terms(consent=CONSENT, opt_out=records_pb2.OPT_OUT_PARENTS)
ATTENDANCE = "91.5"


class Schools(GoodAdapter):
    """Answers how a pupil attends, on terms; `changes_its_mind` says that it takes that back before it is released."""

    def __init__(self, terms: records_pb2.Terms, *, changes_its_mind: bool = False) -> None:
        super().__init__("schools")
        self.terms = terms
        self._changes_its_mind = changes_its_mind

    async def withdraw(self, request_id: str) -> None:
        withdrawals = [links_pb2.Withdrawal(request_id=request_id)]
        await self.stream.write(links_pb2.ConnectRequest(withdrawals=withdrawals))

    async def _answer(self, asks: Sequence[links_pb2.Ask]) -> None:
        for ask in asks:
            records = truthful_records(self.agency, ask)
            records.terms.append(self.terms)
            records.terms_of_row.append(1)
            records.cells[list(records.columns).index("attendance_percent")] = ATTENDANCE
            records.cells[list(records.columns).index("school")] = "Moor End High"
            if self._changes_its_mind:
                await self.withdraw(ask.request_id)
            status = links_pb2.REPLY_STATUS_ANSWERED
            reply = links_pb2.Reply(ask_id=ask.ask_id, nonce=ask.nonce, status=status, records=records)
            await self.stream.write(links_pb2.ConnectRequest(replies=[reply]))


@asynccontextmanager
async def asking(served: Served, schools: Schools) -> AsyncIterator[Requester]:
    async with (
        connected(served.deployment, served.ports.links, schools),
        signed_in(served.deployment, served.ports.requesters, "school_nurse") as requester,
    ):
        yield requester
        await requester.sign_out()


async def asked(requester: Requester) -> Answer:
    return await requester.ask(next(people()), question="child_attendance")


async def held(requester: Requester) -> questions_pb2.ListHeldResponse:
    request = questions_pb2.ListHeldRequest()
    return await requester.questions.ListHeld(request, metadata=requester.metadata, timeout=PATIENCE_SECONDS)


async def test_how_consent_stands_is_told_and_what_a_source_names_is_not(served: Served) -> None:
    async with asking(served, Schools(AGREED)) as requester:
        answer = await asked(requester)
        part = answer.of("schools")
        assert answer.column("schools", "attendance_percent") == [ATTENDANCE]
        (consent,) = part.consents
        assert (consent.state, consent.until, list(consent.classes)) == (CONSENT.state, CONSENT.until, [])
        assert list(part.consent_of_row) == [1]
        assert not part.records.terms


async def test_what_somebody_objects_to_is_named_and_never_sent(served: Served) -> None:
    async with asking(served, Schools(OBJECTED)) as requester:
        answer = await asked(requester)
        (withheld,) = answer.of("schools").withheld
        assert (withheld.field_class, withheld.title) == ("education", "Education")
        assert withheld.reason == records_pb2.OUTCOME_REASON_CONSENT_REFUSED
        assert answer.column("schools", "school") == ["Moor End High"]
        assert ATTENDANCE.encode() not in answer.wire()


async def test_what_is_taken_back_between_ask_and_release_never_reaches_anybody(served: Served) -> None:
    async with asking(served, Schools(AGREED, changes_its_mind=True)) as requester:
        with pytest.raises(grpc.RpcError) as gone:
            await asked(requester)
        assert gone.value.code() is grpc.StatusCode.NOT_FOUND  # type: ignore[attr-defined]  # the stubs leave it out
        assert not (await held(requester)).held


async def test_what_is_taken_back_while_it_is_held_is_gone_within_a_second(served: Served) -> None:
    schools = Schools(AGREED)
    async with asking(served, schools) as requester:
        answer = await asked(requester)
        assert len((await held(requester)).held) == 1
        began = time.monotonic()
        await schools.withdraw(answer.request_id)
        while (await held(requester)).held:
            assert time.monotonic() - began < PATIENCE_SECONDS
        assert time.monotonic() - began < 1.0
        assert list((await held(requester)).withdrawn) == [answer.request_id]


async def test_an_adapter_is_told_when_its_answer_has_been_closed(served: Served) -> None:
    schools = Schools(AGREED)
    async with asking(served, schools) as requester:
        answer = await asked(requester)
        assert schools.dropped == []
        await requester.close(answer.request_id)
        await schools.was_told_to_drop.wait()
        assert schools.dropped == [schools.asks[0].ask_id]
