"""Explanations against the policy itself in every cell, and the words in which they say what failed first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import TypeAdapter

from hub.access.explain import explain
from hub.access.explanation import Condition, Explanation, Part, Standing, Verdict
from hub.access.policy import Policy
from hub.access.reading import read_rulebook
from hub.access.rows import Effect
from hub.access.written import compile_written
from hub.model.catalogue import Listing
from hub.model.policy import Office, Refusal, Rulebook
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.lib.policy_pairs import AT, instants, put, rulebooks

NONSENSE = "no_such_thing"
VISITOR = Office("health_visitor", "health", ("bolton",))
ADAPTER = TypeAdapter(Explanation)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook(SHIPPED_POLICIES)


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return compile_written(read_rulebook(SHIPPED_POLICIES))


def _offices(policy: Policy) -> Iterator[Office]:
    """Yield offices in each area, in all of them and in none, and some of things that do not exist."""
    areas = [*((area,) for area in policy.catalogue.areas), tuple(policy.catalogue.areas), ()]
    for level, agency, some in product(policy.levels, policy.agencies, areas):
        yield Office(level, agency, some)
    level, agency = next(iter(policy.levels)), next(iter(policy.agencies))
    yield Office(NONSENSE, agency, areas[0])
    yield Office(level, NONSENSE, areas[0])
    yield Office(level, agency, (NONSENSE,))


def _words(found: Explanation) -> Iterator[str]:
    yield found.summary
    for part in (*found.rules, *found.agreements, *found.classes):
        yield part.told


def _agrees(policy: Policy, office: Office, at: datetime) -> None:
    """Compare every agency, question and purpose, and one of each that does not exist."""
    questions, purposes = (*policy.catalogue.questions, NONSENSE), (*policy.catalogue.purposes, NONSENSE)
    for question, purpose in product(questions, purposes):
        permits = {
            permit.agency: permit for permit in policy.permits(office, question=question, purpose=purpose, at=at)
        }
        for agency in (*policy.agencies, NONSENSE):
            found = explain(policy, office, question=question, agency=agency, purpose=purpose, at=at)
            permit = permits.get(agency)
            assert found.fields == (permit.fields if permit else ())
            assert found.refusal == (permit.refusal if permit else None)
            assert (found.failed is None) is (permit is not None and permit.refusal is None)
            assert {one.field_class for one in found.classes if one.verdict is Verdict.SHOWN} == {
                policy.catalogue.fields[field].field_class for field in found.fields
            }
            assert not any(NONSENSE in words for words in _words(found))


def test_explanations_of_the_shipped_policy_agree_with_it_in_every_cell(shipped: Policy) -> None:
    for level in shipped.levels.values():
        _agrees(shipped, Office(level.id, level.agency or "health", ("bolton",)), AT)
    for turn in shipped.turns:
        _agrees(shipped, VISITOR, turn - timedelta(seconds=1))
        _agrees(shipped, VISITOR, turn)


@settings(suppress_health_check=list(HealthCheck), max_examples=12)
@given(book=rulebooks())
def test_explanations_of_made_up_policies_agree_with_them_in_every_cell(book: Rulebook) -> None:
    policy = compile_written(book)
    for office, at in product(_offices(policy), instants(policy)):
        _agrees(policy, office, at)


@pytest.mark.slow
@settings(suppress_health_check=list(HealthCheck), max_examples=100)
@given(book=rulebooks())
def test_explanations_of_many_made_up_policies_agree_with_them_in_every_cell(book: Rulebook) -> None:
    policy = compile_written(book)
    for office, at in product(_offices(policy), instants(policy)):
        _agrees(policy, office, at)


def _explain(policy: Policy, office: Office = VISITOR, *, at: datetime = AT, **asked: str) -> Explanation:
    usual = {"question": "child_services", "agency": "schools", "purpose": "safeguarding"}
    return explain(policy, office, **(usual | asked), at=at)


@pytest.mark.parametrize(
    ("office", "asked", "failed", "summary"),
    [
        (VISITOR._replace(level=NONSENSE), {}, Condition.LEVEL_EXISTS, "There is no such access level."),
        (
            VISITOR._replace(level="practitioner"),
            {},
            Condition.LEVEL_CAN_BE_HELD,
            "“Practitioner with children” is abstract: nobody holds it.",
        ),
        (VISITOR._replace(agency=NONSENSE), {}, Condition.LEVEL_HELD_THERE, "There is no such agency."),
        (
            VISITOR._replace(agency="schools"),
            {},
            Condition.LEVEL_HELD_THERE,
            "“Health visitor” is not held in Schools.",
        ),
        (VISITOR._replace(areas=()), {}, Condition.AREAS_SERVED, "The office is held for no area."),
        (
            VISITOR._replace(areas=(NONSENSE,)),
            {},
            Condition.AREAS_SERVED,
            "The office is held for an area in which Community Health has no offices.",
        ),
        (VISITOR, {"question": NONSENSE}, Condition.QUESTION_EXISTS, "There is no such question."),
        (
            VISITOR,
            {"question": "youth_order"},
            Condition.ASKED_OF_AGENCY,
            "“Is this young person on a court order?” is not asked of that agency, but of Youth Offending Team.",
        ),
        (
            VISITOR,
            {"question": "child_concerns", "purpose": "transition"},
            Condition.PURPOSE_SERVED,
            (
                "“Which agencies hold a concern about this child?” cannot serve that purpose, but Safeguarding a child"
                " or Early help."
            ),
        ),
        (
            VISITOR,
            {"question": "child_concerns", "purpose": "early_help"},
            Condition.GRANTED,
            "No grant names all of it in every area of the office, and what nobody grants is denied.",
        ),
    ],
)
def test_the_first_condition_that_failed_is_told(
    shipped: Policy, office: Office, asked: dict[str, str], failed: Condition, summary: str
) -> None:
    found = _explain(shipped, office, **asked)
    assert (found.failed, found.summary) == (failed, summary)


def test_what_is_permitted_is_told_with_the_grants_and_agreements_that_give_it(shipped: Policy) -> None:
    found = _explain(shipped)
    assert (found.failed, found.refusal) == (None, None)
    assert found.summary == "It may be asked, and Basic details and Involvement may be seen."
    assert [one.told for one in found.classes] == [
        (
            "Basic details may be seen: given by Grant 1 of “Health visitor”; covered by “Bolton Children's Partnership"
            " information-sharing protocol”, “Safeguarding protocol of all partners” and “Protocol on warnings"
            " that protect staff”."
        ),
        (
            "Involvement may be seen: given by Grant 1 of “Health visitor”; covered by “Bolton Children's Partnership"
            " information-sharing protocol” and “Safeguarding protocol of all partners”."
        ),
    ]


def test_every_rule_of_the_level_and_of_those_it_inherits_from_is_considered(shipped: Policy) -> None:
    found = _explain(shipped)
    assert [rule.name for rule in found.rules] == [
        *(f"Grant {number} of “Health visitor”" for number in (1, 2, 3, 4, 5)),
        "Denial 1 of “Health visitor”",
        "Grant 1 of “Practitioner with children”",
    ]
    assert [rule.misses for rule in found.rules] == [
        (),
        (Part.QUESTION, Part.PURPOSE),
        (Part.QUESTION,),
        (Part.QUESTION, Part.AGENCY, Part.PURPOSE),
        (Part.QUESTION, Part.AGENCY),
        (Part.QUESTION, Part.AGENCY),
        (Part.QUESTION,),
    ]
    assert found.rules[1].told == (
        "Grant 2 of “Health visitor” does not name this question or this purpose. It stands there because: Reviews and"
        " immunisations are missed when an address or a GP practice is out of date."
    )


def test_every_agreement_between_the_two_agencies_is_considered(shipped: Policy) -> None:
    found = _explain(shipped, at=datetime(2030, 9, 15, tzinfo=UTC))
    assert {one.id: (one.standing, one.serves_purpose) for one in found.agreements} == {
        "children_partnership": (Standing.ENDED, True),
        "early_help_and_transition": (Standing.ENDED, False),
        "safeguarding_all_partners": (Standing.IN_FORCE, True),
        "staff_safety": (Standing.ENDED, True),
    }
    assert found.agreements[0].told == (
        "“Bolton Children's Partnership information-sharing protocol” (from 2024-04-01 to the end of 2030-03-31) has"
        " ended; it is for this purpose and covers Basic details and Involvement."
    )


def test_without_an_agreement_in_force_that_is_what_failed(shipped: Policy) -> None:
    found = _explain(shipped, at=datetime(2040, 1, 1, tzinfo=UTC))
    assert (found.failed, found.refusal) == (Condition.AGREED, Refusal.NO_AGREEMENT)
    assert found.classes[0].told == (
        "Basic details may not be seen: given by Grant 1 of “Health visitor”, but no agreement in force covers it."
    )
    own = _explain(shipped, agency="health", at=datetime(2040, 1, 1, tzinfo=UTC))
    assert (own.failed, own.agreements) == (None, ())
    assert own.classes[0].told.endswith("nobody needs an agreement with their own agency.")


def test_a_denial_wins_and_is_named(book: Rulebook) -> None:
    level = book.levels["health_visitor"]
    denial = replace(level.grants[0], because="Made up.")
    denied = compile_written(put(book, "levels", level, denials=(*level.denials, denial)))
    found = _explain(denied)
    assert (found.failed, found.refusal) == (Condition.NOT_DENIED, Refusal.ACCESS_LEVEL)
    assert found.classes[0].told == "Basic details may not be seen: denied by Denial 2 of “Health visitor”."
    assert [rule.name for rule in found.rules if rule.effect is Effect.DENY and not rule.misses] == [
        "Denial 2 of “Health visitor”"
    ]


def test_without_identity_the_rest_is_not_seen_either_and_that_is_told(book: Rulebook) -> None:
    level = book.levels["health_visitor"]
    denial = replace(level.grants[0], classes=("basic",))
    found = _explain(compile_written(put(book, "levels", level, denials=(denial,))))
    assert (found.failed, found.refusal) == (Condition.IDENTITY_ALLOWED, Refusal.ACCESS_LEVEL)
    assert [one.verdict for one in found.classes] == [Verdict.DENIED, Verdict.WITHOUT_IDENTITY]
    nameless = replace(book.agreements["safeguarding_all_partners"], classes=("involvement",))
    found = _explain(compile_written(replace(book, agreements=Listing.of((nameless,)))))
    assert (found.failed, found.refusal) == (Condition.IDENTITY_AGREED, Refusal.NO_AGREEMENT)
    assert found.summary == "No agreement in force covers who the person is, so nothing may be asked."


def test_an_explanation_can_be_sent_over(shipped: Policy) -> None:
    found = _explain(shipped)
    assert ADAPTER.validate_json(ADAPTER.dump_json(found)) == found
