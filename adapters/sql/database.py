"""What the SQL reader needs of a database, whichever it is."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from adapters.kit.reader import Finding

Rows = Sequence[Sequence[object]]
Statement = sa.Select[*tuple[Any, ...]]
TableColumns = Mapping[str, Sequence[str] | None]


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
    ) -> Sequence[str] | None:
        """List the tables, by the names they have in a statement, that the database would read from end to end.

        None where it cannot be asked; raises SourceFault.
        """

    async def prove_read_only(self) -> Finding:
        """Show that nothing can be written."""

    async def close(self) -> None:
        """Let go of the database."""
