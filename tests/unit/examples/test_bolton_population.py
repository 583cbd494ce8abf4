"""The true population: the same for a seed, and as mixed as a borough is."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from stdnum.gb import nhs, upn

from examples.bolton.population.generate import DAY, population
from examples.bolton.population.people import Child, Population, System, age_on, year_group

SIZE = 5_200


@pytest.fixture(scope="module")
def people() -> Population:
    return population(2004, SIZE)


def test_the_same_seed_gives_the_same_people(people: Population) -> None:
    assert population(2004, SIZE) == people


def test_another_seed_gives_other_people(people: Population) -> None:
    others = population(2005, SIZE)
    assert {child.nhs_number for child in others.children} != {child.nhs_number for child in people.children}


def test_a_smaller_population_is_the_beginning_of_a_larger_one(people: Population) -> None:
    assert population(2004, 300).children == people.children[:300]


def test_there_are_as_many_children_as_asked_for_and_all_are_under_twenty(people: Population) -> None:
    assert len(people.children) == SIZE
    assert {age_on(child.born, DAY) for child in people.children} == set(range(20))


def test_every_identifier_is_valid_and_nobody_shares_one(people: Population) -> None:
    numbers = [child.nhs_number for child in people.children]
    pupils = [child.upn for child in people.children if child.upn]
    assert all(map(nhs.is_valid, numbers))
    assert all(map(upn.is_valid, pupils))
    assert len(set(numbers)) == len(numbers)
    assert len(set(pupils)) == len(pupils)


def test_only_children_of_school_age_have_a_pupil_number(people: Population) -> None:
    assert all(bool(child.upn) == (year_group(child.born, DAY) >= 0) for child in people.children)


def test_names_of_at_least_eight_origins_are_common(people: Population) -> None:
    counts = Counter(child.origin for child in people.children)
    assert len([origin for origin, count in counts.items() if count > 50]) >= 8


def test_systems_know_unequal_and_overlapping_parts_of_the_population(people: Population) -> None:
    shares = {system: len(people.known_to(system)) / SIZE for system in System}
    assert 0.95 < shares[System.HEALTH] < 0.99
    assert 0.6 < shares[System.SCHOOLS] < 0.75
    assert 0.2 < shares[System.CONNEXIONS] < 0.3
    assert 0.045 < shares[System.SOCIAL_CARE] < 0.08
    assert 0.01 < shares[System.YOUTH_OFFENDING] < 0.022
    counts = Counter(len(child.known_to) for child in people.children)
    assert all(counts[number] for number in range(6))


def test_services_know_children_of_their_ages(people: Population) -> None:
    assert all(age_on(child.born, DAY) >= 13 for child in people.known_to(System.CONNEXIONS))
    assert all(age_on(child.born, DAY) >= 10 for child in people.known_to(System.YOUTH_OFFENDING))
    assert all(child.school is not None for child in people.known_to(System.SCHOOLS))


def test_children_in_trouble_are_known_to_more_services(people: Population) -> None:
    known = people.known_to(System.SOCIAL_CARE)
    assert (
        sum(child.trouble for child in known) / len(known) > 2 * sum(child.trouble for child in people.children) / SIZE
    )


def test_siblings_live_together_and_are_not_born_within_months_of_each_other(people: Population) -> None:
    families = [family for family in _households(people).values() if len(family) > 1]
    assert len(families) > 1_000
    for family in families:
        birthdays = sorted({child.born for child in family})
        gaps = [later - earlier for earlier, later in pairwise(birthdays)]
        assert all(gap > timedelta(days=270) for gap in gaps)


def test_twins_share_household_and_birthday_and_never_the_given_name(people: Population) -> None:
    pairs = [twins for twins in _born_together(people).values() if len(twins) == 2]
    assert len(pairs) > 30
    assert all(first.given != second.given for first, second in pairs)
    assert all(first.nhs_number != second.nhs_number for first, second in pairs)
    assert any(first.given[:2] == second.given[:2] for first, second in pairs)


def test_some_children_of_different_households_have_the_same_name(people: Population) -> None:
    same = defaultdict(set)
    for child in people.children:
        same[child.given, child.family].add(child.household)
    assert sum(len(households) > 1 for households in same.values()) > 100


def test_many_have_moved_and_some_have_changed_their_name(people: Population) -> None:
    assert sum(len(child.homes) > 1 for child in people.children) > SIZE / 5
    assert sum(bool(child.former_family) for child in people.children) > SIZE / 50
    assert sum("-" in child.family for child in people.children) > SIZE / 100


def test_homes_follow_one_another_and_none_is_in_the_future(people: Population) -> None:
    for child in people.children:
        days = [home.since for home in child.homes]
        assert days == sorted(days)
        assert days[-1] <= DAY


@pytest.mark.parametrize(
    ("born", "year"),
    [(date(2022, 8, 31), 0), (date(2022, 9, 1), -1), (date(2010, 9, 1), 11), (date(2009, 9, 1), 12)],
)
def test_the_school_year_turns_on_the_first_of_september(born: date, year: int) -> None:
    assert year_group(born, DAY) == year


def _households(people: Population) -> dict[int, list[Child]]:
    households: dict[int, list[Child]] = defaultdict(list)
    for child in people.children:
        households[child.household].append(child)
    return households


def _born_together(people: Population) -> dict[tuple[int, date], list[Child]]:
    together: dict[tuple[int, date], list[Child]] = defaultdict(list)
    for child in people.children:
        if child.twin:
            together[child.household, child.born].append(child)
    return together
