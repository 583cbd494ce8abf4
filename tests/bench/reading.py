"""What one question costs an adapter, by technology, beside the bare driver that reads the same in the same run."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.cells import MICROSECONDS
from tests.bench.children import Child, child
from tests.bench.reading_program import Way
from tests.bench.reading_sources import DATABASES, Technology, fill, write_file
from tests.lib.databases import Kind, MissingPartError, mariadb, postgresql, prepare, sqlite

ROUNDS = 4


@dataclass(slots=True, kw_only=True)
class ReadingCost:
    """The CPU of an adapter's process for one question; nothing where there is nothing to measure."""

    technology: Technology
    questions: dict[Way, int] = field(default_factory=dict)
    cpu_seconds: dict[Way, float] = field(default_factory=dict)
    error: str = ""

    def add(self, way: Way, measured: Mapping[str, Any]) -> None:
        """Add one round."""
        self.questions[way] = self.questions.get(way, 0) + measured["questions"]
        self.cpu_seconds[way] = self.cpu_seconds.get(way, 0.0) + measured["cpu_seconds"]

    def us(self, way: Way) -> float | None:
        """Return the CPU microseconds for one question."""
        questions = self.questions.get(way, 0)
        return self.cpu_seconds[way] * MICROSECONDS / questions if questions else None

    @property
    def times_bare(self) -> float | None:
        """Return how many times as dear reading with the kit is as with the bare driver."""
        reader, bare = self.us(Way.READER), self.us(Way.BARE)
        return reader / bare if reader and bare else None

    @property
    def is_sql(self) -> bool:
        return self.technology in DATABASES

    def __str__(self) -> str:
        if self.error:
            return f"{self.technology:<20}  NOT MEASURED: {self.error}"
        parts = (f"{way} {us:7.1f} µs" if (us := self.us(way)) else f"{way}       –   " for way in Way)
        times = f"  reader / bare {self.times_bare:.2f}" if self.times_bare else ""
        return f"{self.technology:<20}  {'  '.join(parts)}{times}"

    def as_json(self) -> dict[str, Any]:
        """Return the figures."""
        if self.error:
            return {"technology": self.technology.value, "error": self.error}
        figures = {f"{way}_us": round(us, 1) for way in Way if (us := self.us(way))}
        return {"technology": self.technology.value, "questions": sum(self.questions.values()), **figures}


async def measure_reading(folder: Path, seconds: float) -> list[ReadingCost]:
    """Measure every technology, the ways to read taking turns."""
    costs: list[ReadingCost] = []
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(child("http", "tests.bench.http_agency", [], folder))
        url = str((await web.heard())["url"])
        program = "tests.bench.reading_program"
        reading = await stack.enter_async_context(child("reading", program, ["--folder", str(folder)], folder))
        await reading.heard()
        for technology in Technology:
            cost = ReadingCost(technology=technology)
            costs.append(cost)
            try:
                async with _source(technology, folder, url) as where:
                    await _take_turns(cost, reading, where, seconds)
            except MissingPartError as missing:
                cost.error = str(missing)
            print(cost, file=sys.stderr, flush=True)
    return costs


async def _take_turns(cost: ReadingCost, reading: Child, where: Mapping[str, str], seconds: float) -> None:
    ways = list(Way)
    for number in range(ROUNDS):
        for way in ways if number % 2 == 0 else reversed(ways):
            order = {"technology": cost.technology.value, "way": way.value, "where": dict(where)}
            cost.add(way, await reading.tell(**order, seconds=seconds / ROUNDS))


@asynccontextmanager
async def _source(technology: Technology, folder: Path, url: str) -> AsyncIterator[Mapping[str, str]]:
    """Run a source, full of people, and say where it is."""
    if technology is Technology.FILES:
        await asyncio.to_thread(write_file, folder)
        yield {"folder": str(folder)}
        return
    if technology not in DATABASES:
        yield {"url": url}
        return
    opened = {Kind.SQLITE: lambda: sqlite(folder), Kind.POSTGRESQL: postgresql, Kind.MARIADB: mariadb}
    with opened[DATABASES[technology]]() as made:
        database = await prepare(made)
        await fill(database)
        yield database.described
