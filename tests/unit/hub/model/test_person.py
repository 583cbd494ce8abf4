from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import InvalidRequest
from hub.model.person import PersonKeys, person_keys
from tests.unit.hub.making import NHS_NUMBERS, UPNS, nhs_number, upn

TODAY = date(2026, 11, 23)
SECRET = "Qwertina"


def keys(**typed: str) -> PersonKeys:
    given = dict.fromkeys(("nhs_number", "upn", "given_name", "family_name", "date_of_birth"), "") | typed
    return person_keys(**given, today=TODAY)


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


@given(st.sampled_from(("nhs_number", "upn", "date_of_birth")))
def test_a_refusal_never_repeats_what_was_typed(field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        named(**{field: SECRET})
    assert SECRET not in f"{refused.value} {refused.value.mend} {refused.value.args}"


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"given_name": "Ann", "family_name": "Smith"},
        {"given_name": "Ann", "date_of_birth": "2016-03-09"},
        {"family_name": "Smith", "date_of_birth": "2016-03-09"},
        {"given_name": "  ", "family_name": "Smith", "date_of_birth": "2016-03-09"},
        {"nhs_number": " - "},
    ],
)
def test_keys_that_name_nobody_are_refused(typed: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        keys(**typed)
    assert refused.value.reason == "PERSON_MISSING"


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
