"""What a session held is freed when it ends, in whatever way: looked for among the live objects of the hub."""

import gc
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import grpc
import pytest
from sharing.v1 import questions_pb2, records_pb2

from hub.asking.answering import Answering
from hub.asking.asked import Asked
from hub.combining.noticing import _Record
from hub.links.gathering import Arrival, Gathering
from hub.links.link import Pending
from hub.main import Hub
from hub.model.answer import AgencyAnswer, AnswerPart, Joining
from hub.model.notice import Difference, Notice
from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.model.request import Request
from hub.sessions.session import Held, Session
from tests.integration.journey.waiting import rest_of, until
from tests.lib.deployment import AGENCIES, Deployment, hub_in_process
from tests.lib.good_adapter import GoodAdapter, all_connected, connected
from tests.lib.requester import Requester, signed_in

FORGETTING_SECONDS = 2.0

# Everything in the hub that a value of a case can be in.
OF_A_CASE = frozenset(
    {
        AnswerPart,
        AgencyAnswer,
        Records,
        Joining,
        Request,
        PersonKeys,
        Asked,
        Held,
        Arrival,
        Answering,
        Gathering,
        Pending,
        Notice,
        Difference,
        _Record,
    }
)


def alive() -> Counter[str]:
    """Count the live objects that may hold something of a case."""
    gc.collect()
    return Counter(type(thing).__name__ for thing in gc.get_objects() if type(thing) in OF_A_CASE)


async def assert_forgotten(before: Counter[str]) -> None:
    """Look until nothing more is alive than before; the hub's own tasks may need a moment to end."""
    with suppress(TimeoutError):
        await until(lambda: alive() <= before, FORGETTING_SECONDS)
    assert alive() - before == Counter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    hub: Hub
    requester: Requester
    before: Counter[str]

    def session(self) -> Session:
        (session,) = self.hub.sessions._by_token.values()
        return session

    def pass_by(self, seconds: float) -> None:
        """Let time pass for the sessions, and sweep."""
        self.hub.sessions._clock = lambda: time.monotonic() + seconds
        self.hub.sessions.sweep()


@asynccontextmanager
async def scene(deployment: Deployment, people: Iterator[records_pb2.PersonKeys]) -> AsyncIterator[Scene]:
    """Hold two answers in a session of a hub that runs here."""
    async with (
        hub_in_process(deployment) as hub,
        all_connected(deployment, hub.links_port, AGENCIES),
        signed_in(deployment, hub.requesters_port) as requester,
    ):
        before = alive()
        await requester.ask(next(people))
        await requester.ask(next(people))
        assert hub.asking._noticing is not None
        await hub.asking._noticing.settled()
        yield Scene(hub=hub, requester=requester, before=before)


async def test_the_way_of_looking_finds_what_is_held(
    deployment: Deployment, people: Iterator[records_pb2.PersonKeys]
) -> None:
    async with scene(deployment, people) as on:
        found = alive() - on.before
        assert found["Records"] == 2 * len(AGENCIES)
        assert found["Request"] == 2
        assert found["PersonKeys"] == 2
        assert found["AnswerPart"] >= 2


@pytest.mark.parametrize("how", ["close", "close all", "sign out", "idle", "expiry", "revocation"])
async def test_what_was_held_is_freed(
    how: str, deployment: Deployment, people: Iterator[records_pb2.PersonKeys]
) -> None:
    async with scene(deployment, people) as on:
        session = on.session()
        match how:
            case "close":
                for held in session.held():
                    await on.requester.close(held.request.request_id)
                del held
            case "close all":
                await on.requester.close("")
            case "sign out":
                assert await on.requester.sign_out() == 2
            case "idle":
                on.pass_by(on.hub.sessions.rules.idle_seconds + 1)
            case "expiry":
                session.last_used += 10**6
                on.pass_by(on.hub.sessions.rules.absolute_seconds + 1)
            case _:
                assert on.hub.sessions.revoke("n.okafor") == 1
        assert session.held() == ()
        await assert_forgotten(on.before)


async def test_a_hub_that_stops_holds_nothing(deployment: Deployment, people: Iterator[records_pb2.PersonKeys]) -> None:
    # A running hub hides what was there before it from the collector, and shows it again when it stops.
    before = alive()
    async with scene(deployment, people) as on:
        session = on.session()
    assert session.held() == ()
    await assert_forgotten(before)


async def test_a_question_that_fails_half_way_leaves_nothing(
    deployment: Deployment, people: Iterator[records_pb2.PersonKeys]
) -> None:
    slow = GoodAdapter("schools", delay=5.0)
    async with (
        hub_in_process(deployment) as hub,
        all_connected(deployment, hub.links_port, ["health"]),
        connected(deployment, hub.links_port, slow),
        signed_in(deployment, hub.requesters_port) as requester,
    ):
        before = alive()
        request = questions_pb2.AskRequest(
            question="child_services",
            person=next(people),
            purpose="safeguarding",
            lawful_basis="A6_E",
            case_reference="TEST/1",
        )
        stream = requester.questions.Ask(request, metadata=requester.metadata, timeout=10)
        await stream.read()
        await requester.sign_out()
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await rest_of(stream)
        assert ended.value.code() is grpc.StatusCode.UNAUTHENTICATED
        del ended, stream
        assert hub.asking.running == 0
        await assert_forgotten(before)
