"""Run a scenario through the hub's own rooms, over links without a network, and say what the requester sees."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.ask import Asking
from hub.asking.grounds import WITHOUT_KEEPERS, Keepers
from hub.asking.noticing import Noticing
from hub.audit.log import AuditLog, EntryStore
from hub.audit.pseudonyms import KEY_BYTES, Pseudonyms
from hub.errors import RequestError
from hub.links.register import Links
from hub.model.answer import AgencyAnswer, AnswerPart, Joining
from hub.model.entry import Appended, Entry
from hub.model.request import Requester
from hub.sessions.registry import Sessions
from hub.sessions.session import SessionRules
from tests.lib.ledgers import appended
from tests.spec import tables
from tests.spec.agency import Agency
from tests.spec.clockwork import run
from tests.spec.scenario import Plan, Question, Scenario, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a requester sees of one answer, as tables."""

    outcomes: list[dict[str, str]]
    people: list[dict[str, str]]
    disagreements: str
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a question was refused, in the hub's words."""

    reason: str
    words: str
    asked_agencies: int


@dataclass
class EntriesInMemory:
    """Keeps the audit log's entries in the order in which they were committed."""

    entries: list[Entry] = field(default_factory=list)

    def append(self, entries: Sequence[Entry]) -> Appended:
        """Keep entries; return where they begin."""
        self.entries.extend(entries)
        return appended(len(self.entries) - len(entries), len(entries))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The hub without its edges."""

    asking: Asking
    sessions: Sessions
    agencies: dict[str, Agency]
    audit: AuditLog
    links: Links
    noticing: Noticing


def seen(scenario: Scenario, policy: Policy) -> Seen:
    """Run a scenario and return what the requester sees."""
    parts, _ = run(_ask(scenario.question, scenario.sources, policy))
    return _seen(parts, policy)


def asked(plan: Plan, policy: Policy) -> dict[str, list[str]]:
    """Return the fields for which each agency is asked."""
    _, agencies = run(_ask(plan.question, everybody(policy), policy))
    return {name: list(ask.fields) for name, agency in agencies.items() for ask in agency.asks}


def refused(question: Question, policy: Policy) -> Refused | None:
    """Return how a question is refused; None when it is not."""
    return run(_refused(question, policy))


def everybody(policy: Policy, answers: str = "nothing") -> str:
    """Return the table in which every agency answers in one way."""
    return "\n".join(["agency | answers", *(f"{agency} | {answers}" for agency in policy.agencies)])


async def _refused(question: Question, policy: Policy) -> Refused | None:
    in_force, store = PolicyInForce(policy), EntriesInMemory()
    async with rooms(
        everybody(policy), in_force, now=lambda: question.at, store=store, keepers=question.keepers
    ) as hub:
        try:
            await _parts(hub, question, policy)
        except RequestError as error:
            asks = sum(len(agency.asks) for agency in hub.agencies.values())
            return Refused(reason=error.reason, words=f"{error.message} {error.mend}", asked_agencies=asks)
    return None


def holder(level: str, policy: Policy) -> Requester:
    """Return somebody who holds an access level."""
    agency = policy.levels[level].agency or next(iter(policy.agencies))
    areas = policy.agencies[agency].areas
    return Requester(user_name="spec", display_name="Spec", access_level=level, agency=agency, areas=areas)


async def _ask(question: Question, sources: str, policy: Policy) -> tuple[list[AnswerPart], dict[str, Agency]]:
    in_force, store = PolicyInForce(policy), EntriesInMemory()
    async with rooms(sources, in_force, now=lambda: question.at, store=store, keepers=question.keepers) as hub:
        return await _parts(hub, question, policy), hub.agencies


async def _parts(hub: Rooms, question: Question, policy: Policy) -> list[AnswerPart]:
    session = hub.sessions.require(hub.sessions.open(holder(question.level, policy), is_strong=True))
    async with aclosing(hub.asking.ask(session, question.asked())) as parts:
        return [part async for part in parts]


@asynccontextmanager
async def rooms(  # what the rooms are built of
    sources: str,
    in_force: PolicyInForce,
    *,
    now: Callable[[], datetime],
    store: EntryStore,
    most_running: int = 10,
    keepers: Keepers = WITHOUT_KEEPERS,
) -> AsyncIterator[Rooms]:
    """Build the hub without its edges, with each agency of a table on a link of its own."""
    loop = asyncio.get_running_loop()
    policy, rows = in_force.policy, tables.read(sources)
    named = [name for name in policy.agencies if any(row["agency"] == name for row in rows)]
    agencies = {name: Agency(name, [row for row in rows if row["agency"] == name]) for name in named}
    links = Links(loop.time)
    serving = []
    for agency in agencies.values():
        if agency.is_connected:
            link = agency.link(list(policy.catalogue.questions), links)
            links.add(link)
            serving.append(asyncio.create_task(agency.serve(link)))
    async with (
        AuditLog(store, loop.time) as audit,
        Noticing(in_force=in_force, links=links, audit=audit, now=now) as noticing,
    ):
        yield Rooms(
            asking=Asking(
                in_force=in_force,
                links=links,
                audit=audit,
                pseudonyms=Pseudonyms({1: bytes(KEY_BYTES)}),
                most_running=most_running,
                keepers=keepers,
                noticing=noticing,
                now=now,
            ),
            noticing=noticing,
            sessions=Sessions(SessionRules(), clock=loop.time, on_end=lambda _session, _dropped: None),
            agencies=agencies,
            audit=audit,
            links=links,
        )
        for agency in agencies.values():
            agency.leave()
        await asyncio.gather(*serving)


def _seen(parts: Sequence[AnswerPart], policy: Policy) -> Seen:
    answers = {answer.agency: answer for part in parts for answer in part.agencies}
    joinings = [part.joining for part in parts if part.joining is not None]
    disagreements = joinings[-1].disagreements if joinings else ()
    completeness = [part.completeness for part in parts if part.completeness is not None]
    opening = parts[0].opening
    if opening is None or len(completeness) != 1 or set(answers) != set(opening.planned):
        raise ValueError("an answer opens once, and closes once every planned agency has its outcome")
    people = _people(parts, joinings[-1], policy) if joinings else []
    return Seen(
        outcomes=[_outcome(answers[agency]) for agency in opening.planned],
        people=people,
        disagreements=", ".join(f"{person + 1}: {field}" for person, field in disagreements),
        complete=completeness[0].complete,
    )


def _outcome(answer: AgencyAnswer) -> dict[str, str]:
    shown = {
        "agency": answer.agency,
        "outcome": answer.outcome.value.replace("_", " "),
        "why": answer.reason.value.replace("_", " ") if answer.reason else "",
        "values not asked for": str(answer.unasked_cells or ""),
        "rows of others": str(answer.unasked_rows or ""),
        "unfit values": str(answer.unfit_cells or ""),
        "kept back": ", ".join(f"{name}: {why.value.replace('_', ' ')}" for name, why in answer.withheld),
    }
    return {name: value for name, value in shown.items() if value}


def _people(parts: Sequence[AnswerPart], joining: Joining, policy: Policy) -> list[dict[str, str]]:
    """Return one row for each record, in the policy's order of agencies."""
    answers = [answer for part in parts for answer in part.agencies]
    records = [
        (answer.agency, dict(zip(answer.records.columns, cells, strict=True)))
        for answer in answers
        if answer.records is not None
        for cells in answer.records.rows()
    ]
    shown = [
        {"person": str(person + 1), "certain": "yes" if joining.certain[person] else "possibly", "agency": agency}
        | {name: name_of(value) for name, value in values.items() if value}
        for (agency, values), person in zip(records, joining.person_of_row, strict=True)
    ]
    return sorted(shown, key=lambda row: list(policy.agencies).index(row["agency"]))
