"""Looks at the files of a source for `adapter check`."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from adapters.files.csv_file import Dialect, FileRefused, Refusal, Table, read_table
from adapters.files.values import check_columns, check_writers
from adapters.kit.manifest import FileRecords, FilesSource
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
}


def all_files(source: FilesSource) -> list[str]:
    """List the files of a source, each once."""
    return sorted({file for records in source.records.values() for file in files_of(records)})


def files_of(records: FileRecords) -> list[str]:
    """List the files of a record set."""
    return [records.file, *(join.file for join in records.joins)]


def check_files(source: FilesSource, dialect: Dialect) -> list[Finding]:
    """Read every file and compare its columns with those that are mapped."""
    tables: dict[str, Table] = {}
    findings: list[Finding] = []
    for file in all_files(source):
        try:
            tables[file] = read_table(source.folder / file, dialect)
        except FileRefused as refused:
            mend = MENDS.get(refused.refusal, "Mend the file.")
            findings.append(
                Finding(state=FindingState.FAULT, what=f"`{file}` is refused: {refused.refusal}", mend=mend)
            )
    for name, records in source.records.items():
        if all(file in tables for file in files_of(records)):
            faults = list(_missing(name, records, tables)) or list(_unlisted(name, records, tables))
            findings += faults or [Finding(state=FindingState.OK, what=f"{name}: every file and column is there")]
            if not any(fault.state is FindingState.FAULT for fault in faults):
                findings += check_columns(name, records, partial(_cells, records, tables))
    return [*findings, *check_writers(source.folder, all_files(source))]


def _missing(name: str, records: FileRecords, tables: Mapping[str, Table]) -> Iterator[Finding]:
    """Say which mapped columns no file has."""
    there = list(tables[records.file].columns)
    for join in records.joins:
        theirs = tables[join.file].columns
        yield from (_fault(name, join.file, column, theirs) for column in join.on.values() if column not in theirs)
        yield from (_fault(name, records.file, column, there) for column in join.on if column not in there)
        there += [f"{join.name}.{column}" for column in theirs]
    yield from (
        _fault(name, records.file, column, there) for column in columns_mentioned(records) if column not in there
    )


def _unlisted(name: str, records: FileRecords, tables: Mapping[str, Table]) -> Iterator[Finding]:
    """Say which codes of the terms are not listed."""
    for part, form, words in records.terms.worded() if records.terms is not None else ():
        for column in form.names:
            yield from unlisted(name, part, form, words, {cell.strip() for cell in _cells(records, tables, column)})


def _cells(records: FileRecords, tables: Mapping[str, Table], column: str) -> Iterator[str]:
    """Give the cells of a mapped column."""
    joined = {f"{join.name}.": tables[join.file] for join in records.joins}
    prefix = next((prefix for prefix in joined if column.startswith(prefix)), "")
    table = joined.get(prefix, tables[records.file])
    place = table.columns.index(column.removeprefix(prefix))
    return (row[place] for row in table.rows)


def _fault(name: str, file: Path | str, column: str, there: list[str] | tuple[str, ...]) -> Finding:
    what = f"{name}: `{file}` has no column `{column}`"
    return Finding(state=FindingState.FAULT, what=what, mend=did_you_mean(column, there, "Check its name."))
