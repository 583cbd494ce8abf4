"""The audit log's rows: appended in batches, each with the state that it leaves, never changed."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Engine, LargeBinary, PoolProxiedConnection, Table, cast, func, insert, select

from hub.model.entry import Commit, Entry
from hub.store.tables import audit_entries, audit_tiles, checkpoints, receipts


class AuditEntries:
    """Appends commits to the log; one writer at a time, each commit durable when `append` returns."""

    def __init__(self, engine: Engine) -> None:
        """Read and write through an engine."""
        self._engine = engine
        # One connection stays open for writing, and its driver is spoken to directly: all that SQLAlchemy does for a
        # statement, done again for the same one every time, would cost more than the insertion.
        self._writing: PoolProxiedConnection | None = None
        self._insert = {
            table: _insertion(engine, table) for table in (audit_entries, audit_tiles, checkpoints, receipts)
        }

    def append(self, commit: Commit) -> None:
        """Commit entries in order, with all that belongs to them; all of it is kept or nothing."""
        if self._writing is None:
            self._writing = self._engine.raw_connection()
        try:
            for table, rows in _rows(commit):
                if rows:
                    cursor = self._writing.cursor()
                    cursor.executemany(self._insert[table], rows)
                    cursor.close()
            self._writing.commit()
        except Exception:
            # Whether the database kept them is not known; whoever goes on looks first.
            self.close()
            raise

    def close(self) -> None:
        """Close the connection for writing. Idempotent."""
        if self._writing is not None:
            self._writing.close()
            self._writing = None

    def end(self) -> int:
        """Return the position after the last entry."""
        with self._engine.connect() as connection:
            last = connection.execute(select(func.max(audit_entries.c.position))).scalar()
        return 0 if last is None else int(last) + 1

    def newest_checkpoint(self) -> str:
        """Return the newest signed state of the log; empty before the first."""
        query = select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or ""

    def tiles(self) -> list[tuple[int, bytes]]:
        """Return the number and the hash of every tile that is complete, in order."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(audit_tiles).order_by(audit_tiles.c.number))
            return [(row.number, row.root) for row in rows]

    def leaves(self, first: int, end: int | None = None) -> Iterator[tuple[int, str, int, bytes]]:
        """Yield position, kind, time and leaf of the entries from one position to before another, as they are kept."""
        # As bytes, because what somebody has written over may be no text any more.
        leaf = cast(audit_entries.c.body, LargeBinary)
        kept = audit_entries.c
        query = select(kept.position, kept.kind, kept.recorded_at_ms, leaf).where(kept.position >= first)
        if end is not None:
            query = query.where(kept.position < end)
        with self._engine.connect() as connection:
            rows = connection.execution_options(yield_per=1_000).execute(query.order_by(kept.position))
            yield from (tuple(row) for row in rows)

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


def _rows(commit: Commit) -> Sequence[tuple[Table, Sequence[tuple[object, ...]]]]:
    numbered = enumerate(commit.entries, start=commit.first)
    return (
        (audit_entries, [(position, entry.kind, entry.at_ms, entry.body) for position, entry in numbered]),
        (audit_tiles, commit.tiles),
        (receipts, [(receipt.agency, receipt.number, receipt.position) for receipt in commit.receipts]),
        (checkpoints, [(commit.size, commit.checkpoint)]),
    )


def _insertion(engine: Engine, table: Table) -> str:
    """Spell an insertion as the database's driver wants it, its parameters in the order of the columns."""
    return str(insert(table).compile(dialect=engine.dialect, column_keys=[column.name for column in table.columns]))
