"""The audit log's rows: appended in batches, never changed."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, func, insert, select

from hub.model.entry import Entry
from hub.store.tables import audit_entries


class AuditEntries:
    """Appends entries to the log; one writer at a time, each batch durable when `append` returns."""

    def __init__(self, engine: Engine) -> None:
        """Find the end of the log."""
        self._engine = engine
        with engine.connect() as connection:
            last = connection.execute(select(func.max(audit_entries.c.position))).scalar()
        self._next = 0 if last is None else int(last) + 1

    def append(self, entries: Sequence[Entry]) -> int:
        """Commit entries in order; return the position of the first. Positions have no gaps."""
        first = self._next
        rows = [
            {"position": position, "kind": entry.kind, "recorded_at_ms": entry.at_ms, "body": entry.body}
            for position, entry in enumerate(entries, start=first)
        ]
        with self._engine.begin() as connection:
            connection.execute(insert(audit_entries), rows)
        self._next = first + len(rows)
        return first

    def read(self) -> Iterator[Entry]:
        """Yield every entry, oldest first."""
        query = select(audit_entries).order_by(audit_entries.c.position)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=1_000).execute(query):
                yield Entry(kind=row.kind, at_ms=row.recorded_at_ms, body=row.body)
