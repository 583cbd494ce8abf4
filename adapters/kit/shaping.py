"""Turns the rows of any technology into the cells that travel; what can be decided beforehand is decided once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from adapters.kit.converting import RECORD_DATE, as_text, bounded, conversion
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.mapping import ColumnField, ColumnRecords
from adapters.kit.reader import Found

Row = TypeVar("Row")
RowText = Callable[[Row], str]
RowTexts = Callable[[Row], Iterable[str]]
RowTest = Callable[[Row], bool]

MOST_ROWS = 500
MOST_SHAPES = 1000
ANY_VALUE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape(Generic[Row]):
    """What is done to each row for one record set and one list of asked fields."""

    columns: tuple[str, ...]
    cells: tuple[Callable[[Row], str], ...]
    record_date: Callable[[Row], str]
    reference: Callable[[Row], str]
    counts: tuple[Callable[[Row], bool], ...]
    withheld: tuple[Callable[[Row], bool], ...]


def gather(shape: Shape[Row], rows: Iterable[Row]) -> Found:
    """Keep what counts, hold back what may not leave, and write the rest as cells."""
    kept: list[Row] = []
    withheld = 0
    for row in rows:
        if all(test(row) for test in shape.counts):
            if any(test(row) for test in shape.withheld):
                withheld += 1
            else:
                kept.append(row)
    if len(kept) > MOST_ROWS:
        raise SourceFault(SourceFaultKind.TOO_MUCH)
    return Found(
        columns=shape.columns,
        cells=[bounded(cell(row)) for row in kept for cell in shape.cells],
        record_dates=[shape.record_date(row) for row in kept],
        references=[shape.reference(row) for row in kept],
        withheld=withheld,
    )


def constant(value: str) -> Callable[[object], str]:
    """Give the same text for every row."""
    return lambda _: value


def conditions(
    wanted: Mapping[str, Sequence[str]], texts_of: Callable[[str], RowTexts[Row]]
) -> tuple[RowTest[Row], ...]:
    """Make one test for each condition of a manifest; case and blanks around a value make no difference."""
    return tuple(_condition(texts_of(name), values) for name, values in wanted.items())


def _condition(texts: RowTexts[Row], values: Sequence[str]) -> RowTest[Row]:
    listed = frozenset(value.strip().casefold() for value in values)
    if ANY_VALUE in listed:
        return lambda row: any(texts(row))
    return lambda row: any(text.casefold() in listed for text in texts(row))


def columns_needed(records: ColumnRecords, fields: Iterable[str]) -> tuple[str, ...]:
    """List the columns that must be read to answer with these fields, each once."""
    parts = [records.fields[name] for name in fields if name in records.fields]
    if records.record_date is not None:
        parts.append(records.record_date)
    names = [name for part in parts for name in part.names]
    names += [records.record_id] if records.record_id is not None else []
    return tuple(dict.fromkeys((*names, *records.withhold_when, *records.only_when)))


def column_shape(
    records: ColumnRecords,
    fields: Iterable[str],
    columns: Sequence[str],
    file_date: RowText[Sequence[object]],
) -> Shape[Sequence[object]]:
    """Make the shape of rows that are sequences of the named columns; `file_date` dates rows where none is mapped."""
    at = {name: index for index, name in enumerate(columns)}

    def text_of(name: str) -> RowText[Sequence[object]]:
        index = at[name]
        return lambda row: as_text(row[index])

    def texts_of(name: str) -> RowTexts[Sequence[object]]:
        index = at[name]
        return lambda row: (as_text(row[index]),)

    answered = tuple(name for name in dict.fromkeys(fields) if name in records.fields)
    return Shape(
        columns=answered,
        cells=tuple(_column_cell(name, records.fields[name], text_of) for name in answered),
        record_date=_column_cell(RECORD_DATE, records.record_date, text_of) if records.record_date else file_date,
        reference=text_of(records.record_id) if records.record_id is not None else constant(""),
        counts=conditions(records.only_when, texts_of),
        withheld=conditions(records.withhold_when, texts_of),
    )


def _column_cell(
    field: str, part: ColumnField, text_of: Callable[[str], RowText[Sequence[object]]]
) -> RowText[Sequence[object]]:
    if part.constant is not None:
        return constant(part.constant)
    texts = [text_of(name) for name in part.names]
    convert = conversion(field, part)
    if len(texts) > 1:
        separator = part.separator
        whole: RowText[Sequence[object]] = lambda row: separator.join(filter(None, (text(row) for text in texts)))  # noqa: E731  chosen once
    else:
        whole = texts[0]
    return whole if convert is None else (lambda row: convert(whole(row)))
