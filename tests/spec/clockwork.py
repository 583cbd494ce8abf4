"""An event loop that never waits: when nothing is ready, its clock jumps to the next timer."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import TypeVar

R = TypeVar("R")


class _Jumping(selectors.SelectSelector):
    """Looks whether anything is ready; if not, it says how long a loop would have waited."""

    def __init__(self, jump: Callable[[float], None]) -> None:
        super().__init__()
        self._jump = jump

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everybody waits, and nothing will ever happen")
        if not ready and timeout:
            self._jump(timeout)
        return ready


class Clockwork(asyncio.SelectorEventLoop):
    """Runs the same way each time, whatever the machine is busy with; work for threads is done on the spot."""

    def __init__(self) -> None:
        self._now = 1_000.0
        super().__init__(_Jumping(self.jump))

    def time(self) -> float:
        return self._now

    def run_in_executor(  # type: ignore[override]  # the stubs want the widest possible signature
        self, _executor: Executor | None, func: Callable[..., R], *args: object
    ) -> asyncio.Future[R]:
        done: asyncio.Future[R] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001  (as a thread would hand it back)
            done.set_exception(error)
        return done

    def jump(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._now += seconds


def run(coroutine: Coroutine[object, object, R]) -> R:
    """Run a coroutine to its end without waiting for anything."""
    with asyncio.Runner(loop_factory=Clockwork) as runner:
        return runner.run(coroutine)
