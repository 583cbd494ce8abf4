"""The index in memory of one record set: its rows, joined, and how to find a person's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapters.files.places import places_of
from adapters.files.table import FileRefused, Refusal, Table, TablePlace
from adapters.kit.looking import as_written
from adapters.kit.manifest import FileRecords
from adapters.kit.mapping import IDENTIFIER_KEYS, NAME_KEYS
from adapters.kit.reader import Looking, Match
from adapters.kit.record_sets import columns_mentioned

Row = Sequence[str]
NameKey = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Index:
    """Is swapped as a whole; never changed."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    day: str
    by_identifier: Mapping[str, Mapping[str, Sequence[Row]]]
    by_names: Mapping[NameKey, Sequence[Row]]
    by_way: Mapping[tuple[str, ...], Mapping[NameKey, Sequence[Row]]]

    def look(self, records: FileRecords, match: Match) -> list[Row]:
        """Find the rows of a person, each once."""
        keys = records.keys.mapped()
        wanted = {name: _folded(as_written(keys[name], value)) for name, value in match.wanted}
        if match.near is not None:
            return list(self.by_way[tuple(wanted)].get(tuple(wanted.values()), ()))
        if match.looking is Looking.ALL:
            return list(self.by_names.get(tuple(wanted[name] for name in NAME_KEYS), ()))
        rows = [row for name, value in wanted.items() for row in self.by_identifier[name].get(value, ())]
        return list({id(row): row for row in rows}.values())


def build_index(records: FileRecords, tables: Mapping[TablePlace, Table]) -> Index:
    """Join the files of a record set and index the rows; raises FileRefused where a mapped column is missing."""
    own, *joined = places_of(records)
    main = tables[own]
    columns, rows = main.columns, list(main.rows)
    for place, join in zip(joined, records.joins, strict=True):
        columns, rows = _joined(columns, rows, tables[place], join_name=join.name, on=join.on, optional=join.optional)
    at = {name: index for index, name in enumerate(columns)}
    if not at.keys() >= set(columns_mentioned(records)):
        raise FileRefused(Refusal.NO_COLUMN)
    places = {name: at[key.place] for name, key in records.keys.mapped().items()}
    identifiers = {
        name: _group(((_folded(row[place]),), row) for row in rows)
        for name, place in places.items()
        if name in IDENTIFIER_KEYS
    }
    names = tuple(places[name] for name in NAME_KEYS if name in places)
    return Index(
        columns=columns,
        rows=rows,
        day=main.stamp.day,
        by_identifier={name: {key[0]: found for key, found in groups.items()} for name, groups in identifiers.items()},
        by_names=_group((tuple(_folded(row[place]) for place in names), row) for row in rows) if names else {},
        by_way={
            tuple(way): _group((tuple(_folded(row[places[name]]) for name in way), row) for row in rows)
            for way in (records.looking.by if records.looking is not None else ())
        },
    )


def _joined(
    columns: tuple[str, ...], rows: list[Row], other: Table, *, join_name: str, on: Mapping[str, str], optional: bool
) -> tuple[tuple[str, ...], list[Row]]:
    """Put the rows of another file beside those that they belong to."""
    for side, names in ((columns, on), (other.columns, on.values())):
        if not set(names) <= set(side):
            raise FileRefused(Refusal.NO_COLUMN)
    left = [columns.index(name) for name in on]
    right = [other.columns.index(name) for name in on.values()]
    theirs = _group((tuple(row[place].strip() for place in right), row) for row in other.rows)
    nothing: Sequence[Row] = (("",) * len(other.columns),) if optional else ()
    together = [
        (*row, *beside) for row in rows for beside in theirs.get(tuple(row[place].strip() for place in left), nothing)
    ]
    return (*columns, *(f"{join_name}.{name}" for name in other.columns)), list(together)


def _group(pairs: Iterable[tuple[NameKey, Row]]) -> dict[NameKey, list[Row]]:
    """Collect rows by key; an empty key finds nobody."""
    groups: dict[NameKey, list[Row]] = {}
    for key, row in pairs:
        if all(key):
            groups.setdefault(key, []).append(row)
    return groups


def _folded(text: str) -> str:
    return text.strip().casefold()
