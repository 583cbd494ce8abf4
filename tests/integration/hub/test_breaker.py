"""Once its breaker is open, an agency that does not answer costs nobody any time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from sharing.v1.records_pb2 import PersonKeys
from sharing.v1.status_pb2 import BREAKER_STATE_CLOSED, BREAKER_STATE_OPEN

from tests.lib.deployment import AGENCIES, Served
from tests.lib.good_adapter import GoodAdapter, all_connected, connected
from tests.lib.hostile_adapter import HostileAdapter, misbehaving
from tests.lib.hostile_program import HostileProgram, hostile_program
from tests.lib.load import keep_asking, seconds_until, shows_truth_of
from tests.lib.measuring import disturbance, percentile
from tests.lib.misbehaviour import Misbehaviour
from tests.lib.requester import Answer, Requester, signed_in

AGENCY = "health"
OTHERS = [agency for agency in AGENCIES if agency != AGENCY]
QUESTIONS = 100
# So that a breaker that is open becomes half open, once at least, while they are asked.
PAUSE_SECONDS = 0.015
ADDED_SECONDS = 0.05


async def ask_one_after_another(requester: Requester, people: Iterator[PersonKeys]) -> tuple[list[Answer], float]:
    """Ask; return the answers and the 99th percentile of what the hub took, free of this process's own delays."""
    answers = []
    async with disturbance() as disturbed:
        for _ in range(QUESTIONS):
            answers.append(await requester.ask(next(people)))
            await requester.close(answers[-1].request_id)
            await asyncio.sleep(PAUSE_SECONDS)
    return answers, percentile([answer.seconds for answer in answers], 99) - disturbed.worst_seconds


@asynccontextmanager
async def silent(served: Served, how: str) -> AsyncIterator[None]:
    """Let the agency's adapter hang, stall, or be gone."""
    deployment, port = served.deployment, served.ports.links
    match how:
        case "frozen":
            with hostile_program(deployment.folder, port, Misbehaviour.FROZEN, AGENCY, "canary") as program:
                program.freeze()
                yield
        case "stalling":
            async with misbehaving(deployment, port, HostileAdapter(Misbehaviour.STALLS, AGENCY, "canary")):
                yield
        case _:
            yield


@pytest.mark.parametrize("how", ["frozen", "stalling", "gone"])
async def test_an_agency_whose_breaker_is_open_adds_next_to_nothing_to_any_question(
    how: str, served: Served, people: Iterator[PersonKeys]
) -> None:
    deployment, ports = served.deployment, served.ports
    async with all_connected(deployment, ports.links, OTHERS), signed_in(deployment, ports.requesters) as requester:
        async with connected(deployment, ports.links, GoodAdapter(AGENCY)):
            await seconds_until(requester, next(people), lambda answer: answer.completeness.complete)
            _, before = await ask_one_after_another(requester, people)
        async with silent(served, how):
            await keep_asking(requester, people, seconds=0.1)
            answers, after = await ask_one_after_another(requester, people)
            breaker = (await requester.status())[AGENCY].breaker
    assert {answer.outcome(AGENCY) for answer in answers} == {("no_answer", "down")}
    assert all(shows_truth_of(answer, OTHERS) for answer in answers)
    assert after <= max(before, 0) + ADDED_SECONDS
    assert how == "gone" or breaker != BREAKER_STATE_CLOSED


async def test_a_breaker_closes_as_soon_as_an_adapter_that_hung_goes_on(
    served: Served, people: Iterator[PersonKeys]
) -> None:
    deployment, ports = served.deployment, served.ports

    async def recovery(requester: Requester, program: HostileProgram) -> float:
        program.freeze()
        await keep_asking(requester, people, seconds=0.1)
        assert (await requester.status())[AGENCY].breaker == BREAKER_STATE_OPEN
        program.thaw()
        return await seconds_until(requester, next(people), lambda answer: answer.completeness.complete)

    async with all_connected(deployment, ports.links, OTHERS), signed_in(deployment, ports.requesters) as requester:
        with hostile_program(deployment.folder, ports.links, Misbehaviour.FROZEN, AGENCY, "canary") as program:
            await seconds_until(requester, next(people), lambda answer: answer.completeness.complete)
            assert await recovery(requester, program) <= 5
