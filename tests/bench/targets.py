"""What is measured, running: the hub or a baseline, with its agencies and its load generator, each a process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, assert_never

from tests.bench.agencies import Kind
from tests.bench.cells import LOADED, Measurement, Subject
from tests.bench.children import Child, child
from tests.bench.hub_process import HubSize, running_hub
from tests.bench.options import Options
from tests.bench.policies import PolicySize, write_policies
from tests.bench.tls import agency_ids

WINDOW_MS = 1
STEADY_PER_SECOND = 50


class Target:
    """Something that can be measured under several conditions, one after the other."""

    def __init__(self, agencies: Child, load: Child, hub: Child | None) -> None:
        self._agencies = agencies
        self._load = load
        self._hub = hub
        self._latency_ms = 0

    async def measure(self, measurement: Measurement, *, warm_up: float, seconds: float) -> None:
        """Measure one round of a cell."""
        cell = measurement.cell
        if cell.latency_ms != self._latency_ms:
            await self._agencies.tell(latency_ms=cell.latency_ms)
            self._latency_ms = cell.latency_ms
        measurement.add(await self._load.tell(in_flight=cell.in_flight, warm_up=warm_up, seconds=seconds))

    async def audit_seconds(self) -> float:
        """Return what the hub's audit log has taken so far."""
        if self._hub is None:
            raise ValueError("only a hub has an audit log")
        return float((await self._hub.tell(audit=True))["audit_seconds"])

    async def publish(self, measurement: Measurement, folder: str, *, seconds: float) -> dict[str, Any]:
        """Have the hub publish a policy, or nothing for so long, and measure what it answers meanwhile."""
        if self._hub is None:
            raise ValueError("only a hub publishes")
        publishing = asyncio.create_task(self._hub.tell(folder=folder, seconds=seconds))
        while not publishing.done():
            load = {"in_flight": measurement.cell.in_flight, "per_second": STEADY_PER_SECOND}
            measurement.add(await self._load.tell(**load, warm_up=0, seconds=1))
        return await publishing


class Workshop:
    """Starts targets, each in a folder of its own below one that is removed when the run is over."""

    def __init__(self, folder: Path, tls: Path, options: Options) -> None:
        self._folder = folder
        self._tls = tls
        self._options = options

    def policy_folder(self, size: PolicySize, agencies: int) -> str:
        """Write a policy to be published, and return its folder."""
        folder = self._folder / f"policy-{size.rules(agencies)}"
        write_policies(folder, agency_ids(agencies), size)
        return str(folder)

    def empty_folder(self, name: str) -> Path:
        """Make a folder for what is no target."""
        folder = self._folder / name
        folder.mkdir()
        return folder

    @asynccontextmanager
    async def target(self, subject: Subject, agencies: int, size: HubSize, variant: str = "") -> AsyncIterator[Target]:
        """Run a target for as long as the context lasts."""
        name = "-".join(filter(None, (subject.value, str(agencies), variant)))
        folder = self._folder / name
        folder.mkdir()
        async with AsyncExitStack() as stack:
            match subject:
                case Subject.HUB:
                    parts = await self._hub(stack, folder, agencies, size)
                case Subject.BARE:
                    parts = await self._bare(stack, folder, agencies, window_ms=0)
                case Subject.BATCHED:
                    parts = await self._bare(stack, folder, agencies, window_ms=WINDOW_MS)
                case Subject.GATHER:
                    parts = await self._gather(stack, folder, agencies)
                case _:
                    assert_never(subject)
            working, how = parts
            load = await stack.enter_async_context(child("load", "tests.bench.load", [], folder))
            hub = how.pop("hub", None)
            pids = how.pop("pids", {}) | {"agencies": working.pid}
            await load.tell(tls=str(self._tls), agencies=agencies, pids=pids, **how)
            yield Target(working, load, hub)

    async def _hub(
        self, stack: AsyncExitStack, folder: Path, agencies: int, size: HubSize
    ) -> tuple[Child, dict[str, Any]]:
        hub = await stack.enter_async_context(
            running_hub(
                folder,
                self._tls,
                agencies=agencies,
                size=size,
                sessions=max(*self._options.in_flight, LOADED),
                arguments=self._arguments(folder.name),
            )
        )
        working = await self._agencies(stack, folder, agencies, Kind.LINKS, "--hub", hub.links)
        pids = {"hub": hub.process.pid}
        return working, {
            "kind": "hub",
            "address": hub.requesters,
            "tokens": hub.tokens,
            "pids": pids,
            "hub": hub.process,
        }

    async def _bare(
        self, stack: AsyncExitStack, folder: Path, agencies: int, *, window_ms: int
    ) -> tuple[Child, dict[str, Any]]:
        window = ["--window-ms", str(window_ms)]
        command = ["--tls", str(self._tls), "--agencies", str(agencies), *window, *self._arguments(folder.name)]
        hub = await stack.enter_async_context(child("bare", "tests.bench.bare", command, folder))
        ready = await hub.heard()
        working = await self._agencies(stack, folder, agencies, Kind.BARE, "--hub", ready["links"], *window)
        return working, {"kind": "bare", "address": ready["requesters"], "pids": {"hub": hub.pid}}

    async def _gather(self, stack: AsyncExitStack, folder: Path, agencies: int) -> tuple[Child, dict[str, Any]]:
        command = ["--count", str(agencies), "--as", Kind.SERVERS.value, "--tls", str(self._tls)]
        working = await stack.enter_async_context(child("agencies", "tests.bench.agencies", command, folder))
        return working, {"kind": "gather", "addresses": (await working.heard())["addresses"]}

    async def _agencies(self, stack: AsyncExitStack, folder: Path, count: int, kind: Kind, *arguments: str) -> Child:
        command = ["--count", str(count), "--as", kind.value, "--tls", str(self._tls), *arguments]
        working = await stack.enter_async_context(child("agencies", "tests.bench.agencies", command, folder))
        await working.heard()
        return working

    def _arguments(self, name: str) -> list[str]:
        """Return what the hub process, real or bare, is told about its event loop and its profile."""
        arguments = ["--loop", self._options.loop.value]
        if self._options.profile:
            self._options.profiles.mkdir(parents=True, exist_ok=True)
            file = (self._options.profiles / f"{name}.prof").absolute()
            arguments += ["--profile", self._options.profile.value, "--profile-file", str(file)]
        return arguments
