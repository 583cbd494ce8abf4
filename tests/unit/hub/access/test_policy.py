"""What the policy in force says at an instant."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.access.policy import Policy, Standing, compile_policy, load_policy
from hub.access.reading import read_rulebook
from hub.model.catalogue import Listing
from hub.model.policy import Agreement, LevelKind, Office, Permit, Refusal, TellDifferences
from tests.lib.policies_of_size import SHIPPED_POLICIES, policy_with_rules, rulebook_with_rules, rules_in

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
VISITOR = Office("health_visitor", "health", ("bolton",))
IDENTITY = ("nhs_number", "upn", "given_name", "family_name", "date_of_birth")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(SHIPPED_POLICIES)


def _asked(policy: Policy, question: str, purpose: str, *, at: datetime = NOW) -> dict[str, Permit]:
    permits = policy.permits(VISITOR, question=question, purpose=purpose, at=at)
    return {permit.agency: permit for permit in permits}


def _with_agreements(*agreements: Agreement) -> Policy:
    return compile_policy(replace(read_rulebook(SHIPPED_POLICIES), agreements=Listing.of(agreements)))


def _agreement(**changes: object) -> Agreement:
    shipped = read_rulebook(SHIPPED_POLICIES).agreements["safeguarding_all_partners"]
    return replace(shipped, **changes)  # type: ignore[arg-type]  # whatever a test changes


def test_a_health_visitor_may_ask_all_five_agencies_who_works_with_a_child(policy: Policy) -> None:
    permits = _asked(policy, "child_services", "safeguarding")
    assert list(permits) == ["social_care", "health", "schools", "youth_offending", "connexions"]
    question = policy.catalogue.questions["child_services"]
    assert {(permit.fields, permit.refusal) for permit in permits.values()} == {(question.fields, None)}
    assert question.fields[: len(IDENTITY)] == IDENTITY


def test_an_agency_that_the_level_does_not_reach_is_refused_and_the_others_are_not(policy: Policy) -> None:
    permits = _asked(policy, "child_concerns", "safeguarding")
    assert permits["youth_offending"] == Permit(agency="youth_offending", fields=(), refusal=Refusal.ACCESS_LEVEL)
    assert all(permits[agency].refusal is None for agency in ("social_care", "health", "schools"))


def test_no_level_means_no_agency(policy: Policy) -> None:
    nobody = VISITOR._replace(level="no_such_level")
    permits = policy.permits(nobody, question="child_basics", purpose="safeguarding", at=NOW)
    assert {permit.refusal for permit in permits} == {Refusal.ACCESS_LEVEL}


def test_a_level_counts_for_nothing_in_another_agency_than_its_own(policy: Policy) -> None:
    for level, agency in (("health_visitor", "schools"), ("health_visitor", "nowhere"), ("practitioner", "health")):
        office = Office(level, agency, ("bolton",))
        permits = policy.permits(office, question="child_basics", purpose="safeguarding", at=NOW)
        assert {permit.refusal for permit in permits} == {Refusal.ACCESS_LEVEL}
        assert policy.menu(office, NOW) == ()


@pytest.mark.parametrize("areas", [(), ("nowhere",), ("bolton", "nowhere")])
def test_an_office_without_an_area_or_outside_those_of_its_agency_counts_for_nothing(
    policy: Policy, areas: tuple[str, ...]
) -> None:
    office = VISITOR._replace(areas=areas)
    permits = policy.permits(office, question="child_basics", purpose="safeguarding", at=NOW)
    assert {permit.refusal for permit in permits} == {Refusal.ACCESS_LEVEL}
    assert policy.menu(office, NOW) == ()


def test_an_unknown_question_has_no_permits(policy: Policy) -> None:
    assert _asked(policy, "no_such_question", "safeguarding") == {}


def test_an_agreement_ends_at_its_second() -> None:
    ends = datetime(2027, 3, 31, 16, 0, tzinfo=UTC)
    policy = _with_agreements(_agreement(ends=ends))
    last = ends - timedelta(microseconds=1)
    assert _asked(policy, "child_basics", "safeguarding", at=last)["schools"].refusal is None
    assert _asked(policy, "child_basics", "safeguarding", at=ends)["schools"].refusal is Refusal.NO_AGREEMENT
    # What has been worked out must not outlive its span, in neither direction.
    assert _asked(policy, "child_basics", "safeguarding", at=last)["schools"].refusal is None
    assert _asked(policy, "child_basics", "safeguarding", at=ends)["schools"].refusal is Refusal.NO_AGREEMENT


def test_an_agreement_begins_at_its_second() -> None:
    starts = datetime(2026, 12, 1, tzinfo=UTC)
    policy = _with_agreements(_agreement(starts=starts))
    before = starts - timedelta(microseconds=1)
    assert _asked(policy, "child_basics", "safeguarding", at=before)["schools"].refusal is Refusal.NO_AGREEMENT
    assert _asked(policy, "child_basics", "safeguarding", at=starts)["schools"].refusal is None


def test_an_instant_counts_whatever_its_zone() -> None:
    ends = datetime.fromisoformat("2027-06-30T18:00:00+01:00")
    policy = _with_agreements(_agreement(ends=ends))
    inside = datetime(2027, 6, 30, 16, 59, 59, tzinfo=UTC)
    assert _asked(policy, "child_basics", "safeguarding", at=inside)["schools"].refusal is None
    assert _asked(policy, "child_basics", "safeguarding", at=ends)["schools"].refusal is Refusal.NO_AGREEMENT


def test_an_agreement_that_follows_on_leaves_no_gap_and_one_that_lapses_does() -> None:
    turn = datetime(2027, 1, 1, tzinfo=UTC)
    following = _agreement(id="next", starts=turn, ends=turn + timedelta(days=365))
    policy = _with_agreements(_agreement(ends=turn), following)
    for at in (turn - timedelta(seconds=1), turn, turn + timedelta(days=364)):
        assert _asked(policy, "child_basics", "safeguarding", at=at)["schools"].refusal is None
    late = turn + timedelta(days=365)
    assert _asked(policy, "child_basics", "safeguarding", at=late)["schools"].refusal is Refusal.NO_AGREEMENT


def test_ones_own_agency_needs_no_agreement() -> None:
    permits = _asked(_with_agreements(), "child_services", "safeguarding")
    assert permits.pop("health").fields == load_policy(SHIPPED_POLICIES).catalogue.questions["child_services"].fields
    assert {permit.refusal for permit in permits.values()} == {Refusal.NO_AGREEMENT}


def test_an_agreement_covers_only_its_parties_purposes_and_classes() -> None:
    narrow = _agreement(parties=("health", "schools"), classes=("basic",))
    permits = _asked(_with_agreements(narrow), "child_services", "safeguarding")
    assert permits["social_care"].refusal is Refusal.NO_AGREEMENT
    assert permits["schools"].fields == (*IDENTITY, "gender", "address", "postcode", "gp_practice", "school")
    assert _asked(_with_agreements(narrow), "child_services", "early_help")["schools"].refusal is Refusal.NO_AGREEMENT


def test_without_identity_fields_an_agency_is_refused_whole() -> None:
    nameless = _agreement(classes=("involvement", "concern"))
    permits = _asked(_with_agreements(nameless), "child_services", "safeguarding")
    assert permits["schools"] == Permit(agency="schools", fields=(), refusal=Refusal.NO_AGREEMENT)


def test_two_agreements_together_cover_what_neither_covers_alone() -> None:
    policy = _with_agreements(_agreement(classes=("basic",)), _agreement(id="other", classes=("involvement",)))
    fields = policy.catalogue.questions["child_services"].fields
    assert _asked(policy, "child_services", "safeguarding")["schools"].fields == fields


def test_an_instant_without_its_zone_is_refused_the_first_time_and_later(policy: Policy) -> None:
    naive = NOW.replace(tzinfo=None)
    fresh = _with_agreements()
    with pytest.raises(ValueError, match="zone"):
        _asked(fresh, "child_health", "health_care", at=naive)
    _asked(policy, "child_basics", "safeguarding")
    with pytest.raises(TypeError):
        _asked(policy, "child_basics", "safeguarding", at=naive)


def test_the_menu_is_exactly_what_the_level_may_ask(policy: Policy) -> None:
    menu = {item.question: item for item in policy.menu(VISITOR, NOW)}
    assert list(menu) == [
        "child_basics",
        "child_concern_indicator",
        "child_concerns",
        "child_health",
        "child_services",
        "staff_safety",
    ]
    assert menu["child_services"].purposes == ("safeguarding", "early_help", "transition")
    assert menu["child_concerns"].purposes == ("safeguarding",)
    assert menu["child_concerns"].agencies == ("social_care", "health", "schools")
    assert menu["child_health"].purposes == ("early_help", "health_care")
    assert menu["child_health"].fields == policy.catalogue.questions["child_health"].fields


def test_a_question_stays_on_the_menu_when_its_agreements_have_ended(policy: Policy) -> None:
    later = datetime(2040, 1, 1, tzinfo=UTC)
    menu = {item.question: item for item in policy.menu(VISITOR, later)}
    assert menu["child_services"].agencies == ("health",)
    assert menu["child_services"].purposes == ("safeguarding", "early_help", "transition")


@pytest.mark.parametrize(
    ("question", "purpose", "standing"),
    [
        ("child_basics", None, Standing.MAY_ASK),
        ("child_basics", "safeguarding", Standing.MAY_ASK),
        ("child_basics", "youth_justice", Standing.PURPOSE_NOT_ALLOWED),
        ("youth_order", None, Standing.NOT_ON_MENU),
        ("youth_order", "youth_justice", Standing.NOT_ON_MENU),
        ("no_such_question", None, Standing.UNKNOWN_QUESTION),
    ],
)
def test_the_hub_itself_can_tell_how_a_question_stands(
    policy: Policy, question: str, purpose: str | None, standing: Standing
) -> None:
    assert policy.may_ask(VISITOR, question=question, purpose=purpose) is standing


def test_an_administrator_an_auditor_a_guardian_and_an_officer_are_tied_to_no_agency(policy: Policy) -> None:
    kinds = {level.kind for level in policy.levels.values() if level.agency is None}
    assert kinds == set(LevelKind) - {LevelKind.PROFESSIONAL}


def test_what_is_remembered_stays_within_the_vocabulary() -> None:
    policy = load_policy(SHIPPED_POLICIES)
    for number in range(50):
        made_up = f"made_up_{number}"
        for word in ("level", "agency", "areas"):
            office = VISITOR._replace(**{word: (made_up,) if word == "areas" else made_up})
            policy.permits(office, question="child_basics", purpose="safeguarding", at=NOW)
            policy.menu(office, NOW)
        policy.permits(VISITOR, question=made_up, purpose="safeguarding", at=NOW)
        policy.permits(VISITOR, question="child_basics", purpose=made_up, at=NOW)
    assert policy._known == {}
    assert policy._menus == {}


def test_a_policy_of_so_many_rules_has_so_many_and_still_serves_a_health_visitor(policy: Policy) -> None:
    for rules in (100, 1_000, 3_000):
        assert rules_in(rulebook_with_rules(rules)) == rules
    large = policy_with_rules(1_000)
    assert large.menu(VISITOR, NOW) == policy.menu(VISITOR, NOW)


def test_a_thousand_rules_are_compiled_in_under_three_seconds() -> None:
    book = rulebook_with_rules(1_000)
    assert _seconds(lambda: compile_policy(book)) < 3


@pytest.mark.slow
def test_a_hundred_thousand_rules_are_compiled_in_under_a_minute_and_looked_up_as_fast_as_a_hundred() -> None:
    book = rulebook_with_rules(100_000)
    assert _seconds(lambda: compile_policy(book)) < 60
    few, many = policy_with_rules(100), compile_policy(book)

    def microseconds(policy: Policy) -> float:
        def thousand_lookups() -> None:
            for _ in range(1_000):
                policy.permits(VISITOR, question="child_services", purpose="safeguarding", at=NOW)

        return min(_seconds(thousand_lookups) for _ in range(20)) * 1_000

    assert microseconds(few) < 1
    assert microseconds(many) < min(2 * microseconds(few), 1)


def _seconds(work: Callable[[], object]) -> float:
    """Measure processor time, so that a busy machine does not count."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _told(policy: Policy, *, purpose: str = "safeguarding", at: datetime = NOW) -> TellDifferences | None:
    return policy.tells("health", "schools", purpose=purpose, field_class="basic", at=at)


def test_an_agency_may_know_of_another_what_an_agreement_in_force_covers_for_that_purpose() -> None:
    agreement = _agreement(parties=("health", "schools"), classes=("basic",))
    policy = _with_agreements(agreement)
    assert _told(policy) is TellDifferences.THAT_THEY_DIFFER
    assert _told(policy, purpose="early_help") is None
    assert _told(policy, at=agreement.ends) is None
    assert policy.tells("health", "connexions", purpose="safeguarding", field_class="basic", at=NOW) is None
    assert policy.tells("health", "schools", purpose="safeguarding", field_class="education", at=NOW) is None


def test_what_others_hold_is_told_only_under_an_agreement_that_says_so_and_covers_the_class() -> None:
    telling = _agreement(id="telling", tell_differences=TellDifferences.VALUES)
    assert _told(_with_agreements(_agreement(), telling)) is TellDifferences.VALUES
    elsewhere = replace(telling, purposes=("youth_justice",))
    assert _told(_with_agreements(_agreement(), elsewhere)) is TellDifferences.THAT_THEY_DIFFER
    of_another_class = replace(telling, classes=("involvement",))
    assert _told(_with_agreements(_agreement(), of_another_class)) is TellDifferences.THAT_THEY_DIFFER


def test_an_agreement_that_does_not_cover_who_a_person_is_lets_nobody_know_of_anything() -> None:
    policy = _with_agreements(_agreement(classes=("education",)))
    assert policy.tells("health", "schools", purpose="safeguarding", field_class="education", at=NOW) is None
