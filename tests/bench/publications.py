"""What was measured of publications: how long each took, and what a hub that answers meanwhile felt of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.cells import Measurement
from tests.lib.measuring import percentile


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One policy put in force, or with no rules a stretch of time in which none was."""

    rules: int
    seconds: float
    late_ms: Sequence[float]
    longest_collection_ms: float
    lookup_us: float
    meanwhile: Measurement

    def __str__(self) -> str:
        what = f"publishing {self.rules:,} rules: {self.seconds:.2f} s" if self.rules else "publishing nothing"
        if self.meanwhile.error:
            return f"{what}, FAILED: {self.meanwhile.error}"
        p50, p99 = self.lag_ms(50), self.lag_ms(99)
        return (
            f"{what}, loop late p50 {p50:.2f} p99 {p99:.2f} max {max(self.late_ms):.2f} ms, longest collection"
            f" {self.longest_collection_ms:.1f} ms, {self.meanwhile.per_second:.0f} ask/s p99"
            f" {self.meanwhile.p99_ms:.1f} ms, look-up {self.lookup_us:.2f} µs"
        )

    def lag_ms(self, per_cent: float) -> float:
        """Return by how much the loop was late at most, at so many per cent of all moments."""
        return percentile(self.late_ms, per_cent)

    def as_json(self) -> dict[str, Any]:
        """Return the figures without the single beats."""
        return {
            "rules": self.rules,
            "seconds": round(self.seconds, 3),
            "loop_late_ms": {
                "p50": round(self.lag_ms(50), 3),
                "p99": round(self.lag_ms(99), 3),
                "max": round(max(self.late_ms), 3),
            },
            "longest_collection_ms": round(self.longest_collection_ms, 3),
            "lookup_us": round(self.lookup_us, 3),
            "meanwhile": self.meanwhile.as_json(),
        }
