"""The audit log's rows: appended in batches, never changed."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine, func, insert, select

from hub.model.entry import Entry
from hub.store.tables import audit_entries

_INSERTION = insert(audit_entries)


class AuditEntries:
    """Appends entries to the log; one writer at a time, each batch durable when `append` returns."""

    def __init__(self, engine: Engine) -> None:
        """Find the end of the log."""
        self._engine = engine
        # One connection stays open for writing: fetching one from the pool would cost as much as the insertion.
        self._writing: Connection | None = None
        self._next = self._end()

    def append(self, entries: Sequence[Entry]) -> int:
        """Commit entries in order; return the position of the first. Positions have no gaps."""
        if self._writing is None:
            self._writing = self._engine.connect()
            self._next = self._end()
        first = self._next
        rows = [
            {"position": position, "kind": entry.kind, "recorded_at_ms": entry.at_ms, "body": entry.body}
            for position, entry in enumerate(entries, start=first)
        ]
        try:
            with self._writing.begin():
                self._writing.execute(_INSERTION, rows)
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
