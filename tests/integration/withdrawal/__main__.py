"""The figures of withdrawals: `python -m tests.integration.withdrawal [RUNS]` makes the trials and prints a table."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from hub import logs
from tests.integration.withdrawal.checker import Effect, effects, faults_in
from tests.integration.withdrawal.journal import Kind
from tests.integration.withdrawal.proving import RUNS, fifty_tried
from tests.lib.measuring import percentile

HEAD = (
    "| withdrawn | trials | asked afterwards | streams to end | acknowledged → ended, p50 / p99 / max "
    "| requested → ended |\n|---|---|---|---|---|---|"
)


def main(runs: int) -> int:
    """Print what was withdrawn how often and how soon it was felt; exit code 1 when anything slipped through."""
    logs.configure()
    began, faults, found = time.monotonic(), list[str](), list[Effect]()
    questions, by_workshop, worst = 0, 0, 0.0
    for seed in range(runs):
        with tempfile.TemporaryDirectory(prefix="withdrawal ") as folder:
            journal = asyncio.run(fifty_tried(Path(folder), seed=seed))
        faults += faults_in(journal)
        found += effects(journal)
        questions += len(journal.streams)
        by_workshop += journal.by_workshop
        worst = max(worst, journal.disturbance_seconds)
    lines = (
        HEAD,
        *(_line(kind, found) for kind in Kind),
        "",
        f"{questions} questions in {time.monotonic() - began:.0f} s; the workshop compiled {by_workshop} policies.",
        f"This process was late at its own turns by {worst * 1_000:.0f} ms at worst.",
        f"Faults: {len(faults)}",
        *faults,
    )
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if faults else 0


def _line(kind: Kind, found: list[Effect]) -> str:
    of_kind = [effect for effect in found if effect.kind is kind]
    trials, asked = sum(effect.trials for effect in of_kind), sum(effect.asked_after for effect in of_kind)
    acknowledged = [seconds for effect in of_kind for seconds in effect.since_acknowledged]
    requested = [seconds for effect in of_kind for seconds in effect.since_requested]
    return f"| {kind} | {trials} | {asked} | {len(requested)} | {_spread(acknowledged)} | {_spread(requested)} |"


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return ""
    return " / ".join(f"{percentile(seconds, per_cent) * 1_000:.1f}" for per_cent in (50, 99, 100)) + " ms"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else RUNS))
