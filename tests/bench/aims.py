"""What the figures mean: each aim of the project beside what was measured, met or missed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.auditing import AuditShare
from tests.bench.cells import IS_HARDENED, LOADED, Measurement, Subject
from tests.bench.linking import LinkingCost
from tests.bench.publications import Publication
from tests.bench.reading import ReadingCost

HUB_OVER_BARE = 2.0
ADDED_AT_MS = 20
ADDED_P50_MS = {4: 3.0, 16: 4.0}
PUBLISHED_SECONDS = {1_008: 3.0, 100_800: 60.0}
LATE_P99_MS = 20.0
LOOKUP_US = 1.0
AUDIT_PER_CENT = 20.0
# Single cells differ by up to a third between runs of the same program; these are means over several rounds of both.
NOISE = 1.15
# What overwriting freed memory may cost; more than 1.25 would not be borne.
HARDENED_OVER_NOT = 1.10
READING_OVER_BARE = 2.0
LINKED_US = {4: 100.0, 40: 3_000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One figure, and the aim for it where there is one."""

    name: str
    figure: float
    unit: str
    at_most: float | None = None

    @property
    def is_met(self) -> bool | None:
        return None if self.at_most is None else self.figure <= self.at_most

    def as_json(self) -> dict[str, Any]:
        """Return the finding as a program reads it."""
        return {
            "name": self.name,
            "figure": round(self.figure, 3),
            "unit": self.unit,
            "at_most": self.at_most,
            "met": self.is_met,
        }


class Findings:
    """Derives every finding that the measurements allow; what was not measured is left out."""

    def __init__(
        self,
        measurements: Iterable[Measurement],
        published: Iterable[Publication] = (),
        audited: Iterable[AuditShare] = (),
        read: Iterable[ReadingCost] = (),
        linked: Iterable[LinkingCost] = (),
    ) -> None:
        self._read = list(read)
        self._linked = list(linked)
        self._audited = [share for share in audited if not share.measured.error]
        self._published = [publication for publication in published if not publication.meanwhile.error]
        measurements = list(measurements)
        self._measured = [measurement for measurement in measurements if not measurement.error]
        # They come in pairs, the smaller first, whether or not both succeeded.
        variants = [measurement for measurement in measurements if measurement.cell.variant]
        self._pairs = list(zip(variants[::2], variants[1::2], strict=True))

    def all(self) -> list[Finding]:
        """Return the findings in the order in which they are reported."""
        return [
            *self._hub_over_bare(),
            *self._added_latency(),
            *self._growth(),
            *self._variants(),
            *self._publishing(),
            *self._audit(),
            *self._reading(),
            *self._linking(),
        ]

    def _of(self, subject: Subject, agencies: int, latency_ms: int, in_flight: int) -> Measurement | None:
        wanted = (subject, agencies, latency_ms, in_flight, "")
        for found in self._measured:
            cell = found.cell
            if (cell.subject, cell.agencies, cell.latency_ms, cell.in_flight, cell.variant) == wanted:
                return found
        return None

    def _sizes(self) -> Sequence[int]:
        return sorted({found.cell.agencies for found in self._measured if not found.cell.variant})

    def _latencies(self) -> Sequence[int]:
        return sorted({found.cell.latency_ms for found in self._measured if not found.cell.variant})

    def _hub_over_bare(self) -> Iterator[Finding]:
        for agencies in self._sizes():
            for latency_ms in self._latencies():
                hub = _hub_us(self._of(Subject.HUB, agencies, latency_ms, LOADED))
                bare = _hub_us(self._of(Subject.BARE, agencies, latency_ms, LOADED))
                if hub and bare:
                    yield Finding(
                        name=f"hub CPU / bare unbatched, {agencies} agencies at {latency_ms} ms",
                        figure=hub / bare,
                        unit="times",
                        at_most=HUB_OVER_BARE,
                    )

    def _added_latency(self) -> Iterator[Finding]:
        for agencies in self._sizes():
            hub = self._of(Subject.HUB, agencies, ADDED_AT_MS, 1)
            gather = self._of(Subject.GATHER, agencies, ADDED_AT_MS, 1)
            if hub and gather:
                yield Finding(
                    name=f"p50 added to a client's own gather, {agencies} agencies at {ADDED_AT_MS} ms, 1 in flight",
                    figure=hub.p50_ms - gather.p50_ms,
                    unit="ms",
                    at_most=ADDED_P50_MS.get(agencies),
                )

    def _growth(self) -> Iterator[Finding]:
        """Compare the hub's CPU for each agency between sizes: linear growth or less keeps it from rising."""
        for latency_ms in self._latencies():
            before: tuple[int, float] | None = None
            for agencies in self._sizes():
                hub = _hub_us(self._of(Subject.HUB, agencies, latency_ms, LOADED))
                if hub is None:
                    continue
                if before:
                    yield Finding(
                        name=f"hub CPU for each agency, {agencies} / {before[0]} agencies at {latency_ms} ms",
                        figure=hub / agencies / before[1],
                        unit="times",
                        at_most=NOISE,
                    )
                before = agencies, hub / agencies

    def _variants(self) -> Iterator[Finding]:
        """Compare hubs that differ in one thing only, the larger or the hardened with the other."""
        for small, large in self._pairs:
            small_us, large_us = _hub_us(small), _hub_us(large)
            if small_us and large_us and not small.error and not large.error:
                yield Finding(
                    name=f"hub CPU, {large.cell.variant} / {small.cell.variant}",
                    figure=large_us / small_us,
                    unit="times",
                    at_most=HARDENED_OVER_NOT if large.cell.variant.startswith(IS_HARDENED) else NOISE,
                )

    def _publishing(self) -> Iterator[Finding]:
        for made in self._published:
            name = f"publishing {made.rules:,} rules" if made.rules else "publishing nothing"
            if made.rules in PUBLISHED_SECONDS:
                yield Finding(name=name, figure=made.seconds, unit="s", at_most=PUBLISHED_SECONDS[made.rules])
            # With nothing published it is the machine's own doing, and there to compare with.
            aim = LATE_P99_MS if made.rules else None
            yield Finding(name=f"{name}: loop late, p99", figure=made.lag_ms(99), unit="ms", at_most=aim)
            if made.rules:
                yield Finding(
                    name=f"look-up under {made.rules:,} rules", figure=made.lookup_us, unit="µs", at_most=LOOKUP_US
                )

    def _audit(self) -> Iterator[Finding]:
        for share in self._audited:
            name = f"durable audit's part of the hub's CPU, {share.measured.cell.agencies} agencies, {LOADED} in flight"
            yield Finding(name=name, figure=share.per_cent, unit="%", at_most=AUDIT_PER_CENT)

    def _linking(self) -> Iterator[Finding]:
        for cost in self._linked:
            aim = LINKED_US.get(cost.records)
            yield Finding(name=f"linking {cost.records:,} records", figure=cost.us, unit="µs", at_most=aim)
            yield Finding(
                name=f"linking {cost.records:,} records / rapidfuzz alone", figure=cost.us / cost.bare_us, unit="×"
            )

    def _reading(self) -> Iterator[Finding]:
        """Compare what reading costs with what the bare driver takes; the aim is for databases."""
        for cost in self._read:
            if cost.times_bare is not None:
                aim = READING_OVER_BARE if cost.is_sql else None
                name = f"adapter CPU / bare driver, one question, {cost.technology}"
                yield Finding(name=name, figure=cost.times_bare, unit="times", at_most=aim)


def _hub_us(measurement: Measurement | None) -> float | None:
    return measurement.hub_us if measurement else None
