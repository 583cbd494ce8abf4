"""Looks at the files of a source for `adapter check`."""

from collections.abc import Iterator, Mapping
from functools import partial

from adapters.files.places import all_places, places_of, wanted_columns
from adapters.files.reading import dialect_of, read_table
from adapters.files.table import FileRefused, Refusal, Table, TablePlace
from adapters.files.values import check_columns, check_writers
from adapters.kit.manifest import FileRecords, FilesSource
from adapters.kit.places import span_of
from adapters.kit.reader import Finding, FindingState
from adapters.kit.record_sets import columns_mentioned
from adapters.kit.suggesting import did_you_mean
from adapters.kit.terms_check import unlisted

MENDS: Mapping[Refusal, str] = {
    Refusal.MISSING: "Check `folder`, `file` and their permissions.",
    Refusal.TOO_LARGE: "Put so much into a database, and read that.",
    Refusal.CHANGING: "Write it under another name and rename it into place.",
    Refusal.NOT_TEXT: "Say how it is written in `encoding`.",
    Refusal.NO_HEADER: "Begin it with one line that names every column once.",
    Refusal.UNEVEN: "Check `delimiter`, and that cells with quotes or line ends are quoted.",
    Refusal.UNFINISHED: "It may be half-written; if its last line never ends, say `final_newline: false`.",
    Refusal.NO_LIBRARY: "Install it: `pip install 'sharing-hub[excel]'`.",
    Refusal.NO_WORKBOOK: "Save it as .xlsx, without a password, and rename it into place when it is whole.",
    Refusal.NO_SHEET: "Check `sheet`: it is the name at the bottom of the window.",
}
HOUR = 3600.0


Tables = Mapping[TablePlace, Table]


def check_files(source: FilesSource, now: float) -> list[Finding]:
    """Read every table, compare its columns with those that are mapped, and its age with what the manifest allows."""
    tables: dict[TablePlace, Table] = {}
    findings: list[Finding] = []
    wanted = wanted_columns(source)
    for place in all_places(source):
        try:
            tables[place] = read_table(source.folder, place, dialect_of(source), wanted[place])
        except FileRefused as refused:
            what = f"`{place}` is refused: {refused.refusal}"
            findings.append(_fault(what, MENDS.get(refused.refusal, "Mend the file.")))
    for name, records in source.records.items():
        if all(place in tables for place in places_of(records)):
            faults = list(_missing(name, records, tables)) or list(_unlisted(name, records, tables))
            findings += faults or [Finding(state=FindingState.OK, what=f"{name}: every file and column is there")]
            if not any(fault.state is FindingState.FAULT for fault in faults):
                findings += check_columns(name, records, partial(_cells, records, tables))
    findings += _aged(source, tables, now)
    return [*findings, *check_writers(source.folder, sorted({place.file for place in all_places(source)}))]


def _aged(source: FilesSource, tables: Tables, now: float) -> Iterator[Finding]:
    """Say which files are stale, or dated in the future, so that they would be fresh for too long."""
    ages = {place.file: table.stamp.age(now) for place, table in tables.items()}
    for file, age in ages.items() if source.fresh_for is not None else ():
        if age > span_of(source.fresh_for or "").total_seconds():
            mend = "Look why no new one has come; until then its questions are answered with `source down`."
            yield _fault(f"`{file}` is stale: it is {age / HOUR:.0f} hours old, and fresh for {source.fresh_for}", mend)
        elif age < -HOUR:
            yield Finding(
                state=FindingState.NOTE,
                what=f"`{file}` is dated {-age / HOUR:.0f} hours ahead",
                mend="Check the clock of the machine that writes it: a file from the future is fresh for too long.",
            )


def _missing(name: str, records: FileRecords, tables: Tables) -> Iterator[Finding]:
    """Say which mapped columns no file has."""
    own, *joined = places_of(records)
    there = list(tables[own].header)
    for place, join in zip(joined, records.joins, strict=True):
        theirs = tables[place].header
        yield from (_absent(name, place, column, theirs) for column in join.on.values() if column not in theirs)
        yield from (_absent(name, own, column, there) for column in join.on if column not in there)
        there += [f"{join.name}.{column}" for column in theirs]
    yield from (_absent(name, own, column, there) for column in columns_mentioned(records) if column not in there)


def _unlisted(name: str, records: FileRecords, tables: Tables) -> Iterator[Finding]:
    """Say which codes of the terms are not listed."""
    for part, form, words in records.terms.worded() if records.terms is not None else ():
        for column in form.names:
            yield from unlisted(name, part, form, words, {cell.strip() for cell in _cells(records, tables, column)})


def _cells(records: FileRecords, tables: Tables, column: str) -> Iterator[str]:
    """Give the cells of a mapped column."""
    own, *places = places_of(records)
    joined = {f"{join.name}.": tables[place] for place, join in zip(places, records.joins, strict=True)}
    prefix = next((prefix for prefix in joined if column.startswith(prefix)), "")
    table = joined.get(prefix, tables[own])
    place = table.columns.index(column.removeprefix(prefix))
    return (row[place] for row in table.rows)


def _absent(name: str, place: TablePlace, column: str, there: list[str] | tuple[str, ...]) -> Finding:
    return _fault(f"{name}: `{place}` has no column `{column}`", did_you_mean(column, there, "Check its name."))


def _fault(what: str, mend: str) -> Finding:
    return Finding(state=FindingState.FAULT, what=what, mend=mend)
