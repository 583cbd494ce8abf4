"""Where chaos takes place: a hub, five agencies, a line with faults between each of them and it, and requesters."""

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sharing.v1.records_pb2 import PersonKeys
from structlog.testing import CapturingLogger

from tests.chaos import agencies
from tests.chaos.hub_program import COUNTED
from tests.lib.deployment import AGENCIES, HubProcess, make_deployment
from tests.lib.fault_proxy import FaultProxy, fault_proxy
from tests.lib.line_faults import LineFault, Measures
from tests.lib.people import nhs_numbers
from tests.lib.requester import Requester, signed_in

SESSIONS = 4
ROOMY = "[sessions]\nmost_held = 10000\nmost_running = 500\n[limits]\nquestions_running = 2000\n"
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What a hub has at one moment, and what this process has.

    Connections are counted, and not the files of its store, of which a pool opens a few more under load and keeps them.
    """

    resident_bytes: int
    connections: int
    tasks: int
    streams: int
    own_tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """All that runs; each agency's adapter has found its hub."""

    hub: HubProcess
    hub_file: Path
    deadline_seconds: float
    lines: Mapping[str, FaultProxy]
    folders: Mapping[str, Path]
    requesters: tuple[Requester, ...]
    people: Iterator[PersonKeys]
    logged: CapturingLogger

    async def resources(self) -> Resources:
        """Measure."""
        # Each has a connection of its own, which the hub closes when it is not used for a few seconds.
        await asyncio.gather(*(requester.status() for requester in self.requesters))
        return Resources(
            resident_bytes=self.hub.resident_bytes(),
            connections=self.hub.connections(),
            tasks=await self._tasks(),
            streams=await self.links(),
            own_tasks=len(asyncio.all_tasks()),
        )

    async def links(self) -> int:
        """Count the links that the hub has."""
        return sum(len(agency.links) for agency in (await self.requesters[0].status()).values())

    def links_changed(self, agency: str) -> int:
        """Count how often the hub has seen a link of an agency end, or one that takes its place."""
        changes = ("link.opened", "link.closed")
        return sum(event["event"] in changes and event["agency"] == agency for event in self.hub.events())

    async def late_replies(self) -> int:
        """Count the replies that came too late; a hub says so of links that end, so all are made to."""
        before = {agency: self.links_changed(agency) for agency in self.lines}
        for line in self.lines.values():
            line.switch(LineFault.RESET_BEFORE_TLS)
            line.mend()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while any(self.links_changed(one) == count for one, count in before.items()):  # noqa: ASYNC110  (as below)
                await asyncio.sleep(LOOK_SECONDS)
        await _all_linked(self.requesters[0])
        return sum(int(str(event["late"])) for event in self.hub.events() if event["event"] == "link.closed")

    async def receipts_settled(self) -> int:
        """Wait until every journal has what it is owed, in order and once; return how many receipts that is."""
        total = 0
        async with asyncio.timeout(PATIENCE_SECONDS):
            for agency, folder in self.folders.items():
                owed = agencies.recorded(self.hub_file, agency)
                while (has := agencies.held(folder)) != owed:
                    if has != owed[: len(has)]:
                        raise AssertionError(f"{agency}: the journal is not the beginning of what it is owed")
                    await asyncio.sleep(LOOK_SECONDS)
                    owed = agencies.recorded(self.hub_file, agency)
                total += len(owed)
        return total

    async def _tasks(self) -> int:
        before = self._counts()
        os.kill(self.hub.pid, signal.SIGUSR1)
        while len(now := self._counts()) == len(before):  # noqa: ASYNC110  (the event is in another program)
            await asyncio.sleep(LOOK_SECONDS)
        return now[-1]

    def _counts(self) -> list[int]:
        return [int(str(event["tasks"])) for event in self.hub.events() if event["event"] == COUNTED]


@asynccontextmanager
async def running_field(folder: Path, *, deadline_ms: int, seed: int, measures: Measures) -> AsyncIterator[Field]:
    """Set everything up in a folder, and take it down whatever happens."""
    deployment = make_deployment(folder / "deployment", deadline_ms=deadline_ms, settings=ROOMY)
    hub = HubProcess(deployment, program=("tests.chaos.hub_program",))
    async with AsyncExitStack() as stack:
        stack.callback(hub.kill)
        ports = await asyncio.to_thread(hub.start)
        lines, folders, logged = {}, {}, CapturingLogger()
        for number, agency in enumerate(AGENCIES):
            line = fault_proxy(ports.links, seed=seed * len(AGENCIES) + number, measures=measures)
            lines[agency] = await stack.enter_async_context(line)
            folders[agency] = agencies.make_agency(deployment, agency, lines[agency].port)
            await stack.enter_async_context(agencies.running(folders[agency], logged))
        requesters = [await stack.enter_async_context(signed_in(deployment, ports.requesters)) for _ in range(SESSIONS)]
        await _all_linked(requesters[0])
        yield Field(
            hub=hub,
            hub_file=Path(deployment.settings().store_url().removeprefix("sqlite:///")),
            deadline_seconds=deadline_ms / 1_000,
            lines=lines,
            folders=folders,
            requesters=tuple(requesters),
            people=_people(),
            logged=logged,
        )


async def _all_linked(requester: Requester) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all(one.links for one in (await requester.status()).values()):  # noqa: ASYNC110  (as above)
            await asyncio.sleep(LOOK_SECONDS)


def _people() -> Iterator[PersonKeys]:
    """Yield everybody whom the agencies know, again and again."""
    numbers = tuple(itertools.islice(nhs_numbers(), agencies.PEOPLE))
    return (PersonKeys(nhs_number=number) for number in itertools.cycle(numbers))
