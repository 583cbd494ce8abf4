"""The figures as a person reads them, in at most 120 columns."""

from collections.abc import Iterable, Iterator, Sequence

from tests.bench.aims import Finding
from tests.bench.cells import Measurement, Subject
from tests.bench.publications import Publication

_TITLES = {
    Subject.HUB: "hub",
    Subject.BARE: "(a) bare transport",
    Subject.GATHER: "(b) client-side gather",
}
_WITH_CPU = (Subject.HUB, Subject.BARE)
_GAP = "  "


def table(measurements: Sequence[Measurement]) -> Iterator[str]:
    """Yield the lines of the matrix: a row for each condition, hub and baselines side by side."""
    matrix = [found for found in measurements if not found.cell.variant and found.cell.subject in _TITLES]
    if not matrix:
        return
    yield _GAP.join(("agencies    in", *(f"{title:^{_width(subject)}}" for subject, title in _TITLES.items()))).rstrip()
    yield _GAP.join((" at ms  flight", *(_heading(subject) for subject in _TITLES), "hub/(a)  +p50 ms"))
    for condition in dict.fromkeys((m.cell.agencies, m.cell.latency_ms, m.cell.in_flight) for m in matrix):
        by_subject = {
            found.cell.subject: found
            for found in matrix
            if (found.cell.agencies, found.cell.latency_ms, found.cell.in_flight) == condition
        }
        agencies, latency_ms, in_flight = condition
        figures = (_figures(subject, by_subject.get(subject)) for subject in _TITLES)
        yield _GAP.join((f"{agencies:3} {latency_ms:3} {in_flight:6}", *figures, _comparison(by_subject))).rstrip()


def _width(subject: Subject) -> int:
    return 30 if subject in _WITH_CPU else 22


def _heading(subject: Subject) -> str:
    heading = f"{'ask/s':>6}{'p50 ms':>8}{'p99 ms':>8}"
    return heading + f"{'CPU µs':>8}" if subject in _WITH_CPU else heading


def _figures(subject: Subject, found: Measurement | None) -> str:
    if found is None:
        return " " * _width(subject)
    if found.error:
        return f"{'FAILED':^{_width(subject)}}"
    figures = f"{found.per_second:6.0f}{found.p50_ms:8.2f}{found.p99_ms:8.2f}"
    return f"{figures}{found.hub_us or 0:8.0f}" if subject in _WITH_CPU else figures


def _comparison(by_subject: dict[Subject, Measurement]) -> str:
    sound = {subject: found for subject, found in by_subject.items() if not found.error}
    hub, bare, gather = (sound.get(subject) for subject in _TITLES)
    ratio = f"{hub.hub_us / bare.hub_us:7.2f}" if hub and bare and hub.hub_us and bare.hub_us else " " * 7
    added = f"{hub.p50_ms - gather.p50_ms:+8.2f}" if hub and gather else ""
    return f"{ratio} {added}".rstrip()


def others(measurements: Iterable[Measurement]) -> Iterator[str]:
    """Yield a line for each measurement that is not in the matrix, and one for each that failed."""
    for found in measurements:
        if found.error:
            yield f"FAILED  {found.cell}: {found.error}"
        elif found.cell.variant or found.cell.subject is Subject.BATCHED:
            figures = f"{found.per_second:.0f} ask/s, p50 {found.p50_ms:.2f} ms, hub CPU {found.hub_us or 0:.0f} µs"
            yield f"{found.cell!s:<66}  {figures}"


def publications(published: Iterable[Publication]) -> Iterator[str]:
    """Yield a line for each publication, the first of them none."""
    yield from map(str, published)


def verdicts(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a line for each finding: met, missed, or without an aim."""
    for finding in findings:
        verdict = {True: "met", False: "MISSED", None: ""}[finding.is_met]
        aim = "" if finding.at_most is None else f"aim ≤ {finding.at_most:g}"
        yield f"{verdict:<6}  {finding.name:<84}  {finding.figure:6.2f} {finding.unit:<5}  {aim}".rstrip()
