"""A requester who asks all the while and believes nothing: what each answer must be, and what was seen of all."""

import asyncio
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import grpc

from tests.chaos.field import Field
from tests.lib.load import faults_of_form, shows_nobody_else, shows_truth_of
from tests.lib.measuring import disturbance
from tests.lib.requester import Answer, Requester

Said = tuple[str, str]
HELD: Said = ("held", "")
DOWN: Said = ("no_answer", "down")
LATE: Said = ("no_answer", "late")
CALIBRATION_IN_FLIGHT = 24
IDLE_PAUSE_SECONDS = 0.05


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was seen of answers: how long each took, what was said of the agencies, and everything that was wrong.

    The time for which the hub was ready to go on, and other programs had its processor, is not counted.
    """

    seconds: list[float] = field(default_factory=list)
    # The same with all that others on the machine have taken.
    as_seen: list[float] = field(default_factory=list)
    said: Counter[Said] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    added_ms: list[int] = field(default_factory=list)
    # An answer in which somebody was late, and who asked; it is not closed.
    late: tuple[Requester, Answer] | None = None
    held: int = 0
    good: int = 0
    good_held: int = 0
    disturbance_seconds: float = 0.0

    def note(self, answer: Answer, bad: Collection[str], requester: Requester) -> None:
        """Check one answer; `bad` are the agencies whose lines have a fault."""
        form = faults_of_form(answer)
        self.wrong.update(form)
        if form:
            return
        if not shows_nobody_else(answer):
            self.wrong["somebody else is shown"] += 1
        for agency in answer.planned:
            said = answer.outcome(agency)
            self.held += said == HELD
            if agency in bad:
                self.said[said] += 1
            else:
                self.good += 1
                self.good_held += said == HELD
            if said not in (HELD, DOWN, LATE) or (said != HELD and agency not in bad):
                self.wrong[f"said of {agency}: {' '.join(said)}"] += 1
            if said == HELD and not shows_truth_of(answer, [agency]):
                self.wrong[f"{agency} is said to hold what is not shown"] += 1
            if said == LATE and self.late is None:
                self.late = requester, answer
        self._note_added(answer, bad)

    def _note_added(self, answer: Answer, bad: Collection[str]) -> None:
        """Note how much longer agencies that were known to be down took than all others."""
        others = [answer.of(agency).elapsed_ms for agency in answer.planned if agency not in bad]
        down = [answer.of(agency).elapsed_ms for agency in bad if answer.outcome(agency) == DOWN]
        if bad and others and len(down) == len(bad):
            self.added_ms.append(max(0, max(down) - max(others)))


async def calibrate(field: Field, seconds: float) -> float:
    """Return how many questions a second are answered when there are always enough of them."""
    seen, clock = Seen(), asyncio.get_running_loop().time
    began = clock()

    async def ask_on(place: int) -> None:
        while clock() < began + seconds:
            await _ask(field, seen, place, ())

    async with asyncio.TaskGroup() as group:
        for place in range(CALIBRATION_IN_FLIGHT):
            group.create_task(ask_on(place))
    if seen.wrong:
        raise AssertionError(f"without any fault: {dict(seen.wrong)}")
    return len(seen.seconds) / (clock() - began)


async def ask_idly(field: Field, bad: Collection[str], *, seconds: float) -> Seen:
    """Ask one question at a time, on lines that are quiet in between."""
    seen, clock = Seen(), asyncio.get_running_loop().time
    end = clock() + seconds
    async with disturbance() as disturbed:
        while clock() < end:
            await _ask(field, seen, 0, bad)
            await asyncio.sleep(IDLE_PAUSE_SECONDS)
    seen.disturbance_seconds = disturbed.worst_seconds
    return seen


async def ask_loaded(field: Field, bad: Collection[str], *, seconds: float, per_second: float) -> Seen:
    """Begin so many questions a second, whether or not those before them have been answered."""
    seen, clock = Seen(), asyncio.get_running_loop().time
    began = clock()
    async with disturbance() as disturbed, asyncio.TaskGroup() as group:
        for number in range(int(seconds * per_second)):
            await asyncio.sleep(max(0.0, began + number / per_second - clock()))
            group.create_task(_ask(field, seen, number, bad))
    seen.disturbance_seconds = disturbed.worst_seconds
    return seen


async def seconds_until_complete(field: Field, bad: Collection[str], seen: Seen, most: float) -> float:
    """Ask until every agency answers, and return how long that took; infinity when it takes longer than `most`."""
    clock = asyncio.get_running_loop().time
    began = clock()
    while clock() < began + most:
        answer = await _ask(field, seen, 0, bad)
        if answer is not None and answer.completeness.complete:
            return clock() - began
        await asyncio.sleep(IDLE_PAUSE_SECONDS)
    return float("inf")


async def _ask(field: Field, seen: Seen, number: int, bad: Collection[str]) -> Answer | None:
    requester = field.requesters[number % len(field.requesters)]
    waited = field.hub.waited_seconds()
    try:
        answer = await requester.ask(next(field.people))
    except grpc.RpcError as refused:
        seen.wrong[f"a question was not answered: {refused.code().name}"] += 1
        return None
    seen.as_seen.append(answer.seconds)
    seen.seconds.append(answer.seconds - (field.hub.waited_seconds() - waited))
    seen.note(answer, bad, requester)
    if seen.late is None or seen.late[1] is not answer:
        await requester.close(answer.request_id)
    return answer


async def look_again(seen: Seen) -> None:
    """View the answer in which somebody was late: what has come since is not shown."""
    if seen.late is None:
        return
    requester, answer = seen.late
    view = await requester.view(answer.request_id)
    for part in view.agencies:
        if answer.outcome(part.agency) == LATE and part.records.cells:
            seen.wrong[f"what {part.agency} sent too late is shown"] += 1
    await requester.close(answer.request_id)
    seen.late = None
