from pathlib import Path

import pytest

from hub.access.policy import Policy, load_policy
from tests.spec import running, tables
from tests.spec.chapters import CHAPTERS
from tests.spec.running import holder
from tests.spec.scenario import TODAY, Case, Menus, Plan, Question, Refusals, Scenario
from tests.spec.writing import page

CASES = [case for chapter in CHAPTERS for case in chapter.cases]


def cases_of(kind: type[Case]) -> list[object]:
    return [pytest.param(case, id=case.title) for case in CASES if isinstance(case, kind)]


@pytest.fixture(scope="module")
def policy(repository: Path) -> Policy:
    return load_policy(repository / "policies")


@pytest.mark.parametrize("scenario", cases_of(Scenario))
def test_the_requester_sees_what_the_table_says(scenario: Scenario, policy: Policy) -> None:
    seen = running.seen(scenario, policy)
    assert seen.outcomes == tables.read(scenario.outcomes)
    assert seen.people == tables.read(scenario.people)
    assert seen.disagreements == scenario.disagreements
    assert seen.complete is scenario.complete


@pytest.mark.parametrize("plan", cases_of(Plan))
def test_the_agencies_are_asked_for_what_the_table_says(plan: Plan, policy: Policy) -> None:
    identity = list(policy.catalogue.identity_fields)
    expected = {row["agency"]: [*identity, *row.get("further fields", "").split()] for row in tables.read(plan.asked)}
    assert running.asked(plan, policy) == expected


@pytest.mark.parametrize("refusals", cases_of(Refusals))
def test_each_question_is_refused_as_the_table_says_and_nobody_is_asked(refusals: Refusals, policy: Policy) -> None:
    right = {
        "level": "health_visitor",
        "question": "child_services",
        "purpose": "safeguarding",
        "basis": "A6_E",
        "case": "2026/17",
        "about": "nhs:A",
    }
    words = set()
    for row in tables.read(refusals.rows):
        wanted = row.pop("refused with")
        asked = right | {name: "" if value == "none" else value for name, value in row.items()}
        refused = running.refused(Question(**asked), policy)
        assert refused is not None, row
        assert (refused.reason, refused.asked_agencies) == (wanted, 0), row
        assert not [value for name, value in row.items() if name in ("case", "about") and value in refused.words]
        words.add((refused.reason, refused.words))
    if refusals.read_alike:
        assert len(words) == 1


@pytest.mark.parametrize("menus", cases_of(Menus))
def test_each_level_has_exactly_the_menu_that_the_table_says(menus: Menus, policy: Policy) -> None:
    found = [
        {
            "level": level.id,
            "question": item.question,
            "purposes": " ".join(item.purposes),
            "agencies": " ".join(item.agencies),
        }
        for level in policy.levels.values()
        for item in policy.menu(holder(level.id, policy).office, TODAY)
    ]
    assert found == tables.read(menus.rows)


def test_every_outcome_and_reason_that_a_question_about_a_person_can_have_stands_in_a_table() -> None:
    scenarios = [case for case in CASES if isinstance(case, Scenario)]
    shown = {(row["outcome"], row.get("why", "")) for case in scenarios for row in tables.read(case.outcomes)}
    assert shown == {
        ("held", ""),
        ("nothing held", ""),
        ("withheld", ""),
        *(("withheld", why) for why in ("no consent", "consent refused", "not confirmed")),
        ("not permitted", "access level"),
        ("not permitted", "no agreement"),
        *(("no answer", why) for why in ("down", "late", "refused", "malformed", "unable", "source down")),
    }


def test_the_page_in_the_documentation_is_up_to_date(repository: Path) -> None:
    written = (repository / "docs" / "behaviour.md").read_text(encoding="utf-8")
    assert written == page(CHAPTERS), "write it anew: python -m tests.spec"
