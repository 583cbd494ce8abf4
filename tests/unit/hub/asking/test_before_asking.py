"""Before any agency is asked: what comes first, what officers say, what a question leaves to be done."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from hub.access.policy import Policy
from hub.asking.grounds import Keepers
from hub.errors import NotAllowed, NotReady
from hub.model.entry import Entry
from hub.model.grounds import Confirmed, DutyKind, Entailed
from hub.model.request import Request
from tests.spec.clockwork import run
from tests.spec.scenario import TODAY, Question
from tests.unit.hub.asking.scene import ask, scene

SOURCES = """
agency | answers  | nhs_number | last_seen  | service         | consent
health | a record | nhs:A      | 2026-10-02 | Health visiting | explicit
"""
SERVICES = Question(level="social_worker", question="child_services", purpose="safeguarding", about="nhs:A")
HEALTH = Question(
    level="social_worker", question="child_health", purpose="safeguarding", about="nhs:A", condition="A9_H"
)


@dataclass
class Remembering:
    """Keeps what it is told, or cannot."""

    is_full: bool = False
    told: list[tuple[str, tuple[Entailed, ...]]] = field(default_factory=list)

    async def arising(self, request: Request, entailed: tuple[Entailed, ...]) -> None:
        if self.is_full:
            raise NotReady("DUTIES_UNWRITABLE", "Duties cannot be written.")
        self.told.append((request.request_id, tuple(entailed)))


@dataclass
class Deciding:
    """An officer who has not made up his mind, or has."""

    confirmed_ones: tuple[Confirmed, ...] = ()
    asked_about: list[Request] = field(default_factory=list)

    async def confirmed(self, request: Request, *, at: datetime) -> tuple[Confirmed, ...]:
        self.asked_about.append(request)
        return tuple(found for found in self.confirmed_ones if at < found.until)


def test_once_the_question_that_asks_for_less_has_been_asked_about_the_same_child_the_other_may_be(
    policy: Policy,
) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=HEALTH) as on:
            with pytest.raises(NotAllowed) as refused:
                await ask(on, HEALTH)
            assert (refused.value.reason, refused.value.field) == ("LESS_WOULD_DO", "question")
            assert "child_services" in refused.value.mend
            await ask(on, replace(SERVICES, about="nhs:B"))
            with pytest.raises(NotAllowed):
                await ask(on, HEALTH)
            await ask(on, SERVICES)
            assert (await ask(on, HEALTH))[-1].completeness is not None
            on.session.close("")
            with pytest.raises(NotAllowed):
                await ask(on, HEALTH)
            await on.hub.audit.record(Entry(kind="other", at_ms=1, body="{}"))
            reasons = [entry["reason"] for entry in on.disk.of_kind("refusal")]
            assert reasons == ["LESS_WOULD_DO"] * 3

    run(journey())


def test_for_a_purpose_for_which_the_other_may_not_be_asked_nobody_is_sent_there(policy: Policy) -> None:
    own = replace(HEALTH, level="health_visitor", purpose="health_care")

    async def journey() -> None:
        async with scene(policy, SOURCES, question=own) as on:
            assert (await ask(on, own))[-1].completeness is not None

    run(journey())


def test_that_more_was_needed_is_recorded(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=HEALTH) as on:
            await ask(on, replace(HEALTH, more="yes"))
            (intent,) = on.disk.of_kind("intent")
            assert intent["needs_more"] is True

    run(journey())


@pytest.mark.parametrize(
    ("changes", "entailed"),
    [
        ({"basis": "A6_E"}, ()),
        ({"basis": "A6_A"}, (Entailed(kind=DutyKind.CONSENT_FORM, due=date(2026, 11, 30)),)),
        (
            {"ground": "G4_DEATH_OR_SERIOUS_HARM", "why": "CHILD_RISK", "informed": "later", "by": "2026-12-01"},
            (Entailed(kind=DutyKind.INFORM, due=date(2026, 12, 1)),),
        ),
    ],
)
def test_what_a_question_leaves_to_be_done_is_told_before_anybody_is_asked(
    policy: Policy, changes: dict[str, str], entailed: tuple[Entailed, ...]
) -> None:
    question = replace(HEALTH, more="yes", **changes)  # type: ignore[arg-type]  # words, all of them
    duties = Remembering()

    async def journey() -> None:
        async with scene(policy, SOURCES, question=question, keepers=Keepers(duties=duties)) as on:
            await ask(on, question)
            assert [told for _, told in duties.told] == ([entailed] if entailed else [])

    run(journey())


def test_nobody_is_asked_when_what_is_left_to_be_done_cannot_be_kept(policy: Policy) -> None:
    question = replace(HEALTH, more="yes", basis="A6_A")

    async def journey() -> None:
        async with scene(policy, SOURCES, question=question, keepers=Keepers(duties=Remembering(is_full=True))) as on:
            with pytest.raises(NotReady):
                await ask(on, question)
            assert on.disk.asked() == 0

    run(journey())


def test_officers_are_asked_about_the_request_as_it_will_be(policy: Policy) -> None:
    question = replace(
        HEALTH, more="yes", ground="G1_REQUIRED_BY_LAW", why="STATUTORY_DUTY", informed="yes", officers="health"
    )
    until = TODAY + timedelta(hours=1)
    officer = Deciding(confirmed_ones=(Confirmed(agency="health", officer="o.silva", until=until),))

    async def journey() -> None:
        async with scene(policy, SOURCES, question=question, keepers=Keepers(confirmations=officer)) as on:
            await ask(on, question)
            (request,) = officer.asked_about
            assert (request.confirmation, request.ground, request.person.nhs_number) == (
                "confirmation",
                "G1_REQUIRED_BY_LAW",
                question.asked().nhs_number,
            )
            (intent,) = on.disk.of_kind("intent")
            assert (intent["request"], intent["confirmed_by"]) == (request.request_id, {"health": "o.silva"})

    run(journey())


@pytest.mark.parametrize("changes", [{"officers": "health", "ground": "G1_REQUIRED_BY_LAW"}, {"glass": "yes"}])
def test_where_nobody_keeps_decisions_or_accesses_there_are_none(policy: Policy, changes: dict[str, str]) -> None:
    law = {"why": "STATUTORY_DUTY", "informed": "yes"} if "ground" in changes else {}
    question = replace(HEALTH, level="social_care_duty", more="yes", **changes, **law)  # type: ignore[arg-type]  # words, all of them

    async def journey() -> None:
        async with scene(policy, SOURCES, question=question, keepers=Keepers()) as on:
            with pytest.raises(NotAllowed) as refused:
                await ask(on, question)
            assert refused.value.reason in {"CONFIRMATION_UNKNOWN", "BREAK_GLASS_NOT_OPEN"}
            await on.hub.audit.record(Entry(kind="other", at_ms=1, body="{}"))
            assert [entry["reason"] for entry in on.disk.of_kind("refusal")] == [refused.value.reason]
            assert on.disk.asked() == 0

    run(journey())
