"""Runs the conformance suite as the command does, and tells what became of it."""

from collections.abc import Sequence
from pathlib import Path

from adapters.conformance.listing import rules
from adapters.conformance.people import load_people
from adapters.conformance.report import Report, closing, progress
from adapters.conformance.rules import Level, State
from adapters.conformance.running import Candidate, prepared, try_all


async def judged(
    candidate: Candidate, people_file: Path, folder: Path, level: Level, *, leaving_out: Sequence[Level] = ()
) -> Report:
    """Try a candidate up to a level, in a folder of its own."""
    people = load_people(people_file)
    wanted = [rule for rule in rules() if rule.level not in leaving_out]
    async with prepared(candidate, people, folder) as bench:
        verdicts = await try_all(bench, wanted, level, lambda _: None)
        program = bench.hub.links[0].hello.program if bench.hub.links else ""
    return Report(agency=candidate.agency, program=program, wanted=level, verdicts=verdicts)


def broken(report: Report) -> list[str]:
    """Name the rules that are broken."""
    return [verdict.rule.id for verdict in report.verdicts if verdict.state is State.BROKEN]


def told(report: Report) -> str:
    """Spell the whole report, for a test that fails."""
    return "\n".join((*map(progress, report.verdicts), closing(report)))
