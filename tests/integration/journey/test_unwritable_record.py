"""A record that cannot be written: nothing is asked, nothing is shown, and all is well once it can be again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import grpc
import pytest
from grpc import StatusCode
from sharing.v1 import questions_pb2, records_pb2, sessions_pb2, sessions_pb2_grpc

from tests.integration.journey.refusing import Said, said_by
from tests.integration.journey.waiting import rest_of
from tests.lib.deployment import PASSWORD, Deployment, Served
from tests.lib.good_adapter import GoodAdapter, all_connected, connected
from tests.lib.requester import PATIENCE_SECONDS, Requester, requesters_channel, signed_in


@contextmanager
def refusing_to_write(deployment: Deployment, *, kind: str = "%") -> Iterator[None]:
    """Make the database itself refuse new entries of a kind, as a full disk refuses all."""
    file = deployment.folder / "data" / "hub.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        when = f"when new.kind like '{kind}'"
        other.execute(f"create trigger full before insert on audit_entry {when} begin select raise(abort, 'full'); end")
        try:
            yield
        finally:
            other.execute("drop trigger full")


def asking_about(person: records_pb2.PersonKeys) -> questions_pb2.AskRequest:
    return questions_pb2.AskRequest(
        question="child_services", person=person, purpose="safeguarding", lawful_basis="A6_E", case_reference="TEST/1"
    )


async def refused(requester: Requester, person: records_pb2.PersonKeys) -> tuple[Said, list[questions_pb2.AnswerPart]]:
    parts: list[questions_pb2.AnswerPart] = []
    stream = requester.questions.Ask(asking_about(person), metadata=requester.metadata, timeout=PATIENCE_SECONDS)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await rest_of(stream, parts)
    return said_by(error.value), parts


async def test_without_a_record_no_agency_is_asked(served: Served, people: Iterator[records_pb2.PersonKeys]) -> None:
    async with (
        all_connected(served.deployment, served.ports.links, ["health", "schools"]) as adapters,
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        with refusing_to_write(served.deployment):
            for _ in range(5):
                said, parts = await refused(requester, next(people))
                assert (said.code, said.reason, parts) == (StatusCode.UNAVAILABLE, "AUDIT_UNWRITABLE", [])
                assert said.words
                assert not said.leak
            assert not [ask for adapter in adapters.values() for ask in adapter.asks]
        # Once it can be written again, all is as it was: nobody has to start anything anew.
        answer = await requester.ask(next(people))
        assert answer.outcome("health") == ("held", "")
        assert await requester.sign_out() == 1


async def test_without_a_disclosure_on_record_nothing_of_it_is_shown_or_held(
    served: Served, people: Iterator[records_pb2.PersonKeys]
) -> None:
    async with (
        all_connected(served.deployment, served.ports.links, ["health", "schools"]) as adapters,
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        with refusing_to_write(served.deployment, kind="disclosure"):
            said, parts = await refused(requester, next(people))
        assert (said.code, said.reason) == (StatusCode.UNAVAILABLE, "AUDIT_UNWRITABLE")
        assert not [agency for part in parts for agency in part.agencies]
        held = await requester.questions.ListHeld(questions_pb2.ListHeldRequest(), metadata=requester.metadata)
        for answer in held.held:
            assert not (await requester.view(answer.request_id)).agencies
        asked = {ask.request_id for adapter in adapters.values() for ask in adapter.asks}
        assert not [one for adapter in adapters.values() for one in adapter.receipts if one.request_id in asked]
        await requester.sign_out()


async def test_without_a_record_nobody_signs_in(served: Served) -> None:
    async with requesters_channel(served.deployment, served.ports.requesters) as channel:
        stub = sessions_pb2_grpc.SessionServiceStub(channel)
        with refusing_to_write(served.deployment):
            for password in (PASSWORD, "wrong"):
                request = sessions_pb2.SignInRequest(user_name="health_visitor", password=password)
                with pytest.raises(grpc.aio.AioRpcError) as error:
                    await stub.SignIn(request, timeout=PATIENCE_SECONDS)
                assert (error.value.code(), said_by(error.value).reason) == (StatusCode.UNAVAILABLE, "AUDIT_UNWRITABLE")


async def test_trouble_with_another_question_s_record_leaves_a_running_one_alone(
    served: Served, people: Iterator[records_pb2.PersonKeys]
) -> None:
    slow = GoodAdapter("health", delay=0.7)
    async with (
        connected(served.deployment, served.ports.links, slow),
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        running = requester.questions.Ask(
            asking_about(next(people)), metadata=requester.metadata, timeout=PATIENCE_SECONDS
        )
        # Entries of one commit share its fate: all but the slow agency's must be on disk before it is broken.
        shown = []
        while len(shown) < 4:
            shown += (await running.read()).part.agencies
        with refusing_to_write(served.deployment, kind="intent"):
            said, _ = await refused(requester, next(people))
            assert said.reason == "AUDIT_UNWRITABLE"
        last = (await running.read()).part
        assert [(agency.agency, agency.outcome) for agency in last.agencies] == [("health", records_pb2.OUTCOME_HELD)]
        await requester.sign_out()
