"""Once its breaker is open, an agency that does not answer costs nobody any time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from sharing.v1.records_pb2 import PersonKeys
from sharing.v1.status_pb2 import BREAKER_STATE_CLOSED, BREAKER_STATE_OPEN

from tests.lib.deployment import AGENCIES, Served
from tests.lib.good_adapter import all_connected
from tests.lib.hostile_adapter import HostileAdapter, misbehaving
from tests.lib.hostile_program import HostileProgram, hostile_program
from tests.lib.load import keep_asking, seconds_until, shows_truth_of
from tests.lib.measuring import percentile
from tests.lib.misbehaviour import Misbehaviour
from tests.lib.requester import Answer, Requester, signed_in

AGENCY = "health"
OTHERS = [agency for agency in AGENCIES if agency != AGENCY]
QUESTIONS = 100
# So that a breaker that is open becomes half open, once at least, while they are asked.
PAUSE_SECONDS = 0.015
MOST_ADDED_MS = 50


def added_ms(answer: Answer) -> int:
    """Return how much longer the silent agency took than all others; nothing when it was known sooner."""
    others = max(answer.of(agency).elapsed_ms for agency in OTHERS)
    return max(0, answer.of(AGENCY).elapsed_ms - others)


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
    async with (
        all_connected(deployment, ports.links, OTHERS),
        signed_in(deployment, ports.requesters) as requester,
        silent(served, how),
    ):
        await keep_asking(requester, people, seconds=0.1)
        answers = []
        for _ in range(QUESTIONS):
            answers.append(await requester.ask(next(people)))
            await asyncio.sleep(PAUSE_SECONDS)
        breaker = (await requester.status())[AGENCY].breaker
    assert {answer.outcome(AGENCY) for answer in answers} == {("no_answer", "down")}
    assert all(shows_truth_of(answer, OTHERS) for answer in answers)
    assert percentile([added_ms(answer) for answer in answers], 99) <= MOST_ADDED_MS
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
