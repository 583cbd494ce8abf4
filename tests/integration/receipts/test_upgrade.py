"""An adapter is replaced while questions are asked all the time: the new one starts first, and no question fails."""

import asyncio
from collections.abc import Iterator
from itertools import cycle, pairwise

import pytest
from sharing.v1.records_pb2 import PersonKeys

from tests.integration.receipts.partnership import AGENCY, Partnership
from tests.lib.adapter_process import AdapterProcess
from tests.lib.requester import Requester

UPGRADES = 3
ASKING_AT_ONCE = 4
PATIENCE_SECONDS = 20.0


class Asking:
    """Asks one question after the other until it is told to stop, and keeps what became of each."""

    def __init__(self, requester: Requester, children: Iterator[PersonKeys]) -> None:
        self._requester = requester
        self._children = children
        self.outcomes: list[tuple[str, str]] = []
        self.requests: list[str] = []
        self.stop = False

    async def run(self) -> None:
        while not self.stop:
            answer = await self._requester.ask(next(self._children))
            self.outcomes.append(answer.outcome(AGENCY))
            self.requests.append(answer.request_id)
            await self._requester.close(answer.request_id)

    async def more(self) -> None:
        """Wait until some more has been asked."""
        wanted = len(self.outcomes) + 10
        while len(self.outcomes) < wanted:
            await a_moment()


async def a_moment() -> None:
    """Let the programs go on; nothing in this process happens when they are ready."""
    await asyncio.sleep(0.02)


async def linked(requester: Requester, links: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len((await requester.status())[AGENCY].links) != links:
            await a_moment()


@pytest.mark.slow
async def test_no_question_fails_while_a_new_process_takes_over_from_the_old_one(
    partnership: Partnership, known: list[PersonKeys]
) -> None:
    ports = partnership.hub.start()
    programs = [AdapterProcess(partnership.folder / "agency.yaml") for _ in range(UPGRADES + 1)]
    programs[0].start()
    try:
        async with partnership.requester(ports.requesters) as requester:
            asking = Asking(requester, cycle(known))
            running = [asyncio.create_task(asking.run()) for _ in range(ASKING_AT_ONCE)]
            for old, new in pairwise(programs):
                await asking.more()
                new.start()
                await linked(requester, 2)
                await asking.more()
                assert await asyncio.to_thread(old.terminate) == 0
                await linked(requester, 1)
            await asking.more()
            asking.stop = True
            await asyncio.gather(*running)
            assert set(asking.outcomes) == {("held", "")}
            partnership.shown.update(asking.requests)
            await partnership.settled()
    finally:
        for program in programs:
            program.kill()
    partnership.require_agreement()
