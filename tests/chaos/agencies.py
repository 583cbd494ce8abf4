"""Five agencies with real adapters, each on a line of its own: what they hold, run in this event loop."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from itertools import islice
from pathlib import Path

import structlog
from structlog.testing import CapturingLogger

from adapters.cli import make_reader
from adapters.kit.dialling import BackOff
from adapters.kit.manifest_file import load_manifest
from adapters.kit.running import Adapter
from adapters.kit.verifying import leaf_hash
from tests.lib.adapter_process import write_certificates
from tests.lib.deployment import Deployment
from tests.lib.good_adapter import marker
from tests.lib.people import nhs_numbers

PEOPLE = 2_000
STOP_SECONDS = 15.0
MANIFEST = """
manifest: 1
agency: {agency}
title: An agency
hub: {{addresses: ["127.0.0.1:{port}"], ca: ca.pem, certificate: {agency}.pem, key: {agency}.key}}
journal: journal.sqlite
questions: {{child_services: records.child}}
sources:
  records:
    kind: sql
    name: Records
    url: sqlite:///records.sqlite
    records:
      child:
        table: child
        keys: {{nhs_number: nhs_no}}
        record_id: child_id
        fields: {{nhs_number: nhs_no, address: street, service: {{constant: A service}}}}
"""
SCHEMA = "CREATE TABLE child (child_id PRIMARY KEY, nhs_no, street)"

Receipt = tuple[int, int, bytes]


def make_agency(deployment: Deployment, agency: str, port: int) -> Path:
    """Make an agency's folder, in which it holds one record, that only it has, of each who is asked about."""
    folder = deployment.folder.parent / agency
    write_certificates(deployment, agency, folder)
    (folder / "manifest.yaml").write_text(MANIFEST.format(agency=agency, port=port), encoding="utf-8")
    with closing(sqlite3.connect(folder / "records.sqlite")) as source, source:
        source.execute(SCHEMA)
        source.execute("CREATE INDEX by_number ON child (nhs_no)")
        rows = [(row, number, marker(agency, number)) for row, number in enumerate(islice(nhs_numbers(), PEOPLE))]
        source.executemany("INSERT INTO child VALUES (?, ?, ?)", rows)
    return folder


@asynccontextmanager
async def running(folder: Path, logged: CapturingLogger) -> AsyncIterator[None]:
    """Run an agency's adapter as `adapter run` does, with the same patience."""
    manifest = load_manifest(folder / "manifest.yaml", {})
    log = structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()])
    readers = {name: make_reader(source, manifest.limits, log) for name, source in manifest.sources.items()}
    stop = asyncio.Event()
    adapter = Adapter(manifest=manifest, readers=readers, writers={}, log=log, back_off=BackOff())
    serving = asyncio.create_task(adapter.run(stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(STOP_SECONDS):
            await serving


def recorded(hub_file: Path, agency: str) -> list[Receipt]:
    """Return number, position and leaf hash of each of an agency's receipts, as the hub's database has them."""
    query = (
        "SELECT number, receipt.position, CAST(body AS BLOB) FROM receipt JOIN audit_entry USING (position)"
        " WHERE agency = ? ORDER BY number"
    )
    return [(number, place, leaf_hash(leaf)) for number, place, leaf in _rows(hub_file, query, agency)]


def held(folder: Path) -> list[Receipt]:
    """Return the same, as the agency's journal has them, in the order in which they were written there."""
    return _rows(folder / "journal.sqlite", "SELECT number, audit_position, leaf_hash FROM receipts ORDER BY rowid")


def _rows(file: Path, query: str, *values: object) -> list[Receipt]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(query, values).fetchall()
