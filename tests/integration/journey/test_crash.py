"""A hub that is killed at any moment: what a client received has its entry, and nothing else is lost."""

import asyncio
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import grpc
import pytest
from sharing.v1 import questions_pb2, records_pb2

from tests.integration.journey.waiting import until
from tests.lib.deployment import USERS, Deployment, HubProcess, Ports
from tests.lib.deployment_log import assert_sound
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.people import people as invented_people
from tests.lib.requester import Requester, signed_in

AGENCIES = ("social_care", "health", "schools")
CLIENTS = 6


@dataclass
class Received:
    """What reached the requesters, kept outside the hub: request ids, and released fields and records."""

    requests: set[str] = field(default_factory=set)
    released: dict[tuple[str, str], tuple[frozenset[str], int]] = field(default_factory=dict)
    complete: int = 0
    cut_off: int = 0

    def note(self, request_id: str, part: questions_pb2.AnswerPart) -> None:
        self.requests.add(request_id)
        self.complete += part.HasField("completeness")
        for agency in part.agencies:
            if agency.HasField("records"):
                columns = frozenset(agency.records.columns)
                self.released[request_id, agency.agency] = (columns, len(agency.records.record_dates))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is on disk after the last start."""

    positions: list[int]
    entries: list[tuple[str, dict[str, object]]]
    accounts: set[str]
    policy_versions: int


async def test_a_hub_killed_at_any_moment_has_recorded_what_anybody_received(deployment: Deployment) -> None:
    await outlive(deployment, kills=12, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 27))
async def test_a_hub_killed_five_hundred_times_has_recorded_what_anybody_received(
    seed: int, deployment: Deployment
) -> None:
    await outlive(deployment, kills=20, seed=seed)


async def outlive(deployment: Deployment, *, kills: int, seed: int) -> None:
    """Kill the hub again and again under questions, then compare what was received with what is on disk."""
    moments, received, program = random.Random(seed), Received(), HubProcess(deployment)
    people = invented_people()
    try:
        for _ in range(kills):
            await live_and_die(deployment, program, received, people, seconds=moments.uniform(0.02, 0.5))
        # It starts once more, and its accounts sign in as before.
        ports = program.start()
        for user_name in ("n.okafor", "social_worker"):
            async with signed_in(deployment, ports.requesters, user_name) as requester:
                assert len((await requester.status()).keys()) == 5
        assert program.terminate() == 0
    finally:
        program.kill()
    check(received, read(deployment), starts=kills + 1)
    assert_sound(deployment)


async def live_and_die(
    deployment: Deployment,
    program: HubProcess,
    received: Received,
    people: Iterator[records_pb2.PersonKeys],
    *,
    seconds: float,
) -> None:
    """Start the hub, keep it busy, and kill it after a while."""
    ports = program.start()
    async with AsyncExitStack() as stack:
        for agency in AGENCIES:
            await stack.enter_async_context(connected(deployment, ports.links, GoodAdapter(agency)))
        asking = [asyncio.create_task(ask_on(deployment, ports, received, people)) for _ in range(CLIENTS)]
        before = len(received.requests)
        # The clock starts when the first answer has come: a hub that is only starting shows nothing.
        await until(lambda: len(received.requests) > before)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(program.kill)
        await asyncio.gather(*asking)


async def ask_on(
    deployment: Deployment, ports: Ports, received: Received, people: Iterator[records_pb2.PersonKeys]
) -> None:
    """Ask one question after another until the hub is gone."""
    with pytest.raises(grpc.aio.AioRpcError) as gone:
        await ask_on_and_on(deployment, ports, received, people)
    assert gone.value.code() is grpc.StatusCode.UNAVAILABLE
    received.cut_off += 1


async def ask_on_and_on(
    deployment: Deployment, ports: Ports, received: Received, people: Iterator[records_pb2.PersonKeys]
) -> None:
    async with signed_in(deployment, ports.requesters) as requester:
        while True:
            await ask_once(requester, received, next(people))


async def ask_once(requester: Requester, received: Received, person: records_pb2.PersonKeys) -> None:
    request = questions_pb2.AskRequest(
        question="child_services", person=person, purpose="safeguarding", lawful_basis="A6_E", case_reference="TEST/1"
    )
    request_id = ""
    async for response in requester.questions.Ask(request, metadata=requester.metadata, timeout=20):
        request_id = request_id or response.part.opening.request_id
        received.note(request_id, response.part)


def read(deployment: Deployment) -> Kept:
    database = sqlite3.connect(deployment.folder / "data" / "hub.sqlite")
    try:
        rows = database.execute("select position, kind, body from audit_entry order by position").fetchall()
        return Kept(
            positions=[row[0] for row in rows],
            entries=[(row[1], json.loads(row[2])) for row in rows],
            accounts={row[0] for row in database.execute("select user_name from account")},
            policy_versions=len(database.execute("select version from publication").fetchall()),
        )
    finally:
        database.close()


def check(received: Received, kept: Kept, *, starts: int) -> None:
    assert received.complete > 10 * starts, "the hub was killed before it had answered anything worth speaking of"
    assert received.cut_off == CLIENTS * (starts - 1)
    assert kept.positions == list(range(len(kept.positions)))

    intents = {str(body["request"]): number for number, (kind, body) in enumerate(kept.entries) if kind == "intent"}
    assert received.requests <= intents.keys()
    disclosed: dict[tuple[str, str], tuple[frozenset[str], int]] = {}
    for number, (kind, body) in enumerate(kept.entries):
        if kind == "disclosure":
            assert intents[str(body["request"])] < number
            fields, records = body["fields"], body["records"]
            assert isinstance(fields, list)
            assert isinstance(records, int)
            disclosed[str(body["request"]), str(body["agency"])] = (frozenset(fields), records)
    missing = {place for place, released in received.released.items() if disclosed.get(place) != released}
    assert not missing

    in_force = [body for kind, body in kept.entries if kind == "policy_in_force"]
    assert len(in_force) == starts
    assert {body["publication"] for body in in_force} == {1}
    assert len({body["policy_version"] for body in in_force}) == kept.policy_versions == 1
    assert kept.accounts >= {*USERS, "social_worker", "auditor"}
