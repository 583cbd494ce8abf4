"""Searches a database for whoever fits criteria: beginnings of names, spans of days, parts of postcodes and places.

The statement narrows as far as a database can; what comes back is compared once more with every criterion.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from adapters.kit.manifest import SqlRecords
from adapters.kit.mapping import ISO, ColumnKey
from adapters.kit.reader import Found
from adapters.kit.searching import NotSearched, Search, TooMany, sift
from adapters.kit.shaping import MOST_ROWS, MOST_SHAPES, Shape, column_shape, columns_needed, constant
from adapters.sql.database import Database, Statement
from adapters.sql.letters import lowered
from adapters.sql.scans import Scans
from adapters.sql.statements import SPELLINGS, Tables, spellings

ESCAPE = "!"
NOBODY_BORN = date(1900, 1, 1)
PLACES = ("postcode", "school", "gp_practice")
_ANY_SECOND_HALF = "___"
_PARTS = {"%Y": "{0:04d}", "%y": "{1:02d}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    statement: Statement
    shape: Shape[Sequence[object]]


@dataclass(slots=True, kw_only=True)
class SqlSearches:
    """Searches the record sets of one database."""

    database: Database
    records: Mapping[str, SqlRecords]
    tables: Mapping[str, Tables]
    scans: Scans | None
    _plans: dict[tuple[object, ...], _Plan] = field(default_factory=dict)

    async def search(self, records: str, search: Search, deadline: float) -> Found:
        """Search a record set; raises TooMany, NotSearched and SourceFault."""
        columns = columns_searched(self.records[records])
        parameters = dict(_parameters(columns, search))
        if not parameters:
            raise NotSearched
        plan = self._plan(records, columns, search, tuple(parameters))
        if self.scans is not None:
            nobody = {name: NOBODY_BORN if isinstance(value, date) else "0" for name, value in parameters.items()}
            await self.scans.require_few(plan.statement, nobody, self.tables[records].named, deadline)
        rows = await self.database.rows(plan.statement, parameters, deadline)
        found = sift(plan.shape, rows, search)
        if len(rows) > 2 * MOST_ROWS:
            raise TooMany
        return found

    def _plan(self, name: str, columns: Mapping[str, ColumnKey], search: Search, parameters: tuple[str, ...]) -> _Plan:
        key = (name, parameters, search.read)
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= MOST_SHAPES:
                self._plans.clear()
            plan = self._plans[key] = self._make_plan(name, columns, search, parameters)
        return plan

    def _make_plan(
        self, name: str, columns: Mapping[str, ColumnKey], search: Search, parameters: tuple[str, ...]
    ) -> _Plan:
        described, tables = self.records[name], self.tables[name]
        read = columns_needed(described, search.read)
        statement = (
            sa.select(*(tables.column(column) for column in read))
            .select_from(tables.source)
            .where(sa.and_(*_tests(columns, tables, parameters)))
            # One row too many shows that there are too many; those that are kept back count too, so it is generous.
            .limit(2 * MOST_ROWS + 1)
        )
        return _Plan(statement=statement, shape=column_shape(described, search.read, read, constant("")))


def columns_searched(records: SqlRecords) -> Mapping[str, ColumnKey]:
    """List the columns by which a record set can be searched: its keys, and what it maps from one column as it is."""
    keys = {name: key for name, key in records.keys.mapped().items() if key.written is None}
    places = {
        name: ColumnKey(column=part.column)
        for name in PLACES
        if (part := records.fields.get(name)) is not None and part.column is not None and part.values is None
    }
    return keys | places


def _parameters(columns: Mapping[str, ColumnKey], search: Search) -> Iterator[tuple[str, object]]:
    """Give the parameters by which a search is narrowed; which there are says which tests."""
    wanted = search.wanted
    for name in ("family_name", "given_name"):
        if name in wanted and name in columns:
            yield from ((f"{name}_{at}", f"{text}%") for at, text in enumerate(_spelt(wanted[name])))
    if "born_from" in wanted and "date_of_birth" in columns:
        yield from _days(columns["date_of_birth"].date, *(date.fromisoformat(wanted[day]) for day in _SPAN))
    if "postcode_area" in wanted and "postcode" in columns:
        yield "postcode_0", escaped(wanted["postcode_area"].replace(" ", "").upper()) + _ANY_SECOND_HALF
    for name in ("school", "gp_practice"):
        if name in wanted and name in columns:
            yield from ((f"{name}_{at}", f"%{text}%") for at, text in enumerate(_spelt(wanted[name])))


_SPAN = ("born_from", "born_to")


def _days(written: str | None, first: date, last: date) -> Iterator[tuple[str, object]]:
    """Give a span of days as a column has it: dates, texts that sort as days do, or else the years of the span."""
    if written is None:
        yield from (("born_from", first), ("born_to", last))
    elif _sorts(written):
        # The end of the last day: where a time of day stands behind the day, it belongs to it.
        yield from (("born_from", _spell(written, first)), ("born_to", _spell(written, last) + "~"))
    else:
        for at, year in enumerate(range(first.year, last.year + 1)):
            yield f"born_year_{at}", _year_pattern(written, year)


def _sorts(written: str) -> bool:
    return written == ISO or [part[:1] for part in written.split("%")[1:4]] == ["Y", "m", "d"]


def _spell(written: str, day: date) -> str:
    return day.isoformat() if written == ISO else day.strftime(written)


def _year_pattern(written: str, year: int) -> str:
    """Spell a day of which only the year is known, for LIKE: what is not the year is anything."""
    pieces = []
    at = 0
    while at < len(written):
        part = written[at : at + 2]
        if part.startswith("%"):
            pieces.append(_PARTS.get(part, "%").format(year, year % 100))
            at += 2
        else:
            pieces.append(escaped(written[at]))
            at += 1
    return "".join(pieces) + "%"


def _tests(
    columns: Mapping[str, ColumnKey], tables: Tables, parameters: Sequence[str]
) -> Iterator[sa.ColumnElement[bool]]:
    """Write one test for each criterion by which the search is narrowed."""
    for name in ("family_name", "given_name", "school", "gp_practice"):
        if f"{name}_0" in parameters:
            column = lowered(tables.column(columns[name].place))
            yield sa.or_(*(_like(column, f"{name}_{at}") for at in range(SPELLINGS)))
    if "postcode_0" in parameters:
        postcode = tables.column(columns["postcode"].place)
        yield _like(sa.func.replace(sa.func.upper(postcode), " ", ""), "postcode_0")
    years = [name for name in parameters if name.startswith("born_year_")]
    if years:
        born = tables.column(columns["date_of_birth"].place)
        yield sa.or_(*(_like(born, name) for name in years))
    if "born_from" in parameters:
        born, kind = tables.column(columns["date_of_birth"].place), _type_of(columns["date_of_birth"])
        yield sa.and_(born >= sa.bindparam("born_from", type_=kind), born <= sa.bindparam("born_to", type_=kind))


def _type_of(key: ColumnKey) -> sa.types.TypeEngine[Any]:
    return sa.Date() if key.date is None else sa.String()


def _like(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    return column.like(sa.bindparam(name, type_=sa.String()), escape=ESCAPE)


def _spelt(name: str) -> Sequence[str]:
    return [escaped(spelling) for spelling in spellings(name)]


def escaped(text: str) -> str:
    """Take from what was typed the meaning that LIKE gives it: a beginning with a % in it would be anybody's."""
    for sign in (ESCAPE, "%", "_"):
        text = text.replace(sign, ESCAPE + sign)
    return text
