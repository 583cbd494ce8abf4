"""Match cards over real TLS: what is behind is in no byte before it is asked for, and the second round by numbers."""

import time
from collections.abc import Iterable, Mapping

from sharing.v1 import links_pb2, questions_pb2, records_pb2

from tests.integration.journey.canaries import Canaries
from tests.lib.deployment import Served
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.requester import PATIENCE_SECONDS, signed_in
from tests.unit.hub.making import nhs_number

ASKED = records_pb2.PersonKeys(given_name="Ottilie", family_name="Testcase", date_of_birth="2016-03-09")
HER = {"given_name": "Ottilie", "family_name": "Testcase", "date_of_birth": "2016-03-09"}


class Holder(GoodAdapter):
    """Holds one record, which it sends to whoever asks by a name, or only to whoever asks again by its number."""

    def __init__(self, agency: str, record: Mapping[str, str], *, by_number_only: bool = False) -> None:
        """Take the record."""
        super().__init__(agency)
        self._record = record
        self._by_number_only = by_number_only

    async def _answer(self, asks: Iterable[links_pb2.Ask]) -> None:
        await self.stream.write(links_pb2.ConnectRequest(replies=[self._reply(ask) for ask in asks]))

    def _reply(self, ask: links_pb2.Ask) -> links_pb2.Reply:
        is_found = not self._by_number_only or ask.person.nhs_number == self._record["nhs_number"]
        return links_pb2.Reply(
            ask_id=ask.ask_id,
            nonce=ask.nonce,
            status=links_pb2.REPLY_STATUS_ANSWERED,
            records=self._records(ask) if is_found else None,
        )

    def _records(self, ask: links_pb2.Ask) -> records_pb2.Records:
        return records_pb2.Records(
            columns=ask.fields,
            cells=[self._record.get(field, "") for field in ask.fields],
            record_dates=["2026-01-31"],
            source="Records",
            retrieved_at_ms=time.time_ns() // 1_000_000,
        )


async def test_what_is_behind_reaches_nobody_before_it_is_asked_for_and_nobody_after_it_is_closed(
    served: Served,
) -> None:
    canaries = Canaries()
    look_alike = {
        "given_name": "Ottilie",
        "family_name": "Testcaze",
        "date_of_birth": "2016-03-19",
        "nhs_number": canaries.note(nhs_number(700_001), "number"),
        "address": canaries.value("address"),
        "service": canaries.value("service"),
        "worker_name": canaries.value("worker"),
    }
    async with (
        connected(served.deployment, served.ports.links, Holder("health", HER)),
        connected(served.deployment, served.ports.links, Holder("schools", look_alike)),
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        answer = await requester.ask(ASKED)
        viewed = await requester.view(answer.request_id)
        assert answer.column("schools", "family_name") == ["Testcaze"]
        assert not canaries.found_in(answer.wire() + viewed.SerializeToString())
        (number,) = [place for place, card in enumerate(viewed.joining.cards) if not card.has_details]
        assert viewed.joining.cards[number].standing == questions_pb2.STANDING_POSSIBLY

        request = questions_pb2.ShowDetailsRequest(request_id=answer.request_id, person=number)
        shown = await requester.questions.ShowDetails(request, metadata=requester.metadata, timeout=PATIENCE_SECONDS)
        assert len(canaries.found_in(shown.SerializeToString())) == len(canaries.planted)
        assert shown.answer.opening.request_id == answer.request_id
        assert all(card.has_details for card in shown.answer.joining.cards)

        word = questions_pb2.JudgeRequest(
            request_id=answer.request_id, person=number, word=questions_pb2.REQUESTER_WORD_NOT_SAME
        )
        left = await requester.questions.Judge(word, metadata=requester.metadata, timeout=PATIENCE_SECONDS)
        assert not canaries.found_in(left.SerializeToString())
        assert len(left.answer.joining.cards) == 1
        await requester.close(answer.request_id)


async def test_a_number_that_one_agency_tells_finds_the_child_at_another(served: Served) -> None:
    number = nhs_number(700_101)
    schools = Holder("schools", HER | {"family_name": "Married", "nhs_number": number}, by_number_only=True)
    async with (
        connected(served.deployment, served.ports.links, Holder("health", HER | {"nhs_number": number})),
        connected(served.deployment, served.ports.links, schools),
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        answer = await requester.ask(ASKED)
        assert [(ask.again, ask.person.nhs_number) for ask in schools.asks] == [(False, ""), (True, number)]
        assert not schools.asks[1].person.family_name
        assert answer.outcome("schools") == ("held", "")
        joining = [part.joining for part in answer.parts if part.HasField("joining")][-1]
        assert set(joining.person_of_row) == {0}
        await requester.close(answer.request_id)
