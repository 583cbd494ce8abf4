"""A flood of wrong sign-ins: questions are answered as fast as before, and a known device gets in."""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sharing.v1 import records_pb2

from tests.integration.doors.front_door import open_deployment
from tests.integration.doors.visitor import reason, visiting
from tests.lib.deployment import Served, environment, hub_process
from tests.lib.good_adapter import all_connected
from tests.lib.measuring import percentile
from tests.lib.people import people as invented_people
from tests.lib.requester import Requester, signed_in

SIGN_INS_A_SECOND = 200
QUESTIONS_A_SECOND = 30
ROUNDS, ROUND_SECONDS = 2, 5.0
LONGEST_RATIO = 2.0
GETS_IN_SECONDS = 30.0
AGENCIES = ("health", "schools")


@dataclass(slots=True)
class Flood:
    """A program that floods the hub when it is told to."""

    program: asyncio.subprocess.Process
    outcomes: Counter[str] = field(default_factory=Counter)

    async def go_on_for(self, seconds: float) -> None:
        """Flood for so long, and count what became of it."""
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.program.stdin.write(f"{seconds}\n".encode())
        await self.program.stdin.drain()
        self.outcomes.update(json.loads(await self.program.stdout.readline()))


@asynccontextmanager
async def flood_of(served: Served) -> AsyncIterator[Flood]:
    authority = served.deployment.folder / "keys" / "authority.pem"
    words = ("-m", "tests.integration.doors.flooding", str(served.ports.requesters), str(authority))
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(
        sys.executable, *words, str(SIGN_INS_A_SECOND), stdin=pipe, stdout=pipe, env=environment()
    )
    try:
        yield Flood(program)
    finally:
        if program.returncode is None:
            program.kill()
        await program.communicate()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with hub_process(open_deployment(tmp_path / "deployment", identities={}).deployment) as served:
        yield served


async def waits(requester: Requester, people: Iterator[records_pb2.PersonKeys], seconds: float) -> list[float]:
    """Ask at fixed times, whatever became of the questions before; return how long each answer took."""
    loop, taken = asyncio.get_running_loop(), list[float]()
    began = loop.time()

    async def ask(due: float) -> None:
        answer = await requester.ask(next(people))
        taken.append(loop.time() - due)
        assert {answer.outcome(agency)[0] for agency in AGENCIES} == {"held"}
        await requester.close(answer.request_id)

    async with asyncio.TaskGroup() as group:
        for number in range(int(QUESTIONS_A_SECOND * seconds)):
            due = began + number / QUESTIONS_A_SECOND
            await asyncio.sleep(max(0.0, due - loop.time()))
            group.create_task(ask(due))
    return taken


@pytest.mark.slow
async def test_questions_wait_at_most_twice_as_long_while_sign_ins_flood_the_hub(served: Served) -> None:
    people, quiet, flooded = invented_people(), list[float](), list[float]()
    async with (
        all_connected(served.deployment, served.ports.links, AGENCIES),
        signed_in(served.deployment, served.ports.requesters, "s.patel") as requester,
        flood_of(served) as flood,
    ):
        await waits(requester, people, 1.0)
        for _ in range(ROUNDS):
            quiet += await waits(requester, people, ROUND_SECONDS)
            flooding = asyncio.create_task(flood.go_on_for(ROUND_SECONDS))
            flooded += await waits(requester, people, ROUND_SECONDS)
            await flooding
    before, during = percentile(quiet, 99), percentile(flooded, 99)
    print(  # noqa: T201  (figures that we promise)
        f"p99 {1_000 * before:.1f} ms, in a flood {1_000 * during:.1f} ms, ratio {during / before:.2f}; "
        f"medians {1_000 * percentile(quiet, 50):.1f} and {1_000 * percentile(flooded, 50):.1f} ms; "
        f"{len(flooded)} questions, sign-ins {dict(flood.outcomes)}"
    )
    assert "OK" not in flood.outcomes
    assert flood.outcomes.total() == ROUNDS * ROUND_SECONDS * SIGN_INS_A_SECOND
    assert during <= LONGEST_RATIO * before


@pytest.mark.slow
async def test_a_known_device_gets_in_during_a_flood_and_whoever_floods_never(served: Served) -> None:
    async with visiting(served.deployment, served.ports.requesters) as holder, flood_of(served) as flood:
        device = (await holder.sign_in()).device
        flooding = asyncio.create_task(flood.go_on_for(ROUND_SECONDS))
        took = list[float]()
        while not flooding.done():
            began = time.monotonic()
            await holder.sign_in(device=device)
            took.append(time.monotonic() - began)
            await asyncio.sleep(0.2)
        await flooding
        print(f"{len(took)} sign-ins, the slowest in {max(took):.2f} s")  # noqa: T201  (a figure that we promise)
        assert max(took) < GETS_IN_SECONDS
        assert len(took) > 1
        assert "OK" not in flood.outcomes
        assert await reason(holder.sign_in()) == "SIGN_IN_REFUSED"
