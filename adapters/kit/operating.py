"""What whoever runs an adapter sees of it: its health file, its figures, and what the service manager is told."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from structlog.typing import FilteringBoundLogger

from adapters import VERSION
from adapters.kit.figures import Figures
from adapters.kit.health import Health, LinkHealth, State, write_whole
from adapters.kit.metrics import Metrics, serve_figures
from adapters.kit.supervised import READY_SECONDS, Supervisor

LOOK_SECONDS = 0.5
WRITE_MS = 5_000


@dataclass(slots=True, kw_only=True, eq=False)
class Operating:
    """Looks after one process; `held` counts the answers that a hub may hold, `is_stopped` reads the switch."""

    agency: str
    hubs: Sequence[str]
    figures: Figures
    held: Callable[[], int]
    is_stopped: Callable[[], bool]
    wall_ms: Callable[[], int]
    process: int
    log: FilteringBoundLogger
    supervisor: Supervisor = field(default_factory=Supervisor)
    health_file: Path | None = None
    metrics: Metrics | None = None
    _state: State = State.DIALLING
    _since_ms: int = 0
    _written: Health | None = None
    _is_ready: bool = False
    _began: float = 0.0

    def works(self, stop: asyncio.Event) -> list[Coroutine[Any, Any, None]]:
        """List what goes on beside the adapter's own work."""
        works: list[Coroutine[Any, Any, None]] = [self._look(stop), self.supervisor.say_alive()]
        if self.metrics is not None and self.metrics.port is not None:
            works.append(serve_figures(self.metrics.port, self._text, self.log))
        return works

    def end(self) -> None:
        """Say that the process has ended."""
        self._change(State.ENDED)
        self._write(always=True)

    async def _look(self, stop: asyncio.Event) -> None:
        """Look how the process is, and say so, until cancelled."""
        self._began = asyncio.get_running_loop().time()
        while True:
            self.look(is_draining=stop.is_set())
            await asyncio.sleep(LOOK_SECONDS)

    def look(self, *, is_draining: bool) -> None:
        """Look now."""
        is_linked = any(map(self.figures.links, self.hubs))
        running = State.LINKED if is_linked else State.DIALLING
        self._change(State.DRAINING if is_draining else running)
        waited = asyncio.get_running_loop().time() - self._began
        if not self._is_ready and (is_linked or waited >= READY_SECONDS):
            self._is_ready = True
            self.supervisor.tell("READY=1")
        self._write(always=False)

    def _change(self, state: State) -> None:
        if state is self._state and self._since_ms:
            return
        self._state, self._since_ms = state, self.wall_ms()
        self.supervisor.tell(
            *(["STOPPING=1"] if state in {State.DRAINING, State.ENDED} else []), f"STATUS={state.value}"
        )

    def _write(self, *, always: bool) -> None:
        """Write what has changed, and every few seconds all of it, which says that the process is alive."""
        now = self._health()
        before = self._written
        is_due = before is None or now.written_at_ms - before.written_at_ms >= WRITE_MS
        if not (always or is_due) and before is not None and _same(before, now):
            return
        self._written = now
        try:
            if self.health_file is not None:
                now.write(self.health_file)
            if self.metrics is not None and self.metrics.file is not None:
                write_whole(self.metrics.file, self._text())
        except OSError as fault:
            self.log.warning("health_unwritten", reason=fault.strerror)

    def _health(self) -> Health:
        figures = self.figures
        return Health(
            agency=self.agency,
            version=VERSION,
            process=self.process,
            state=self._state,
            since_ms=self._since_ms,
            written_at_ms=self.wall_ms(),
            links=[LinkHealth(hub=hub, links=figures.links(hub)) for hub in self.hubs],
            answers_stopped=self.is_stopped(),
            answers_held=self.held(),
            last_ask_ms=figures.last_ask_ms,
            last_receipt=figures.last_receipt,
        )

    def _text(self) -> bytes:
        return self.figures.text(held=self.held(), is_stopped=self.is_stopped())


def _same(before: Health, now: Health) -> bool:
    """Tell whether nothing has changed but time and counts."""
    counted = replace(
        before,
        written_at_ms=now.written_at_ms,
        answers_held=now.answers_held,
        last_ask_ms=now.last_ask_ms,
        last_receipt=now.last_receipt,
    )
    return counted == now
