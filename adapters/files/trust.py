"""Decides when files are believed: they lie still, and they have not shrunk to what a broken export leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.files.table import FileRefused, Refusal, Stamp, Table, TablePlace

Stamps = Mapping[str, Stamp | None]
FEWEST_COMPARED = 20
"""Rows from which on a table's size says anything: a small one may well lose half of its rows in a night."""
WHOLE = 100


@dataclass(slots=True, kw_only=True)
class Stillness:
    """Tells whether files are still being written: they lie still when nobody has touched them for so many seconds.

    A file's own time says so at once. Where that cannot be believed, as on a share whose clock is ahead, it counts for
    how long the file has been seen unchanged.
    """

    seconds: float
    _seen: Stamps | None = None
    _since: float = 0.0

    def is_still(self, stamps: Stamps, now: float) -> bool:
        """Say whether all files lie still at a moment of the wall clock, in seconds."""
        if stamps != self._seen or now < self._since:
            self._seen, self._since = stamps, now
        if now - self._since >= self.seconds:
            return True
        return all(stamp is None or stamp.age(now) >= self.seconds for stamp in stamps.values())


@dataclass(slots=True, kw_only=True)
class Sizes:
    """Remembers how many rows each table had, and refuses one that has lost too many of them since.

    An export that ended early, or that was not allowed to read everything, is well-formed and too short. Believed, it
    would make people unknown. One such file is refused; a second one, written anew and as short, is what there is now.
    """

    fewest_left: int
    _rows: dict[TablePlace, int] = field(default_factory=dict)

    def require_plausible(self, tables: Mapping[TablePlace, Table]) -> None:
        """Compare tables with those that were read before them; raises FileRefused."""
        shrunk = [place for place, table in tables.items() if self._has_shrunk(place, len(table.rows))]
        self._rows.update({place: len(table.rows) for place, table in tables.items()})
        if shrunk:
            raise FileRefused(Refusal.SHRUNK)

    def _has_shrunk(self, place: TablePlace, rows: int) -> bool:
        before = self._rows.get(place, 0)
        return before >= FEWEST_COMPARED and rows * WHOLE < before * self.fewest_left
