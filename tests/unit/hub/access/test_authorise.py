"""Authorising a question, and what is said when it may not be asked."""

from datetime import UTC, datetime

import pytest

from hub.access.authorise import authorise
from hub.access.policy import Policy, load_policy
from hub.errors import InvalidRequest, NotAllowed, RequestError
from hub.model.policy import Office
from tests.lib.policies_of_size import SHIPPED_POLICIES

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(SHIPPED_POLICIES)


VISITOR = Office("health_visitor", "health", ("bolton",))
GOOD = {"question": "child_services", "purpose": "safeguarding", "basis": "A6_E"}


def _refusal(policy: Policy, office: Office = VISITOR, **asked: str) -> RequestError:
    with pytest.raises(RequestError) as refused:
        authorise(policy, office, **(GOOD | asked), at=NOW, is_stepped_up=False)
    return refused.value


def test_a_question_on_the_menu_for_an_allowed_purpose_and_basis_is_authorised(policy: Policy) -> None:
    permits = authorise(policy, VISITOR, **GOOD, at=NOW, is_stepped_up=False)
    assert [permit.agency for permit in permits] == list(policy.catalogue.questions["child_services"].agencies)


def test_an_unknown_question_and_one_not_on_the_menu_read_alike(policy: Policy) -> None:
    refusals = [
        _refusal(policy, question="no_such_question"),
        _refusal(policy, question="youth_order"),
        _refusal(policy, question=""),
        _refusal(policy, VISITOR._replace(level="no_such_level")),
        _refusal(policy, VISITOR._replace(level="policy_administrator")),
        _refusal(policy, VISITOR._replace(agency="schools")),
        _refusal(policy, VISITOR._replace(areas=())),
        # Whatever else is wrong, nothing more is told.
        _refusal(policy, question="youth_order", purpose="", basis=""),
        _refusal(policy, question="youth_order", purpose="nonsense", basis="nonsense"),
    ]
    assert {(type(refusal), refusal.reason, refusal.message, refusal.mend) for refusal in refusals} == {
        (
            NotAllowed,
            "NOT_ON_MENU",
            "This question is not on your menu.",
            "Choose one from your menu. If your work needs another, ask whoever sets access levels.",
        )
    }


@pytest.mark.parametrize(
    ("asked", "kind", "reason", "field", "mend"),
    [
        ({"purpose": ""}, InvalidRequest, "PURPOSE_MISSING", "purpose", "safeguarding, early_help, transition"),
        ({"purpose": "careers_guidance"}, NotAllowed, "PURPOSE_NOT_ALLOWED", "purpose", "safeguarding, early_help"),
        ({"purpose": "nonsense"}, NotAllowed, "PURPOSE_NOT_ALLOWED", "purpose", "safeguarding, early_help"),
        ({"basis": ""}, InvalidRequest, "BASIS_MISSING", "lawful_basis", "A6_E (Public task)"),
        ({"basis": "A6_F"}, InvalidRequest, "BASIS_NOT_ACCEPTED", "lawful_basis", "A6_A (Consent)"),
        ({"basis": "a6_e"}, InvalidRequest, "BASIS_NOT_ACCEPTED", "lawful_basis", "A6_E (Public task)"),
        ({"purpose": "", "basis": ""}, InvalidRequest, "PURPOSE_MISSING", "purpose", "For this question you may give"),
    ],
)
def test_a_refusal_says_what_to_do_next(  # the columns of the table
    policy: Policy, asked: dict[str, str], kind: type[RequestError], reason: str, field: str, mend: str
) -> None:
    refusal = _refusal(policy, **asked)
    assert type(refusal) is kind
    assert (refusal.reason, refusal.field) == (reason, field)
    assert mend in refusal.mend


def test_a_basis_that_another_question_accepts_is_not_accepted_here(policy: Policy) -> None:
    assert _refusal(policy, question="child_concerns", basis="A6_A").reason == "BASIS_NOT_ACCEPTED"


def test_a_refusal_never_repeats_what_was_typed(policy: Policy) -> None:
    for word in ("question", "purpose", "basis"):
        refusal = _refusal(policy, **{word: "Amelia 999 000 0001"})
        assert "Amelia" not in f"{refusal} {refusal.message} {refusal.mend}"


def test_what_the_law_sets_apart_is_asked_only_after_a_second_factor(policy: Policy) -> None:
    health = {"question": "child_health", "purpose": "health_care", "basis": "A6_E"}
    refused = _refusal(policy, **health)
    assert (type(refused), refused.reason) == (NotAllowed, "STEP_UP_NEEDED")
    assert "hub stepup" in refused.mend
    assert authorise(policy, VISITOR, **health, at=NOW, is_stepped_up=True)
    assert [item.question for item in policy.menu(VISITOR, NOW) if item.step_up] == ["child_health"]
