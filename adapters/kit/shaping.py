"""Turns the rows of any technology into the cells that travel; what can be decided beforehand is decided once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Generic, TypeVar

from adapters.kit.converting import LONGEST_CELL, RECORD_DATE, as_text, conversion, harmless
from adapters.kit.errors import SourceFault, SourceFaultKind, TooManyPeople
from adapters.kit.mapping import ColumnField
from adapters.kit.nearness import COMPARED, KeyTexts, may_be_one, people_in
from adapters.kit.reader import Found, Match
from adapters.kit.record_sets import ColumnRecords, columns_beside
from adapters.kit.terms import UNSAID, Terms
from adapters.kit.terms_shaping import TextsOf, said_text, terms_reader

Row = TypeVar("Row")
RowText = Callable[[Row], str]
RowTexts = Callable[[Row], Iterable[str]]
RowTest = Callable[[Row], bool]

MOST_ROWS = 500
MOST_SHAPES = 1000
ANY_VALUE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape(Generic[Row]):
    """What is done to each row for one record set and one list of asked fields; without `terms` nothing is said."""

    columns: tuple[str, ...]
    cells: tuple[Callable[[Row], str], ...]
    record_date: Callable[[Row], str]
    reference: Callable[[Row], str]
    counts: tuple[Callable[[Row], bool], ...]
    withheld: tuple[Callable[[Row], bool], ...]
    withheld_names: tuple[str, ...] = ()
    terms: Callable[[Row], Terms] | None = None
    keys: Callable[[Row], KeyTexts] | None = None


def gather_near(shape: Shape[Row], rows: Sequence[Row], match: Match) -> Found:
    """Do as `gather` for a wider look, in which rows are about several people: what is near is told, person by person.

    Whoever is shielded or withheld is left out, with all that may be about the same person, and others are told as if
    they were not there. Raises TooManyPeople where more are left than may be told of.
    """
    near, keys = match.near, shape.keys
    if near is None or keys is None:
        return _noted(shape, gather(shape, rows, with_shielded=match.with_shielded), rows)
    counted = [row for row in rows if all(test(row) for test in shape.counts)]
    close = [row for row in counted if near.accepts(keys(row))]
    kept_back = _kept_back(shape, close, with_shielded=match.with_shielded)
    hidden = (*match.apart, *map(keys, kept_back))
    # A person has one reference, whatever names their records have, near or not.
    gone = {shape.reference(row) for row in _kept_back(shape, counted, with_shielded=match.with_shielded)} - {""}
    told = [
        row
        for row in close
        if shape.reference(row) not in gone and not any(may_be_one(keys(row), other) for other in hidden)
    ]
    if people_in([keys(row) for row in told]) > near.most_people:
        raise TooManyPeople
    found = gather(shape, told, with_shielded=match.with_shielded)
    silent = gather(shape, kept_back, with_shielded=match.with_shielded)
    return replace(
        found,
        withheld=silent.withheld,
        withheld_by=silent.withheld_by,
        shielded=silent.shielded,
        apart=tuple(map(keys, kept_back)),
    )


def _kept_back(shape: Shape[Row], rows: Iterable[Row], *, with_shielded: bool) -> list[Row]:
    """List the rows that are kept back, each for itself."""
    terms = shape.terms
    return [
        row
        for row in rows
        if any(test(row) for test in shape.withheld)
        or (terms is not None and terms(row).hides(with_shielded=with_shielded))
    ]


def _noted(shape: Shape[Row], found: Found, rows: Iterable[Row]) -> Found:
    """Note whom nothing is told of, so that a wider look tells nothing of them either."""
    if shape.keys is None or not found.is_silent:
        return found
    return replace(found, apart=tuple(map(shape.keys, rows)))


def gather(shape: Shape[Row], rows: Iterable[Row], *, with_shielded: bool = False) -> Found:
    """Keep what counts, hold back what may not leave, and write the rest as cells.

    Where one record of a person is shielded, none is told: the other would give the person away.
    """
    counted = [row for row in rows if all(test(row) for test in shape.counts)] if shape.counts else list(rows)
    said: list[Terms] = []
    if shape.terms is not None:
        said = list(map(shape.terms, counted))
        hidden = [shape.reference(row) for row, terms in zip(counted, said, strict=True)
                  if terms.hides(with_shielded=with_shielded)]  # fmt: skip
        if hidden:
            return nothing_told(shape.columns, shielded=hidden)
    kept = counted
    by: tuple[str, ...] = ()
    if shape.withheld:
        leaves = [not any(test(row) for test in shape.withheld) for row in counted]
        by = _withheld_by(shape, [row for row, does in zip(counted, leaves, strict=True) if not does])
        kept, said = list(compress(counted, leaves)), list(compress(said, leaves))
    if len(kept) > MOST_ROWS:
        raise SourceFault(SourceFaultKind.TOO_MUCH)
    terms, terms_of_row = _each_once(said) if said else ((), ())
    return Found(
        columns=shape.columns,
        cells=[
            text if len(text) <= LONGEST_CELL and text.isprintable() else harmless(text)
            for row in kept
            for cell in shape.cells
            for text in (cell(row),)
        ],
        record_dates=[shape.record_date(row) for row in kept],
        references=[shape.reference(row) for row in kept],
        withheld=len(counted) - len(kept),
        terms=terms,
        terms_of_row=terms_of_row,
        withheld_by=by,
    )


def _withheld_by(shape: Shape[Row], rows: Sequence[Row]) -> tuple[str, ...]:
    """Name the conditions that some of the rows meet."""
    named = zip(shape.withheld_names, shape.withheld, strict=False)
    return tuple(name for name, test in named if any(test(row) for row in rows))


def nothing_told(
    columns: tuple[str, ...], *, withheld: int = 0, withheld_by: Sequence[str] = (), shielded: Sequence[str] = ()
) -> Found:
    """Give what is found of somebody of whom nothing is told: no row, as of somebody unknown."""
    return Found(
        columns=columns,
        cells=(),
        record_dates=(),
        references=(),
        withheld=withheld,
        withheld_by=tuple(withheld_by),
        shielded=tuple(shielded),
    )


def _each_once(said: Sequence[Terms]) -> tuple[tuple[Terms, ...], tuple[int, ...]]:
    """List the different terms and, for each row, its place among them from 1 on; 0 where nothing is said."""
    places: dict[Terms, int] = {}
    of_row = tuple(0 if terms == UNSAID else places.setdefault(terms, len(places) + 1) for terms in said)
    return tuple(places), of_row


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
    names = [column for name in fields if name in records.fields for column in records.fields[name].names]
    return tuple(dict.fromkeys((*names, *columns_beside(records))))


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

        def text(row: Sequence[object]) -> str:
            # Most values are text already; a call less for each is felt.
            value = row[index]
            return value.strip() if type(value) is str else as_text(value)

        return text

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
        withheld_names=tuple(records.withhold_when),
        terms=terms_reader(records.terms, _said_in_columns(at)),
        keys=_key_texts(records, text_of) if records.looking is not None else None,
    )


def key_columns(records: ColumnRecords) -> tuple[str, ...]:
    """List the columns by which rows are compared with who is asked about, where a wider look may be made."""
    mapped = records.keys.mapped()
    return tuple(mapped[name].place for name in COMPARED if name in mapped) if records.looking is not None else ()


def _key_texts(
    records: ColumnRecords, text_of: Callable[[str], RowText[Sequence[object]]]
) -> Callable[[Sequence[object]], KeyTexts]:
    """Say how the keys of a row are read: a day as the catalogue writes it."""
    mapped = records.keys.mapped()
    texts = [text_of(mapped[name].place) if name in mapped else constant("") for name in COMPARED]
    day = mapped["date_of_birth"].date
    convert = conversion("date_of_birth", ColumnField(column="date_of_birth", date=[day] if day is not None else None))

    def keys(row: Sequence[object]) -> KeyTexts:
        family, given, born, postcode = (text(row) for text in texts)
        return family, given, convert(born) if convert is not None else born, postcode

    return keys


def _said_in_columns(at: Mapping[str, int]) -> TextsOf[ColumnField, Sequence[object]]:
    """Say how the texts of a part of the terms are read out of columns, given the place of each."""

    def texts(part: ColumnField) -> RowTexts[Sequence[object]]:
        places = [at[name] for name in part.names]
        return lambda row: (said_text(row[place]) for place in places)

    return texts


def _column_cell(
    field: str, part: ColumnField, text_of: Callable[[str], RowText[Sequence[object]]]
) -> RowText[Sequence[object]]:
    if part.constant is not None:
        return constant(part.constant)
    texts = [text_of(name) for name in part.names]
    convert = conversion(field, part)
    if len(texts) > 1:
        separator = part.separator
        whole: RowText[Sequence[object]] = lambda row: separator.join([found for text in texts if (found := text(row))])  # noqa: E731  chosen once
    else:
        whole = texts[0]
    return whole if convert is None else (lambda row: convert(whole(row)))
