import hmac

import pytest

from hub.audit.leaves import read_leaf
from hub.audit.oversight import epochs_changed
from hub.audit.pseudonyms import KEY_BYTES, Pseudonyms
from hub.model.person import PersonKeys
from tests.unit.hub.making import nhs_number, upn

PERSON = PersonKeys(
    nhs_number=nhs_number(1), upn=upn(1), given_name="Zoë", family_name="O'Neill", date_of_birth="2016-03-09"
)
KEY, OTHER_KEY = bytes(range(KEY_BYTES)), bytes(KEY_BYTES)


def of(person: PersonKeys, key: bytes = KEY) -> tuple[str, ...]:
    return Pseudonyms({1: key}).of(person).ways


def test_each_way_of_naming_a_person_has_its_own_pseudonym() -> None:
    ways = of(PERSON)
    assert len(set(ways)) == 3
    assert [of(PersonKeys(nhs_number=nhs_number(1))), of(PersonKeys(upn=upn(1)))] == [(ways[0],), (ways[1],)]


def test_spellings_of_a_name_have_one_pseudonym() -> None:
    other = PersonKeys(given_name="ZOE", family_name="ONeill", date_of_birth="2016-03-09")
    assert of(other) == of(PERSON)[2:]


def test_a_person_is_found_again_by_whatever_they_were_named_by() -> None:
    one = PersonKeys(uln="1000000000", local_numbers=(("schools", "7"),))
    other = PersonKeys(uln="1000000000", local_numbers=(("health", "7"),))
    assert (len(of(one)), len(set(of(one)) & set(of(other)))) == (2, 1)
    part = PersonKeys(family_name="O'Neill", postcode="BL1 1AA")
    assert of(part) == of(PersonKeys(family_name="ONEILL", postcode="bl1 1aa"))
    assert of(part) != of(PersonKeys(given_name="O'Neill", postcode="BL1 1AA"))


def test_the_ways_of_before_are_spelt_as_they_were() -> None:
    way = "name:zoe:oneill:2016-03-09"
    assert of(PERSON)[2] == hmac.digest(KEY, way.encode(), "sha256").hex()[:32]


def test_without_the_key_nobody_can_compare() -> None:
    assert not set(of(PERSON)) & set(of(PERSON, OTHER_KEY))


def test_a_pseudonym_shows_nothing_of_the_person() -> None:
    shown = " ".join(of(PERSON))
    assert not [value for value in (PERSON.nhs_number, PERSON.upn, "zoe", "2016") if value in shown]


def test_half_a_name_names_nobody() -> None:
    assert of(PersonKeys(nhs_number=nhs_number(1), given_name="Zoë")) == of(PersonKeys(nhs_number=nhs_number(1)))


def test_people_are_named_under_the_newest_epoch_and_looked_for_under_all_that_have_their_keys() -> None:
    both = Pseudonyms({2: OTHER_KEY, 1: KEY})
    assert (both.current, both.of(PERSON).epoch, both.of(PERSON).ways) == (2, 2, of(PERSON, OTHER_KEY))
    assert [(one.epoch, one.ways) for one in both.under_every_epoch(PERSON)] == [
        (1, of(PERSON)),
        (2, of(PERSON, OTHER_KEY)),
    ]


def test_once_its_key_is_gone_what_was_named_in_an_epoch_is_found_no_more() -> None:
    old = Pseudonyms({1: KEY}).of(PERSON)
    left = Pseudonyms({2: OTHER_KEY})
    assert not [one for one in left.under_every_epoch(PERSON) if set(one.ways) & set(old.ways)]


@pytest.mark.parametrize("keys", [{1: b""}, {1: b"short"}, {1: bytes(KEY_BYTES + 1)}, {1: KEY, 2: b""}, {}])
def test_a_key_of_another_length_is_refused(keys: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Pseudonyms(keys)


def test_the_repr_does_not_show_the_key() -> None:
    assert KEY.hex() not in repr(Pseudonyms({1: KEY}))
    assert str(KEY) not in repr(Pseudonyms({1: KEY}))


def test_keys_that_have_come_or_gone_are_recorded_once() -> None:
    before = epochs_changed({1}, (), 7)
    assert [(one.kind, read_leaf(one.leaf)["epoch"]) for one in before] == [("epoch_begun", 1)]
    for epochs, wanted in (
        ({1}, []),
        ({1, 2}, [("epoch_begun", 2)]),
        ({2}, [("epoch_destroyed", 1)]),
        ({2}, []),
        ({3}, [("epoch_begun", 3), ("epoch_destroyed", 2)]),
    ):
        changed = epochs_changed(epochs, before, 7)
        assert [(one.kind, read_leaf(one.leaf)["epoch"]) for one in changed] == wanted
        before += changed
