"""The field filter: of what an agency sent, only what was asked for, about whom it was asked, may pass.

It runs on everything, whatever the plan said and whatever the agency claims: an agency is trusted for its own
facts and for nothing else.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import assert_never

from hub.model.catalogue import Field, FieldType
from hub.model.criteria import Criteria
from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.release.fitting import fitting
from hub.release.whom import Standings, only_asked

_IDENTIFIER = re.compile(r"[A-Za-z0-9]{1,20}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")

Fits = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtered:
    """What passed, and how much of what came did not: a fault of the agency that sent it."""

    records: Records
    unasked_cells: int = 0
    unasked_rows: int = 0
    unfit_cells: int = 0


class FieldFilter:
    """Lets pass, of any table, the fields that one plan asked for; made once for each list of fields."""

    __slots__ = ("_fits", "_longest_text", "_names", "_standings", "_texts")

    def __init__(self, fields: Sequence[Field], standings: Standings) -> None:
        """Take the fields that may be released, and no others, and what says how rows stand to who was asked about."""
        self._standings = standings
        self._names = tuple(field.id for field in fields)
        self._fits = {field.id: _fitting(field) for field in fields}
        texts = [field for field in fields if field.type is FieldType.TEXT]
        self._texts = frozenset(field.id for field in texts)
        self._longest_text = min((field.max_length for field in texts), default=0)

    def apply(self, received: Records, asked: PersonKeys | Criteria | None, agency: str = "") -> Filtered:
        """Drop unasked columns, rows about people not asked for, and values that are not of their field's kind.

        Without a person or criteria, whom the rows are about has been looked at already.
        """
        asked_columns, unasked_cells = self._only_asked_columns(received)
        asked_rows, unasked_rows = asked_columns, 0
        if isinstance(asked, Criteria):
            asked_rows = asked_columns.only(fitting(asked_columns, asked))
            unasked_rows = len(asked_columns) - len(asked_rows)
        elif asked is not None:
            asked_rows, unasked_rows = only_asked(asked_columns, asked, agency, self._standings)
        records, unfit_cells = self._only_fitting(asked_rows)
        return Filtered(
            records=records,
            unasked_cells=unasked_cells,
            unasked_rows=unasked_rows,
            unfit_cells=unfit_cells,
        )

    def _only_asked_columns(self, received: Records) -> tuple[Records, int]:
        if received.columns == self._names:
            return received, 0
        kept = tuple(name for name in received.columns if name in self._fits)
        if len(kept) == len(received.columns):
            return received, 0
        columns = [received.column(name) for name in kept]
        cells = tuple(cell for row in zip(*columns, strict=True) for cell in row)
        unasked = [received.column(name) for name in received.columns if name not in self._fits]
        return replace(received, columns=kept, cells=cells), sum(bool(cell) for column in unasked for cell in column)

    def _only_fitting(self, records: Records) -> tuple[Records, int]:
        width = len(records.columns)
        texts_fit = self._all_texts_fit(records)
        unfit: list[int] = []
        for index, name in enumerate(records.columns):
            if texts_fit and name in self._texts:
                continue
            column, fits = records.cells[index::width], self._fits[name]
            if not all(map(fits, filter(None, column))):
                unfit += [index + row * width for row, cell in enumerate(column) if cell and not fits(cell)]
        if not unfit:
            return records, 0
        cells = list(records.cells)
        for place in unfit:
            cells[place] = ""
        return replace(records, cells=tuple(cells)), len(unfit)

    def _all_texts_fit(self, records: Records) -> bool:
        """Tell, in two looks at the whole table, whether no text in it can be unfit; most tables pass."""
        return max(map(len, records.cells), default=0) <= self._longest_text and "".join(records.cells).isprintable()


def _fitting(field: Field) -> Fits:
    match field.type:
        case FieldType.TEXT:
            return partial(_fits_text, field.max_length)
        case FieldType.IDENTIFIER:
            return _fits_identifier
        case FieldType.DATE:
            return _fits_date
        case FieldType.NUMBER:
            return _fits_number
        case FieldType.CHOICE:
            return frozenset(field.choices).__contains__
        case _:
            assert_never(field.type)


def _fits_text(longest: int, cell: str) -> bool:
    """Tell whether a text is short enough and free of control characters, which could forge a screen or a log."""
    return len(cell) <= longest and cell.isprintable()


def _fits_identifier(cell: str) -> bool:
    return _IDENTIFIER.fullmatch(cell) is not None


def _fits_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def _fits_date(cell: str) -> bool:
    """Tell whether a day exists and is written YYYY-MM-DD."""
    try:
        return cell == date.fromisoformat(cell).isoformat()
    except ValueError:
        return False
