"""What is not there is answered with what was probably meant."""

import pytest

from adapters.kit.suggesting import did_you_mean, there_are

COLUMNS = ("stu_ref", "upn", "legal_surname", "legal_forename", "date_of_birth", "sex_cd", "pcode", "NHSNumber")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("dob", "date_of_birth"),
        ("DOB", "date_of_birth"),
        ("birth_date", "date_of_birth"),
        ("date_of_brith", "date_of_birth"),
        ("surname", "legal_surname"),
        ("gender", "sex_cd"),
        ("postcode", "pcode"),
        ("nhs_no", "NHSNumber"),
        ("sturef", "stu_ref"),
    ],
)
def test_a_column_is_known_by_its_letters_its_initials_or_its_words(word: str, meant: str) -> None:
    assert did_you_mean(word, COLUMNS, "nothing") == f"Did you mean `{meant}`?"


def test_a_long_name_is_meant_by_its_initials_and_the_other_way_round() -> None:
    assert did_you_mean("date_of_birth", ["upn", "dob"], "nothing") == "Did you mean `dob`?"


@pytest.mark.parametrize("word", ["colour", "", "__", "x"])
def test_nothing_is_suggested_for_a_word_that_is_like_none(word: str) -> None:
    assert did_you_mean(word, COLUMNS, "nothing") == "nothing"


def test_otherwise_what_there_is_is_listed_as_far_as_a_line_holds_it() -> None:
    assert there_are(["a", "b"], "nothing") == "There are `a`, `b`."
    assert there_are([f"c{number}" for number in range(15)], "nothing").endswith("`c11` and 3 more.")
    assert there_are([], "nothing") == "nothing"
