"""The kit's own adapter in this process, with certificates that it got by enrolling, renewed when a test says so."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from structlog.testing import CapturingLogger
from structlog.typing import FilteringBoundLogger

from adapters.cli import make_reader
from adapters.kit.credential_files import CredentialFiles
from adapters.kit.dialling import BackOff
from adapters.kit.manifest import Manifest
from adapters.kit.manifest_file import load_manifest
from adapters.kit.renewing import Renewing, renewing_of
from adapters.kit.running import Adapter

PATIENCE_SECONDS = 15.0
KNOWN = "9990000018"
MANIFEST = """
manifest: 1
agency: {agency}
title: {agency}
hub: {{addresses: ["{address}"], ca: {files.ca}, certificate: {files.certificate}, key: {files.key}}}
journal: {folder}/journal.sqlite
questions: {{child_services: records.child}}
sources:
  records:
    kind: sql
    name: Records
    url: sqlite:///{folder}/records.sqlite
    records:
      child:
        table: child
        keys: {{nhs_number: nhs_number}}
        fields: {{nhs_number: nhs_number, service: service}}
"""


@dataclass(slots=True, kw_only=True)
class EnrolledAdapter:
    """One that runs; everything it logs is kept."""

    files: CredentialFiles
    logged: CapturingLogger = field(default_factory=CapturingLogger)
    renewing: Renewing | None = None
    _due: asyncio.Event = field(default_factory=asyncio.Event)

    def make_renewing(self, manifest: Manifest, log: FilteringBoundLogger) -> Renewing:
        """Renew as the kit does, but by no clock."""
        self.renewing = renewing_of(manifest, log)
        self.renewing.sleep = self._until_due
        return self.renewing

    async def renew(self) -> None:
        """Let its time have come, and wait until that has been done and its link is dialled anew."""
        assert self.renewing is not None
        turned, before = self.renewing.turned(), self.files.certificate.read_bytes()
        self.renewing._share = 1.0
        self._due.set()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await turned.wait()
        assert self.files.certificate.read_bytes() != before

    def events(self) -> list[str]:
        """Return what it has logged, each by its name."""
        return [call.args[0] if call.args else call.kwargs["event"] for call in self.logged.calls]

    async def _until_due(self, _seconds: float) -> None:
        await self._due.wait()
        self._due.clear()


@asynccontextmanager
async def running_adapter(agency: str, address: str, files: CredentialFiles) -> AsyncIterator[EnrolledAdapter]:
    """Run an agency's adapter; its files of certificates are there already."""
    folder = files.key.parent
    with sqlite3.connect(folder / "records.sqlite") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS child (nhs_number, service)")
        connection.execute("INSERT INTO child VALUES (?, ?)", (KNOWN, agency))
    connection.close()
    file = folder / "manifest.yaml"
    file.write_text(MANIFEST.format(agency=agency, address=address, files=files, folder=folder), encoding="utf-8")
    manifest = load_manifest(file, {})
    running = EnrolledAdapter(files=files)
    log = structlog.wrap_logger(running.logged, processors=[])
    adapter = Adapter(
        manifest=manifest,
        readers={name: make_reader(source, manifest.limits, log) for name, source in manifest.sources.items()},
        writers={},
        log=log,
        back_off=BackOff(first_seconds=0.02, longest_seconds=0.2),
        make_renewing=running.make_renewing,
    )
    stop = asyncio.Event()
    task = asyncio.create_task(adapter.run(stop))
    try:
        yield running
    finally:
        stop.set()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await task
