"""An indicator is asked of those alone who could tell what it is about: nothing is fetched that would say nothing."""

from datetime import UTC, datetime

import pytest

from hub.access.policy import Policy, compile_policy
from hub.access.reading import rulebook_from_texts
from hub.asking.permitted import telling
from hub.model.policy import Office, Permit, Refusal
from tests.policies.bad_policies import shipped_texts

AT = datetime(2026, 11, 24, tzinfo=UTC)
WORKER = Office("social_worker", "social_care", ("bolton",))
CONCERNED = b"classes: [basic, involvement, concern, education, health]"


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Compile the shipped policy with an agreement on early help that does not cover concerns."""
    texts = shipped_texts()
    before = texts["agreements/children_partnership.yaml"]
    assert CONCERNED in before
    texts["agreements/children_partnership.yaml"] = before.replace(CONCERNED, CONCERNED.replace(b" concern,", b""))
    return compile_policy(rulebook_from_texts(texts))


def told(policy: Policy, question: str, permits: tuple[Permit, ...] | None = None) -> dict[str, Permit]:
    asked = policy.catalogue.questions[question]
    if permits is None:
        permits = policy.permits(WORKER, question=question, purpose="early_help", at=AT)
    return {permit.agency: permit for permit in telling(policy, WORKER, asked, "early_help", permits, AT)}


def test_whoever_no_agreement_lets_tell_of_what_kind_is_refused_whole(policy: Policy) -> None:
    found = told(policy, "child_concern_indicator")
    assert found["health"] == Permit(agency="health", fields=(), refusal=Refusal.NO_AGREEMENT)
    assert found["schools"] == Permit(agency="schools", fields=(), refusal=Refusal.NO_AGREEMENT)


def test_ones_own_records_need_no_agreement(policy: Policy) -> None:
    assert told(policy, "child_concern_indicator")["social_care"].refusal is None


def test_what_is_refused_already_stays_as_it_is(policy: Policy) -> None:
    assert told(policy, "child_concern_indicator")["youth_offending"].refusal is Refusal.ACCESS_LEVEL


def test_what_the_level_itself_may_not_see_is_said_to_be_the_levels(policy: Policy) -> None:
    bare = (Permit(agency="social_care", fields=("given_name", "service"), refusal=None),)
    assert told(policy, "child_concern_indicator", bare)["social_care"].refusal is Refusal.ACCESS_LEVEL


def test_the_question_that_shows_records_is_asked_as_before(policy: Policy) -> None:
    assert "concern_kind" not in told(policy, "child_concerns")["health"].fields
    assert told(policy, "child_concerns")["health"].refusal is None
