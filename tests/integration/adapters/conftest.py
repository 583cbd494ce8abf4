"""What the adapters' integration tests share: a hub to link to, and an adapter that runs while a test needs it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import MappingProxyType

import pytest
import structlog
from structlog.testing import CapturingLogger

from adapters.cli import make_queues, make_reader, make_writers
from adapters.kit.dialling import BackOff
from adapters.kit.manifest_file import load_manifest
from adapters.kit.running import Adapter
from tests.lib.link_hub import LinkHub

# What manifests of these tests leave to the environment.
SECRETS: Mapping[str, str] = MappingProxyType({"SECRET": "s3cret"})

RunAdapter = Callable[..., AbstractAsyncContextManager[asyncio.Event]]


@pytest.fixture
def logged() -> CapturingLogger:
    """Collect what an adapter logs."""
    return CapturingLogger()


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[LinkHub]:
    """Run a hub."""
    async with LinkHub(tmp_path) as running:
        yield running


@pytest.fixture
def run_adapter(logged: CapturingLogger) -> RunAdapter:
    """Run the adapter of a manifest for as long as the context lasts; the event given tells it to stop."""

    @asynccontextmanager
    async def running(
        manifest_file: Path, environment: Mapping[str, str] = SECRETS, *, late_seconds: float = 0.01
    ) -> AsyncIterator[asyncio.Event]:
        manifest = load_manifest(manifest_file, environment)
        log = structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()])
        readers = {name: make_reader(source, manifest.limits, log) for name, source in manifest.sources.items()}
        back_off = BackOff(first_seconds=0.02, longest_seconds=0.2)
        stop = asyncio.Event()
        parts = {"manifest": manifest, "readers": readers, "writers": make_writers(manifest)}
        parts |= {"queues": make_queues(manifest)}
        made = Adapter(**parts, log=log, back_off=back_off, late_seconds=late_seconds)
        adapter = asyncio.create_task(made.run(stop))
        try:
            yield stop
        finally:
            stop.set()
            async with asyncio.timeout(15):
                await adapter

    return running
