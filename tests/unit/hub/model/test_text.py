import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.model.text import plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Néill-Brown ", "ONEILL BROWN"),
        ("Zoë", "zoe"),
        ("Straße", "STRASSE"),
        ("12, High St.", "12 high st"),
        ("İbrahim", "ibrahim"),
        ("ﬁona", "Fiona"),
        ("José", "Jose\u0301"),
    ],
)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ann", "Anne"), ("1 High St", "11 High St"), ("Ann", ""), ("Жанна", "Анна")]
)
def test_different_names_differ(one: str, other: str) -> None:
    assert plain(one) != plain(other)


@given(st.text())
@example("ℌanna")
@example("ŉ")
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_only_letters_and_digits_are_left(text: str) -> None:
    assert all(character.isalnum() for character in plain(text))
