"""The reader of relational databases."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from adapters.kit.converting import as_text
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import Limits, SqlRecords, SqlSource
from adapters.kit.reader import Finding, FindingState, Found, Looking, Match
from adapters.kit.shaping import MOST_ROWS, MOST_SHAPES, Shape, column_shape, columns_needed, constant, gather
from adapters.kit.suggesting import did_you_mean
from adapters.kit.terms_check import MOST_CODES, unlisted
from adapters.sql.choosing import choose_database
from adapters.sql.database import Statement, TableColumns
from adapters.sql.scan_check import scan_findings
from adapters.sql.scans import Scans
from adapters.sql.statements import Tables, mentioned, nobody_for, parameters_for, select_for, split_column, tables_of

CODES_SECONDS = 5.0
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
        self._database = choose_database(source, limits)
        self._tables: dict[str, Tables] = {
            name: tables_of(records, source.db_schema) for name, records in source.records.items()
        }
        self._keys = {name: records.keys.mapped() for name, records in source.records.items()}
        self._plans: dict[PlanKey, _Plan] = {}
        largest = source.limits.largest_scan
        self._scans = None if largest is None else Scans(database=self._database, largest=largest)

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
        found = gather(plan.shape, rows, with_shielded=match.with_shielded)
        # Somebody who is shielded is answered for as unknown however many rows there are.
        if len(rows) > 2 * MOST_ROWS and not found.shielded:
            raise SourceFault(SourceFaultKind.TOO_MUCH)
        return found

    async def check(self) -> Sequence[Finding]:
        """Look whether every table and column is there, and that nothing can be written."""
        try:
            wanted = sorted(
                {table for records in self._source.records.values() for table in _real_tables(records).values()}
            )
            there = await self._database.columns(wanted, self._source.db_schema)
            proof = await self._database.prove_read_only()
        except (SourceFault, sa.exc.SQLAlchemyError, OSError):
            return [
                Finding(
                    state=FindingState.FAULT,
                    what="the database cannot be reached",
                    mend="Check `url`, and that it is up.",
                )
            ]
        findings = [
            finding for name, records in self._source.records.items() for finding in _look(name, records, there)
        ]
        if all(finding.state is FindingState.OK for finding in findings):
            findings += await self._unlisted_codes()
            if self._scans is not None:
                for name, records in self._source.records.items():
                    findings += await scan_findings(name, records, self._tables[name], self._scans)
        return [Finding(state=FindingState.OK, what="the database is reached"), proof, *findings]

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()

    async def _unlisted_codes(self) -> list[Finding]:
        """Compare the codes of the terms with those that the columns hold; where that takes too long, say so."""
        findings: list[Finding] = []
        for name, records in self._source.records.items():
            for part, form, words in records.terms.worded() if records.terms is not None else ():
                for column in form.names:
                    codes = sa.select(self._tables[name].column(column)).distinct().limit(MOST_CODES)
                    deadline = asyncio.get_running_loop().time() + CODES_SECONDS
                    try:
                        rows = await self._database.rows(codes, {}, deadline)
                    except SourceFault:
                        what = f"{name}: the codes of `{column}` could not be read within {CODES_SECONDS:g} seconds"
                        findings.append(Finding(state=FindingState.NOTE, what=what, mend="Compare them yourself."))
                    else:
                        findings += unlisted(name, part, form, words, (as_text(row[0]) for row in rows))
        return findings

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
        columns = columns_needed(records, fields) or (next(iter(records.keys.mapped().values())).place,)
        return _Plan(
            statement=select_for(records, tables, columns, match),
            shape=column_shape(records, fields, columns, constant("")),
        )


def _real_tables(records: SqlRecords) -> dict[str, str]:
    """Map the names under which columns are mapped to the tables that hold them."""
    return {records.table: records.table} | {join.name: join.table for join in records.joins}


def _look(name: str, records: SqlRecords, there: TableColumns) -> list[Finding]:
    """Compare what a record set mentions with the columns that there are."""
    real = _real_tables(records)
    faults = [
        Finding(
            state=FindingState.FAULT,
            what=f"{name}: there is no table `{table}`",
            mend=did_you_mean(table, _there(there), "Check its name."),
        )
        for table in dict.fromkeys(real.values())
        if there[table] is None
    ]
    places = [split_column(records, column) for column in mentioned(records)]
    places += [(join.name, right) for join in records.joins for right in join.on.values()]
    for part, column in dict.fromkeys(places):
        columns = there[real[part]]
        if columns is not None and column not in columns:
            what = f"{name}: `{real[part]}` has no column `{column}`"
            faults.append(
                Finding(state=FindingState.FAULT, what=what, mend=did_you_mean(column, columns, "Check its name."))
            )
    return faults or [Finding(state=FindingState.OK, what=f"{name}: every table and column is there")]


def _there(there: TableColumns) -> list[str]:
    return [table for table, columns in there.items() if columns is not None]
