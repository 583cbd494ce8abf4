"""The audit log's writer: an entry is recorded when it is on disk, and many entries share one commit."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Protocol, Self

import structlog

from hub.errors import NotReady
from hub.model.entry import Entry

LONGEST_BATCH = 500
# Under load a commit waits this long for company: one rhythm with the links, which write as often.
GATHERING_SECONDS = 0.001

_log = structlog.get_logger(__name__)


class EntryStore(Protocol):
    """Keeps entries durably; `append` blocks until they are, and returns the position of the first."""

    def append(self, entries: Sequence[Entry]) -> int:
        """Commit entries in order."""
        ...


class AuditLog:
    """Records entries durably, in the order in which they came.

    A caller that goes away while its entry waits does not take the entry with it: the writer owns it.
    """

    def __init__(self, store: EntryStore, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Write to one store; nothing else may write to it."""
        self._store = store
        self._monotonic = monotonic
        self._waiting: list[tuple[Entry, asyncio.Future[int]]] = []
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="audit")
        self._writer: asyncio.Task[None] | None = None
        self._closing = False

    async def __aenter__(self) -> Self:
        """Start the writer."""
        self._writer = asyncio.create_task(self._write(), name="audit writer")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits, then stop."""
        self._closing = True
        self._wake.set()
        if self._writer is not None:
            await self._writer
        self._thread.shutdown()

    def submit(self, entry: Entry) -> asyncio.Future[int]:
        """Queue an entry; the future holds its position once it is on disk, or NotReady when it cannot be."""
        recorded: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        # Whoever submits without waiting must not leave an error that nobody looks at: the writer logs it.
        recorded.add_done_callback(lambda done: done.cancelled() or done.exception())
        if self._closing:
            recorded.set_exception(_unwritable())
        else:
            self._waiting.append((entry, recorded))
            self._wake.set()
        return recorded

    async def record(self, entry: Entry) -> int:
        """Return an entry's position once it is on disk; raise NotReady when it cannot be."""
        return await self.submit(entry)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        last_commit = float("-inf")
        while self._waiting or not self._closing:
            await self._wake.wait()
            if self._monotonic() - last_commit < GATHERING_SECONDS and not self._closing:
                await asyncio.sleep(GATHERING_SECONDS)
            batch, self._waiting = self._waiting[:LONGEST_BATCH], self._waiting[LONGEST_BATCH:]
            if not self._waiting and not self._closing:
                self._wake.clear()
            if batch:
                entries = [entry for entry, _ in batch]
                await self._commit(loop, entries, [recorded for _, recorded in batch])
                last_commit = self._monotonic()

    async def _commit(
        self, loop: asyncio.AbstractEventLoop, entries: list[Entry], recorded: list[asyncio.Future[int]]
    ) -> None:
        try:
            first = await loop.run_in_executor(self._thread, self._store.append, entries)
        # Whatever kept the entries from the disk, the questions that wait for them are refused; the next try anew.
        except Exception as error:  # noqa: BLE001  (a full disk, a lost database: whatever it is, the same follows)
            _log.error("audit.unwritable", entries=len(entries), error=type(error).__name__)
            for future in recorded:
                if not future.done():
                    future.set_exception(_unwritable())
            return
        for position, future in enumerate(recorded, start=first):
            if not future.done():
                future.set_result(position)


def _unwritable() -> NotReady:
    return NotReady(
        "AUDIT_UNWRITABLE",
        "The hub cannot write its record now, so it neither asks nor shows anything. Tell its operator; try again.",
    )
