"""The reader of CSV files: notices a new one, reads it off the event loop, and swaps it in whole."""

import asyncio
from collections.abc import Mapping, Sequence

from structlog.typing import FilteringBoundLogger

from adapters.files.checking import all_files, check_files
from adapters.files.csv_file import Dialect, FileRefused, Stamp, read_table, stamp_of
from adapters.files.index import Index, build_index
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import FilesSource
from adapters.kit.reader import Finding, Found, Match
from adapters.kit.shaping import MOST_SHAPES, Shape, column_shape, gather

PlanKey = tuple[str, tuple[str, ...]]


class FilesReader:
    """Reads the files of one folder."""

    def __init__(self, source: FilesSource, log: FilteringBoundLogger) -> None:
        """Take the source as its manifest describes it, and where to say that a file was refused."""
        self._source = source
        self._log = log
        self._dialect = Dialect(
            encoding=source.encoding, delimiter=source.delimiter, final_newline=source.final_newline
        )
        self._files = all_files(source)
        self._indexes: Mapping[str, Index] = {}
        self._taken: Mapping[str, Stamp] = {}
        self._refused: Mapping[str, Stamp | None] = {}
        self._plans: dict[PlanKey, Shape[Sequence[object]]] = {}
        self._polling: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Read the files once, then keep an eye on them."""
        await self.refresh()
        self._polling = asyncio.create_task(self._poll())

    async def refresh(self) -> None:
        """Take in files that have changed; a file that is refused leaves everything as it was."""
        stamps = await asyncio.to_thread(self._stamps)
        if stamps in (self._taken, self._refused):
            return
        try:
            indexes, taken = await asyncio.to_thread(self._read_all)
        except FileRefused as refused:
            self._refused = stamps
            self._log.warning("files_refused", source=self._source.name, reason=refused.refusal.value)
            return
        self._indexes, self._taken, self._plans = indexes, taken, {}
        self._log.info("files_taken", source=self._source.name, files=len(taken))

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:  # noqa: ARG002  memory is never late
        """Find a person's rows; raises SourceFault while no good files have been seen."""
        index = self._indexes.get(records)
        if index is None:
            raise SourceFault(SourceFaultKind.UNREACHABLE)
        rows = index.look(self._source.records[records], match)
        return gather(self._shape(records, fields, index), rows, with_shielded=match.with_shielded)

    async def check(self) -> Sequence[Finding]:
        """Look whether every file can be taken and has the mapped columns."""
        return await asyncio.to_thread(check_files, self._source, self._dialect)

    async def close(self) -> None:
        """Stop watching and forget the files."""
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
            self._polling = None
        self._indexes = {}

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._source.poll_seconds)
            try:
                await self.refresh()
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

    def _read_all(self) -> tuple[dict[str, Index], dict[str, Stamp]]:
        tables = {file: read_table(self._source.folder / file, self._dialect) for file in self._files}
        indexes = {name: build_index(records, tables) for name, records in self._source.records.items()}
        return indexes, {file: table.stamp for file, table in tables.items()}

    def _shape(self, name: str, fields: tuple[str, ...], index: Index) -> Shape[Sequence[object]]:
        key = (name, fields)
        shape = self._plans.get(key)
        if shape is None:
            if len(self._plans) >= MOST_SHAPES:
                self._plans.clear()
            day = index.day
            shape = self._plans[key] = column_shape(self._source.records[name], fields, index.columns, lambda _: day)
        return shape
