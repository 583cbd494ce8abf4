from hypothesis import given
from hypothesis import strategies as st

from hub.combining.view import combine
from hub.linkage.people import NOBODY, People
from hub.model.matching import MatchCard, Standing
from hub.model.records import Records
from tests.unit.hub.making import table

SAME = MatchCard(standing=Standing.SAME, per_mille=999)
POSSIBLY = MatchCard(standing=Standing.POSSIBLY, per_mille=400)
COMPARABLE = frozenset({"address", "gender"})
VALUES = st.sampled_from(["", "1 High St", "1, HIGH ST.", "2 High St"])


def one_child(*values: str, field: str = "address") -> tuple[tuple[int, str], ...]:
    tables = [table({field: value}) for value in values]
    return combine(tables, People(person_of_row=(0,) * len(values), cards=(SAME,)), COMPARABLE).disagreements


def test_values_that_differ_are_a_disagreement() -> None:
    assert one_child("1 High St", "2 High St") == ((0, "address"),)


def test_values_that_differ_in_spelling_only_are_none() -> None:
    assert one_child("1 High St", "1, HIGH ST.", "１ High St") == ()


def test_having_no_value_contradicts_nobody() -> None:
    assert one_child("", "1 High St", "") == ()


def test_fields_on_which_agencies_need_not_agree_are_not_compared() -> None:
    assert one_child("Ann Brown", "Bob Green", field="worker_name") == ()


def test_different_people_do_not_disagree() -> None:
    tables = [table({"address": "1 High St"}), table({"address": "2 High St"})]
    assert combine(tables, People(person_of_row=(0, 1), cards=(SAME, SAME)), COMPARABLE).disagreements == ()


def test_two_records_of_one_agency_may_disagree_too() -> None:
    tables = [table({"address": "1 High St"}, {"address": "2 High St"})]
    assert combine(tables, People(person_of_row=(0, 0), cards=(SAME,)), COMPARABLE).disagreements == ((0, "address"),)


def test_rows_are_counted_over_all_tables() -> None:
    tables = [
        table({"gender": "female"}, {"gender": "male"}),
        Records(columns=(), cells=(), record_dates=(), source="S", retrieved_at_ms=1),
        table({"gender": "male"}),
    ]
    people = People(person_of_row=(0, 1, 0), cards=(SAME, POSSIBLY))
    assert combine(tables, people, COMPARABLE).disagreements == ((0, "gender"),)


def test_disagreements_come_person_by_person() -> None:
    tables = [
        table({"gender": "male", "address": "1"}, {"gender": "male", "address": "1"}),
        table({"gender": "female", "address": "2"}, {"gender": "female", "address": "1"}),
    ]
    people = People(person_of_row=(0, 1, 0, 1), cards=(SAME, SAME))
    assert combine(tables, people, COMPARABLE).disagreements == ((0, "address"), (0, "gender"), (1, "gender"))


def test_who_is_who_is_passed_on_as_linkage_said() -> None:
    people = People(person_of_row=(0, 1), cards=(SAME, POSSIBLY))
    joining = combine([table({"gender": "male"}, {"gender": "male"})], people, COMPARABLE)
    assert (joining.person_of_row, joining.cards) == (people.person_of_row, people.cards)
    assert joining.certain == (True, False)


def test_rows_about_nobody_who_was_asked_about_disagree_with_nobody() -> None:
    tables = [table({"address": "1 High St"}), table({"address": "2 High St"}, {"address": "3 High St"})]
    people = People(person_of_row=(0, NOBODY, NOBODY), cards=(SAME,))
    assert combine(tables, people, COMPARABLE).disagreements == ()


@given(st.permutations(["1 High St", "1, HIGH ST.", "2 High St", ""]))
def test_the_order_of_the_agencies_does_not_matter(values: list[str]) -> None:
    assert one_child(*values) == ((0, "address"),)


@given(st.lists(VALUES, max_size=6))
def test_a_disagreement_has_at_least_two_values_and_an_agreement_at_most_one(values: list[str]) -> None:
    alike = {"1 High St": 1, "1, HIGH ST.": 1, "2 High St": 2}
    assert bool(one_child(*values)) is (len({alike[value] for value in values if value}) > 1)
