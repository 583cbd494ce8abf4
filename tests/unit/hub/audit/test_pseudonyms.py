import pytest

from hub.audit.pseudonyms import KEY_BYTES, Pseudonyms
from hub.model.person import PersonKeys
from tests.unit.hub.making import nhs_number, upn

PERSON = PersonKeys(
    nhs_number=nhs_number(1), upn=upn(1), given_name="Zoë", family_name="O'Neill", date_of_birth="2016-03-09"
)
KEY, OTHER_KEY = bytes(range(KEY_BYTES)), bytes(KEY_BYTES)


def test_each_way_of_naming_a_person_has_its_own_pseudonym() -> None:
    ways = Pseudonyms(KEY).of(PERSON)
    assert len(set(ways)) == 3
    assert [Pseudonyms(KEY).of(PersonKeys(nhs_number=nhs_number(1))), Pseudonyms(KEY).of(PersonKeys(upn=upn(1)))] == [
        [ways[0]],
        [ways[1]],
    ]


def test_spellings_of_a_name_have_one_pseudonym() -> None:
    other = PersonKeys(given_name="ZOE", family_name="ONeill", date_of_birth="2016-03-09")
    assert Pseudonyms(KEY).of(other) == Pseudonyms(KEY).of(PERSON)[2:]


def test_without_the_key_nobody_can_compare() -> None:
    assert not set(Pseudonyms(KEY).of(PERSON)) & set(Pseudonyms(OTHER_KEY).of(PERSON))


def test_a_pseudonym_shows_nothing_of_the_person() -> None:
    shown = " ".join(Pseudonyms(KEY).of(PERSON))
    assert not [value for value in (PERSON.nhs_number, PERSON.upn, "zoe", "2016") if value in shown]


def test_half_a_name_names_nobody() -> None:
    assert Pseudonyms(KEY).of(PersonKeys(nhs_number=nhs_number(1), given_name="Zoë")) == Pseudonyms(KEY).of(
        PersonKeys(nhs_number=nhs_number(1))
    )


@pytest.mark.parametrize("key", [b"", b"short", bytes(KEY_BYTES + 1)])
def test_a_key_of_another_length_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Pseudonyms(key)


def test_the_repr_does_not_show_the_key() -> None:
    assert KEY.hex() not in repr(Pseudonyms(KEY))
    assert str(KEY) not in repr(Pseudonyms(KEY))
