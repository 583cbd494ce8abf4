import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.identifiers import (
    NHS_NUMBER,
    ULN,
    UPN,
    is_temporary_upn,
    is_valid,
    is_valid_nhs_number,
    is_valid_uln,
    is_valid_upn,
)
from tests.unit.hub.making import NHS_NUMBERS, UPN_LETTERS, UPNS, upn

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@given(NHS_NUMBERS)
def test_a_number_with_the_right_check_digit_is_valid(number: str) -> None:
    assert is_valid_nhs_number(number)


@given(NHS_NUMBERS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_makes_an_nhs_number_invalid(number: str, place: int, by: int) -> None:
    wrong = f"{number[:place]}{(int(number[place]) + by) % 10}{number[place + 1 :]}"
    assert not is_valid_nhs_number(wrong)


@pytest.mark.parametrize("digit", "0123456789")
def test_ten_equal_digits_are_nobodys_number_though_the_library_takes_some(digit: str) -> None:
    assert not is_valid_nhs_number(digit * 10)


@given(NHS_NUMBERS)
def test_full_width_digits_are_not_a_number_though_the_library_takes_them(number: str) -> None:
    assert not is_valid_nhs_number(number.translate(FULL_WIDTH))


@pytest.mark.parametrize("number", ["", " ", "999000001", "99900000180", "999 000 0018", "999000001X", "\n9990000018"])
def test_what_has_another_form_is_no_nhs_number(number: str) -> None:
    assert not is_valid_nhs_number(number)


@given(UPNS)
def test_a_pupil_number_with_the_right_check_letter_is_valid(number: str) -> None:
    assert is_valid_upn(number)


@pytest.mark.parametrize("authority", ["838", "839", "940", "941", "942", "943"])
def test_pupil_numbers_of_authorities_that_the_library_does_not_know_are_valid(authority: str) -> None:
    assert is_valid_upn(upn(int(authority) * 1_000_000_000 - 350_000_000_000 + 21_001_345))


@pytest.mark.parametrize("letter", UPN_LETTERS)
def test_a_temporary_pupil_number_ends_in_a_letter(letter: str) -> None:
    assert is_valid_upn(upn(21_001_345, last=letter))


@given(UPNS, st.sampled_from(UPN_LETTERS))
def test_another_check_letter_makes_a_pupil_number_invalid(number: str, letter: str) -> None:
    assert is_valid_upn(letter + number[1:]) is (letter == number[0])


@given(UPNS)
def test_small_letters_and_full_width_digits_are_no_pupil_number(number: str) -> None:
    assert not is_valid_upn(number.lower())
    assert not is_valid_upn(number.translate(FULL_WIDTH))


@pytest.mark.parametrize(
    "number", ["", "A", "I350000000001", "A35000000000", "A3500000000011", "A35000000000S", "A²50000000001"]
)
def test_what_has_another_form_is_no_pupil_number(number: str) -> None:
    assert not is_valid_upn(number)


@given(st.text(max_size=14))
def test_no_text_at_all_makes_the_checks_fail(text: str) -> None:
    assert is_valid(NHS_NUMBER, text) in (True, False)
    assert is_valid(UPN, text) in (True, False)


@given(NHS_NUMBERS, UPNS)
def test_a_number_of_one_kind_is_not_one_of_the_other(nhs: str, pupil: str) -> None:
    assert is_valid(NHS_NUMBER, nhs)
    assert not is_valid(UPN, nhs)
    assert is_valid(UPN, pupil)
    assert not is_valid(NHS_NUMBER, pupil)


def uln(body: str) -> str:
    """Return a learner number with its check digit; empty where the nine digits have none."""
    rest = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), body, strict=True)) % 11
    return f"{body}{10 - rest}" if rest else ""


@given(st.integers(100_000_000, 999_999_998))
def test_a_learner_number_with_the_right_check_digit_is_valid_and_no_other(body: int) -> None:
    valid = uln(str(body))
    others = {f"{body}{digit}" for digit in range(10)} - {valid}
    assert not any(map(is_valid_uln, others))
    assert not valid or is_valid(ULN, valid)


@pytest.mark.parametrize("number", ["9999999999", "0123456789", "1111111111", "", "１０００００００００"])
def test_what_stands_for_no_learner_is_no_learner_number(number: str) -> None:
    assert not is_valid_uln(number)


def test_a_pupil_number_that_ends_in_a_letter_is_temporary() -> None:
    assert is_temporary_upn(upn(21_001_345, last="B"))
    assert not is_temporary_upn(upn(21_001_345))
