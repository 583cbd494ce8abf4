"""One hostile adapter beside four good ones, under load: nobody is kept waiting, nobody is hidden, nothing is smuggled."""

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
from tests.lib.misbehaviour import Misbehaviour
from tests.lib.requester import signed_in

HOSTILE = "schools"
GOOD = [agency for agency in AGENCIES if agency != HOSTILE]
LOAD_SECONDS = 1.0
GRACE_SECONDS = 0.25
RECOVERY_SECONDS = 5.0

HELD, WITHHELD = ("held", ""), ("withheld", "")
DOWN, LATE, MALFORMED, UNABLE = (("no_answer", reason) for reason in ("down", "late", "malformed", "unable"))
SILENT = {LATE, DOWN}
UNTRUSTED = {MALFORMED, DOWN}

# What may be said of the hostile agency, and nothing else. Down is said of every agency whose breaker is open or whose
# link has just been ended.
EXPECTED: dict[Misbehaviour, set[tuple[str, str]]] = {
    Misbehaviour.STALLS: SILENT,
    Misbehaviour.STOPS_READING: SILENT,
    Misbehaviour.FROZEN: SILENT,
    Misbehaviour.DRIPS: SILENT,
    Misbehaviour.ANSWERS_LATE: SILENT,
    Misbehaviour.NEVER_INTRODUCES_ITSELF: {DOWN},
    Misbehaviour.DECLARES_NOTHING: {UNABLE},
    Misbehaviour.DIES_WHEN_ASKED: {DOWN},
    Misbehaviour.FLAPS: SILENT,
    Misbehaviour.OPENS_MANY_LINKS: {HELD},
    Misbehaviour.BORROWS_AN_INSTANCE: {HELD},
    Misbehaviour.FLOODS_UNSOLICITED: SILENT | UNTRUSTED,
    Misbehaviour.FLOODS_EMPTY: SILENT | UNTRUSTED,
    Misbehaviour.FLOODS_HUGE: SILENT | UNTRUSTED,
    Misbehaviour.FLOODS_LATE_ANSWERS: SILENT | UNTRUSTED,
    Misbehaviour.SPEAKS_BEFORE_HELLO: {DOWN},
    Misbehaviour.SAYS_HELLO_AGAIN: {DOWN},
    Misbehaviour.GARBAGE: UNTRUSTED,
    Misbehaviour.INVALID_UTF8: UNTRUSTED,
    Misbehaviour.HUGE_TEXT: UNTRUSTED,
    Misbehaviour.BIG_REPLY: UNTRUSTED,
    Misbehaviour.CELLS_MISSING: UNTRUSTED,
    Misbehaviour.NO_STATUS: UNTRUSTED,
    Misbehaviour.UNPRINTABLE_SOURCE: UNTRUSTED,
    Misbehaviour.ENDLESS_TIME: UNTRUSTED,
    Misbehaviour.WRONG_ASK_ID: SILENT | UNTRUSTED,
    Misbehaviour.WRONG_NONCE: UNTRUSTED,
    Misbehaviour.ANSWERS_TWICE: {HELD} | UNTRUSTED,
    Misbehaviour.REPLAYS: {HELD} | SILENT | UNTRUSTED,
    Misbehaviour.OTHER_PERSON: {MALFORMED},
    Misbehaviour.CLAIMS_ANOTHER_AGENCY: {HELD},
    Misbehaviour.WITHHOLDS_YET_SENDS: {WITHHELD},
    Misbehaviour.UNASKED_FIELDS: {HELD},
    Misbehaviour.UNASKED_PEOPLE: {HELD},
    Misbehaviour.UNFIT_VALUES: {HELD},
    Misbehaviour.FORGED_DATES: {HELD},
}
# Frozen from outside, or too busy to share this test's processor time.
OF_ITS_OWN = {
    Misbehaviour.FROZEN,
    Misbehaviour.FLOODS_UNSOLICITED,
    Misbehaviour.FLOODS_EMPTY,
    Misbehaviour.FLOODS_HUGE,
    Misbehaviour.FLOODS_LATE_ANSWERS,
}


@asynccontextmanager
async def hostile(served: Served, misbehaviour: Misbehaviour, canary: str, instance: str) -> AsyncIterator[None]:
    """Let the hostile adapter loose, as a task or as a program of its own."""
    if misbehaviour not in OF_ITS_OWN:
        adapter = HostileAdapter(misbehaviour, HOSTILE, canary, instance=instance)
        async with misbehaving(served.deployment, served.ports.links, adapter):
            yield
        return
    with hostile_program(served.deployment.folder, served.ports.links, misbehaviour, HOSTILE, canary) as program:
        if misbehaviour is Misbehaviour.FROZEN:
            program.freeze()
        yield


def test_every_misbehaviour_has_an_expectation() -> None:
    assert EXPECTED.keys() == set(Misbehaviour)


@pytest.mark.parametrize("misbehaviour", Misbehaviour)
async def test_a_hostile_adapter_delays_nobody_hides_nobody_and_smuggles_nothing(
    misbehaviour: Misbehaviour, served: Served, people: Iterator[PersonKeys]
) -> None:
    canary = f"canary{token_hex(8)}"
    deployment, ports = served.deployment, served.ports
    L0 = len(served.program.log())
    C0 = served.program.cpu_seconds()
    async with (
        signed_in(deployment, ports.requesters) as requester,
        all_connected(deployment, ports.links, GOOD) as good,
    ):
        borrowed = good["health"].instance if misbehaviour is Misbehaviour.BORROWS_AN_INSTANCE else ""
        async with hostile(served, misbehaviour, canary, borrowed):
            gathered = await keep_asking(requester, people, seconds=LOAD_SECONDS)
        async with connected(deployment, ports.links, GoodAdapter(HOSTILE)):
            recovery = await seconds_until(requester, next(people), lambda answer: answer.completeness.complete)
        await requester.sign_out()
        assert not any(adapter.ended.is_set() for adapter in good.values())

    answers = gathered.answers
    assert len(answers) >= 8
    slowest = max(answer.seconds for answer in answers)
    said = Counter(answer.outcome(HOSTILE) for answer in answers)
    print(
        misbehaviour,
        len(answers),
        f"{slowest * 1000:.0f}ms",
        dict(said),
        f"{recovery:.2f}s",
        f"{served.program.resident_bytes() / 1e6:.0f}MB",
        f"log {(len(served.program.log()) - L0) / 1e3:.0f}kB cpu {served.program.cpu_seconds() - C0:.2f}s",
    )
    assert slowest <= DEADLINE_MS / 1_000 + GRACE_SECONDS
    assert said.keys() <= EXPECTED[misbehaviour]
    assert [answer.outcome(agency) for answer in answers for agency in GOOD] == [HELD] * len(GOOD) * len(answers)
    assert all(shows_truth_of(answer, GOOD) and shows_nobody_else(answer) for answer in answers)
    assert {fault for answer in answers for fault in faults_of_form(answer)} == set()
    assert_nothing_smuggled(canary, gathered, served)
    assert recovery <= RECOVERY_SECONDS


def assert_nothing_smuggled(canary: str, gathered: Gathered, served: Served) -> None:
    """Look for the canary, and for whom was asked about, wherever neither may be."""
    assert canary.encode() not in gathered.shown()
    written = served.program.log() + served.deployment.kept()
    assert canary.encode() not in written
    assert not [answer for answer in gathered.answers if answer.person.nhs_number.encode() in written]
