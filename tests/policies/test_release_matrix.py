"""The release functions against an independent opinion: the whole matrix of the shipped deployment, cell by cell.

Levels by questions, agencies, purposes, grounds (confirmed or not), break-glass; and under each of these every record
that differs in consent and its limits, objection and age, shielding or area, with a value in every field.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from hub.access.policy import Policy, load_policy
from hub.asking.permitted import permitted
from hub.asking.releasing import ReleaseRules, released
from hub.links.gathering import Arrival
from hub.model.answer import AgencyAnswer
from hub.model.catalogue import FieldType
from hub.model.grounds import Confirmed
from hub.model.outcome import Outcome
from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.model.request import Request, Requester
from hub.model.terms import Consent, ConsentState, OptOut, Shield, Terms
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.policies import oracle
from tests.policies.release_oracle import Facts, Row, Said, Shown, Wanted, asked_fields, facts_of, shown
from tests.unit.hub.making import nhs_number

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TODAY, YESTERDAY = NOW.date().isoformat(), (NOW.date() - timedelta(days=1)).isoformat()
ASKED = nhs_number(1)
LATER = NOW + timedelta(days=7)
AGES = ("2009-01-01", "2010-11-24", "2010-11-25", "")
CONSENTS = (
    *({"state": state.value} for state in ConsentState),
    *({"state": "explicit", "until": day} for day in (YESTERDAY, TODAY)),
    {"state": "explicit", "classes": ("health", "education")},
    {"state": "explicit", "classes": ("basic",)},
    {"state": "implied_by_statute", "purposes": ("safeguarding", "transition")},
    {"state": "explicit", "agencies": ("schools",)},
)
OBJECTIONS = (("none", AGES[0]), ("parents", AGES[2]), *(("pupil", born) for born in AGES))
AREAS: tuple[tuple[str, ...], ...] = ((), ("bolton",), ("elsewhere",))
GROUNDS = ("", "G1_REQUIRED_BY_LAW", "G4_DEATH_OR_SERIOUS_HARM", "G5_PUBLIC_HEALTH")
# Whoever needs a condition gives one that counts, but for one column in which it does not.
CONDITIONS = {"child_health": "A9_H", "youth_order": "DPA_S1_18"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One way of asking one agency, in the words of both."""

    wanted: Wanted
    request: Request


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(SHIPPED_POLICIES)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return facts_of(oracle.files_in(SHIPPED_POLICIES))


def _said() -> Iterator[tuple[Said, str]]:
    """Yield everything that a source may say of a record, with the day of birth that goes with it."""
    for consent, (opt_out, born), shield, areas in product(CONSENTS, OBJECTIONS, Shield, AREAS):
        yield Said(**consent, opt_out=opt_out, shield=shield.value, areas=areas), born  # type: ignore[arg-type]  # plain words


SAID = tuple(_said())


def _terms(said: Said) -> Terms:
    return Terms(
        consent=Consent(
            state=ConsentState(said.state),
            until=said.until,
            classes=said.classes,
            purposes=said.purposes,
            agencies=said.agencies,
        ),
        opt_out=OptOut(said.opt_out),
        shield=Shield(said.shield),
        areas=said.areas,
    )


def _cells(policy: Policy, question: str, born: str) -> dict[str, str]:
    """Give every field of a question a value of its kind."""
    kinds = {FieldType.TEXT: "x", FieldType.IDENTIFIER: "X1", FieldType.DATE: "2020-01-01", FieldType.NUMBER: "1"}
    fields = [policy.catalogue.fields[name] for name in policy.catalogue.questions[question].fields]
    cells = {field.id: field.choices[0] if field.choices else kinds[field.type] for field in fields}
    return {**cells, "nhs_number": ASKED, "date_of_birth": born}


def _rows(policy: Policy, question: str) -> list[Row]:
    days = ("", TODAY, "2010-01-01")
    return [
        Row(cells=_cells(policy, question, born), day=days[number % 3], said=said)
        for number, (said, born) in enumerate(SAID)
    ]


def _table(rows: list[Row]) -> Records:
    columns = tuple(rows[0].cells)
    return Records(
        columns=columns,
        cells=tuple(row.cells[name] for row in rows for name in columns),
        record_dates=tuple(row.day for row in rows),
        source="S",
        retrieved_at_ms=1,
        terms=tuple(_terms(row.said) for row in rows),
    )


def _cases(policy: Policy, question: str, level: str, purpose: str, agency: str) -> Iterator[Case]:
    holder = oracle.Holder(level, policy.levels[level].agency or "social_care", ("bolton",))
    for ground, is_confirmed, is_glass in product(GROUNDS, (False, True), (False, True)):
        condition = "" if ground == "G5_PUBLIC_HEALTH" and is_confirmed else CONDITIONS.get(question, "")
        wanted = Wanted(
            holder=holder,
            agency=agency,
            question=question,
            purpose=purpose,
            person={"nhs_number": ASKED},
            at=NOW,
            condition=condition,
            ground=ground,
            is_confirmed=is_confirmed,
            is_break_glass=is_glass,
            is_stepped_up=not (ground == "" and is_confirmed),
        )
        yield Case(wanted=wanted, request=_request(wanted))


def _request(wanted: Wanted) -> Request:
    level, agency, areas = wanted.holder
    return Request(
        request_id="r1",
        requester=Requester(user_name="u", display_name="U", access_level=level, agency=agency, areas=areas),
        question=wanted.question,
        person=PersonKeys(nhs_number=ASKED),
        purpose=wanted.purpose,
        lawful_basis="A6_E",
        case_reference="A/1",
        asked_at_ms=1,
        is_stepped_up=wanted.is_stepped_up,
        special_condition=wanted.condition,
        ground=wanted.ground,
        confirmed=(Confirmed(agency=wanted.agency, officer="o", until=LATER),) if wanted.is_confirmed else (),
        break_glass="b" if wanted.is_break_glass else "",
        break_glass_until=LATER if wanted.is_break_glass else None,
    )


def _seen(answer: AgencyAnswer) -> Shown:
    """Spell what the hub shows as the oracle does."""
    rows: list[dict[str, str]] = []
    if answer.records is not None:
        for cells in answer.records.rows():
            named = zip(answer.records.columns, cells, strict=True)
            rows.append({name: value for name, value in named if value})
    return Shown(
        outcome=answer.outcome.value,
        reason=answer.reason.value if answer.reason else None,
        rows=tuple(rows),
        withheld=frozenset((name, reason.value) for name, reason in answer.withheld),
    )


def _compare(policy: Policy, facts: Facts, level: str, question: str, *, every: int) -> tuple[int, int]:
    """Compare all records in one table, and every so many by themselves; return how many cells, and how many shown."""
    rules, rows = ReleaseRules(), _rows(policy, question)
    table = _table(rows)
    single = [(row, _table([row])) for row in rows[::every]]
    judged = seen = 0
    found = policy.catalogue.questions[question]
    for purpose, agency in product(policy.catalogue.purposes, found.agencies):
        for case in _cases(policy, question, level, purpose, agency):
            asked = asked_fields(facts, case.wanted)
            permit = {one.agency: one for one in permitted(policy, case.request, NOW)}.get(agency)
            tables = [(rows, table)] if asked[1] is None else []
            for held, sent in (*tables, *(([row], one) for row, one in single)):
                arrival = Arrival(agency=agency, outcome=Outcome.HELD, records=sent)
                answer = released(
                    policy, case.request, arrival, permit, permit.fields if permit else (), rules=rules, at=NOW
                )
                expected = shown(facts, case.wanted, held, asked)
                assert _seen(answer) == expected, (case.wanted, held[0].said)
                judged += len(held) * len(found.fields)
                seen += sum(map(len, expected.rows))
    return judged, seen


def _asking(policy: Policy) -> list[str]:
    return [level.id for level in policy.levels.values() if level.kind.value == "professional"]


def test_a_stretch_of_the_matrix_is_as_the_oracle_says(policy: Policy, facts: Facts) -> None:
    for level, question in (("social_worker", "child_health"), ("safeguarding_unit_manager", "child_services")):
        judged, seen = _compare(policy, facts, level, question, every=2_003)
        assert judged > 100_000
        assert seen


@pytest.mark.slow
def test_the_whole_matrix_of_the_shipped_deployment_is_as_the_oracle_says(policy: Policy, facts: Facts) -> None:
    judged = seen = 0
    for level, question in product(_asking(policy), policy.catalogue.questions):
        one, other = _compare(policy, facts, level, question, every=97)
        judged, seen = judged + one, seen + other
    assert judged > 20_000_000
    assert seen > 1_000_000
