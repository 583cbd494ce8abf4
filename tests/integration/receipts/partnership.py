"""A hub and one agency's adapter, what each has on disk, and how the two are compared."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from sharing.v1.records_pb2 import PersonKeys

from adapters.kit.verifying import leaf_hash
from tests.lib.adapter_process import AdapterProcess
from tests.lib.deployment import Deployment, HubProcess
from tests.lib.requester import Requester, signed_in

AGENCY = "social_care"
# Longer than a process has to write what it took: one that was killed while it wrote is waited for.
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.05
# An adapter that found its hub gone again and again waits some seconds before it dials, and so does a busy machine.
LINKED_SECONDS = 30.0

Row = tuple[object, ...]


@dataclass(slots=True, kw_only=True)
class Partnership:
    """Remembers beside the two programs what a requester was shown of the agency's records."""

    deployment: Deployment
    hub: HubProcess
    adapter: AdapterProcess
    folder: Path
    shown: set[str] = field(default_factory=set)

    @property
    def hub_file(self) -> Path:
        """Return the hub's database."""
        return Path(self.deployment.settings().store_url().removeprefix("sqlite:///"))

    @asynccontextmanager
    async def requester(self, port: int) -> AsyncIterator[Requester]:
        """Sign in, once the agency's adapter is linked."""
        async with signed_in(self.deployment, port) as requester:
            async with asyncio.timeout(LINKED_SECONDS):
                while not (await requester.status())[AGENCY].links:
                    await _a_moment()
            yield requester

    async def ask(self, requester: Requester, children: Sequence[PersonKeys]) -> None:
        """Ask about children one after the other, until the hub is gone."""
        for child in children:
            try:
                answer = await requester.ask(child, timeout=5)
            except (grpc.RpcError, grpc.aio.BaseError):
                return
            if answer.outcome(AGENCY)[0] == "held":
                self.shown.add(answer.request_id)

    def recorded(self) -> list[tuple[int, int, bytes]]:
        """Return number, position and leaf hash of each of the agency's receipts, as the hub's database has them."""
        query = (
            "SELECT number, receipt.position, CAST(body AS BLOB) FROM receipt JOIN audit_entry USING (position)"
            " WHERE agency = ? ORDER BY number"
        )
        return [(number, place, leaf_hash(leaf)) for number, place, leaf in _rows(self.hub_file, query, AGENCY)]

    def held(self) -> list[tuple[int, int, bytes]]:
        """Return the same, as the agency's journal has them."""
        return _rows(self.journal, "SELECT number, audit_position, leaf_hash FROM receipts ORDER BY rowid")

    @property
    def journal(self) -> Path:
        """Return the agency's journal."""
        return self.folder / "journal.sqlite"

    def refusals(self) -> list[Row]:
        """Return why the journal refused what it was brought."""
        return _rows(self.journal, "SELECT why FROM refusals")

    def requests_held(self) -> list[str]:
        """Return the requests of the journal's disclosures."""
        entries = _rows(self.journal, "SELECT entry FROM receipts ORDER BY number")
        return [json.loads(entry)["request"] for (entry,) in entries]

    def noted(self) -> list[str]:
        """Return the requests that are noted in the agency's own system, in order."""
        return [request for (request,) in _rows(self.folder / "care.sqlite", "SELECT request_id FROM sharing_log")]

    async def settled(self) -> None:
        """Wait until the journal holds all that was recorded, and the agency's system what the journal says."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.held()) < len(self.recorded()) or len(set(self.noted())) < len(self.held()):
                await _a_moment()

    def require_agreement(self) -> None:
        """Find that each receipt is in the journal exactly once, in order, as it was recorded."""
        recorded, held = self.recorded(), self.held()
        assert held == recorded
        assert [number for number, _, _ in held] == list(range(1, len(held) + 1))
        assert not self.refusals()
        requests = self.requests_held()
        assert self.shown <= set(requests)
        assert sorted(self.noted()) == sorted(requests)


async def _a_moment() -> None:
    """Let the programs go on; nothing in this process happens when they are ready."""
    await asyncio.sleep(LOOK_SECONDS)


def _rows(file: Path, query: str, *values: object) -> list[Row]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(query, values).fetchall()
