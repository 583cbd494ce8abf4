"""The audit log's writer: an entry is recorded when it is on disk, and many entries share one commit."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import structlog

from hub.errors import NotReady
from hub.model.entry import Appended, Entry

LONGEST_BATCH = 500
# Under load a commit waits this long for company: one rhythm with the links, which write as often.
GATHERING_SECONDS = 0.001
# Whoever waits for a record is refused after this time, so that a requester hears of it within a second.
PATIENCE_SECONDS = 0.9
# What a disk that hangs may leave waiting; each entry is under a kilobyte.
MOST_WAITING = 10_000
# A clock that is set back by more than this is not believed: it could make today's disclosure one of last year.
MOST_BACK_MS = 2_000

_log = structlog.get_logger(__name__)


class EntryStore(Protocol):
    """Keeps entries durably; `append` blocks until they are, and returns what that left behind."""

    def append(self, entries: Sequence[Entry]) -> Appended:
        """Commit entries in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Entries that stand together, since when they wait, and who waits for them."""

    entries: tuple[Entry, ...]
    since: float
    recorded: asyncio.Future[int]


class AuditLog:
    """Records entries durably, in the order in which they came.

    A caller that goes away while its entry waits does not take the entry with it: the writer owns it.
    """

    def __init__(
        self,
        store: EntryStore,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        last_at_ms: int = 0,
    ) -> None:
        """Write to one store; nothing else may write to it. `last_at_ms` is when its newest entry was made."""
        self._store = store
        self._monotonic = monotonic
        self._wall_ms = wall_ms
        self._last_at_ms = last_at_ms
        self._waiting: deque[_Group] = deque()
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="audit")
        self._writer: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[Appended], None]] = []
        self._is_stuck = False
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

    def listen(self, listener: Callable[[Appended], None]) -> None:
        """Have each commit told of, in order, on the loop, before anybody who waits for it goes on."""
        self._listeners.append(listener)

    def submit(self, *entries: Entry) -> asyncio.Future[int]:
        """Queue entries that are to stand beside each other and share a commit.

        The future holds the position of the first once all are on disk, or NotReady when they cannot be. While a write
        hangs it has NotReady at once; the entries are written all the same when the disk comes back, so that the log
        may have more than was disclosed and never less.
        """
        loop = asyncio.get_running_loop()
        recorded: asyncio.Future[int] = loop.create_future()
        # Whoever submits without waiting must not leave an error that nobody looks at: the writer logs it.
        recorded.add_done_callback(lambda done: done.cancelled() or done.exception())
        if self._closing or len(self._waiting) >= MOST_WAITING:
            recorded.set_exception(_unwritable())
            return recorded
        if self._is_stuck:
            recorded.set_exception(_unwritable())
        self._waiting.append(_Group(entries=entries, since=loop.time(), recorded=recorded))
        self._wake.set()
        return recorded

    async def record(self, *entries: Entry) -> int:
        """Return the first entry's position once all are on disk; raise NotReady when they cannot be."""
        return await self.submit(*entries)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        last_commit = float("-inf")
        while self._waiting or not self._closing:
            await self._wake.wait()
            if self._monotonic() - last_commit < GATHERING_SECONDS and not self._closing:
                await asyncio.sleep(GATHERING_SECONDS)
            batch = self._next_batch()
            if not self._waiting and not self._closing:
                self._wake.clear()
            if batch:
                await self._commit(loop, batch)
                last_commit = self._monotonic()

    def _next_batch(self) -> list[_Group]:
        """Take what waits, up to a bound; what was submitted together stays together."""
        batch: list[_Group] = []
        count = 0
        while self._waiting and (not batch or count + len(self._waiting[0].entries) <= LONGEST_BATCH):
            batch.append(self._waiting.popleft())
            count += len(batch[-1].entries)
        return batch

    async def _commit(self, loop: asyncio.AbstractEventLoop, batch: list[_Group]) -> None:
        entries = [entry for group in batch for entry in group.entries]
        now_ms = self._wall_ms()
        if now_ms < self._last_at_ms - MOST_BACK_MS:
            _log.error("audit.clock_back", entries=len(entries), by_ms=self._last_at_ms - now_ms)
            _refuse(batch, _clock_back)
            return
        try:
            appended = await self._appended(loop, batch, entries)
        # Whatever kept the entries from the disk, the questions that wait for them are refused; the next try anew.
        except Exception as error:  # noqa: BLE001  (a full disk, a lost database: whatever it is, the same follows)
            _log.error("audit.unwritable", entries=len(entries), error=type(error).__name__)
            _refuse(batch, _unwritable)
            return
        finally:
            self._come_unstuck()
        self._last_at_ms = max(now_ms, self._last_at_ms)
        self._tell(appended)
        position = appended.first
        for group in batch:
            if not group.recorded.done():
                group.recorded.set_result(position)
            position += len(group.entries)

    async def _appended(self, loop: asyncio.AbstractEventLoop, batch: list[_Group], entries: list[Entry]) -> Appended:
        """Wait for a write to end; refuse those who have waited too long for it, and let it go on."""
        writing = loop.run_in_executor(self._thread, self._store.append, entries)
        impatient = loop.call_at(batch[0].since + PATIENCE_SECONDS, self._give_up, batch)
        try:
            return await writing
        finally:
            impatient.cancel()

    def _give_up(self, batch: list[_Group]) -> None:
        """Refuse everybody who waits, now and until the write has ended."""
        self._is_stuck = True
        _log.error("audit.stuck", waiting=len(batch) + len(self._waiting))
        _refuse(batch, _unwritable)
        _refuse(self._waiting, _unwritable)

    def _come_unstuck(self) -> None:
        if self._is_stuck:
            self._is_stuck = False
            _log.warning("audit.unstuck")

    def _tell(self, appended: Appended) -> None:
        for listener in self._listeners:
            try:
                listener(appended)
            except Exception as error:  # noqa: BLE001  (whoever listens has no say in what is on disk)
                _log.error("audit.listener_failed", error=type(error).__name__)


def _refuse(groups: Iterable[_Group], why: Callable[[], NotReady]) -> None:
    for group in groups:
        if not group.recorded.done():
            group.recorded.set_exception(why())


def _unwritable() -> NotReady:
    return NotReady(
        "AUDIT_UNWRITABLE",
        "The hub cannot write its record now, so it neither asks nor shows anything. Tell its operator; try again.",
    )


def _clock_back() -> NotReady:
    return NotReady(
        "CLOCK_BACK",
        "The hub's clock is behind its record, so it neither asks nor shows anything. Tell its operator; try again.",
    )
