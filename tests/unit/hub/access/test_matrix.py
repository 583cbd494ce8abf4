"""The access matrix against the policy itself, asked about every cell of the vocabulary at every turn."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import TypeAdapter

from hub.access.allowances import Access, Allowance
from hub.access.coverage import covered
from hub.access.matrix import matrix, matrix_rows
from hub.access.policy import Policy, compile_policy, load_policy
from hub.access.reading import read_rulebook
from hub.access.spans import FOREVER, from_on, overlap, without
from hub.access.telling import when_told
from hub.model.catalogue import Listing
from hub.model.policy import Office, Rulebook
from tests.lib.deployment import environment
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.lib.policy_pairs import AT, instants, over_time, rulebooks, seen

ONE_SECOND = timedelta(seconds=1)
LATER_THAN_ALL = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return load_policy(SHIPPED_POLICIES)


def _around(policy: Policy, at: datetime) -> Iterator[datetime]:
    """Yield the instant itself, and every turn with the seconds before and after it."""
    for turn in (at, *policy.turns, LATER_THAN_ALL):
        for shift in (-ONE_SECOND, timedelta(0), ONE_SECOND):
            if turn + shift >= at:
                yield turn + shift


def _agree(policy: Policy, at: datetime) -> None:
    found = matrix(policy, at)
    for moment in _around(policy, at):
        assert {access for access, spans in found.items() if covered(spans, moment)} == set(seen(policy, moment))
    assert found == over_time([(moment, set(seen(policy, moment))) for moment in instants(policy, at=at)])
    rows = [(access, row.spans) for row in matrix_rows(policy, at) for access in row.accesses()]
    assert len(rows) == len(found)
    assert dict(rows) == found


@pytest.mark.parametrize("at", [AT, datetime(2020, 1, 1, tzinfo=UTC), LATER_THAN_ALL])
def test_the_matrix_of_the_shipped_policy_is_what_it_permits_at_every_turn_and_a_second_around(
    shipped: Policy, at: datetime
) -> None:
    _agree(shipped, at)


@settings(suppress_health_check=list(HealthCheck), max_examples=30)
@given(book=rulebooks())
def test_the_matrix_of_made_up_policies_is_what_they_permit_at_every_turn_and_a_second_around(book: Rulebook) -> None:
    _agree(compile_policy(book), AT)


@settings(suppress_health_check=list(HealthCheck), max_examples=15)
@given(book=rulebooks())
def test_an_office_in_several_areas_sees_what_it_would_see_in_each_of_them(book: Rulebook) -> None:
    policy = compile_policy(book)
    found = matrix(policy, AT)
    for level in policy.levels.values():
        for agency in policy.agencies.values():
            office = Office(level.id, agency.id, agency.areas)
            for question in policy.catalogue.questions:
                for purpose in policy.catalogue.purposes:
                    for permit in policy.permits(office, question=question, purpose=purpose, at=AT):
                        in_each = [
                            {
                                field
                                for field in policy.catalogue.fields
                                if covered(
                                    found.get(
                                        Access(level.id, agency.id, area, question, permit.agency, purpose, field), ()
                                    ),
                                    AT,
                                )
                            }
                            for area in agency.areas
                        ]
                        assert set(permit.fields) == set.intersection(*in_each)


def test_a_row_says_what_a_health_visitor_may_see_and_until_when(shipped: Policy) -> None:
    rows = [row for row in matrix_rows(shipped, AT) if row.level == "health_visitor" and row.question == "child_health"]
    (row,) = rows
    assert (row.requester, row.source, row.areas) == ("health", "health", ("bolton",))
    assert row.purposes == ("early_help", "health_care")
    assert row.classes == ("basic", "health")
    assert row.spans == ((AT, FOREVER),)


def test_where_no_agreement_covers_who_the_person_is_nothing_is_seen_of_another_agency() -> None:
    book = read_rulebook(SHIPPED_POLICIES)
    nameless = [replace(found, classes=tuple(set(found.classes) - {"basic"})) for found in book.agreements.values()]
    policy = compile_policy(replace(book, agreements=Listing.of(tuple(nameless))))
    found = matrix(policy, AT)
    assert found
    assert all(access.requester == access.source for access in found)


def test_nobody_who_sets_or_reviews_rules_and_no_abstract_level_is_in_the_matrix(shipped: Policy) -> None:
    assert {access.level for access in matrix(shipped, AT)}.isdisjoint(
        {"practitioner", "policy_administrator", "auditor", "data_guardian"}
    )


def test_rows_can_be_sent_over(shipped: Policy) -> None:
    adapter = TypeAdapter(tuple[Allowance, ...])
    rows = matrix_rows(shipped, AT)
    assert adapter.validate_json(adapter.dump_json(rows)) == rows


def test_spans_are_told_as_days_where_they_are_whole_days_and_to_the_second_where_they_are_not() -> None:
    midnight = datetime(2026, 12, 1, tzinfo=UTC)
    evening = datetime(2027, 3, 31, 16, 0, 5, tzinfo=UTC)
    assert when_told(((AT, FOREVER),), AT) == ""
    assert when_told(((AT, midnight),), AT) == "to the end of 2026-11-30"
    assert when_told(((midnight, FOREVER),), AT) == "from 2026-12-01"
    assert when_told(((AT, midnight), (evening, FOREVER)), AT) == (
        "to the end of 2026-11-30 and from 2027-03-31 16:00:05 UTC"
    )


def test_an_instant_without_its_zone_is_refused(shipped: Policy) -> None:
    with pytest.raises(ValueError, match="zone"):
        matrix(shipped, AT.replace(tzinfo=None))


def _days(*pairs: tuple[int, int]) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((AT + timedelta(days=first), AT + timedelta(days=last)) for first, last in pairs)


def test_spans_that_touch_or_overlap_are_one_and_what_is_past_is_gone() -> None:
    assert from_on(_days((5, 6), (-3, -1), (-1, 2), (2, 3), (1, 2)), AT) == _days((0, 3), (5, 6))
    assert from_on(_days((-3, 0)), AT) == ()


def test_spans_have_in_common_what_lies_in_both_and_are_without_what_lies_in_the_other() -> None:
    these, those = _days((0, 4), (6, 9)), _days((1, 2), (3, 7))
    assert overlap(these, those) == _days((1, 2), (3, 4), (6, 7))
    assert without(these, those) == _days((0, 1), (2, 3), (7, 9))
    assert without(these, these) == ()
    assert without(these, ()) == these


def test_every_process_that_weighs_a_policy_says_the_same_in_the_same_order() -> None:
    program = (
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from hub.access.matrix import matrix_rows\n"
        "from hub.access.policy import load_policy\n"
        "print(matrix_rows(load_policy(Path('policies')), datetime(2026, 3, 1, tzinfo=UTC)))\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=SHIPPED_POLICIES.parent,
            env=environment() | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
