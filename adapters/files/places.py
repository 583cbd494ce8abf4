"""Lists which tables a source is read from, and which of their columns are wanted."""

from collections.abc import Mapping

from adapters.files.table import TablePlace
from adapters.kit.manifest import FileRecords, FilesSource
from adapters.kit.record_sets import columns_mentioned


def places_of(records: FileRecords) -> list[TablePlace]:
    """List the tables of a record set: its own first, then those that are joined."""
    return [TablePlace(records.file, records.sheet), *(TablePlace(join.file, join.sheet) for join in records.joins)]


def all_places(source: FilesSource) -> list[TablePlace]:
    """List the tables of a source, each once."""
    return list(dict.fromkeys(place for records in source.records.values() for place in places_of(records)))


def all_files(source: FilesSource) -> list[str]:
    """List the files of a source, each once."""
    return list(dict.fromkeys(place.file for place in all_places(source)))


def wanted_columns(source: FilesSource) -> Mapping[TablePlace, frozenset[str]]:
    """List for each table the columns that any record set mentions; a name may be one of the table's own, or joined."""
    wanted: dict[TablePlace, set[str]] = {place: set() for place in all_places(source)}
    for records in source.records.values():
        own, *joined = places_of(records)
        mentioned = [*columns_mentioned(records), *(name for join in records.joins for name in join.on)]
        wanted[own].update(mentioned)
        for place, join in zip(joined, records.joins, strict=True):
            prefix = f"{join.name}."
            wanted[place].update(name.removeprefix(prefix) for name in mentioned if name.startswith(prefix))
            wanted[place].update(join.on.values())
    return {place: frozenset(names) for place, names in wanted.items()}
