"""Looks at a database for `adapter check`, step by step: reached, read-only, mapped rightly, and answering in time."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from adapters.kit.converting import as_text
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.findings import CONNECTION, MAPPING, READ_ONLY, TERMS
from adapters.kit.manifest import SqlRecords, SqlSource
from adapters.kit.reader import Finding, FindingState
from adapters.kit.suggesting import did_you_mean, there_are
from adapters.kit.terms_check import MOST_CODES, unlisted
from adapters.kit.values_check import MOST_VALUES, check_values, places_to_see
from adapters.sql.database import Database, TableColumns
from adapters.sql.dictionary import Dictionary
from adapters.sql.dry_question import DryQuestion
from adapters.sql.statements import Tables, mentioned, split_column

LOOK_SECONDS = 5.0
NO_VALUES: Mapping[str, object] = {}
MENDS: Mapping[SourceFaultKind, str] = {
    SourceFaultKind.REFUSED: "Check the account, its password, and the name of the database in `url`.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseCheck:
    """One source with what reads it."""

    source: SqlSource
    backend: str
    tables: Mapping[str, Tables]
    database: Database
    read_ms: int

    async def check(self) -> list[Finding]:
        """Take every step that those before it leave any sense to."""
        wanted = sorted({table for records in self.source.records.values() for table in _real_tables(records).values()})
        try:
            there = await self.database.columns(wanted, self.source.db_schema)
            proof = await self.database.prove_read_only()
            names = await self._dictionary.tables(_soon())
        except (SourceFault, sa.exc.SQLAlchemyError, OSError) as fault:
            kind = fault.kind if isinstance(fault, SourceFault) else SourceFaultKind.UNREACHABLE
            mend = MENDS.get(kind, "Check `url`, and that it is up.")
            return [CONNECTION.fault("the database cannot be reached", mend)]
        said = [CONNECTION.ok("the database is reached"), READ_ONLY.same(proof), *await self._account(wanted, there)]
        for name, records in self.source.records.items():
            mapped = _look(name, records, there, names)
            said += mapped
            if all(finding.state is FindingState.OK for finding in mapped):
                said += await self._values(name, records)
                said += await self._unlisted_codes(name, records)
                said += await self._dry_question(name, records).check()
        return said

    @property
    def _dictionary(self) -> Dictionary:
        return Dictionary(database=self.database, backend=self.backend, schema=self.source.db_schema)

    def _dry_question(self, name: str, records: SqlRecords) -> DryQuestion:
        return DryQuestion(
            name=name,
            records=records,
            tables=self.tables[name],
            database=self.database,
            schema=self.source.db_schema,
            read_ms=self.read_ms,
        )

    async def _account(self, wanted: Sequence[str], there: TableColumns) -> list[Finding]:
        """Say where the session is all that keeps the account from writing."""
        tables = [table for table in wanted if there[table] is not None]
        writable = await self._dictionary.writable(tables, _soon())
        named = ", ".join(f"`{table}`" for table in writable)
        mend = "Give it an account with SELECT on what is mapped, and nothing else."
        return [READ_ONLY.note(f"another session of this account could write to {named}", mend)] if writable else []

    async def _values(self, name: str, records: SqlRecords) -> list[Finding]:
        """Compare the first values of each place with the mapping; where that takes too long, say so."""
        seen: dict[str, list[str]] = {}
        for place in places_to_see(records):
            column = self.tables[name].column(place)
            first = sa.select(column).where(column.is_not(None)).limit(MOST_VALUES)
            try:
                rows = await self.database.rows(first, NO_VALUES, _soon())
            except SourceFault:
                return [_unread(name, "the values", place)]
            seen[place] = [text for row in rows if (text := as_text(row[0]))]
        return check_values(name, records, seen)

    async def _unlisted_codes(self, name: str, records: SqlRecords) -> list[Finding]:
        """Compare the codes of the terms with those that the columns hold; where that takes too long, say so."""
        findings: list[Finding] = []
        for part, form, words in records.terms.worded() if records.terms is not None else ():
            for column in form.names:
                codes = sa.select(self.tables[name].column(column)).distinct().limit(MOST_CODES)
                try:
                    rows = await self.database.rows(codes, NO_VALUES, _soon())
                except SourceFault:
                    findings.append(_unread(name, "the codes", column))
                else:
                    findings += unlisted(name, part, form, words, (as_text(row[0]) for row in rows))
        if records.terms is not None and not findings:
            findings.append(TERMS.ok(f"{name}: every code of the terms is listed"))
        return findings


def _soon() -> float:
    return asyncio.get_running_loop().time() + LOOK_SECONDS


def _unread(name: str, what: str, column: str) -> Finding:
    said = f"{name}: {what} of `{column}` could not be read within {LOOK_SECONDS:g} seconds"
    return TERMS.note(said, "Compare them yourself.")


def _real_tables(records: SqlRecords) -> dict[str, str]:
    """Map the names under which columns are mapped to the tables that hold them."""
    return {records.table: records.table} | {join.name: join.table for join in records.joins}


def _look(name: str, records: SqlRecords, there: TableColumns, names: Sequence[str]) -> list[Finding]:
    """Compare what a record set mentions with the tables and columns that there are."""
    real = _real_tables(records)
    known = names or [table for table, columns in there.items() if columns is not None]
    faults = [
        MAPPING.fault(f"{name}: there is no table `{table}`", _meant(table, known))
        for table in dict.fromkeys(real.values())
        if there[table] is None
    ]
    for part, column in dict.fromkeys(_places(records)):
        columns = there[real[part]]
        if columns is not None and column not in columns:
            faults.append(MAPPING.fault(f"{name}: `{real[part]}` has no column `{column}`", _meant(column, columns)))
    return faults or [MAPPING.ok(f"{name}: every table and column is there")]


def _places(records: SqlRecords) -> Iterator[tuple[str, str]]:
    yield from (split_column(records, column) for column in mentioned(records))
    yield from ((join.name, right) for join in records.joins for right in join.on.values())


def _meant(word: str, known: Sequence[str]) -> str:
    return did_you_mean(word, known, there_are(known, "Check its name."))
