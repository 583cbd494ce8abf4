"""Runs the suite: makes the bench, tries rule after rule, and takes everything apart again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.conformance.bench import Bench
from adapters.conformance.catalogue import Catalogue, read_catalogue
from adapters.conformance.hub import StandInHub
from adapters.conformance.people import People
from adapters.conformance.program import Program
from adapters.conformance.rules import Broken, Level, NotTried, Rule, State, Verdict, excused

TRIAL_SECONDS = 300.0

Tell = Callable[[Verdict], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The adapter that is tried: how it is started, for which agency, and what its environment holds."""

    agency: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    secrets: Sequence[str] = field(default=(), repr=False)


@asynccontextmanager
async def prepared(candidate: Candidate, people: People, folder: Path) -> AsyncIterator[Bench]:
    """Make a bench with its hub in a folder of its own; whatever was started is ended."""
    catalogue: Catalogue = read_catalogue(people)
    program = Program(command=candidate.command, environment=candidate.environment, folder=folder)
    async with StandInHub(candidate.agency, folder) as hub:
        bench = Bench(
            people=people,
            catalogue=catalogue,
            hub=hub,
            program=program,
            folder=folder,
            secrets=tuple(filter(None, candidate.secrets)),
        )
        try:
            yield bench
        finally:
            await program.stop()


def without_a_rule(people: People, rules: Sequence[Rule]) -> list[str]:
    """Name the exemptions that are for no rule at all."""
    return sorted(people.exempt.keys() - {rule.id for rule in rules})


async def try_all(bench: Bench, rules: Sequence[Rule], level: Level, tell: Tell) -> list[Verdict]:
    """Try every rule up to a level, those that judge the whole run last; `tell` hears of each as it is settled."""
    wanted = [rule for rule in rules if rule.level.rank <= level.rank]
    verdicts: list[Verdict] = []
    for rule in sorted(wanted, key=lambda rule: rule.last):
        verdict = excused(await _try_one(bench, rule, verdicts), bench.people.exempt)
        verdicts.append(verdict)
        tell(verdict)
    return verdicts


async def _try_one(bench: Bench, rule: Rule, before: Sequence[Verdict]) -> Verdict:
    missing = {verdict.rule.id for verdict in before if verdict.state is State.BROKEN or verdict.is_waiting}
    if needed := [need for need in rule.needs if need in missing]:
        return Verdict(
            rule=rule, state=State.NOT_TRIED, note=f"needs `{needed[0]}`, which is not kept", is_waiting=True
        )
    clock = asyncio.get_running_loop().time
    began = clock()
    try:
        async with asyncio.timeout(TRIAL_SECONDS):
            note = await rule.trial(bench)
    except NotTried as lacking:
        return Verdict(rule=rule, state=State.NOT_TRIED, note=str(lacking))
    except (Broken, TimeoutError) as fault:
        broken = fault if isinstance(fault, Broken) else _endless()
        return Verdict(
            rule=rule,
            state=State.BROKEN,
            seconds=clock() - began,
            expected=broken.expected,
            came=broken.came,
            mend=broken.mend,
        )
    return Verdict(rule=rule, state=State.KEPT, seconds=clock() - began, note=note or "")


def _endless() -> Broken:
    return Broken(f"an end within {TRIAL_SECONDS:g} s", "none", "Answer in time; what the program printed may say why.")
