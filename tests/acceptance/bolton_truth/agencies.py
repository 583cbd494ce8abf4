"""Bolton's agencies as their manifests make them: the real readers over the real systems, with no hub between."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from sharing.v1.records_pb2 import PersonKeys

from adapters.cli import make_reader
from adapters.kit.looking import ways_to_look
from adapters.kit.manifest import Manifest
from adapters.kit.manifest_file import load_manifest
from adapters.kit.reader import Found, Reader

READ_SECONDS = 20


@dataclass(slots=True, kw_only=True)
class Agency:
    """Is one agency, ready to be asked between `open` and `close`."""

    manifest: Manifest
    readers: dict[str, Reader] = field(init=False)

    def __post_init__(self) -> None:
        sources, limits = self.manifest.sources, self.manifest.limits
        self.readers = {name: make_reader(source, limits, structlog.get_logger()) for name, source in sources.items()}

    async def open(self) -> None:
        for reader in self.readers.values():
            await reader.open()

    async def close(self) -> None:
        for reader in self.readers.values():
            await reader.close()

    async def ask(
        self, question: str, person: PersonKeys, fields: Iterable[str], *, with_shielded: bool = False
    ) -> Found | None:
        """Ask as an adapter does, by every strong identifier and then by names; None where no key can be used."""
        route = self.manifest.questions[question]
        records = self.manifest.records_of(route)
        found = None
        for way in ways_to_look(records.keys.mapped(), person, with_shielded=with_shielded):
            deadline = asyncio.get_running_loop().time() + READ_SECONDS
            wanted = tuple(name for name in fields if name in records.fields)
            found = await self.readers[route.source].find(route.records, way, wanted, deadline)
            if found.record_dates or found.withheld or found.shielded:
                break
        return found


def described(repository: Path, agency: str, environment: Mapping[str, str]) -> Agency:
    return Agency(manifest=load_manifest(repository / f"examples/bolton/agencies/{agency}.yaml", environment))


def rows(found: Found | None) -> set[tuple[str, ...]]:
    """Give the rows of an answer; none where nothing was found, or nothing could be looked for."""
    if found is None:
        return set()
    width = len(found.columns)
    return {tuple(found.cells[start : start + width]) for start in range(0, len(found.cells), width)}
