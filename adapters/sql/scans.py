"""Keeps questions from reading large tables from end to end: a question that would is refused before it is asked."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.shaping import MOST_SHAPES
from adapters.sql.database import Database, Statement

GOOD_SECONDS = 600.0
"""How long a plan is believed; tables grow."""
REFUSED_SECONDS = 60.0
"""How soon it is looked again whether there is an index now."""
PLAN_SECONDS = 5.0


@dataclass(slots=True, kw_only=True)
class Scans:
    """Asks the database for its plan once for each way to look; whom a question is about makes no difference."""

    database: Database
    largest: int
    _judged: dict[Statement, tuple[bool, float]] = field(default_factory=dict)

    async def require_few(
        self, statement: Statement, nobody: Mapping[str, object], tables: Mapping[str, sa.FromClause], deadline: float
    ) -> None:
        """Refuse a statement that reads a table from end to end which is larger than it may be; raises SourceFault."""
        now = asyncio.get_running_loop().time()
        is_good, until = self._judged.get(statement, (False, 0.0))
        if now >= until:
            scans = await self.large(statement, nobody, tables, deadline)
            is_good = scans is not None and not scans
            if len(self._judged) >= MOST_SHAPES:
                self._judged.clear()
            self._judged[statement] = is_good, now + (GOOD_SECONDS if is_good else REFUSED_SECONDS)
        if not is_good:
            raise SourceFault(SourceFaultKind.TOO_DEAR)

    async def large(
        self,
        statement: Statement,
        nobody: Mapping[str, object],
        tables: Mapping[str, sa.FromClause],
        deadline: float = math.inf,
    ) -> Sequence[str] | None:
        """List the tables that are read from end to end and are too large; None where the database does not say.

        An empty name stands for a table within a view.
        """
        deadline = min(deadline, asyncio.get_running_loop().time() + PLAN_SECONDS)
        read = await self.database.read_whole(statement, nobody, deadline)
        if read is None:
            return None
        # What is none of the manifest's own tables lies within a view, whose rows are what is counted then.
        names = dict.fromkeys(scan.table if scan.table in tables else "" for scan in read)
        counted: dict[str, sa.FromClause] = {}
        for name in names:
            counted |= {name: tables[name]} if name else dict(tables)
        return [name for name, table in counted.items() if await self._count(table, deadline) > self.largest]

    async def _count(self, table: sa.FromClause, deadline: float) -> int:
        few = sa.select(sa.literal_column("1").label("one")).select_from(table).limit(self.largest + 1).subquery()
        counted: Statement = sa.select(sa.func.count()).select_from(few)
        return int(str((await self.database.rows(counted, {}, deadline))[0][0]))
