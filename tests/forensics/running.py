"""One run: a hub as it is served, agencies, visits, and the searches while sessions are open and afterwards."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.forensics.agencies import AGENCIES, AdapterProcess
from tests.forensics.canaries import Canaries, Kind
from tests.forensics.files import hits_in_files
from tests.forensics.late_agency import LateAgency
from tests.forensics.memory import Found, scan
from tests.forensics.office import Office
from tests.forensics.searching import Search
from tests.forensics.stage import Stage
from tests.forensics.visits import VISITS, Visit, by_command, cancelling, interrupted, kept, plain, shared
from tests.lib.deployment import HubProcess, make_deployment
from tests.lib.good_adapter import connected

DEADLINE_MS = 1_500
IDLE_SECONDS = 8
LATE_AGENCY = "youth_offending"
CONNECT_SECONDS = 60.0
LOOK_SECONDS = 1.0
# Of the values that open sessions hold the search finds nearly all: a few may be on their way while it looks.
FOUND_WHILE_HELD = 0.95
SPARE_SECONDS = 1.5
SETTINGS = f"[sessions]\nidle_seconds = {IDLE_SECONDS}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run is made of."""

    sessions: int = 40
    at_once: int = 20
    held: int = 6
    no_harden: bool = False
    # How long the hub has for forgetting.
    seconds: float = 10.0
    visits: tuple[Visit, ...] = VISITS
    last: tuple[Visit, ...] = (plain, shared, kept, cancelling, interrupted, by_command)


@dataclass(slots=True, kw_only=True)
class Report:
    """What a run found."""

    options: Options
    planted: int = 0
    shown: int = 0
    refused: int = 0
    failed: list[str] = field(default_factory=list)
    # While sessions are open: how many of the values that they hold the search found, of how many.
    control: tuple[int, int] = (0, 0)
    # Seconds after the end of the last session, and what was found then.
    after: list[tuple[float, Found]] = field(default_factory=list)
    kinds: Counter[Kind] = field(default_factory=Counter)
    files: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_forgotten(self) -> bool:
        """Tell whether the search found what sessions held, and nothing of it afterwards."""
        found, held = self.control
        return bool(held) and found >= held * FOUND_WHILE_HELD and not (self.left.counts or self.files or self.failed)

    @property
    def left(self) -> Found:
        """Return what the last search of the memory found."""
        return self.after[-1][1]


class Run:
    """Runs once, in a folder of its own."""

    def __init__(self, folder: Path, options: Options) -> None:
        """Take an empty folder."""
        self._options = options
        self._folder = folder
        self._canaries = Canaries()
        self._report = Report(options=options)
        self._deployment = make_deployment(folder / "hub", deadline_ms=DEADLINE_MS, settings=SETTINGS)
        self._program = HubProcess(
            self._deployment, options=("--no-harden",) if options.no_harden else (), temporary=folder / "temporary"
        )
        (folder / "temporary").mkdir()
        (folder / "agencies").mkdir()

    async def run(self) -> Report:
        """Run, and return what was found."""
        try:
            async with self._stage() as stage:
                await self._visits(stage)
                await self._hold_and_let_go(stage)
                await self._search_memory()
                self._report.shown, self._report.refused = len(stage.shown), stage.refused
        finally:
            self._program.kill()
        places = (self._deployment.folder, self._program.log_file, self._folder / "temporary")
        self._report.files = hits_in_files(places, Search(self._canaries.planted))
        self._report.planted = len(self._canaries.planted)
        self._report.kinds = Counter(self._canaries.kind_of(value) for value in self._report.left.counts)
        return self._report

    @asynccontextmanager
    async def _stage(self) -> AsyncIterator[Stage]:
        ports = self._program.start()
        async with AsyncExitStack() as stack:
            office = await stack.enter_async_context(Office(self._canaries))
            self._adapters = [
                AdapterProcess(agency, self._folder / "agencies", self._deployment, office.url) for agency in AGENCIES
            ]
            for adapter in self._adapters:
                stack.callback(adapter.kill)
                adapter.start(ports)
            late = LateAgency(LATE_AGENCY, self._canaries, DEADLINE_MS / 1_000 + 0.3)
            await stack.enter_async_context(connected(self._deployment, ports.links, late))
            stage = await stack.enter_async_context(Stage(self._deployment, ports, office, self._canaries))
            await self._connected(len(AGENCIES) + 1)
            self._ports = ports
            yield stage

    async def _connected(self, links: int) -> None:
        """Wait until the hub's log tells of so many links."""
        async with asyncio.timeout(CONNECT_SECONDS):
            while self._program.log().count(b'"link.opened"') < links:  # noqa: ASYNC110  (another process writes it)
                await asyncio.sleep(0.1)

    async def _visits(self, stage: Stage) -> None:
        """Make all visits, so many at once; half-way an agency's adapter dies and comes back."""
        places = asyncio.Semaphore(self._options.at_once)
        half = self._options.sessions // 2

        async def one(number: int, visit: Visit) -> None:
            async with places:
                if number == half:
                    self._adapters[-1].kill()
                    self._adapters[-1].start(self._ports)
                try:
                    await visit(stage)
                except Exception as error:  # noqa: BLE001  (one visit that goes wrong must not end the others)
                    self._report.failed.append(f"{visit.__name__}: {error!r}"[:300])

        visits = zip(range(self._options.sessions), itertools.cycle(self._options.visits))
        await asyncio.gather(*(one(number, visit) for number, visit in visits))
        await self._connected(len(AGENCIES) + 2)

    async def _hold_and_let_go(self, stage: Stage) -> None:
        """Search while sessions hold answers, then end the sessions: some are left to be idle, the last sign out."""
        requesters = [await stage.sign_in(await stage.kept_channel()) for _ in range(self._options.held)]
        held: set[str] = set()
        for answer in await asyncio.gather(*(requester.ask(stage.person()) for requester in requesters)):
            held |= stage.note(answer)
        found = await self._searched()
        self._report.control = len(held & found.counts.keys()), len(held)
        # The searches take processor time from the hub, so there is time to spare.
        await asyncio.sleep(IDLE_SECONDS + SPARE_SECONDS)
        await asyncio.gather(*(visit(stage) for visit in self._options.last))

    async def _search_memory(self) -> None:
        """Search again and again until nothing is found, or the hub has had its time."""
        ended = time.monotonic()
        while True:
            found = await self._searched()
            seconds = time.monotonic() - ended
            self._report.after.append((seconds, found))
            if not found.counts or seconds >= self._options.seconds:
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _searched(self) -> Found:
        return await asyncio.to_thread(scan, self._program.pid, Search(self._canaries.planted))
