"""Names and identifiers of invented people."""

import random
from itertools import islice

import pytest
from stdnum.gb import nhs, upn

from examples.bolton.population import identifiers, names
from examples.bolton.population.customs import family_name, gendered, parents
from examples.bolton.population.names import Custom, Names
from examples.bolton.population.people import Gender
from examples.bolton.storied.children import children

ORIGINS = {each.origin: each for each in names.read_all()}


def test_every_nhs_number_is_valid_and_of_the_range_for_tests() -> None:
    made = list(islice(identifiers.nhs_numbers(random.Random(1)), 20_000))
    assert len(set(made)) == len(made)
    assert all(nhs.is_valid(number) and number.startswith("999") for number in made)


def test_a_serial_whose_check_digit_would_be_ten_has_no_nhs_number() -> None:
    numbers = [identifiers.nhs_number(serial) for serial in range(1_000)]
    assert None in numbers
    assert all(nhs.is_valid(number) for number in numbers if number is not None)


def test_no_generated_child_can_have_the_nhs_number_of_a_storied_one() -> None:
    assert all(int(child.nhs_number[3:9]) not in identifiers.GENERATED_SERIALS for child in children())


def test_every_pupil_number_is_valid_and_given_once() -> None:
    upns = identifiers.Upns()
    made = [upns.next(350, 2901 + serial % 5, 2010 + serial % 14) for serial in range(2_000)]
    assert len(set(made)) == len(made)
    assert all(upn.is_valid(number) for number in made)


def test_names_are_of_ten_origins() -> None:
    assert len(ORIGINS) == 10
    assert {each.custom for each in ORIGINS.values()} == set(Custom)


@pytest.mark.parametrize("origin", sorted(ORIGINS))
def test_every_origin_has_names_enough_and_other_spellings_of_some(origin: str) -> None:
    each = ORIGINS[origin]
    assert min(len(each.girls), len(each.boys), len(each.family)) >= 16
    assert any(name in each.alike for name in each.family)
    assert any(name in each.short for name in (*each.girls, *each.boys))


def test_another_spelling_of_a_name_is_never_the_name_itself() -> None:
    for each in ORIGINS.values():
        assert all(name not in others for name, others in each.alike.items())


def test_polish_sisters_and_brothers_have_the_two_forms_of_one_name() -> None:
    assert gendered("Kowalski", Gender.FEMALE) == "Kowalska"
    assert gendered("Kowalski", Gender.MALE) == "Kowalski"
    assert gendered("Nowak", Gender.FEMALE) == "Nowak"


def test_somali_siblings_carry_their_grandfathers_name() -> None:
    rng = random.Random(5)
    couple = parents(ORIGINS["somali"], "Warsame", rng)
    names_of_three = {family_name(ORIGINS["somali"], couple, gender, rng) for gender in (*Gender, Gender.MALE)}
    assert names_of_three == {couple.grandfather_given}


def test_some_pakistani_daughters_carry_a_title_instead_of_a_family_name() -> None:
    assert _daughters(ORIGINS["pakistani"]) & set(ORIGINS["pakistani"].titles)


def _daughters(origin: Names) -> set[str]:
    rng = random.Random(3)
    couple = parents(origin, "Khan", rng)
    return {family_name(origin, couple, Gender.FEMALE, rng) for _ in range(50)}
