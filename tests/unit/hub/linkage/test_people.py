from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.linkage.people import join
from hub.model.person import PersonKeys
from hub.model.records import Records
from tests.unit.hub.making import nhs_number, table, upn

NOBODY = PersonKeys(given_name="Ann", family_name="Smith", date_of_birth="2016-03-09")
ASKED = PersonKeys(nhs_number=nhs_number(1))
NAME = {"given_name": "Ann", "family_name": "Smith", "date_of_birth": "2016-03-09"}
INVALID = [
    "",
    "9990000019",
    "0000000000",
    "B350000000001",
    nhs_number(1).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
]

Row = tuple[str, str]
_NUMBERS = st.sampled_from([nhs_number(1), nhs_number(2), nhs_number(3), *INVALID])
_PUPILS = st.sampled_from([upn(1), upn(2), upn(3), *INVALID])
TABLES = st.lists(st.lists(st.tuples(_NUMBERS, _PUPILS), max_size=3), max_size=5)


def tables(rows: Sequence[Sequence[Row]]) -> list[Records]:
    return [
        table(*({"nhs_number": number, "upn": pupil} for number, pupil in agency), columns=("nhs_number", "upn"))
        for agency in rows
    ]


def groups(rows: Sequence[Sequence[Row]], asked: PersonKeys = ASKED) -> set[tuple[frozenset[tuple[int, int]], bool]]:
    """Return the people as sets of (agency, row), each with whether it is certain; agencies keep their numbers."""
    return grouped(rows, list(range(len(rows))), asked)


def grouped(
    rows: Sequence[Sequence[Row]], order: Sequence[int], asked: PersonKeys
) -> set[tuple[frozenset[tuple[int, int]], bool]]:
    people = join(tables([rows[agency] for agency in order]), asked)
    places = [(agency, row) for agency in order for row in range(len(rows[agency]))]
    return {
        (
            frozenset(place for place, owner in zip(places, people.person_of_row, strict=True) if owner == person),
            certain,
        )
        for person, certain in enumerate(people.certain)
    }


@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_in_which_agencies_answer_never_changes_who_is_who(rows: list[list[Row]], random: object) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    assert grouped(rows, order, ASKED) == groups(rows)


@given(TABLES)
def test_rows_of_one_person_never_hold_two_valid_numbers_of_one_kind(rows: list[list[Row]]) -> None:
    for places, _ in groups(rows):
        held = [rows[agency][row] for agency, row in places]
        for kind in (0, 1):
            assert len({row[kind] for row in held} - set(INVALID)) <= 1


@given(TABLES)
def test_nobody_is_joined_without_a_valid_number_in_common(rows: list[list[Row]]) -> None:
    for places, certain in groups(rows):
        held = [set(rows[agency][row]) - set(INVALID) for agency, row in places]
        if len(held) > 1:
            assert certain
            # Each row shares a number with another, so that no row is there by its place alone.
            for number, mine in enumerate(held):
                assert any(mine & others for place, others in enumerate(held) if place != number)


@given(TABLES)
def test_each_row_has_one_person_and_each_person_a_row(rows: list[list[Row]]) -> None:
    people = join(tables(rows), ASKED)
    assert len(people.person_of_row) == sum(map(len, rows))
    assert set(people.person_of_row) == set(range(len(people.certain)))


@given(TABLES)
def test_people_are_numbered_in_the_order_in_which_they_appear(rows: list[list[Row]]) -> None:
    people = join(tables(rows), ASKED)
    assert list(dict.fromkeys(people.person_of_row)) == sorted(set(people.person_of_row))


@given(st.lists(st.tuples(st.sampled_from(INVALID), st.sampled_from(INVALID)), min_size=2, max_size=6))
def test_invalid_identifiers_never_join(rows: list[Row]) -> None:
    people = join(tables([rows]), NOBODY)
    assert people.person_of_row == tuple(range(len(rows)))
    assert not any(people.certain)


def test_two_agencies_with_one_number_tell_of_one_child() -> None:
    assert groups([[(nhs_number(2), "")], [(nhs_number(2), "")]]) == {(frozenset({(0, 0), (1, 0)}), True)}


def test_a_record_with_both_numbers_joins_those_with_one() -> None:
    rows = [[(nhs_number(2), "")], [("", upn(2))], [(nhs_number(2), upn(2))]]
    assert groups(rows) == {(frozenset({(0, 0), (1, 0), (2, 0)}), True)}


def test_the_same_name_and_date_of_birth_do_not_join() -> None:
    people = join([table(NAME), table(NAME)], NOBODY)
    assert people.person_of_row == (0, 1)
    assert people.certain == (False, False)


def test_a_single_record_with_the_number_asked_for_is_certain() -> None:
    assert groups([[(nhs_number(1), "")]]) == {(frozenset({(0, 0)}), True)}


def test_a_single_record_with_another_number_is_only_possible() -> None:
    assert groups([[(nhs_number(2), "")]]) == {(frozenset({(0, 0)}), False)}


def test_a_contradiction_falls_apart_into_single_records_none_of_them_certain() -> None:
    # The pupil number says that the first two are one child; their NHS numbers say that they are not.
    rows = [[(nhs_number(1), upn(1))], [(nhs_number(2), upn(1))], [(nhs_number(1), "")]]
    assert groups(rows) == {(frozenset({(agency, 0)}), False) for agency in range(3)}


def test_a_contradiction_leaves_other_people_alone() -> None:
    rows = [[(nhs_number(2), upn(1))], [(nhs_number(3), upn(1))], [(nhs_number(1), "")], [(nhs_number(1), "")]]
    assert (frozenset({(2, 0), (3, 0)}), True) in groups(rows)


def test_one_agency_s_own_two_records_of_a_child_join_too() -> None:
    assert groups([[(nhs_number(2), ""), (nhs_number(2), "")]]) == {(frozenset({(0, 0), (0, 1)}), True)}


def test_nothing_held_is_nobody() -> None:
    assert join([], ASKED).certain == ()
    assert join([table()], ASKED).certain == ()


@pytest.mark.parametrize("columns", [("service",), ("nhs_number",), ("upn",)])
def test_tables_without_one_kind_of_identifier_are_read_all_the_same(columns: tuple[str, ...]) -> None:
    rows = {"nhs_number": nhs_number(1), "upn": upn(1), "service": "Early Help"}
    assert len(join([table({name: rows[name] for name in columns})], ASKED).certain) == 1
