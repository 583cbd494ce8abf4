"""The reader of relational databases."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from adapters.kit.errors import SourceFault, SourceFaultKind, TooManyPeople
from adapters.kit.manifest import Limits, SqlRecords, SqlSource
from adapters.kit.reader import Finding, FindingState, Found, Looking, Match
from adapters.kit.searching import Search
from adapters.kit.shaping import (
    MOST_ROWS,
    MOST_SHAPES,
    Shape,
    column_shape,
    columns_needed,
    constant,
    gather_near,
    key_columns,
)
from adapters.sql.checking import DatabaseCheck
from adapters.sql.choosing import choose_database
from adapters.sql.database import Statement
from adapters.sql.scan_check import scan_findings
from adapters.sql.scans import Scans
from adapters.sql.searching import SqlSearches
from adapters.sql.statements import Tables, nobody_for, parameters_for, select_for, tables_of

PlanKey = tuple[str, Looking, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is sent for one record set, way to look and list of fields, and what is made of the rows."""

    statement: Statement
    shape: Shape[Sequence[object]]


class SqlReader:
    """Reads one database."""

    def __init__(self, source: SqlSource, limits: Limits) -> None:
        """Take the source as its manifest describes it."""
        self._source = source
        self._read_ms = limits.read_ms
        self._database = choose_database(source, limits)
        self._tables: dict[str, Tables] = {
            name: tables_of(records, source.db_schema) for name, records in source.records.items()
        }
        self._keys = {name: records.keys.mapped() for name, records in source.records.items()}
        self._plans: dict[PlanKey, _Plan] = {}
        largest = source.limits.largest_scan
        self._scans = None if largest is None else Scans(database=self._database, largest=largest)
        self._searches = SqlSearches(
            database=self._database, records=source.records, tables=self._tables, scans=self._scans
        )

    async def open(self) -> None:
        """Make ready."""
        await self._database.open()

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        """Find a person's rows."""
        plan = self._plan(records, match, fields)
        keys = self._keys[records]
        if self._scans is not None:
            nobody = parameters_for(keys, nobody_for(match))
            await self._scans.require_few(plan.statement, nobody, self._tables[records].named, deadline)
        parameters = parameters_for(keys, match)
        rows = await self._database.rows(plan.statement, parameters, deadline)
        if match.near is not None and len(rows) > 2 * MOST_ROWS:
            raise TooManyPeople
        found = gather_near(plan.shape, rows, match)
        # Whoever is kept silent about is answered for as unknown however many rows there are.
        if len(rows) > 2 * MOST_ROWS and not found.is_silent:
            raise SourceFault(SourceFaultKind.TOO_MUCH)
        return found

    async def search(self, records: str, search: Search, deadline: float) -> Found:
        """Search for whoever fits criteria."""
        return await self._searches.search(records, search, deadline)

    async def check(self) -> Sequence[Finding]:
        """Look step by step at the database, at what is mapped of it, and at how it would answer."""
        findings = await DatabaseCheck(
            source=self._source,
            backend=sa.make_url(self._source.url).get_backend_name(),
            tables=self._tables,
            database=self._database,
            read_ms=self._read_ms,
        ).check()
        if self._scans is None or any(finding.state is FindingState.FAULT for finding in findings):
            return findings
        scans = [
            await scan_findings(name, records, self._tables[name], self._scans)
            for name, records in self._source.records.items()
        ]
        return [*findings, *(finding for each in scans for finding in each)]

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()

    def _plan(self, name: str, match: Match, fields: tuple[str, ...]) -> _Plan:
        key = (name, match.looking, tuple(key for key, _ in match.wanted), fields)
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= MOST_SHAPES:
                self._plans.clear()
            plan = self._plans[key] = self._make_plan(self._source.records[name], self._tables[name], match, fields)
        return plan

    def _make_plan(self, records: SqlRecords, tables: Tables, match: Match, fields: tuple[str, ...]) -> _Plan:
        # A record set whose asked fields are all constants still has to be looked for: its first key is read.
        columns = tuple(dict.fromkeys((*columns_needed(records, fields), *key_columns(records))))
        columns = columns or (next(iter(records.keys.mapped().values())).place,)
        return _Plan(
            statement=select_for(records, tables, columns, match),
            shape=column_shape(records, fields, columns, constant("")),
        )
