"""SIGTERM: what runs is finished, what is new is sent elsewhere, and the program ends in peace."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from pathlib import Path

import grpc
import pytest
from grpc import StatusCode
from grpc_health.v1 import health_pb2, health_pb2_grpc
from sharing.v1 import questions_pb2, records_pb2

from tests.integration.journey.raw import signed_in
from tests.integration.journey.refusing import said_by
from tests.integration.journey.waiting import until
from tests.lib.deployment import Deployment, HubProcess, make_deployment
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.requester import PATIENCE_SECONDS


async def test_a_hub_that_is_told_to_end_finishes_what_runs_and_takes_nothing_new(
    deployment: Deployment, people: Iterator[records_pb2.PersonKeys]
) -> None:
    program, slow = HubProcess(deployment), [GoodAdapter("health", delay=0.8), GoodAdapter("schools", delay=0.8)]
    ports = program.start()
    try:
        async with AsyncExitStack() as stack:
            for adapter in slow:
                await stack.enter_async_context(connected(deployment, ports.links, adapter))
            requester = await stack.enter_async_context(signed_in(deployment, ports.requesters))
            watching = health_pb2_grpc.HealthStub(requester.channel).Watch(
                health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS
            )
            assert (await watching.read()).status == health_pb2.HealthCheckResponse.SERVING
            running = [asyncio.create_task(requester.ask(next(people))) for _ in range(3)]
            await until(lambda: min(len(adapter.asks) for adapter in slow) == len(running))

            ending = asyncio.create_task(asyncio.to_thread(program.terminate))
            assert (await watching.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
            request = questions_pb2.AskRequest(
                question="child_services",
                person=next(people),
                purpose="safeguarding",
                lawful_basis="A6_E",
                case_reference="TEST/1",
            )
            with pytest.raises(grpc.aio.AioRpcError) as error:
                await requester.questions.Ask(request, metadata=requester.metadata, timeout=PATIENCE_SECONDS).read()
            assert (error.value.code(), said_by(error.value).reason) == (StatusCode.UNAVAILABLE, "DRAINING")

            for answer in await asyncio.gather(*running):
                assert answer.outcome("health") == answer.outcome("schools") == ("held", "")
            assert await ending == 0
            for adapter in slow:
                assert len(adapter.asks) == len(running)
                assert adapter.told_to_drain.is_set()
    finally:
        program.kill()
    events = [event["event"] for event in program.events()]
    assert events[-1] == "hub.stopped"
    assert not {"call.failed", "link.broken"} & set(events)
    (ended,) = session_ends(deployment)
    assert (ended["why"], ended["dropped"]) == ("shutdown", 3)


async def test_a_question_that_outlasts_the_draining_is_cut_and_said_to_be_incomplete(
    tmp_path: Path, people: Iterator[records_pb2.PersonKeys]
) -> None:
    deployment = make_deployment(tmp_path / "deployment", deadline_ms=20_000, settings="[limits]\ndrain_seconds = 1\n")
    program, stuck = HubProcess(deployment), GoodAdapter("health", delay=60.0)
    ports = program.start()
    try:
        async with connected(deployment, ports.links, stuck), signed_in(deployment, ports.requesters) as requester:
            running = asyncio.create_task(requester.ask(next(people)))
            await until(lambda: bool(stuck.asks))
            assert await asyncio.to_thread(program.terminate) == 0
            with pytest.raises(grpc.aio.AioRpcError) as error:
                await running
            assert error.value.code() in (StatusCode.UNAUTHENTICATED, StatusCode.UNAVAILABLE)
    finally:
        program.kill()
    with closing(sqlite3.connect(deployment.folder / "data" / "hub.sqlite")) as database:
        bodies = database.execute("select body from audit_entry where kind = 'ended_early'").fetchall()
    assert ["health"] in [json.loads(body)["without"] for (body,) in bodies]


def session_ends(deployment: Deployment) -> list[dict[str, object]]:
    with closing(sqlite3.connect(deployment.folder / "data" / "hub.sqlite")) as database:
        bodies = database.execute("select body from audit_entry where kind = 'session_ended'").fetchall()
    return [json.loads(body) for (body,) in bodies]
