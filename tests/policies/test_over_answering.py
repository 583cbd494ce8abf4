"""Agencies that answer with more than they were asked for, while rules change and consent ends: nothing else is shown.

Every text that an agency sends is a canary of its own. Whatever the session shows, at any moment, must be a canary that
the oracle allows to be shown at that moment, under the policy in force by then.
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy, compile_policy
from hub.access.reading import rulebook_from_texts
from hub.asking.answering import Answering
from hub.asking.permitted import permitted
from hub.asking.plan import make_plan
from hub.asking.releasing import ReleaseRules
from hub.asking.withdrawing import Withdrawing
from hub.audit.pseudonyms import Pseudonym
from hub.errors import NotHeld
from hub.links.gathering import Arrival
from hub.model.catalogue import FieldType
from hub.model.grounds import Confirmed
from hub.model.outcome import Outcome
from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.model.request import Request
from hub.model.terms import UNSAID, Consent, ConsentState, OptOut, Shield, Terms
from hub.sessions.registry import Sessions
from hub.sessions.session import SessionRules
from tests.policies import oracle
from tests.policies.bad_policies import shipped_texts
from tests.policies.release_oracle import Facts, Row, Said, Wanted, facts_of, shown
from tests.spec.running import holder
from tests.unit.hub.making import nhs_number

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ASKED, OTHER = nhs_number(1), nhs_number(2)
STEPS = 12
# One policy, and what becomes of it: each change is a file, what stands in it and what it is changed to.
CHANGES: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (),
    (("vocabulary.yaml", "    title: Concerns\n", "    title: Concerns\n    consent: true\n"),),
    (("vocabulary.yaml", "officer: false", "officer: true"),),
    (("vocabulary.yaml", "    opt_out: true\n    grounds:", "    consent: true\n    grounds:"),),
    (("levels/safeguarding_unit_manager.yaml", "sees_shielded: true\n", ""),),
    (("levels/social_care_duty.yaml", "break_glass: true\n", ""),),
    (("vocabulary.yaml", "special: [A9_A, A9_C, A9_G, A9_H, A9_I]", "special: [A9_C]"),),
    (("agreements/safeguarding_all_partners.yaml", "until: 2030-12-31", "until: 2027-01-01"),),
    (("questions/child_services.yaml", "deadline_ms", "oldest_record_days: 30\ndeadline_ms"),),
    (("fields.yaml", "id: service, label: Service", "id: service, locates: true, label: Service"),),
)
LEVELS = ("social_worker", "social_care_duty", "safeguarding_unit_manager", "health_visitor", "connexions_adviser")
LEVELS_AND_QUESTIONS = [
    (level, question, purpose)
    for level, asked in {
        "social_worker": ["child_health safeguarding", "youth_order safeguarding", "child_attendance early_help"],
        "social_care_duty": ["child_concerns safeguarding", "child_health safeguarding", "staff_safety safeguarding"],
        "safeguarding_unit_manager": ["child_services safeguarding", "child_concerns safeguarding"],
        "health_visitor": ["child_services early_help", "child_health health_care", "staff_safety early_help"],
        "connexions_adviser": ["child_attendance transition", "young_person_destination transition"],
    }.items()
    for question, purpose in (words.split() for words in asked)
]
GROUNDS = ("", "", "G4_DEATH_OR_SERIOUS_HARM", "G1_REQUIRED_BY_LAW")


def _made() -> list[tuple[Policy, Facts]]:
    made = []
    for changes in CHANGES:
        texts = {name: text for name, text in shipped_texts().items() if name != "tests.yaml"}
        for name, old, new in changes:
            assert old.encode() in texts[name], (name, old)
            texts[name] = texts[name].replace(old.encode(), new.encode())
        made.append((compile_policy(rulebook_from_texts(texts)), facts_of(_files(texts))))
    return made


def _files(texts: dict[str, bytes]) -> oracle.Files:
    read: dict[str, Any] = {name: yaml.safe_load(text) for name, text in texts.items() if name.endswith(".yaml")}
    folders = {
        folder: {name.split("/")[1][:-5]: read[name] for name in read if name.startswith(f"{folder}/")}
        for folder in ("questions", "levels", "agreements")
    }
    agencies, fields = read["agencies.yaml"]["agencies"], read["fields.yaml"]["fields"]
    return oracle.Files(vocabulary=read["vocabulary.yaml"], agencies=agencies, fields=fields, **folders)


class OverAnswering(RuleBasedStateMachine):
    """One session, some questions, agencies that send what they like, rules that change, days that pass."""

    made: list[tuple[Policy, Facts]] = []  # noqa: RUF012  # made once, and filled before the first run
    cases = 0
    seen = 0

    def __init__(self) -> None:
        super().__init__()
        self.canaries = count()
        self.now = NOW
        self.rules = ReleaseRules()

    @initialize(level=st.sampled_from(LEVELS))
    def sign_in(self, level: str) -> None:
        policy, self.facts = self.made[0]
        self.in_force = PolicyInForce(policy)
        self.sessions = Sessions(SessionRules(), clock=lambda: 0.0, on_end=lambda _session, _dropped: None)
        self.session = self.sessions.require(self.sessions.open(holder(level, policy), is_strong=True))
        self.withdrawing = Withdrawing(self.in_force, self.sessions, lambda: self.now)
        # request → agency → the rows that it sent, with their canaries
        self.sent: dict[str, dict[str, list[Row]]] = {}
        self.asked: dict[str, Request] = {}

    @rule(seed=st.integers(0, 2**32))
    def ask(self, seed: int) -> None:
        chance = Random(seed)  # a made-up answer, from a seed that Hypothesis can repeat
        level = self.session.requester.access_level
        request = self._request(chance, *chance.choice([each for each in LEVELS_AND_QUESTIONS if each[0] == level]))
        plan = make_plan(permitted(self.in_force.policy, request, self.now))
        answering = Answering(
            request, plan, self.in_force, rules=self.rules, now=lambda: self.now, person=Pseudonym(epoch=1, ways=())
        )
        self.session.begin(request, lambda: None)
        sent = {agency: self._rows(chance, request) for agency in plan.planned}
        self.asked[request.request_id], self.sent[request.request_id] = request, sent
        arrivals = [
            Arrival(agency=agency, outcome=Outcome.HELD, records=_table(rows)) for agency, rows in sent.items() if rows
        ]
        type(self).cases += len(arrivals)
        self.session.hold(request, answering.part(answering.release(arrivals), 1))
        self.session.finish(request.request_id)
        if len(self.session.held()) > 3:
            self.session.close(self.session.held()[0].request.request_id)

    @rule(which=st.integers(0, len(CHANGES) - 1))
    def publish(self, which: int) -> None:
        policy, self.facts = self.made[which]
        self.in_force.put(policy)
        self.withdrawing.everywhere()

    @rule(hours=st.sampled_from((0.3, 5, 24, 24 * 45)))
    def wait(self, hours: float) -> None:
        self.now += timedelta(hours=hours)
        self.withdrawing.past_their_time()

    @rule(which=st.integers(0, 4))
    def take_back(self, which: int) -> None:
        """Have one agency say that what it sent may no longer be shown."""
        for request_id, sent in self.sent.items():
            agency = list(sent)[which % len(sent)]
            if self.withdrawing.withdraw_from_source(agency, request_id):
                assert request_id not in {held.request.request_id for held in self.session.held()}
            return

    @invariant()
    def only_what_the_oracle_allows_is_shown(self) -> None:
        for request_id in [held.request.request_id for held in self.session.held()] if self.asked_anything else []:
            try:
                held = self.withdrawing.held(self.session, request_id)
            except NotHeld:
                continue
            for answer in (answer for part in held.parts for answer in part.agencies if answer.records is not None):
                visible = {cell for cell in answer.records.cells if cell.startswith("CANARY")}  # type: ignore[union-attr]  # see above
                allowed = self._allowed(held.request, answer.agency)
                assert visible <= allowed, (held.request.question, answer.agency, self.in_force.policy.version)
                type(self).seen += len(visible)

    @property
    def asked_anything(self) -> bool:
        return bool(getattr(self, "asked", None))

    def _allowed(self, request: Request, agency: str) -> set[str]:
        at, who = self.now, request.requester
        wanted = Wanted(
            holder=oracle.Holder(who.access_level, who.agency, who.areas),
            agency=agency,
            question=request.question,
            purpose=request.purpose,
            person={"nhs_number": ASKED},
            at=at,
            condition=request.special_condition,
            ground=request.ground,
            is_confirmed=any(found.agency == agency and at < found.until for found in request.confirmed),
            is_break_glass=request.break_glass_until is not None and at < request.break_glass_until,
            is_stepped_up=request.is_stepped_up,
        )
        rows = shown(self.facts, wanted, self.sent[request.request_id][agency]).rows
        return {value for row in rows for value in row.values()}

    def _request(self, chance: Random, _level: str, question: str, purpose: str) -> Request:
        is_glass = chance.random() < 0.3
        officers = tuple(
            Confirmed(agency=agency, officer="o", until=self.now + timedelta(hours=chance.choice((1, 40))))
            for agency in self.in_force.policy.agencies
            if chance.random() < 0.4
        )
        return Request(
            request_id=f"r{next(self.canaries)}",
            requester=self.session.requester,
            question=question,
            person=PersonKeys(nhs_number=ASKED),
            purpose=purpose,
            lawful_basis="A6_E",
            case_reference="A/1",
            asked_at_ms=1,
            is_stepped_up=chance.random() < 0.8,
            special_condition=chance.choice(("A9_H", "A9_C", "DPA_S1_18", "")),
            ground=chance.choice(GROUNDS),
            confirmed=officers,
            break_glass="b" if is_glass else "",
            break_glass_until=self.now + timedelta(minutes=60) if is_glass else None,
        )

    def _rows(self, chance: Random, request: Request) -> list[Row]:
        """Make up rows with any fields, about anybody, of any area, on any terms."""
        known = list(self.in_force.policy.catalogue.fields.values())
        asked = self.in_force.policy.catalogue.questions[request.question].fields
        fields = [field for field in known if field.id in asked or chance.random() < 0.3]
        return [
            Row(
                cells={field.id: self._value(chance, field.type, field.choices) for field in fields}
                | {"nhs_number": chance.choice((ASKED, ASKED, ASKED, OTHER, "")), "date_of_birth": _born(chance)},
                day=chance.choice(("", "2026-11-20", "2026-10-20", "2020-01-01")),
                said=_said(chance, self.now),
            )
            for _ in range(chance.randint(0, 3))
        ]

    def _value(self, chance: Random, kind: FieldType, choices: tuple[str, ...]) -> str:
        if kind in {FieldType.TEXT, FieldType.IDENTIFIER} or chance.random() < 0.2:
            return f"CANARY{next(self.canaries)}"
        return choices[0] if choices else {FieldType.DATE: "2020-01-01"}.get(kind, "1")


def _born(chance: Random) -> str:
    return chance.choice(("2009-01-01", "2010-12-20", "2018-03-01", ""))


def _said(chance: Random, now: datetime) -> Said:
    if chance.random() < 0.1:
        return Said()
    until = (now.date() + timedelta(days=chance.choice((-1, 0, 1, 60)))).isoformat()
    return Said(
        state=chance.choice(("explicit", "explicit", "implied_by_statute", *(state.value for state in ConsentState))),
        until=chance.choice(("", until)),
        classes=chance.choice(((), (), ("health", "education"), ("basic",))),
        purposes=chance.choice(((), (), ("safeguarding",))),
        agencies=chance.choice(((), (), ("social_care",))),
        opt_out=chance.choice(("none", "none", "parents", "pupil")),
        shield=chance.choice(("none", "none", "none", "address", "person", "absolute")),
        areas=chance.choice(((), (), ("bolton",), ("elsewhere",), ("elsewhere", "bolton"))),
    )


def _table(rows: list[Row]) -> Records:
    columns = tuple(rows[0].cells)
    said = tuple(_terms(row.said) for row in rows)
    return Records(
        columns=columns,
        cells=tuple(row.cells[name] for row in rows for name in columns),
        record_dates=tuple(row.day for row in rows),
        source="S",
        retrieved_at_ms=1,
        terms=() if all(one == UNSAID for one in said) else said,
    )


def _terms(said: Said) -> Terms:
    state = ConsentState(said.state)
    consent = Consent(
        state=state, until=said.until, classes=said.classes, purposes=said.purposes, agencies=said.agencies
    )
    return Terms(consent=consent, opt_out=OptOut(said.opt_out), shield=Shield(said.shield), areas=said.areas)


def _run(examples: int) -> tuple[int, int]:
    OverAnswering.made = OverAnswering.made or _made()
    OverAnswering.cases = OverAnswering.seen = 0
    chosen = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(OverAnswering, settings=chosen)
    return OverAnswering.cases, OverAnswering.seen


def test_five_thousand_over_answers_show_no_canary_that_the_oracle_does_not_allow() -> None:
    cases = seen = 0
    while cases < 5_000:
        some, shown_now = _run(300)
        cases, seen = cases + some, seen + shown_now
    # Something was shown, or nothing would have been proved.
    assert seen > 1_000


@pytest.mark.slow
def test_a_hundred_thousand_over_answers_show_no_canary_that_the_oracle_does_not_allow() -> None:
    cases = seen = 0
    while cases < 100_000:
        some, shown_now = _run(2_000)
        cases, seen = cases + some, seen + shown_now
    assert seen > 20_000
