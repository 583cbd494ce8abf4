"""Questions in flight for a while, and what must hold of each answer whatever the agencies do."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sharing.v1 import questions_pb2, records_pb2

from tests.lib.good_adapter import marker
from tests.lib.requester import PATIENCE_SECONDS, Answer, Requester

# A reading is not older than the hub's first day, and not from after the calendar's last.
LATEST_READING_MS = 253_402_300_800_000


@dataclass(slots=True, kw_only=True)
class Gathered:
    """The answers of a load, each with the view that its session held."""

    answers: list[Answer] = field(default_factory=list)
    views: list[questions_pb2.AnswerPart] = field(default_factory=list)

    def shown(self) -> bytes:
        """Return everything that reached requesters."""
        return b"".join([*(answer.wire() for answer in self.answers), *(v.SerializeToString() for v in self.views)])


async def keep_asking(
    requester: Requester,
    people: Iterator[records_pb2.PersonKeys],
    *,
    seconds: float,
    in_flight: int = 8,
    pause: float = 0.03,
) -> Gathered:
    """Keep so many questions in flight for so long, then wait for the last; each is viewed, then closed."""
    gathered = Gathered()
    end = asyncio.get_running_loop().time() + seconds

    async def ask_on() -> None:
        while asyncio.get_running_loop().time() < end:
            answer = await requester.ask(next(people))
            gathered.answers.append(answer)
            gathered.views.append(await requester.view(answer.request_id))
            await requester.close(answer.request_id)
            await asyncio.sleep(pause)

    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(ask_on())
    return gathered


async def seconds_until(requester: Requester, person: records_pb2.PersonKeys, good: Callable[[Answer], bool]) -> float:
    """Ask until an answer is good, and return how long that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            answer = await requester.ask(person)
            await requester.close(answer.request_id)
            if good(answer):
                return loop.time() - began
            await asyncio.sleep(0.05)


def faults_of_form(answer: Answer) -> list[str]:
    """Name what no answer may be, whatever agencies send: incomplete, doubled, or unfit to be shown."""
    faults = []
    if sorted(part.agency for part in answer.said) != sorted(answer.planned):
        faults.append("not exactly one outcome for each planned agency")
    if not answer.parts[-1].HasField("completeness"):
        faults.append("no completeness statement")
    if answer.completeness.complete != all(answer.outcome(agency)[0] != "no_answer" for agency in answer.planned):
        faults.append("completeness and outcomes contradict each other")
    for part in answer.said:
        faults += [f"{part.agency}: {fault}" for fault in _faults_of_records(part.records)]
    return faults


def shows_truth_of(answer: Answer, agencies: Sequence[str]) -> bool:
    """Tell whether each of these agencies' own record of the person asked about is shown."""
    number = answer.person.nhs_number
    return all(marker(agency, number) in answer.column(agency, "address") for agency in agencies)


def shows_nobody_else(answer: Answer) -> bool:
    """Tell whether no row is about anyone but the person asked about."""
    return all(set(answer.column(agency, "nhs_number")) <= {answer.person.nhs_number} for agency in answer.planned)


def _faults_of_records(records: records_pb2.Records) -> Iterator[str]:
    if not all(map(str.isprintable, [records.source, *records.columns, *records.cells])):
        yield "a control character is shown"
    if not all(map(_is_day, filter(None, records.record_dates))):
        yield "a record date is no day"
    if records.retrieved_at_ms > LATEST_READING_MS:
        yield "it was read at a time that no calendar has"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
