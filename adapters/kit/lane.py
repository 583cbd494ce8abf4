"""One thread that does blocking work in order, taking all that waits as one batch and answering it with one wake-up."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_AT_ONCE = 500

Work = Callable[[Sequence[Item]], Sequence[Result | Exception]]


class Lane(Generic[Item, Result]):
    """Belongs to the event loop on which it is opened. The work gives one result, or one exception, for each item."""

    def __init__(self, name: str, work: Work[Item, Result], finish: Callable[[], None]) -> None:
        """Take a name for the thread, the work, and what is done on the thread at the end."""
        self._work = work
        self._finish = finish
        self._waiting: SimpleQueue[tuple[Item, asyncio.Future[Result]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False

    def open(self) -> None:
        """Start the thread."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def put(self, item: Item) -> asyncio.Future[Result]:
        """Hand over an item; the future ends with its result."""
        if self._loop is None or self._closing:
            raise RuntimeError("the lane is not open")
        future: asyncio.Future[Result] = self._loop.create_future()
        self._waiting.put((item, future))
        return future

    async def close(self) -> None:
        """Do what still waits, then end the thread; may be called again."""
        if self._loop is not None and self._thread.is_alive():
            self._closing = True
            self._waiting.put(None)
            await self._loop.run_in_executor(None, self._thread.join)

    def _run(self) -> None:
        going_on = True
        while going_on:
            batch, going_on = self._next_batch()
            if batch:
                results = self._results([item for item, _ in batch])
                self._settle([future for _, future in batch], results)
        self._finish()

    def _next_batch(self) -> tuple[list[tuple[Item, asyncio.Future[Result]]], bool]:
        batch: list[tuple[Item, asyncio.Future[Result]]] = []
        entry = self._waiting.get()
        while entry is not None:
            batch.append(entry)
            if self._waiting.empty() or len(batch) >= MOST_AT_ONCE:
                return batch, True
            entry = self._waiting.get()
        return batch, False

    def _results(self, items: Sequence[Item]) -> Sequence[Result | Exception]:
        try:
            return self._work(items)
        except Exception as fault:  # noqa: BLE001  the thread must outlive any fault; each waiting caller gets it
            return [fault] * len(items)

    def _settle(self, futures: Sequence[asyncio.Future[Result]], results: Sequence[Result | Exception]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_give, futures, results)


def _give(futures: Sequence[asyncio.Future[Result]], results: Sequence[Result | Exception]) -> None:
    for future, result in zip(futures, results, strict=True):
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
