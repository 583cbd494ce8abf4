"""Builds the one kind of statement that is ever sent: asked columns of mapped tables, for wanted keys, parametrised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from adapters.kit.looking import as_written
from adapters.kit.manifest import SqlRecords
from adapters.kit.mapping import ColumnKey
from adapters.kit.reader import Looking, Match
from adapters.kit.record_sets import columns_mentioned
from adapters.kit.shaping import MOST_ROWS
from adapters.sql.database import Statement
from adapters.sql.letters import lowered

TEXT_KEYS = frozenset({"family_name", "given_name"})
SPELLINGS = 3
NOBODY = {"date_of_birth": "1900-01-01"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables of a record set with every column that its manifest mentions."""

    main: sa.TableClause
    joined: Mapping[str, sa.FromClause]
    source: sa.FromClause

    @property
    def named(self) -> Mapping[str, sa.FromClause]:
        """Give each table by the name that it has in a statement."""
        return {self.main.name: self.main, **self.joined}

    def column(self, name: str) -> sa.ColumnElement[object]:
        """Find `column` or `join.column`."""
        prefix, dot, rest = name.partition(".")
        if dot and prefix in self.joined:
            return self.joined[prefix].c[rest]
        return self.main.c[rest if dot and prefix == self.main.name else name]


def mentioned(records: SqlRecords) -> list[str]:
    """List every column name that a record set mentions on its own side of its joins."""
    return list(dict.fromkeys((*columns_mentioned(records), *(left for join in records.joins for left in join.on))))


def split_column(records: SqlRecords, name: str) -> tuple[str, str]:
    """Say which table or join a mentioned column is in, and what it is called there."""
    prefix, dot, rest = name.partition(".")
    if dot and prefix in {records.table, *(join.name for join in records.joins)}:
        return prefix, rest
    return records.table, name


def tables_of(records: SqlRecords, schema: str | None) -> Tables:
    """Describe the tables of a record set, joined as declared."""
    columns: dict[str, list[str]] = {records.table: [], **{join.name: list(join.on.values()) for join in records.joins}}
    for name in mentioned(records):
        table, column = split_column(records, name)
        columns[table].append(column)
    main = _table(records.table, columns[records.table], schema)
    joined: dict[str, sa.FromClause] = {}
    source: sa.FromClause = main
    for join in records.joins:
        joined[join.name] = _table(join.table, columns[join.name], schema).alias(join.name)
        tables = Tables(main=main, joined=joined, source=source)
        on = sa.and_(*(tables.column(left) == joined[join.name].c[right] for left, right in join.on.items()))
        source = source.join(joined[join.name], on, isouter=join.optional)
    return Tables(main=main, joined=joined, source=source)


def _table(name: str, columns: Iterable[str], schema: str | None) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in dict.fromkeys(columns)), schema=schema)


def select_for(records: SqlRecords, tables: Tables, columns: Sequence[str], match: Match) -> Statement:
    """Build the statement for one way to look: nothing but the wanted columns, nothing but parameters."""
    keys = records.keys.mapped()
    tests = [_test(name, keys[name], tables) for name, _ in match.wanted]
    where = sa.or_(*tests) if match.looking is Looking.ANY else sa.and_(*tests)
    # One row too many shows that there are too many. Withheld rows count too, so the bound is generous.
    return (
        sa.select(*(tables.column(name) for name in columns))
        .select_from(tables.source)
        .where(where)
        .limit(2 * MOST_ROWS + 1)
    )


def _test(name: str, key: ColumnKey, tables: Tables) -> sa.ColumnElement[bool]:
    column = tables.column(key.place)
    if name in TEXT_KEYS:
        return lowered(column).in_([sa.bindparam(f"{name}_{index}", type_=sa.String()) for index in range(SPELLINGS)])
    if name == "date_of_birth" and key.date is None:
        return column == sa.bindparam(name, type_=sa.Date())
    return column == sa.bindparam(name, type_=sa.String())


def parameters_for(keys: Mapping[str, ColumnKey], match: Match) -> dict[str, object]:
    """Give the parameters of a statement, as the database writes them."""
    parameters: dict[str, object] = {}
    for name, value in match.wanted:
        if name in TEXT_KEYS:
            parameters |= {f"{name}_{index}": spelling for index, spelling in enumerate(spellings(value))}
        elif name == "date_of_birth" and keys[name].date is None:
            parameters[name] = date.fromisoformat(value)
        else:
            parameters[name] = as_written(keys[name], value)
    return parameters


def nobody_for(match: Match) -> Match:
    """Look in the same way for nobody: what a plan costs is asked without saying whom a question is about."""
    return Match(looking=match.looking, wanted=tuple((name, NOBODY.get(name, "0")) for name, _ in match.wanted))


def spellings(name: str) -> tuple[str, str, str]:
    """Spell a name so that `lower(column)` meets it also where a database lowers ASCII letters only, as SQLite does."""
    return name.lower(), _lower_ascii(name.upper()), _lower_ascii(name.title())


def _lower_ascii(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
