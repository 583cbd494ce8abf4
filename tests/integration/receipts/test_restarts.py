"""Hub and adapter come and go in this process, so that a few seconds are enough to see that nothing is lost between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sharing.v1.records_pb2 import PersonKeys
from structlog.testing import CapturingLogger

from adapters.cli import make_reader, make_writers
from adapters.kit.dialling import BackOff
from adapters.kit.manifest_file import load_manifest
from adapters.kit.running import Adapter
from tests.integration.receipts.partnership import Partnership
from tests.lib.deployment import hub_in_process


async def test_receipts_come_once_over_restarts_of_either_side(
    partnership: Partnership, known: list[PersonKeys]
) -> None:
    async with hub_in_process(partnership.deployment) as hub:
        for children in (known[:5], known[5:10]):
            async with adapter(partnership), partnership.requester(hub.requesters_port) as requester:
                await partnership.ask(requester, children)
    async with adapter(partnership):
        for children in (known[10:15], known[15:20]):
            async with hub_in_process(partnership.deployment) as hub:
                async with partnership.requester(hub.requesters_port) as requester:
                    await partnership.ask(requester, children)
                if children[-1] is known[19]:
                    await partnership.settled()
    partnership.require_agreement()
    assert len(partnership.shown) == len(partnership.held()) == 20


@asynccontextmanager
async def adapter(partnership: Partnership) -> AsyncIterator[None]:
    """Run an adapter of the agency; at the end it breaks off in the middle of whatever it does."""
    manifest = load_manifest(partnership.folder / "agency.yaml", {})
    log = structlog.wrap_logger(CapturingLogger(), processors=[structlog.processors.JSONRenderer()])
    made = Adapter(
        manifest=manifest,
        readers={name: make_reader(source, manifest.limits, log) for name, source in manifest.sources.items()},
        writers=make_writers(manifest),
        log=log,
        back_off=BackOff(first_seconds=0.02, longest_seconds=0.2),
    )
    running = asyncio.create_task(made.run(asyncio.Event()))
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
