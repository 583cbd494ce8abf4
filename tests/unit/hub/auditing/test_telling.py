"""What a person may be told: by the rules of the purpose, in words, and nothing of what was held back."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.policy import Policy
from hub.auditing.telling import DAY_MS, Look, looks, may_be_told
from hub.model.catalogue import Listing
from hub.model.journal import JournalEntry

NOW_MS = 1_795_000_000_000
ENTRY = JournalEntry(
    request_id="0" * 18,
    disclosed_at_ms=NOW_MS - 10 * DAY_MS,
    requester_agency="health",
    access_level="health_visitor",
    question="child_services",
    purpose="early_help",
    lawful_basis="A6_E",
    fields=("given_name", "service"),
)


def with_rule(policy: Policy, purpose: str, *, told_after_days: int = 0, never_told: bool = False) -> Policy:
    """Give a purpose of the shipped policy a rule."""
    changed = replace(policy.catalogue.purposes[purpose], told_after_days=told_after_days, never_told=never_told)
    purposes = Listing({**policy.catalogue.purposes, purpose: changed})
    return replace(policy, catalogue=replace(policy.catalogue, purposes=purposes))


@given(days=st.integers(0, 3660), age_ms=st.integers(0, 4000 * DAY_MS))
def test_a_look_is_told_once_the_days_of_its_purpose_have_passed(policy: Policy, days: int, age_ms: int) -> None:
    ruled = with_rule(policy, "early_help", told_after_days=days)
    entry = replace(ENTRY, disclosed_at_ms=NOW_MS - age_ms)
    assert may_be_told(entry, ruled, NOW_MS) is (age_ms >= days * DAY_MS)


def test_a_look_for_a_purpose_that_is_never_told_is_not(policy: Policy) -> None:
    ruled = with_rule(policy, "early_help", never_told=True)
    assert not may_be_told(replace(ENTRY, disclosed_at_ms=1), ruled, NOW_MS)
    assert may_be_told(replace(ENTRY, purpose="safeguarding"), ruled, NOW_MS)


def test_a_purpose_that_has_left_the_vocabulary_is_not_told_since_its_rule_went_with_it(policy: Policy) -> None:
    assert not may_be_told(replace(ENTRY, purpose="surveillance"), policy, NOW_MS)


def test_one_request_that_several_agencies_answered_is_one_look(policy: Policy) -> None:
    other = replace(ENTRY, disclosed_at_ms=ENTRY.disclosed_at_ms + 40, fields=("given_name", "attendance_percent"))
    (look,) = looks({"schools": [other], "social_care": [ENTRY]}, policy)
    assert look == Look(
        at_ms=ENTRY.disclosed_at_ms,
        agency="Community Health",
        office="Health visitor",
        kinds=("Basic details", "Involvement", "Education"),
        purpose="Early help",
        lawful_basis="Public task",
        sources=("Children's Social Care", "Schools"),
    )


def test_agencies_that_contradict_each_other_are_both_told(policy: Policy) -> None:
    told = {
        "schools": [ENTRY],
        "social_care": [replace(ENTRY, access_level="social_worker", requester_agency="social_care")],
    }
    assert [look.office for look in looks(told, policy)] == ["Social worker", "Health visitor"]


def test_looks_are_told_newest_first(policy: Policy) -> None:
    ages = (5, 1, 9)
    entries = [replace(ENTRY, request_id=f"{age:018}", disclosed_at_ms=NOW_MS - age * DAY_MS) for age in ages]
    assert [look.at_ms for look in looks({"schools": entries}, policy)] == [NOW_MS - age * DAY_MS for age in (1, 5, 9)]


def test_what_a_journal_says_beyond_the_vocabulary_is_repeated_to_nobody(policy: Policy) -> None:
    odd = replace(
        ENTRY, requester_agency="Jane", access_level="Made", lawful_basis="Up", fields=("canary", "given_name")
    )
    (look,) = looks({"schools": [odd]}, policy)
    said = " ".join(str(getattr(look, field.name)) for field in fields(Look))
    assert not [word for word in ("Jane", "Made", "Up", "canary") if word in said.split()]
    assert look.kinds == ("Basic details", "Something that is no longer exchanged")


@pytest.mark.parametrize("field", [field.name for field in fields(Look)])
def test_a_look_shows_nothing_of_itself_in_errors_and_logs(policy: Policy, field: str) -> None:
    (look,) = looks({"schools": [ENTRY]}, policy)
    assert field not in repr(look)
