"""A session from signing in to signing out, over real TLS."""

from collections.abc import Iterator

import grpc
import pytest
from sharing.v1 import questions_pb2, records_pb2, sessions_pb2
from sharing.v1.sessions_pb2_grpc import SessionServiceStub

from hub.access.policy import load_policy
from tests.integration.journey.waiting import rest_of
from tests.lib.deployment import AGENCIES, PASSWORD, REPOSITORY, Served
from tests.lib.good_adapter import GoodAdapter, all_connected, connected, marker
from tests.lib.requester import PATIENCE_SECONDS, requesters_channel, signed_in
from tests.spec import tables
from tests.spec.chapters.menus import CHAPTER

LEVELS = load_policy(REPOSITORY / "policies").levels
MENUS = tables.read(CHAPTER.cases[0].rows)  # type: ignore[union-attr]  # the one case of that chapter is a table of menus


@pytest.mark.parametrize("level", list(LEVELS))
async def test_each_shipped_level_is_signed_in_to_exactly_its_menu(level: str, served: Served) -> None:
    async with signed_in(served.deployment, served.ports.requesters, level) as requester:
        menu = await requester.questions.Menu(
            questions_pb2.MenuRequest(), metadata=requester.metadata, timeout=PATIENCE_SECONDS
        )
        assert [
            {
                "level": level,
                "question": item.id,
                "purposes": " ".join(purpose.id for purpose in item.purposes),
                "agencies": " ".join(agency.id for agency in item.agencies),
            }
            for item in menu.questions
        ] == [row for row in MENUS if row["level"] == level]
        assert all(
            choice.title for item in menu.questions for choice in (*item.purposes, *item.fields, *item.lawful_bases)
        )
        await requester.sign_out()


async def test_signing_in_tells_who_one_is_and_how_long_it_lasts(served: Served) -> None:
    async with requesters_channel(served.deployment, served.ports.requesters) as channel:
        request = sessions_pb2.SignInRequest(user_name="health_visitor", password=PASSWORD)
        said = await SessionServiceStub(channel).SignIn(request, timeout=PATIENCE_SECONDS)
    assert (said.access_level, said.access_level_title, said.agency) == ("health_visitor", "Health visitor", "health")
    assert (said.idle_seconds, len(said.token) >= 43) == (900, True)


async def test_ask_then_view_then_close_then_sign_out(served: Served, people: Iterator[records_pb2.PersonKeys]) -> None:
    person, another = next(people), next(people)
    async with (
        all_connected(served.deployment, served.ports.links, AGENCIES) as adapters,
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        answer = await requester.ask(person)
        assert answer.completeness.complete
        assert {agency: answer.column(agency, "address") for agency in AGENCIES} == {
            agency: [marker(agency, person.nhs_number)] for agency in AGENCIES
        }
        asked = {agency: len(adapter.asks) for agency, adapter in adapters.items()}

        viewed = await requester.view(answer.request_id)
        assert {part.agency: part.records for part in viewed.agencies} == {
            part.agency: part.records for part in answer.said
        }
        assert viewed.opening == answer.parts[0].opening
        assert viewed.completeness == answer.completeness
        assert viewed.joining == [part.joining for part in answer.parts if part.HasField("joining")][-1]
        assert {agency: len(adapter.asks) for agency, adapter in adapters.items()} == asked

        second = await requester.ask(another)
        held = await requester.questions.ListHeld(questions_pb2.ListHeldRequest(), metadata=requester.metadata)
        assert [(one.request_id, one.question, one.case_reference) for one in held.held] == [
            (answer.request_id, "child_services", "TEST/1"),
            (second.request_id, "child_services", "TEST/1"),
        ]

        await requester.close(answer.request_id)
        with pytest.raises(grpc.aio.AioRpcError) as gone:
            await requester.view(answer.request_id)
        assert gone.value.code() is grpc.StatusCode.NOT_FOUND
        assert await requester.view(second.request_id)

        assert await requester.sign_out() == 1
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await requester.view(second.request_id)
        assert ended.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_each_value_comes_with_its_source_its_record_date_and_when_it_was_read(
    served: Served, people: Iterator[records_pb2.PersonKeys]
) -> None:
    async with (
        all_connected(served.deployment, served.ports.links, ["health"]),
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        records = (await requester.ask(next(people))).of("health").records
        assert (records.source, list(records.record_dates)) == ("Records", ["2026-01-31"])
        assert records.retrieved_at_ms > 0
        await requester.sign_out()


async def test_nobody_reads_what_another_session_holds(
    served: Served, people: Iterator[records_pb2.PersonKeys]
) -> None:
    async with (
        all_connected(served.deployment, served.ports.links, ["health"]),
        signed_in(served.deployment, served.ports.requesters) as mine,
        signed_in(served.deployment, served.ports.requesters) as other,
    ):
        answer = await mine.ask(next(people))
        for attempt in (other.view(answer.request_id), other.close(answer.request_id)):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await attempt
            assert refused.value.code() is grpc.StatusCode.NOT_FOUND
        assert await mine.view(answer.request_id)
        assert (await mine.sign_out(), await other.sign_out()) == (1, 0)


async def test_an_answer_closed_while_it_is_coming_is_not_held_again(
    served: Served, people: Iterator[records_pb2.PersonKeys]
) -> None:
    # Only health is connected, and slow: the others' outcomes come first, and with them the answer's name.
    slow = GoodAdapter("health", delay=0.5)
    async with (
        connected(served.deployment, served.ports.links, slow),
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        request = questions_pb2.AskRequest(
            question="child_services",
            person=next(people),
            purpose="safeguarding",
            lawful_basis="A6_E",
            case_reference="TEST/1",
        )
        stream = requester.questions.Ask(request, metadata=requester.metadata, timeout=PATIENCE_SECONDS)
        opening = (await stream.read()).part.opening
        await requester.close(opening.request_id)
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await rest_of(stream)
        assert ended.value.code() is grpc.StatusCode.NOT_FOUND
        assert await requester.sign_out() == 0
