"""The reader of files: notices a new one, reads it off the event loop, and swaps it in whole."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

from structlog.typing import FilteringBoundLogger

from adapters.files.checking import check_files
from adapters.files.index import Index, build_index
from adapters.files.places import all_files, places_of, wanted_columns
from adapters.files.reading import read_tables
from adapters.files.searching import search_rows
from adapters.files.table import FileRefused, Stamp, stamp_of
from adapters.files.trust import Sizes, Stillness
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import FilesSource
from adapters.kit.places import span_of
from adapters.kit.reader import Finding, Found, Match
from adapters.kit.searching import Search
from adapters.kit.shaping import MOST_SHAPES, Shape, column_shape, gather_near

PlanKey = tuple[str, tuple[str, ...]]
Taken = tuple[Mapping[str, Index], Mapping[str, Stamp]]


class FilesReader:
    """Reads the files of one folder."""

    def __init__(
        self, source: FilesSource, log: FilteringBoundLogger, *, clock: Callable[[], float] = time.time
    ) -> None:
        """Take the source, where to say that a file was refused, and the wall clock, in seconds."""
        self._source = source
        self._log = log
        self._clock = clock
        self._files = all_files(source)
        self._wanted = wanted_columns(source)
        self._fresh_for = span_of(source.fresh_for).total_seconds() if source.fresh_for is not None else None
        self._stillness = Stillness(seconds=source.still_seconds)
        self._sizes = Sizes(fewest_left=source.fewest_left)
        self._indexes: Mapping[str, Index] = {}
        self._taken: Mapping[str, Stamp] = {}
        self._refused: Mapping[str, Stamp | None] = {}
        self._plans: dict[PlanKey, Shape[Sequence[object]]] = {}
        self._polling: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Read the files once, waiting for those that have only just been written, then keep an eye on them."""
        if not await self.refresh():
            await asyncio.sleep(self._source.still_seconds)
            await self.refresh()
        self._polling = asyncio.create_task(self._poll())

    async def refresh(self) -> bool:
        """Take in files that have changed, if they lie still; say whether none is still being written.

        A file that is refused leaves everything as it was.
        """
        stamps = await asyncio.to_thread(self._stamps)
        if stamps in (self._taken, self._refused):
            return True
        if not self._stillness.is_still(stamps, self._clock()):
            return False
        try:
            indexes, taken = await asyncio.to_thread(self._read_all)
        except FileRefused as refused:
            self._refused = stamps
            self._log.warning("files_refused", source=self._source.name, reason=refused.refusal.value)
            return True
        self._indexes, self._taken, self._plans = indexes, taken, {}
        self._log.info("files_taken", source=self._source.name, files=len(taken))
        return True

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:  # noqa: ARG002  memory is never late
        """Find a person's rows; raises SourceFault while no good files have been seen, or only stale ones."""
        index = self._fresh(records)
        rows = index.look(self._source.records[records], match)
        return gather_near(self._shape(records, fields, index), rows, match)

    async def search(self, records: str, search: Search, deadline: float) -> Found:
        """Search for whoever fits criteria, row after row."""
        index, clock = self._fresh(records), asyncio.get_running_loop().time
        described, shape = self._source.records[records], self._shape(records, search.read, index)
        return await asyncio.to_thread(search_rows, index, described, shape, search, lambda: clock() >= deadline)

    def _fresh(self, records: str) -> Index:
        """Give the index of a record set; raises SourceFault where there is none, or a stale one."""
        index = self._indexes.get(records)
        if index is None:
            raise SourceFault(SourceFaultKind.UNREACHABLE)
        if self._fresh_for is not None:
            now = self._clock()
            places = places_of(self._source.records[records])
            if any(self._taken[place.file].age(now) > self._fresh_for for place in places):
                raise SourceFault(SourceFaultKind.STALE)
        return index

    async def check(self) -> Sequence[Finding]:
        """Look whether every file can be taken, has the mapped columns, and is not stale."""
        return await asyncio.to_thread(check_files, self._source, self._clock())

    async def close(self) -> None:
        """Stop watching and forget the files."""
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
            self._polling = None
        self._indexes, self._taken, self._refused, self._plans = {}, {}, {}, {}

    async def _poll(self) -> None:
        pause = self._source.poll_seconds
        while True:
            await asyncio.sleep(pause)
            pause = self._source.poll_seconds
            try:
                if not await self.refresh():
                    pause = min(pause, self._source.still_seconds)
            except Exception as fault:  # noqa: BLE001  last resort: whatever is wrong now, the next look may be right
                self._log.error("files_failed", source=self._source.name, type=type(fault).__name__)

    def _stamps(self) -> dict[str, Stamp | None]:
        stamps: dict[str, Stamp | None] = {}
        for file in self._files:
            try:
                stamps[file] = stamp_of(self._source.folder / file)
            except FileRefused:
                stamps[file] = None
        return stamps

    def _read_all(self) -> Taken:
        tables = read_tables(self._source, self._wanted)
        indexes = {name: build_index(records, tables) for name, records in self._source.records.items()}
        self._sizes.require_plausible(tables)
        return indexes, {place.file: table.stamp for place, table in tables.items()}

    def _shape(self, name: str, fields: tuple[str, ...], index: Index) -> Shape[Sequence[object]]:
        key = (name, fields)
        shape = self._plans.get(key)
        if shape is None:
            if len(self._plans) >= MOST_SHAPES:
                self._plans.clear()
            day = index.day
            shape = self._plans[key] = column_shape(self._source.records[name], fields, index.columns, lambda _: day)
        return shape
