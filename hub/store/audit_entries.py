"""The audit log's rows: appended in batches, never changed."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Engine, PoolProxiedConnection, func, insert, select

from hub.model.entry import Entry
from hub.store.tables import audit_entries

_COLUMNS = ("position", "kind", "recorded_at_ms", "body")


class AuditEntries:
    """Appends entries to the log; one writer at a time, each batch durable when `append` returns."""

    def __init__(self, engine: Engine) -> None:
        """Find the end of the log."""
        self._engine = engine
        # One connection stays open for writing, and its driver is spoken to directly: all that SQLAlchemy does for a
        # statement, done again for the same one every time, would cost more than the insertion.
        self._writing: PoolProxiedConnection | None = None
        self._insertion = _insertion(engine)
        self._next = self._end()

    def append(self, entries: Sequence[Entry]) -> int:
        """Commit entries in order; return the position of the first. Positions have no gaps."""
        if self._writing is None:
            self._writing = self._engine.raw_connection()
            self._next = self._end()
        first = self._next
        rows = [(position, entry.kind, entry.at_ms, entry.body) for position, entry in enumerate(entries, start=first)]
        try:
            cursor = self._writing.cursor()
            cursor.executemany(self._insertion, rows)
            cursor.close()
            self._writing.commit()
        except Exception:
            # Whether the database kept them is not known; the next batch begins by looking where the log ends.
            self.close()
            raise
        self._next = first + len(rows)
        return first

    def _end(self) -> int:
        with self._engine.connect() as connection:
            last = connection.execute(select(func.max(audit_entries.c.position))).scalar()
        return 0 if last is None else int(last) + 1

    def close(self) -> None:
        """Close the connection for writing. Idempotent."""
        if self._writing is not None:
            self._writing.close()
            self._writing = None

    def read(self) -> Iterator[Entry]:
        """Yield every entry, oldest first."""
        query = select(audit_entries).order_by(audit_entries.c.position)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=1_000).execute(query):
                yield Entry(kind=row.kind, at_ms=row.recorded_at_ms, body=row.body)

    def newest(self, most: int, kinds: Collection[str]) -> Iterator[tuple[int, Entry]]:
        """Yield the newest entries of these kinds first, each with its position."""
        query = select(audit_entries).where(audit_entries.c.kind.in_(kinds)).order_by(audit_entries.c.position.desc())
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=1_000).execute(query.limit(most)):
                yield row.position, Entry(kind=row.kind, at_ms=row.recorded_at_ms, body=row.body)


def _insertion(engine: Engine) -> str:
    """Spell the insertion as the database's driver wants it, its parameters in the order of the columns."""
    return str(insert(audit_entries).compile(dialect=engine.dialect, column_keys=list(_COLUMNS)))
