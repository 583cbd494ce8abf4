from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import InvalidRequest
from hub.model.person import PersonKeys, person_keys
from hub.model.typed_keys import require_no_test_number
from tests.unit.hub.making import NHS_NUMBERS, UPNS, nhs_number, upn

TODAY = date(2026, 11, 23)
SECRET = "Qwertina"


def keys(**typed: str) -> PersonKeys:
    return person_keys(today=TODAY, **typed)  # type: ignore[arg-type]  # only what is text is given this way


def named(**typed: str) -> PersonKeys:
    return keys(**({"given_name": "Ann", "family_name": "Smith", "date_of_birth": "2016-03-09"} | typed))


@given(NHS_NUMBERS, st.sampled_from(["", " ", "-"]))
def test_an_nhs_number_is_taken_with_blanks_or_hyphens_and_kept_without(number: str, gap: str) -> None:
    assert keys(nhs_number=gap.join((number[:3], number[3:6], number[6:]))).nhs_number == number


@given(UPNS)
def test_a_pupil_number_is_taken_in_small_letters_and_kept_in_capitals(number: str) -> None:
    assert keys(upn=f" {number.lower()} ").upn == number


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"nhs_number": "9990000019"}, "NHS_NUMBER_INVALID"),
        ({"nhs_number": "0000000000"}, "NHS_NUMBER_INVALID"),
        ({"nhs_number": "9" * 10_000}, "NHS_NUMBER_INVALID"),
        ({"upn": "B350000000001"}, "UPN_INVALID"),
        ({"upn": "x" * 10_000}, "UPN_INVALID"),
        ({"given_name": "a" * 101}, "NAME_TOO_LONG"),
        ({"family_name": "a" * 101}, "NAME_TOO_LONG"),
        ({"family_name": "Smith\x00"}, "NAME_UNREADABLE"),
        ({"family_name": "\u202eSmith"}, "NAME_UNREADABLE"),
        ({"given_name": "--"}, "NAME_UNREADABLE"),
        ({"date_of_birth": "9.3.2016"}, "DATE_OF_BIRTH_INVALID"),
        ({"date_of_birth": "2016-3-9"}, "DATE_OF_BIRTH_INVALID"),
        ({"date_of_birth": "2016-02-30"}, "DATE_OF_BIRTH_INVALID"),
        ({"date_of_birth": "2015-02-29"}, "DATE_OF_BIRTH_INVALID"),
        ({"date_of_birth": "0000-00-00"}, "DATE_OF_BIRTH_INVALID"),
        ({"date_of_birth": "20160309"}, "DATE_OF_BIRTH_INVALID"),
        ({"date_of_birth": "２０１６-03-09"}, "DATE_OF_BIRTH_INVALID"),
        ({"date_of_birth": "1899-12-31"}, "DATE_OF_BIRTH_INVALID"),
        ({"date_of_birth": "2028-01-01"}, "DATE_OF_BIRTH_INVALID"),
    ],
)
def test_each_wrong_key_is_refused_with_its_field_and_its_mend(typed: dict[str, str], reason: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        named(**typed)
    assert refused.value.reason == reason
    assert refused.value.field in typed
    assert refused.value.mend


@given(st.sampled_from(("nhs_number", "upn", "uln", "date_of_birth", "postcode", "gender")))
def test_a_refusal_never_repeats_what_was_typed(field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        named(**{field: SECRET})
    assert SECRET not in f"{refused.value} {refused.value.mend} {refused.value.args}"


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"given_name": "  "},
        {"gender": "female"},
        {"nhs_number": " - "},
    ],
)
def test_keys_that_name_nobody_are_refused(typed: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        keys(**typed)
    assert refused.value.reason == "PERSON_MISSING"


@pytest.mark.parametrize(
    "typed",
    [
        {"given_name": "Ann", "family_name": "Smith", "date_of_birth": "2016"},
        {"given_name": "Ann", "date_of_birth": "2016-03-09"},
        {"family_name": "Smith", "date_of_birth": "2016-03-09"},
        {"family_name": "Smith", "date_of_birth": "2016-03"},
        {"family_name": "Smith", "postcode": "BL1 1AA"},
        {"given_name": "Ann", "address": "1 High Street"},
        {"date_of_birth": "2016-03-09", "postcode": "BL1 1AA"},
    ],
)
def test_a_combination_that_hardly_anybody_else_fits_is_taken(typed: dict[str, str]) -> None:
    assert keys(**typed)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ({"given_name": "Ann", "family_name": "Smith"}, "the date of birth"),
        ({"family_name": "Smith", "date_of_birth": "2016"}, "the day of birth"),
        ({"date_of_birth": "2016-03-09"}, "the family name"),
        ({"date_of_birth": "2016-03-09", "gender": "male"}, "the family name"),
        ({"postcode": "BL1 1AA", "address": "1 High Street"}, "the family name"),
        ({"given_name": "A", "postcode": "BL1 1AA"}, "the date of birth"),
    ],
)
def test_what_fits_too_many_people_is_refused_with_what_to_add(typed: dict[str, str], advice: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        keys(**typed)
    assert refused.value.reason == "PERSON_TOO_VAGUE"
    assert advice in refused.value.mend
    assert not [
        value for value in typed.values() if value in f"{refused.value} {refused.value.mend}"[1:] and len(value) > 1
    ]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"nhs_number": "0000000000"}, "over and over"),
        ({"nhs_number": "９９９０００００１８"}, "full-width"),
        ({"nhs_number": "9990000019"}, "check digit"),
        ({"nhs_number": "999000001"}, "form"),
        ({"uln": "9999999999"}, "nobody's"),
        ({"uln": "1000000001"}, "check digit"),
        ({"upn": "B350000000001"}, "check digit or letter"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong_about_it(typed: dict[str, str], says: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        keys(**typed)
    assert says in refused.value.message
    assert not set(typed.values()) & set(refused.value.args)


def test_numbers_that_are_for_tests_are_refused_where_real_people_are_asked_about() -> None:
    with pytest.raises(InvalidRequest, match="for tests"):
        require_no_test_number(nhs_number(1))
    require_no_test_number("9434765919")


def test_an_agencys_own_number_names_somebody_to_that_agency() -> None:
    person = person_keys(today=TODAY, local_numbers=(("schools", " P/12-7 "), ("health", "77.1")))
    assert person.local_numbers == (("health", "77.1"), ("schools", "P/12-7"))
    assert (person.local_number("schools"), person.local_number("social_care")) == ("P/12-7", "")


@pytest.mark.parametrize(
    "numbers",
    [(("schools", "1"), ("schools", "2")), (("schools", ""),), (("", "1"),), (("a", "x" * 41),), (("a", "1 2"),)],
)
def test_an_own_number_of_another_form_is_refused(numbers: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        person_keys(today=TODAY, local_numbers=numbers)
    assert (refused.value.reason, refused.value.field) == ("LOCAL_NUMBER_INVALID", "local_numbers")


@pytest.mark.parametrize("typed", ["bl11aa", " BL1 1AA ", "ＢＬ1 1aa"])
def test_a_postcode_is_kept_in_its_one_form(typed: str) -> None:
    assert named(postcode=typed).postcode == "BL1 1AA"


@pytest.mark.parametrize("typed", ["BL1", "ZZ99 3VZ", "BL1 1A", "1AA BL1"])
def test_what_is_no_whole_postcode_is_refused(typed: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        named(postcode=typed)
    assert (refused.value.reason, refused.value.field) == ("POSTCODE_INVALID", "postcode")


def test_part_of_a_date_is_no_day_of_birth() -> None:
    assert not named(date_of_birth="2016-03").has_full_name
    assert named().has_full_name


def test_an_identifier_alone_names_somebody() -> None:
    assert keys(nhs_number=nhs_number(1)).nhs_number
    assert keys(upn=upn(1)).upn


def test_an_unborn_child_has_an_expected_date_within_a_pregnancy() -> None:
    assert named(date_of_birth=(TODAY + timedelta(days=300)).isoformat())
    with pytest.raises(InvalidRequest):
        named(date_of_birth=(TODAY + timedelta(days=301)).isoformat())


def test_names_are_composed_and_their_blanks_are_single() -> None:
    assert named(given_name="  Zoe\u0308   Ann ").given_name == "Zoë Ann"


@given(NHS_NUMBERS, UPNS)
def test_the_repr_of_keys_says_which_were_given_and_none_of_their_values(nhs: str, pupil: str) -> None:
    shown = repr(named(nhs_number=nhs, upn=pupil, given_name=SECRET))
    assert shown == "PersonKeys(nhs_number, upn, given_name, family_name, date_of_birth)"
