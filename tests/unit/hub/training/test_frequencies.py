"""Of the records only frequencies of names that enough people bear are kept."""

from hub.linkage.features import features_of
from hub.training.frequencies import FEWEST_PEOPLE, frequencies
from tests.lib.lookalikes.people import Written
from tests.lib.lookalikes.questions import records_of


def written(given: str, born: str) -> Written:
    return Written(given_name=given, family_name="Hartley", date_of_birth=born, gender="", address="", postcode="")


def test_a_name_that_fewer_than_six_people_bear_is_not_kept() -> None:
    several = [written("Aoife", f"2014-05-{day:02d}") for day in range(1, FEWEST_PEOPLE + 1)]
    few = [written("Ottoline", f"2015-05-{day:02d}") for day in range(1, FEWEST_PEOPLE)]
    found = frequencies(features_of(records_of([*several, *few], source="own")))
    assert found["given_name"] == {"aoife": 6 / 11}
    assert found["family_name"] == {"hartley": 1.0}


def test_one_much_recorded_child_does_not_make_a_name_common_enough_to_keep() -> None:
    found = frequencies(features_of(records_of([written("Ottoline", "2015-05-01")] * 40, source="own")))
    assert found["given_name"] == {}
