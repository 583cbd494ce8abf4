"""What agencies are owed of the log: their receipts, proven in its newest state, read beside the writing."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from hub.audit.ledger import Ledger
from hub.model.receipts import ProvenReceipt, ReceiptBatch

Found = TypeVar("Found")


class OwedReceipts:
    """Reads the ledger on a thread of its own, so that neither the loop nor the log's writer waits for it."""

    def __init__(self, ledger: Ledger) -> None:
        """Take the ledger."""
        self._ledger = ledger
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="receipts")

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the thread."""
        await asyncio.to_thread(self._thread.shutdown)

    @property
    def origin(self) -> str:
        """Return how the log's checkpoints begin."""
        return self._ledger.origin

    @property
    def key(self) -> bytes:
        """Return the public key by which its checkpoints are signed."""
        return self._ledger.public_key

    def last_number(self, agency: str) -> int:
        """Return the number of an agency's newest receipt, 0 before the first; asks no disk."""
        return self._ledger.last_number(agency)

    async def root_at(self, size: int) -> bytes | None:
        """Return the root of the log's first leaves; None when it is shorter."""
        return await self._read(lambda: self._ledger.root_at(size) if size <= self._ledger.size else None)

    async def batch(self, agency: str, *, after: int, size: int, most: int) -> ReceiptBatch:
        """Return an agency's receipts after a number, with the newest state of the log.

        Its consistency proof begins at `size` leaves; where the log is shorter than that, at none.
        """
        return await self._read(lambda: self._batch(agency, after, size, most))

    def _batch(self, agency: str, after: int, size: int, most: int) -> ReceiptBatch:
        ledger = self._ledger
        # A receipt is on disk a moment before the state that covers it is known here; the next batch brings it.
        owed = ledger.receipts_after(agency, after, most) if after < ledger.last_number(agency) else []
        newest, note = ledger.signed
        begin = size if size <= newest else 0
        return ReceiptBatch(
            receipts=tuple(
                ProvenReceipt(
                    number=one.number,
                    position=one.position,
                    leaf=one.leaf,
                    proof=tuple(ledger.inclusion(one.position, newest)),
                )
                for one in owed
                if one.position < newest
            ),
            note=note,
            size=newest,
            from_size=begin,
            consistency=tuple(ledger.consistency(begin, newest)),
        )

    async def _read(self, read: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._thread, read)
