"""What the SQL reader needs of a database, whichever it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from adapters.kit.reader import Finding

Rows = Sequence[Sequence[object]]
Statement = sa.Select[*tuple[Any, ...]]
TableColumns = Mapping[str, Sequence[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A table that is read whole, by the name that the statement has for it, with about how many rows.

    `wants_index` is false where an index would change nothing: the database has one, or thinks the table too small.
    """

    table: str
    rows: int | None = None
    wants_index: bool = True


class Database(Protocol):
    """Runs statements that only read."""

    async def open(self) -> None:
        """Make ready."""

    async def rows(self, statement: Statement, parameters: Mapping[str, object], deadline: float) -> Rows:
        """Run a statement until the event loop's clock shows the deadline; raises SourceFault."""

    async def columns(self, tables: Sequence[str], schema: str | None) -> TableColumns:
        """List the columns of tables; None for a table that is not there."""

    async def read_whole(
        self, statement: Statement, parameters: Mapping[str, object], deadline: float
    ) -> Sequence[Scan] | None:
        """List the tables that the database would read from end to end.

        None where it cannot be asked; raises SourceFault.
        """

    async def prove_read_only(self) -> Finding:
        """Show that nothing can be written."""

    async def close(self) -> None:
        """Let go of the database."""
