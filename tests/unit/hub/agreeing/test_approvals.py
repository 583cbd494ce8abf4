"""Whose agreement a proposal needs: decided by pure functions, for every kind of person who may come along."""

from dataclasses import replace
from itertools import product

import pytest

from hub.agreeing.actor import Actor
from hub.agreeing.approvals import missing, missing_in_an_emergency, require_may_approve, require_within_office
from hub.errors import NotAllowed
from hub.model.account import Account
from hub.model.policy import LevelKind
from hub.model.proposal import AccountChange, Approval, Proposal, ProposalKind, ProposalState

DIGEST = "d" * 64
PROPOSAL = Proposal(
    id="p1",
    kind=ProposalKind.POLICY,
    state=ProposalState.OPEN,
    digest=DIGEST,
    base=1,
    proposer="ada",
    proposer_agency="social_care",
    proposer_guards="",
    reason="A reason that says something.",
    made_at_ms=1,
    opens=("health", "schools"),
)
ACCOUNTS = replace(
    PROPOSAL,
    kind=ProposalKind.ACCOUNTS,
    opens=(),
    changes=(AccountChange(user_name="n.okafor", access_level="health_visitor", agency="health", areas=("bolton",)),),
)


def person(name: str, agency: str, kind: LevelKind = LevelKind.ADMINISTRATOR, *, fresh: bool = True) -> Actor:
    return Actor(user_name=name, agency=agency, kind=kind, is_stepped_up=fresh)


def agreed(proposal: Proposal, *people: Actor, digest: str = DIGEST) -> Proposal:
    approvals = tuple(
        Approval(approver=one.user_name, approver_agency=one.agency, digest=digest, guards=one.guards, at_ms=number)
        for number, one in enumerate(people)
    )
    return replace(proposal, approvals=proposal.approvals + approvals)


GUARDIAN_OF_HEALTH = person("hana", "health", LevelKind.GUARDIAN)
GUARDIAN_OF_SCHOOLS = person("sam", "schools", LevelKind.GUARDIAN)
OTHER_ADMINISTRATOR = person("ben", "youth_offending")


def test_a_policy_needs_a_second_person_and_a_guardian_of_every_agency_that_it_opens() -> None:
    assert missing(PROPOSAL) == (
        "an administrator or a guardian from another agency than social_care",
        "a guardian of health",
        "a guardian of schools",
    )
    assert missing(agreed(PROPOSAL, OTHER_ADMINISTRATOR)) == ("a guardian of health", "a guardian of schools")
    assert missing(agreed(PROPOSAL, GUARDIAN_OF_HEALTH)) == ("a guardian of schools",)
    assert missing(agreed(PROPOSAL, GUARDIAN_OF_HEALTH, GUARDIAN_OF_SCHOOLS)) == ()


def test_many_administrators_do_not_stand_for_one_guardian() -> None:
    many = [person(f"admin.{number}", agency) for number, agency in enumerate(("health", "schools", "connexions"))]
    assert missing(agreed(PROPOSAL, *many)) == ("a guardian of health", "a guardian of schools")


def test_approvals_of_what_it_was_before_an_edit_count_no_more() -> None:
    before = agreed(PROPOSAL, GUARDIAN_OF_HEALTH, GUARDIAN_OF_SCHOOLS, digest="e" * 64)
    assert missing(before) == missing(PROPOSAL)


def test_a_guardian_who_proposes_has_agreed_for_the_own_agency_but_is_no_second_person() -> None:
    own = replace(PROPOSAL, proposer="hana", proposer_agency="health", proposer_guards="health", opens=("health",))
    assert missing(own) == ("an administrator or a guardian from another agency than health",)
    assert missing(agreed(own, OTHER_ADMINISTRATOR)) == ()


def test_what_opens_nothing_needs_a_second_person_all_the_same() -> None:
    closing = replace(PROPOSAL, opens=())
    assert len(missing(closing)) == 1
    assert missing(agreed(closing, OTHER_ADMINISTRATOR)) == ()


def test_in_an_emergency_one_may_close_and_two_may_open() -> None:
    assert missing_in_an_emergency(replace(PROPOSAL, opens=())) == ()
    assert missing_in_an_emergency(replace(PROPOSAL, opens=(), loosens=True))
    assert missing_in_an_emergency(PROPOSAL)
    assert missing_in_an_emergency(agreed(PROPOSAL, OTHER_ADMINISTRATOR)) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"access_level": "health_visitor", "agency": "health", "areas": ("bolton",)},
        {"access_level": "", "enable": True},
        {"access_level": "", "issuer": "https://issuer.example", "subject": "1"},
        {"enable": True},
        {"remove_factors": True},
    ],
)
def test_in_an_emergency_one_may_take_an_office_away_and_two_may_give_an_account_anything(
    change: dict[str, object],
) -> None:
    taking = AccountChange(user_name="n.okafor", access_level="")
    giving = AccountChange(user_name="a.brown", **change)  # type: ignore[arg-type]  # mixed
    assert missing_in_an_emergency(replace(ACCOUNTS, changes=(taking,))) == ()
    assert missing_in_an_emergency(replace(ACCOUNTS, changes=(taking, giving)))
    assert missing_in_an_emergency(agreed(replace(ACCOUNTS, changes=(giving,)), OTHER_ADMINISTRATOR)) == ()


def test_whoever_has_approved_approves_no_second_time_what_has_not_changed_since() -> None:
    with pytest.raises(NotAllowed) as refused:
        require_may_approve(agreed(PROPOSAL, OTHER_ADMINISTRATOR), OTHER_ADMINISTRATOR)
    assert refused.value.reason == "APPROVED_ALREADY"
    require_may_approve(agreed(PROPOSAL, OTHER_ADMINISTRATOR, digest="e" * 64), OTHER_ADMINISTRATOR)


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (person("ada", "health"), "OWN_PROPOSAL"),
        (person("ada", "health", LevelKind.GUARDIAN), "OWN_PROPOSAL"),
        (person("bob", "social_care"), "SAME_AGENCY"),
        (person("bob", "social_care", LevelKind.GUARDIAN), "SAME_AGENCY"),
        (person("ben", "health", fresh=False), "STEP_UP_NEEDED"),
        (person("ann", "health", LevelKind.AUDITOR), "NOT_YOUR_OFFICE"),
        (person("nia", "health", LevelKind.PROFESSIONAL), "NOT_YOUR_OFFICE"),
        (person("nia", "health", LevelKind.ABSTRACT), "NOT_YOUR_OFFICE"),
    ],
)
def test_who_may_not_approve_is_told_why(actor: Actor, reason: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        require_may_approve(PROPOSAL, actor)
    assert refused.value.reason == reason


def test_a_guardian_of_the_proposer_s_agency_agrees_for_that_agency_when_its_records_are_opened() -> None:
    opening = replace(PROPOSAL, opens=("social_care",))
    guardian = person("gus", "social_care", LevelKind.GUARDIAN)
    require_may_approve(opening, guardian)
    assert missing(agreed(opening, guardian)) == (
        "an administrator or a guardian from another agency than social_care",
    )


def test_nobody_approves_a_change_of_the_own_account() -> None:
    with pytest.raises(NotAllowed) as refused:
        require_may_approve(ACCOUNTS, person("n.okafor", "health"))
    assert refused.value.reason == "OWN_ACCOUNT"
    require_may_approve(ACCOUNTS, GUARDIAN_OF_HEALTH)


def test_whoever_may_approve_brings_a_proposal_closer_and_whoever_may_not_never_could() -> None:
    agencies = ("social_care", "health", "schools", "connexions")
    for kind, agency, opens in product(LevelKind, agencies, [(), ("health",), ("social_care", "schools")]):
        proposal, actor = replace(PROPOSAL, opens=opens), person("eve", agency, kind)
        after = missing(agreed(proposal, actor))
        try:
            require_may_approve(proposal, actor)
        except NotAllowed:
            assert kind not in {LevelKind.ADMINISTRATOR, LevelKind.GUARDIAN} or after == missing(proposal)
        else:
            assert len(after) < len(missing(proposal))


KINDS = {
    "health_visitor": LevelKind.PROFESSIONAL,
    "policy_administrator": LevelKind.ADMINISTRATOR,
    "data_guardian": LevelKind.GUARDIAN,
}


def by_the_guardian(proposal: Proposal) -> Proposal:
    return replace(proposal, proposer="hana", proposer_agency="health", proposer_guards="health")


def account(agency: str = "health", level: str = "") -> dict[str, Account]:
    return {
        "n.okafor": Account(user_name="n.okafor", display_name="N", access_level=level, agency=agency, password_hash="")
    }


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (account(agency="schools"), {"access_level": "health_visitor", "agency": "health"}),
        (account(), {"access_level": "health_visitor", "agency": "schools"}),
        (account(), {"access_level": "policy_administrator", "agency": "health"}),
        (account(), {"access_level": "data_guardian", "agency": "health"}),
        (account(level="policy_administrator"), {"access_level": "health_visitor", "agency": "health"}),
        (account(level="policy_administrator"), {"remove_factors": True}),
        (account(), {"access_level": "no_such_level", "agency": "health"}),
    ],
)
def test_a_guardian_gives_and_takes_only_professional_offices_of_the_own_agency(
    before: dict[str, Account], change: dict[str, object]
) -> None:
    proposal = replace(ACCOUNTS, changes=(AccountChange(user_name="n.okafor", **change),))  # type: ignore[arg-type]  # mixed
    with pytest.raises(NotAllowed) as refused:
        require_within_office(by_the_guardian(proposal), before, KINDS)
    assert refused.value.reason == "BEYOND_YOUR_OFFICE"
    require_within_office(proposal, before, KINDS)


def test_a_guardian_gives_a_professional_office_of_the_own_agency() -> None:
    require_within_office(by_the_guardian(ACCOUNTS), account(), KINDS)
