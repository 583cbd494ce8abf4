"""What the durable audit log takes of the hub's CPU: its own thread, and the loop's work of making entries."""

import threading
import time
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any

from hub.audit import journey
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonyms
from tests.bench.cells import MICROSECONDS, Measurement

_NANOSECONDS = 1_000_000_000
_MADE = ("intent", "disclosure", "outcomes", "ended_early")


class AuditClock:
    """Adds up CPU time from when the hub is built; it wraps what is measured, so nothing else may be."""

    def __init__(self) -> None:
        self._loop_ns = 0
        for made in _MADE:
            setattr(journey, made, self._timed(getattr(journey, made)))
        Pseudonyms.of = self._timed(Pseudonyms.of)  # type: ignore[method-assign]  # it is to be measured
        AuditLog.submit = self._timed(AuditLog.submit)  # type: ignore[method-assign]  # as above
        written = AuditLog._write

        async def write(log: AuditLog) -> None:
            await _Steps(written(log), self)

        AuditLog._write = write  # type: ignore[method-assign]  # as above

    def seconds(self) -> float:
        """Return the CPU time so far of the log's own thread, and of the loop on its behalf."""
        threads = [thread.ident for thread in threading.enumerate() if thread.name.startswith("audit_")]
        clocks = (time.clock_gettime(time.pthread_getcpuclockid(ident)) for ident in threads if ident)
        return sum(clocks) + self._loop_ns / _NANOSECONDS

    def add(self, began_ns: int) -> None:
        """Count what this thread has used since a moment of its clock."""
        self._loop_ns += time.thread_time_ns() - began_ns

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            began_ns = time.thread_time_ns()
            try:
                return function(*given, **named)
            finally:
                self.add(began_ns)

        return timed


class _Steps:
    """Runs what is awaited, and counts each step from one suspension to the next."""

    def __init__(self, awaited: Awaitable[None], clock: AuditClock) -> None:
        self._awaited = awaited
        self._clock = clock

    def __await__(self) -> Generator[Any, Any, None]:
        steps = self._awaited.__await__()
        while True:
            began_ns = time.thread_time_ns()
            try:
                waits_for = next(steps)
            except StopIteration:
                return
            finally:
                self._clock.add(began_ns)
            yield waits_for


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditShare:
    """What the log took while questions were answered."""

    measured: Measurement
    audit_seconds: float

    @property
    def audit_us(self) -> float:
        """Return its CPU microseconds for a question."""
        return self.audit_seconds * MICROSECONDS / self.measured.questions

    @property
    def per_cent(self) -> float:
        """Return its part of all that the hub used."""
        return 100 * self.audit_us / (self.measured.hub_us or 1)

    def __str__(self) -> str:
        if self.measured.error:
            return f"{self.measured.cell}: FAILED: {self.measured.error}"
        hub = self.measured.hub_us or 0
        return f"{self.measured.cell}: audit {self.audit_us:.0f} of {hub:.0f} µs, {self.per_cent:.1f} %"

    def as_json(self) -> dict[str, Any]:
        """Return the figures."""
        if self.measured.error:
            return self.measured.as_json()
        return self.measured.as_json() | {
            "audit_us": round(self.audit_us, 1),
            "audit_per_cent": round(self.per_cent, 2),
        }
