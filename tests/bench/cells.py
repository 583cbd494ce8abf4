"""What is measured: the cells of the matrix, and what came out of each."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MICROSECONDS = 1_000_000
# Questions in flight at which CPU is compared: enough to keep a core busy, not so many that only queues are measured.
LOADED = 32
# How the hubs are told apart that differ in hardening only.
IS_HARDENED, NOT_HARDENED = "hardened", "not hardened"


class Subject(StrEnum):
    """Is what a cell measures."""

    HUB = "hub"
    BARE = "bare"
    BATCHED = "batched"
    GATHER = "gather"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One measurement's conditions; `variant` tells apart hubs that differ in something else."""

    subject: Subject
    agencies: int
    latency_ms: int
    in_flight: int
    variant: str = ""

    def __str__(self) -> str:
        name = f"{self.subject} {self.variant}".rstrip()
        return f"{name}, {self.agencies} agencies, {self.latency_ms} ms, {self.in_flight} in flight"


@dataclass(slots=True, kw_only=True)
class Measurement:
    """What was measured in a cell, over all of its rounds."""

    cell: Cell
    questions: int = 0
    messages: int = 0
    seconds: float = 0.0
    timings_us: list[int] = field(default_factory=list, repr=False)
    cpu_seconds: dict[str, float] = field(default_factory=dict)
    rounds: list[float] = field(default_factory=list)
    error: str = ""

    def add(self, measured: dict[str, Any]) -> None:
        """Add what one round measured; a failed round fails the cell."""
        if "error" in measured:
            self.error = measured["error"]
            return
        self.questions += measured["questions"]
        self.messages += measured["messages"]
        self.seconds += measured["seconds"]
        self.timings_us += measured["timings_us"]
        for name, used in measured["cpu_seconds"].items():
            self.cpu_seconds[name] = self.cpu_seconds.get(name, 0.0) + used
        if "hub" in measured["cpu_seconds"]:
            self.rounds.append(measured["cpu_seconds"]["hub"] * MICROSECONDS / measured["questions"])

    @property
    def per_second(self) -> float:
        return self.questions / self.seconds

    @property
    def p50_ms(self) -> float:
        return self.percentile_ms(50)

    @property
    def p99_ms(self) -> float:
        return self.percentile_ms(99)

    @property
    def hub_us(self) -> float | None:
        """Return the hub's CPU microseconds for a question, where there is a hub."""
        return self.cpu_us("hub")

    def percentile_ms(self, percent: int) -> float:
        """Return the time within which so many of a hundred questions were answered."""
        ordered = sorted(self.timings_us)
        return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] / 1_000

    def cpu_us(self, process: str) -> float | None:
        used = self.cpu_seconds.get(process)
        return None if used is None else used * MICROSECONDS / self.questions

    def as_json(self) -> dict[str, Any]:
        """Return the measurement without its single timings."""
        cell = self.cell
        conditions = {
            "subject": cell.subject.value,
            "variant": cell.variant,
            "agencies": cell.agencies,
            "latency_ms": cell.latency_ms,
            "in_flight": cell.in_flight,
        }
        if self.error:
            return conditions | {"error": self.error}
        return conditions | {
            "questions": self.questions,
            "seconds": round(self.seconds, 3),
            "questions_per_second": round(self.per_second, 1),
            "p50_ms": round(self.p50_ms, 3),
            "p99_ms": round(self.p99_ms, 3),
            "messages_per_answer": round(self.messages / self.questions, 2),
            "cpu_us_per_question": {
                name: round(used * MICROSECONDS / self.questions, 1) for name, used in self.cpu_seconds.items()
            },
            "hub_cpu_us_by_round": [round(cpu, 1) for cpu in self.rounds],
        }
