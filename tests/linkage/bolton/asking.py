"""Asks Bolton's hub as a social worker does, several at once, and keeps of each answer who was shown by whom."""

import asyncio
import itertools
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sharing.v1.questions_pb2 import AskRequest

from hub.client.answer import AgencyOutcome, Answer, Person
from hub.client.assembling import assemble
from hub.client.client import HubAddress, HubClient
from hub.model.outcome import Outcome, Reason
from tests.linkage.bolton.questions import Question
from tests.linkage.bolton.town import Named, named

SESSIONS = 6
KEPT_BACK = (Outcome.WITHHELD, Outcome.NOT_PERMITTED, Outcome.SUPPRESSED)
NAMES = ("given_name", "family_name", "date_of_birth")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shown:
    """One record as it was shown: by whom, under which names, and whether as certainly the child."""

    agency: str
    named: Named
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reply:
    """What came of one question."""

    question: Question
    request_id: str
    shown: tuple[Shown, ...]
    unable: frozenset[str] = frozenset()
    """The agencies that have no such key to look by."""
    silent: frozenset[str] = frozenset()
    """The agencies that did not answer for another reason."""
    kept_back: frozenset[str] = frozenset()
    """The agencies of which the hub kept all back."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Journalled:
    """What an agency's own journal says of one request: which of its records it found, and whether it kept any back."""

    references: frozenset[str] = frozenset()
    kept_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a social worker signs in, and as whom."""

    address: HubAddress
    user_name: str
    password: str

    async def ask_all(self, questions: Iterable[Question]) -> AsyncIterator[Reply]:
        """Ask everything, in a few sessions at once; give each reply as it comes."""
        waiting, replies = iter(questions), asyncio.Queue[Reply | None](maxsize=SESSIONS)
        async with asyncio.TaskGroup() as group:
            for _ in range(SESSIONS):
                group.create_task(self._ask_in_turn(waiting, replies))
            ended = 0
            while ended < SESSIONS:
                reply = await replies.get()
                if reply is None:
                    ended += 1
                else:
                    yield reply

    async def _ask_in_turn(self, waiting: Iterable[Question], replies: asyncio.Queue[Reply | None]) -> None:
        async with HubClient(self.address) as client:
            await client.sign_in(self.user_name, self.password)
            for question in waiting:
                await replies.put(await _ask(client, question))
            await client.sign_out()
        await replies.put(None)


async def _ask(client: HubClient, question: Question) -> Reply:
    request = AskRequest(
        question="child_basics",
        person=question.keys,
        purpose="safeguarding",
        lawful_basis="A6_E",
        case_reference="LINKAGE/1",
    )
    clock = asyncio.get_running_loop().time
    began = clock()
    answer = assemble([part async for part in client.ask(request)])
    took = clock() - began
    await client.close_answer(answer.request_id)
    return reply_of(question, answer, took)


def reply_of(question: Question, answer: Answer, seconds: float) -> Reply:
    """Keep of an answer what it is scored by."""
    return Reply(
        question=question,
        request_id=answer.request_id,
        shown=tuple(itertools.chain.from_iterable(map(_shown, answer.people))),
        unable=_agencies(answer, lambda said: said.reason is Reason.UNABLE),
        silent=_agencies(answer, lambda said: said.outcome is Outcome.NO_ANSWER and said.reason is not Reason.UNABLE),
        kept_back=_agencies(answer, lambda said: said.outcome in KEPT_BACK),
        seconds=seconds,
    )


def _agencies(answer: Answer, fits: Callable[[AgencyOutcome], bool]) -> frozenset[str]:
    return frozenset(said.agency for said in answer.outcomes if fits(said))


def _shown(person: Person) -> list[Shown]:
    records: dict[tuple[str, int], dict[str, str]] = {}
    for field, values in person.fields.items():
        for value in values:
            records.setdefault((value.agency, value.record), {})[field] = value.value
    return [
        Shown(agency=agency, named=named(*(held.get(name, "") for name in NAMES)), certain=person.certain)
        for (agency, _), held in records.items()
    ]


def read_journals(systems: Path, agencies: Sequence[str]) -> Mapping[tuple[str, str], Journalled]:
    """Read by agency and request what each journal says; a request that was put twice is one."""
    found: dict[tuple[str, str], Journalled] = {}
    for agency in agencies:
        for request_id, outcome, withheld, listed in _asks(systems / agency / "journal.sqlite"):
            before = found.get((agency, request_id), Journalled())
            found[agency, request_id] = Journalled(
                references=before.references | frozenset(map(str, json.loads(listed))),
                kept_back=before.kept_back or outcome in {"shielded", "withheld"} or withheld > 0,
            )
    return found


def _asks(journal: Path) -> list[tuple[str, str, int, str]]:
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT request_id, outcome, withheld_count, own_references FROM asks").fetchall()
