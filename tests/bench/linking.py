"""What linking the records of one answer costs, beside rapidfuzz comparing the same names and nothing else."""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rapidfuzz.distance import JaroWinkler

from hub.linkage.parameters import Parameters, shipped
from hub.linkage.people import link
from hub.model.person import PersonKeys
from hub.model.records import Records
from tests.bench.cells import MICROSECONDS

NAMES = ("given_name", "family_name", "date_of_birth")
COLUMNS = (*NAMES, "postcode", "address", "gender")
ASKED = PersonKeys(given_name="Catherine", family_name="Murphy", date_of_birth="2014-05-06")
GIVEN = ("Catherine", "Kathryn", "Cathy", "Catherin", "Sean", "Shaun", "Mia", "Maia")
FAMILY = ("Murphy", "Murphey", "Kelly", "Murphy-Kelly")
BORN = ("2014-05-06", "2014-06-05", "2014-05-07", "2011-02-03", "2014")
SIZES = (4, 40, 1000)
# The largest set takes no part in the aims, and only shows that it is bounded.
SECONDS_OF_A_SIZE = 1.0
FEWEST_RUNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkingCost:
    """What it takes to link so many records, each different, and what comparing their names takes alone."""

    records: int
    us: float
    bare_us: float

    def __str__(self) -> str:
        return f"linking {self.records:>5,} records  {self.us:9.1f} µs  rapidfuzz alone {self.bare_us:9.1f} µs"

    def as_json(self) -> dict[str, Any]:
        """Return the figures."""
        return {"records": self.records, "us": round(self.us, 1), "bare_us": round(self.bare_us, 1)}


def measure_linking(seconds: float = SECONDS_OF_A_SIZE) -> list[LinkingCost]:
    """Measure each size; the fastest run counts, for the others had company."""
    parameters, found = shipped(), []
    for size in SIZES:
        rows = _rows(size)
        found.append(
            LinkingCost(
                records=size,
                us=_fastest(lambda rows=rows: _link(rows, parameters), seconds),
                bare_us=_fastest(lambda rows=rows: _bare(rows), seconds),
            )
        )
        print(found[-1], file=sys.stderr, flush=True)
    return found


def _rows(size: int) -> list[tuple[str, ...]]:
    chosen = random.Random(size)
    return [
        (
            *(chosen.choice(values) for values in (GIVEN, FAMILY, BORN)),
            chosen.choice(("BL1 4AA", "BL1 4AB", "")),
            f"{number + 1} High St",
            chosen.choice(("female", "male", "")),
        )
        for number in range(size)
    ]


def _link(rows: list[tuple[str, ...]], parameters: Parameters) -> None:
    records = Records(
        columns=COLUMNS,
        cells=tuple(cell for row in rows for cell in row),
        record_dates=("2026-01-01",) * len(rows),
        source="Care Records",
        retrieved_at_ms=1,
    )
    link([records], ["social_care"], ASKED, parameters)


def _bare(rows: list[tuple[str, ...]]) -> None:
    for one, other in combinations(rows, 2):
        for place in range(len(NAMES)):
            JaroWinkler.similarity(one[place], other[place])


def _fastest(work: Callable[[], None], seconds: float) -> float:
    until, runs, fastest = time.perf_counter() + seconds, 0, float("inf")
    while runs < FEWEST_RUNS or time.perf_counter() < until:
        began = time.perf_counter()
        work()
        fastest = min(fastest, time.perf_counter() - began)
        runs += 1
    return fastest * MICROSECONDS
