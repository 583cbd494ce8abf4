"""Asks a database about nobody, for `adapter check`: does it answer, how long does that take, and by which index."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.findings import PLAN
from adapters.kit.manifest import SqlRecords
from adapters.kit.mapping import NAME_KEYS
from adapters.kit.nobody import named, ways_to_nobody
from adapters.kit.reader import Finding, Match
from adapters.kit.shaping import columns_needed
from adapters.sql.database import Database, Scan, Statement
from adapters.sql.statements import Tables, parameters_for, select_for, split_column

SLOW = 0.5
"""The share of the time allowed from which on a question is called slow."""
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DryQuestion:
    """One record set that is asked about nobody."""

    name: str
    records: SqlRecords
    tables: Tables
    database: Database
    schema: str | None
    read_ms: int

    async def check(self) -> list[Finding]:
        """Ask in each way in which a person may be looked for."""
        return [finding for way in ways_to_nobody(self.records.keys.mapped()) for finding in await self._ask(way)]

    async def _ask(self, way: Match) -> list[Finding]:
        by = named(way)
        statement, parameters = self._statement(way), parameters_for(self.records.keys.mapped(), way)
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            await self.database.rows(statement, parameters, began + self.read_ms / 1000)
            took_ms = (clock() - began) * 1000
            read = await self.database.read_whole(statement, parameters, clock() + self.read_ms / 1000)
        except SourceFault as fault:
            return [_failed(f"{self.name}: a question by {by}", fault.kind, self.read_ms)]
        planned = [scan for scan in read or () if scan.wants_index]
        said = f"{self.name}: a question by {by} takes {max(took_ms, 1):.0f} ms"
        if took_ms > self.read_ms * SLOW:
            return [PLAN.note(f"{said} of the {self.read_ms} ms that `read_ms` allows", self._mend(planned, way))]
        if planned:
            whole = " and ".join(f"the whole of `{scan.table}`{_rows(scan)}" for scan in planned)
            return [PLAN.note(f"{said} and reads {whole}", self._mend(planned, way))]
        return [PLAN.ok(said if read is not None else f"{said}; its plan is not looked at on this kind")]

    def _statement(self, way: Match) -> Statement:
        fields = tuple(self.records.fields)
        columns = columns_needed(self.records, fields) or (next(iter(self.records.keys.mapped().values())).place,)
        return select_for(self.records, self.tables, columns, way)

    def _mend(self, planned: Sequence[Scan], way: Match) -> str:
        indexes = list(dict.fromkeys(index for scan in planned for index in self._indexes(scan, way)))
        if indexes:
            return f"An index would do: {' '.join(indexes)}"
        return "Have whoever keeps the database look for an index on what it is looked for by."

    def _indexes(self, scan: Scan, way: Match) -> Iterator[str]:
        """Say which index would spare a scan: on the keys, if they are there, or on what joins the table."""
        real = {self.records.table: self.records.table} | {join.name: join.table for join in self.records.joins}
        if scan.table not in real:
            return
        names = [name for name, _ in way.wanted]
        # An index on a name does not serve, since names are compared in lower case; a birthday is shared by few.
        names = [NAME_KEYS[-1]] if set(names) == set(NAME_KEYS) else names
        places = [split_column(self.records, self.records.keys.mapped()[name].place) for name in names]
        columns = [column for table, column in places if table == scan.table]
        joined = [list(join.on.values()) for join in self.records.joins if join.name == scan.table]
        for wanted in [columns] if columns else joined:
            yield _create_index(real[scan.table], wanted, self.schema)


def _create_index(table: str, columns: Sequence[str], schema: str | None) -> str:
    on = f"{_quoted(schema)}.{_quoted(table)}" if schema else _quoted(table)
    name = "_".join(re.sub(r"\W", "_", word) for word in (table, *columns))
    return f"CREATE INDEX {name} ON {on} ({', '.join(map(_quoted, columns))});"


def _quoted(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else f'"{word}"'


def _rows(scan: Scan) -> str:
    return f" (about {scan.rows:,} rows)" if scan.rows is not None else ""


def _failed(what: str, kind: SourceFaultKind, read_ms: int) -> Finding:
    if kind is SourceFaultKind.LATE:
        mend = "It would never be answered: look for a missing index, or allow more with `limits.read_ms`."
        return PLAN.fault(f"{what} takes longer than the {read_ms} ms that `read_ms` allows", mend)
    mend = "Check that the keys fit their columns: a column of text says with `date` how a day is written."
    return PLAN.fault(f"{what} is refused by the database ({kind.value})", mend)
