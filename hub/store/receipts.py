"""Receipts: which entries of the audit log concern an agency, numbered without gaps for each."""

from collections.abc import Iterator

from sqlalchemy import Engine, LargeBinary, cast, func, select

from hub.model.entry import Receipt, ReceiptedEntry
from hub.store.tables import audit_entries, receipts


class Receipts:
    """Reads receipts; they are written with the commit whose entries they are of."""

    def __init__(self, engine: Engine) -> None:
        """Read through an engine."""
        self._engine = engine

    def last_numbers(self) -> dict[str, int]:
        """Return the last number of each agency that has any."""
        query = select(receipts.c.agency, func.max(receipts.c.number)).group_by(receipts.c.agency)
        with self._engine.connect() as connection:
            return {agency: int(number) for agency, number in connection.execute(query)}

    def by_position(self) -> Iterator[Receipt]:
        """Yield every receipt, in the order of the entries of which they are."""
        kept = receipts.c
        query = select(kept.agency, kept.number, kept.position).order_by(kept.position, kept.number)
        with self._engine.connect() as connection:
            for agency, number, position in connection.execution_options(yield_per=1_000).execute(query):
                yield Receipt(agency=agency, number=number, position=position)

    def after(self, agency: str, number: int, most: int) -> list[ReceiptedEntry]:
        """Return an agency's receipts after a number, in order, at most so many."""
        leaf = cast(audit_entries.c.body, LargeBinary)
        joined = receipts.join(audit_entries, audit_entries.c.position == receipts.c.position)
        query = select(receipts.c.number, receipts.c.position, leaf).select_from(joined)
        query = query.where(receipts.c.agency == agency, receipts.c.number > number)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(receipts.c.number).limit(most))
            return [ReceiptedEntry(number=row[0], position=row[1], leaf=row[2]) for row in rows]
