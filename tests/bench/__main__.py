"""`python -m tests.bench`: measures the hub beside two baselines on this machine, in one run."""

import asyncio
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import grpc
import orjson

from tests.bench import table
from tests.bench.aims import Finding, Findings
from tests.bench.auditing import AuditShare
from tests.bench.cells import IS_HARDENED, LOADED, NOT_HARDENED, Cell, Measurement, Subject
from tests.bench.children import ChildFailedError
from tests.bench.hub_process import HubSize
from tests.bench.linking import LinkingCost, measure_linking
from tests.bench.options import Options, read_options
from tests.bench.policies import PolicySize
from tests.bench.publications import Publication
from tests.bench.reading import ReadingCost, measure_reading
from tests.bench.targets import Target, Workshop
from tests.bench.tls import agency_ids, write_certificates

# Hubs that differ in nothing else are compared on few agencies, where a fixed cost would show most.
SIZE_AGENCIES = 4
SIZE_ROUNDS = 4
POLICIES = (PolicySize(levels=1, questions=2), PolicySize(levels=90, questions=20))
SESSIONS = (10, 10_000)
HARDENED = ((NOT_HARDENED, False), (IS_HARDENED, True))
HARDENED_AGENCIES = (4, 16)
# The last one lets the largest go.
PUBLISHED = (PolicySize(levels=9, questions=2), PolicySize(levels=90, questions=20), PolicySize(levels=1, questions=2))
STEADY_IN_FLIGHT = 10
AUDITED_AGENCIES = (4, 16)

Turn = tuple[Target, Measurement]


class Benchmark:
    """Measures everything that the options ask for, taking turns so that noise hits all alike."""

    def __init__(self, options: Options, workshop: Workshop) -> None:
        self._options = options
        self._workshop = workshop
        self.measurements: list[Measurement] = []
        self.published: list[Publication] = []
        self.audited: list[AuditShare] = []
        self.read: list[ReadingCost] = []
        self.linked: list[LinkingCost] = []

    async def run(self) -> None:
        """Measure the matrix, one number of agencies after the other, then what sizes cost."""
        for agencies in self._options.agencies if self._options.subjects else ():
            await self._measure_matrix(agencies)
        if "policy" in self._options.only:
            await self._compare([(f"{size.rules(SIZE_AGENCIES):,} rules", HubSize(policy=size)) for size in POLICIES])
        if "sessions" in self._options.only:
            await self._compare([(f"{count:,} sessions", HubSize(idle_sessions=count)) for count in SESSIONS])

        for agencies in HARDENED_AGENCIES if "hardening" in self._options.only else ():
            with_and_without = [
                (f"{word}, {agencies} agencies", HubSize(is_hardened=is_so)) for word, is_so in HARDENED
            ]
            await self._compare(with_and_without, agencies)
        if "publish" in self._options.only:
            await self._publish()
        if "audit" in self._options.only:
            for agencies in AUDITED_AGENCIES:
                await self._time_audit(agencies)
        if "adapter" in self._options.only:
            self.read = await measure_reading(self._workshop.empty_folder("reading"), self._options.seconds / 2)
        if "linkage" in self._options.only:
            self.linked = await asyncio.to_thread(measure_linking)

    async def _publish(self) -> None:
        """Put policies of several sizes in force, one after the other, in a hub that answers questions steadily."""
        async with self._workshop.target(Subject.HUB, SIZE_AGENCIES, HubSize(policy=POLICIES[0]), "publish") as target:
            for size in (None, *PUBLISHED):
                rules = size.rules(SIZE_AGENCIES) if size else 0
                folder = await asyncio.to_thread(self._workshop.policy_folder, size, SIZE_AGENCIES) if size else ""
                meanwhile = Measurement(
                    cell=Cell(
                        subject=Subject.HUB,
                        agencies=SIZE_AGENCIES,
                        latency_ms=0,
                        in_flight=STEADY_IN_FLIGHT,
                        variant=f"publishing {rules:,} rules",
                    )
                )
                figures = await target.publish(meanwhile, folder, seconds=self._options.seconds)
                self.published.append(Publication(rules=rules, meanwhile=meanwhile, **figures))
                print(self.published[-1], file=sys.stderr, flush=True)

    async def _time_audit(self, agencies: int) -> None:
        """Measure what of the hub's CPU its audit log takes."""
        cell = Cell(
            subject=Subject.HUB, agencies=agencies, latency_ms=0, in_flight=LOADED, variant="with its log timed"
        )
        warming, measured = Measurement(cell=cell), Measurement(cell=cell)
        async with self._workshop.target(Subject.HUB, agencies, HubSize(times_audit=True), "audit") as target:
            await target.measure(warming, warm_up=0, seconds=self._options.warm_up)
            before = await target.audit_seconds()
            await target.measure(measured, warm_up=0, seconds=self._options.seconds)
            share = AuditShare(measured=measured, audit_seconds=await target.audit_seconds() - before)
        self.audited.append(share)
        print(share, file=sys.stderr, flush=True)

    async def _measure_matrix(self, agencies: int) -> None:
        async with AsyncExitStack() as stack:
            targets = {
                subject: await stack.enter_async_context(self._workshop.target(subject, agencies, HubSize()))
                for subject in self._options.subjects
            }
            for latency_ms in self._options.latencies_ms:
                for in_flight in self._options.in_flight:
                    turns = [
                        (
                            target,
                            self._new(
                                Cell(subject=subject, agencies=agencies, latency_ms=latency_ms, in_flight=in_flight)
                            ),
                        )
                        for subject, target in targets.items()
                        # The batched transport is there to show what batching brings; one column of it is enough.
                        if subject is not Subject.BATCHED or in_flight == LOADED
                    ]
                    await self._take_turns(turns, self._options.rounds)

    async def _compare(self, sizes: Sequence[tuple[str, HubSize]], agencies: int = SIZE_AGENCIES) -> None:
        """Measure hubs that differ in one thing only."""
        async with AsyncExitStack() as stack:
            turns: list[Turn] = []
            for variant, size in sizes:
                slug = variant.replace(",", "").replace(" ", "-")
                target = await stack.enter_async_context(self._workshop.target(Subject.HUB, agencies, size, slug))
                cell = Cell(subject=Subject.HUB, agencies=agencies, latency_ms=0, in_flight=LOADED, variant=variant)
                turns.append((target, self._new(cell)))
            await self._take_turns(turns, SIZE_ROUNDS)

    async def _take_turns(self, turns: Sequence[Turn], rounds: int) -> None:
        for number in range(rounds):
            # There and back again, so that nobody always comes after the same neighbour.
            for target, measurement in turns if number % 2 == 0 else reversed(turns):
                seconds = self._options.seconds / rounds
                await target.measure(measurement, warm_up=self._options.warm_up, seconds=seconds)
        for _, measurement in turns:
            print(_progress(measurement), file=sys.stderr, flush=True)

    def _new(self, cell: Cell) -> Measurement:
        measurement = Measurement(cell=cell)
        self.measurements.append(measurement)
        return measurement


def _progress(measurement: Measurement) -> str:
    if measurement.error:
        return f"{measurement.cell}: FAILED: {measurement.error}"
    hub = f", hub {measurement.hub_us:.0f} µs" if measurement.hub_us else ""
    return f"{measurement.cell}: {measurement.per_second:.0f}/s, p50 {measurement.p50_ms:.2f} ms{hub}"


async def measure(options: Options) -> Benchmark:
    """Run the benchmark in a folder of its own, which is removed however it ends."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with tempfile.TemporaryDirectory(prefix="sharing-bench-") as folder:
        tls = Path(folder) / "tls"
        tls.mkdir()
        write_certificates(
            tls, agency_ids(max(*options.agencies, SIZE_AGENCIES, *AUDITED_AGENCIES, *HARDENED_AGENCIES))
        )
        benchmark = Benchmark(options, Workshop(Path(folder), tls, options))
        await benchmark.run()
    return benchmark


def _report(options: Options, benchmark: Benchmark, findings: Iterable[Finding], took: float) -> None:
    findings, measurements = list(findings), benchmark.measurements
    print()
    lines = (
        *table.table(measurements),
        "",
        *table.others(measurements),
        *table.publications(benchmark.published),
        *map(str, benchmark.audited),
        *map(str, benchmark.read),
        *map(str, benchmark.linked),
        "",
        *table.verdicts(findings),
    )
    print("\n".join(lines))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "took_seconds": round(took),
        "machine": {
            "cpus": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "grpcio": grpc.__version__,
        },
        "event_loop": options.loop.value,
        "profiled": options.profile.value if options.profile else None,
        "measurements": [measurement.as_json() for measurement in measurements],
        "audit": [share.as_json() for share in benchmark.audited],
        "adapter": [cost.as_json() for cost in benchmark.read],
        "linkage": [cost.as_json() for cost in benchmark.linked],
        "publications": [publication.as_json() for publication in benchmark.published],
        "findings": [finding.as_json() for finding in findings],
    }
    options.json.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
    missed = sum(finding.is_met is False for finding in findings)
    judged = sum(finding.is_met is not None for finding in findings)
    print(
        f"\n{judged - missed} of {judged} aims met, in {took:.0f} s on {os.cpu_count()} CPUs. Figures: {options.json}"
    )
    if options.profile:
        print(f"Profiled, so the figures compare with nothing. Profiles: {options.profiles}")


def main() -> int:
    """Measure, report, and return the exit status."""
    options = read_options()
    began = time.monotonic()
    try:
        benchmark = asyncio.run(measure(options))
    except ChildFailedError as failed:
        print(f"The benchmark could not be run: {failed}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Stopped; every process of the benchmark has ended.", file=sys.stderr)
        return 130
    findings = Findings(
        benchmark.measurements, benchmark.published, benchmark.audited, benchmark.read, benchmark.linked
    ).all()
    _report(options, benchmark, findings, time.monotonic() - began)
    others = (
        *(publication.meanwhile for publication in benchmark.published),
        *(share.measured for share in benchmark.audited),
    )
    return 1 if any(measurement.error for measurement in (*benchmark.measurements, *others)) else 0


if __name__ == "__main__":
    sys.exit(main())
