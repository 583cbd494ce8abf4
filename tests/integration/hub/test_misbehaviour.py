"""One hostile adapter beside four good ones, under load: nobody waits, nobody is hidden, nothing is smuggled."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from secrets import token_hex

import pytest
from sharing.v1.records_pb2 import PersonKeys

from tests.integration.hub.conftest import DEADLINE_MS
from tests.lib.deployment import AGENCIES, Served
from tests.lib.good_adapter import GoodAdapter, all_connected, connected
from tests.lib.hostile_adapter import HostileAdapter, misbehaving
from tests.lib.hostile_program import hostile_program
from tests.lib.load import Gathered, faults_of_form, keep_asking, seconds_until, shows_nobody_else, shows_truth_of
from tests.lib.measuring import disturbance
from tests.lib.misbehaviour import Misbehaviour
from tests.lib.requester import signed_in

LOAD_SECONDS = 0.7
GRACE_SECONDS = 0.25
RECOVERY_SECONDS = 5.0

Said = tuple[str, str]
HELD: Said = ("held", "")
WITHHELD: Said = ("withheld", "")
DOWN: Said = ("no_answer", "down")
LATE: Said = ("no_answer", "late")
MALFORMED: Said = ("no_answer", "malformed")
UNABLE: Said = ("no_answer", "unable")

# What must be said of the hostile agency at least once, and what else may be: it is down when its breaker is open or
# its link has just been ended.
EXPECTED: dict[Misbehaviour, tuple[Said, set[Said]]] = {
    Misbehaviour.STALLS: (LATE, {DOWN}),
    Misbehaviour.STOPS_READING: (LATE, {DOWN}),
    Misbehaviour.FROZEN: (LATE, {DOWN}),
    Misbehaviour.DRIPS: (LATE, {DOWN}),
    Misbehaviour.ANSWERS_LATE: (LATE, {DOWN}),
    Misbehaviour.NEVER_INTRODUCES_ITSELF: (DOWN, set()),
    Misbehaviour.DECLARES_NOTHING: (UNABLE, set()),
    Misbehaviour.DIES_WHEN_ASKED: (DOWN, set()),
    Misbehaviour.FLAPS: (DOWN, set()),
    Misbehaviour.OPENS_MANY_LINKS: (HELD, set()),
    Misbehaviour.BORROWS_AN_INSTANCE: (HELD, set()),
    Misbehaviour.FLOODS_UNSOLICITED: (DOWN, {MALFORMED, LATE}),
    Misbehaviour.FLOODS_EMPTY: (DOWN, {MALFORMED, LATE}),
    Misbehaviour.FLOODS_HUGE: (DOWN, {MALFORMED, LATE}),
    Misbehaviour.FLOODS_LATE_ANSWERS: (LATE, {MALFORMED, DOWN}),
    Misbehaviour.SPEAKS_BEFORE_HELLO: (DOWN, set()),
    Misbehaviour.SAYS_HELLO_AGAIN: (DOWN, set()),
    Misbehaviour.GARBAGE: (MALFORMED, {DOWN}),
    Misbehaviour.INVALID_UTF8: (MALFORMED, {DOWN}),
    Misbehaviour.HUGE_TEXT: (DOWN, set()),
    Misbehaviour.BIG_REPLY: (MALFORMED, {DOWN}),
    Misbehaviour.CELLS_MISSING: (MALFORMED, {DOWN}),
    Misbehaviour.NO_STATUS: (MALFORMED, {DOWN}),
    Misbehaviour.UNPRINTABLE_SOURCE: (MALFORMED, {DOWN}),
    Misbehaviour.ENDLESS_TIME: (MALFORMED, {DOWN}),
    Misbehaviour.WRONG_ASK_ID: (LATE, {MALFORMED, DOWN}),
    Misbehaviour.WRONG_NONCE: (MALFORMED, {DOWN}),
    Misbehaviour.ANSWERS_TWICE: (HELD, {MALFORMED, DOWN}),
    Misbehaviour.REPLAYS: (HELD, {LATE, MALFORMED, DOWN}),
    Misbehaviour.OTHER_PERSON: (MALFORMED, set()),
    Misbehaviour.CLAIMS_ANOTHER_AGENCY: (HELD, set()),
    Misbehaviour.WITHHOLDS_YET_SENDS: (WITHHELD, set()),
    Misbehaviour.UNASKED_FIELDS: (HELD, set()),
    Misbehaviour.UNASKED_PEOPLE: (HELD, set()),
    Misbehaviour.UNFIT_VALUES: (HELD, set()),
    Misbehaviour.FORGED_DATES: (HELD, set()),
    Misbehaviour.WITNESSES_WHAT_NEVER_WAS: (HELD, set()),
    Misbehaviour.WITNESSES_WITHOUT_END: (DOWN, {MALFORMED, LATE}),
}
# Those that show as a fault of the agency on the status page even though it counts as having answered.
COUNTED_THOUGH_ANSWERED = {
    Misbehaviour.ANSWERS_TWICE,
    Misbehaviour.OTHER_PERSON,
    Misbehaviour.WITHHOLDS_YET_SENDS,
    Misbehaviour.UNASKED_FIELDS,
    Misbehaviour.UNASKED_PEOPLE,
    Misbehaviour.UNFIT_VALUES,
    Misbehaviour.WITNESSES_WHAT_NEVER_WAS,
}
# Frozen from outside, or too busy to share this test's processor time.
OF_ITS_OWN = {
    Misbehaviour.FROZEN,
    Misbehaviour.FLOODS_UNSOLICITED,
    Misbehaviour.FLOODS_EMPTY,
    Misbehaviour.FLOODS_HUGE,
    Misbehaviour.FLOODS_LATE_ANSWERS,
}
# Each agency is the hostile one in turn.
CASES = [(misbehaviour, AGENCIES[number % len(AGENCIES)]) for number, misbehaviour in enumerate(Misbehaviour)]


@asynccontextmanager
async def hostile(
    served: Served, misbehaviour: Misbehaviour, agency: str, canary: str, good: dict[str, GoodAdapter]
) -> AsyncIterator[None]:
    """Let the hostile adapter loose, as a task or as a program of its own."""
    deployment, port = served.deployment, served.ports.links
    if misbehaviour in OF_ITS_OWN:
        with hostile_program(deployment.folder, port, misbehaviour, agency, canary) as program:
            if misbehaviour is Misbehaviour.FROZEN:
                program.freeze()
            yield
        return
    borrowed = next(iter(good.values())).instance if misbehaviour is Misbehaviour.BORROWS_AN_INSTANCE else ""
    adapter = HostileAdapter(misbehaviour, agency, canary, instance=borrowed)
    async with misbehaving(deployment, port, adapter):
        yield


def test_every_misbehaviour_has_an_expectation() -> None:
    assert EXPECTED.keys() == set(Misbehaviour)


@pytest.mark.parametrize(("misbehaviour", "agency"), CASES)
async def test_a_hostile_adapter_delays_nobody_hides_nobody_and_smuggles_nothing(
    misbehaviour: Misbehaviour, agency: str, served: Served, people: Iterator[PersonKeys]
) -> None:
    canary = f"canary{token_hex(8)}"
    others = [other for other in AGENCIES if other != agency]
    deployment, ports = served.deployment, served.ports
    async with (
        signed_in(deployment, ports.requesters) as requester,
        all_connected(deployment, ports.links, others) as good,
    ):
        before = (await requester.status())[agency].faults
        async with hostile(served, misbehaviour, agency, canary, good), disturbance() as disturbed:
            gathered = await keep_asking(requester, people, seconds=LOAD_SECONDS)
        counted = (await requester.status())[agency].faults - before
        async with connected(deployment, ports.links, GoodAdapter(agency)):
            recovery = await seconds_until(requester, next(people), lambda answer: answer.completeness.complete)
        await requester.sign_out()
        assert not any(adapter.ended.is_set() for adapter in good.values()), "a good agency lost its link"

    answers = gathered.answers
    assert len(answers) >= 8
    slowest = max(answer.seconds for answer in answers) - disturbed.worst_seconds
    assert slowest <= DEADLINE_MS / 1_000 + GRACE_SECONDS
    said, (must, may) = Counter(answer.outcome(agency) for answer in answers), EXPECTED[misbehaviour]
    assert must in said
    assert said.keys() <= {must} | may
    assert {answer.outcome(other) for answer in answers for other in others} == {HELD}
    assert all(shows_truth_of(answer, others) and shows_nobody_else(answer) for answer in answers)
    assert {fault for answer in answers for fault in faults_of_form(answer)} == set()
    assert counted or misbehaviour not in COUNTED_THOUGH_ANSWERED
    assert_nothing_smuggled(canary, gathered, served)
    assert recovery <= RECOVERY_SECONDS


def assert_nothing_smuggled(canary: str, gathered: Gathered, served: Served) -> None:
    """Look for the canary, and for whom was asked about, wherever neither may be."""
    assert canary.encode() not in gathered.shown()
    written = served.program.log() + served.deployment.kept()
    assert canary.encode() not in written
    assert not [answer for answer in gathered.answers if answer.person.nhs_number.encode() in written]
