"""A real hub with two real adapters, each on a back-office database of its own, and everybody who looks."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sharing.v1 import audit_pb2, audit_pb2_grpc, records_pb2
from structlog.testing import CapturingLogger

from adapters.cli import make_reader
from adapters.kit.dialling import BackOff
from adapters.kit.manifest_file import load_manifest
from adapters.kit.running import Adapter
from tests.integration.journey.waiting import until
from tests.lib.administration import AUDITOR, Administration, Seat, administration_of
from tests.lib.deployment import Deployment
from tests.lib.requester import PATIENCE_SECONDS

AGENCIES = ("social_care", "schools")
MANIFEST = """
manifest: 1
agency: {agency}
title: {agency}
hub: {{addresses: ["localhost:{port}"], ca: ca.pem, certificate: {agency}.pem, key: {agency}.key}}
journal: journal.sqlite
questions:
  child_basics: care.child
  child_services: care.child
sources:
  care:
    kind: sql
    name: Records
    url: sqlite:///care.sqlite
    records:
      child:
        table: child
        keys:
          nhs_number: nhs_no
          family_name: surname
          given_name: forename
          date_of_birth: {{column: dob, date: iso}}
        record_id: child_id
        fields:
          nhs_number: nhs_no
          family_name: surname
          given_name: forename
          date_of_birth: {{column: dob, date: iso}}
          address: street
          service: {{constant: A service}}
          involvement_status: {{constant: open}}
"""
SCHEMA = "CREATE TABLE child (child_id, nhs_no, surname, forename, dob, street)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child as a back-office system has it."""

    nhs_number: str
    surname: str
    forename: str
    born: str
    street: str

    @property
    def keys(self) -> records_pb2.PersonKeys:
        """Name the child in every way."""
        return records_pb2.PersonKeys(
            nhs_number=self.nhs_number, family_name=self.surname, given_name=self.forename, date_of_birth=self.born
        )


class AuditSeat(Seat):
    """Somebody who looks into the record."""

    @classmethod
    def at(cls, seat: Seat) -> "AuditSeat":
        """Sit down where somebody is signed in."""
        return cls(seat.channel, seat.token, user_name=seat.user_name)

    @property
    def audit(self) -> audit_pb2_grpc.AuditServiceStub:
        """Return the service."""
        return audit_pb2_grpc.AuditServiceStub(self.channel)

    async def read(self, call: Any, request: Any) -> list[Any]:
        """Read a stream to its end."""
        return [one async for one in call(request, metadata=self.metadata, timeout=PATIENCE_SECONDS)]

    async def search(self, **words: Any) -> audit_pb2.SearchResponse:
        """Find entries."""
        found: audit_pb2.SearchResponse = await self.call(self.audit.Search, audit_pb2.SearchRequest(**words))
        return found

    async def export(self) -> bytes:
        """Export the whole log."""
        pieces = await self.read(self.audit.Export, audit_pb2.ExportRequest())
        return b"".join(one.piece for one in pieces)

    async def reconcile(self, agency: str = "", **span: Any) -> dict[str, audit_pb2.ReconcileResponse]:
        """Compare the record with the journals."""
        request = audit_pb2.ReconcileRequest(agency=agency, **span)
        return {one.agency.id: one for one in await self.read(self.audit.Reconcile, request)}

    async def subject(self, person: records_pb2.PersonKeys, *agencies: str) -> list[audit_pb2.SubjectResponse]:
        """Ask who looked at a person."""
        request = audit_pb2.SubjectRequest(person=person, agencies=agencies, case_reference="SAR/7")
        return await self.read(self.audit.Subject, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """The hub in this process, its agencies' folders, and seats."""

    administration: Administration
    folder: Path

    async def auditor(self) -> AuditSeat:
        """Take the auditor's seat."""
        return AuditSeat.at(await self.administration.seat(AUDITOR))

    async def guardian(self, agency: str) -> AuditSeat:
        """Take the seat of an agency's guardian."""
        return AuditSeat.at(await self.administration.seat(f"guardian.{agency}"))

    def journal(self, agency: str, statement: str, *values: object) -> list[Any]:
        """Do something in an agency's journal, as somebody could who can write to its file."""
        with closing(sqlite3.connect(self.folder / agency / "journal.sqlite", timeout=10)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    async def settled(self) -> None:
        """Wait until every journal has all receipts."""
        ledger = self.administration.hub.rooms.ledger
        await until(
            lambda: all(
                self.journal(agency, "SELECT coalesce(max(number), 0) FROM receipts")[0][0]
                == ledger.last_number(agency)
                for agency in AGENCIES
            )
        )


@asynccontextmanager
async def partnership_of(deployment: Deployment, folder: Path, children: Sequence[Child]) -> AsyncIterator[Partnership]:
    """Run a deployment's hub with adapters that know these children."""
    async with administration_of(deployment) as administration, AsyncExitStack() as stack:
        hub = administration.hub
        for agency in AGENCIES:
            _make_agency(deployment, folder / agency, agency, hub.links_port, children)
            await stack.enter_async_context(_running(folder / agency / "manifest.yaml"))
        await until(lambda: all(hub.links.connected(agency) for agency in AGENCIES))
        yield Partnership(administration=administration, folder=folder)


def _make_agency(deployment: Deployment, folder: Path, agency: str, port: int, children: Sequence[Child]) -> None:
    folder.mkdir()
    deployment.authority.agency(agency).write(folder, agency)
    (folder / "ca.pem").write_bytes(deployment.authority.certificate)
    (folder / "manifest.yaml").write_text(MANIFEST.format(agency=agency, port=port), encoding="utf-8")
    with closing(sqlite3.connect(folder / "care.sqlite")) as care, care:
        care.execute(SCHEMA)
        for number, child in enumerate(children):
            row = (number, child.nhs_number, child.surname, child.forename, child.born, child.street)
            care.execute("INSERT INTO child VALUES (?, ?, ?, ?, ?, ?)", row)


@asynccontextmanager
async def _running(manifest_file: Path) -> AsyncIterator[None]:
    manifest = load_manifest(manifest_file, {})
    log = structlog.wrap_logger(CapturingLogger(), processors=[structlog.processors.JSONRenderer()])
    readers = {name: make_reader(source, manifest.limits, log) for name, source in manifest.sources.items()}
    stop, back_off = asyncio.Event(), BackOff(first_seconds=0.02, longest_seconds=0.2)
    adapter = Adapter(manifest=manifest, readers=readers, writers={}, log=log, back_off=back_off)
    running = asyncio.create_task(adapter.run(stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(15):
            await running
