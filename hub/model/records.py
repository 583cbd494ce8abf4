"""What one agency holds, as a table: names of columns once, cells row after row."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hub.model.terms import UNSAID, Terms


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Records:
    """Rows of one agency's source, with their provenance.

    Cells lie flat, row after row, because one object for each cell costs more than all the rest of a question.
    An empty cell means that no value is held. `record_dates` has one YYYY-MM-DD, or an empty string, for each row;
    `retrieved_at_ms` counts milliseconds since 1970 in UTC. `terms` has what the source says about letting each row
    leave, one for each row, or is empty where it says nothing of any.
    """

    columns: tuple[str, ...]
    cells: tuple[str, ...]
    record_dates: tuple[str, ...]
    source: str
    retrieved_at_ms: int
    terms: tuple[Terms, ...] = ()

    def __repr__(self) -> str:
        """Tell the shape, never a value."""
        return f"Records({len(self)} rows of {len(self.columns)} columns)"

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.record_dates)

    def column(self, name: str) -> tuple[str, ...]:
        """Return one column's cells, from the first row to the last; empty when there is no such column."""
        if name not in self.columns:
            return ()
        return self.cells[self.columns.index(name) :: len(self.columns)]

    def terms_of_rows(self) -> tuple[Terms, ...]:
        """Return the terms of each row."""
        return self.terms or (UNSAID,) * len(self)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the cells of each row."""
        width = len(self.columns)
        return (self.cells[row * width : (row + 1) * width] for row in range(len(self)))

    def only(self, kept: Sequence[bool]) -> "Records":
        """Return the table with those rows only for which a list, one entry for each row, says so."""
        if all(kept):
            return self
        rows = [row for row, is_kept in zip(self.rows(), kept, strict=True) if is_kept]
        return replace(
            self,
            cells=tuple(cell for row in rows for cell in row),
            record_dates=tuple(day for day, is_kept in zip(self.record_dates, kept, strict=True) if is_kept),
            terms=self.terms and tuple(said for said, is_kept in zip(self.terms, kept, strict=True) if is_kept),
        )

    def without(self, columns: Collection[str]) -> "Records":
        """Return the table without some of its columns."""
        kept = tuple(name for name in self.columns if name not in columns)
        if len(kept) == len(self.columns):
            return self
        rows = zip(*(self.column(name) for name in kept), strict=True)
        return replace(self, columns=kept, cells=tuple(cell for row in rows for cell in row))

    def emptied(self, rows: Iterable[int], columns: Collection[str]) -> "Records":
        """Return the table with the cells of some columns emptied in some rows."""
        width, cells = len(self.columns), list(self.cells)
        places = [place for place, name in enumerate(self.columns) if name in columns]
        for row in rows:
            for place in places:
                cells[row * width + place] = ""
        return replace(self, cells=tuple(cells))
