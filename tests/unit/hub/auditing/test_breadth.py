"""Unusual breadth: by how many different people, against the others of the level, and from a floor on."""

import pytest

from hub.auditing.breadth import (
    LEAST_PEOPLE,
    LEAST_SEARCHES,
    MANY_OF_ONE_CASE,
    TIMES_USUAL,
    Width,
    unusual,
    widths,
)


def asked(requester: str, *people: int, level: str = "social_worker") -> list[dict[str, object]]:
    """Make one question about each of these people."""
    return [
        {"requester": requester, "requester_agency": "social_care", "access_level": level, "person": [f"{one:032x}"]}
        for one in people
    ]


def colleagues(usual: int) -> list[dict[str, object]]:
    """Make five colleagues who each ask about so many people, several times."""
    return [entry for name in "abcde" for entry in (*asked(name, *range(usual)), *asked(name, *range(usual)))]


def test_whoever_asks_about_far_more_people_than_the_others_stands_out() -> None:
    found = unusual(widths([*colleagues(8), *asked("x", *range(30)), *asked("x", 1, 2)]))
    assert [(one.requester, one.people, one.usual, one.requests) for one in found] == [("x", 30, 8, 32)]


@pytest.mark.parametrize("usual", [2, 8, 20])
def test_the_threshold_is_three_times_the_usual_and_twenty_at_least(usual: int) -> None:
    threshold = max(LEAST_PEOPLE, TIMES_USUAL * usual)
    just, below = (
        unusual(widths([*colleagues(usual), *asked("x", *range(many))])) for many in (threshold, threshold - 1)
    )
    assert [one.requester for one in just] == ["x"]
    assert not [one for one in below if one.requester == "x"]


def test_levels_are_not_measured_against_each_other() -> None:
    desk = [entry for name in "fgh" for entry in asked(name, *range(40), level="social_care_duty")]
    assert not unusual(widths([*colleagues(3), *desk]))


def test_the_only_holder_of_a_level_is_measured_by_the_floor() -> None:
    assert not unusual(widths(asked("x", *range(LEAST_PEOPLE - 1))))
    (alone,) = unusual(widths(asked("x", *range(LEAST_PEOPLE))))
    assert (alone.people, alone.usual) == (LEAST_PEOPLE, 0)


def test_a_person_who_is_named_in_two_ways_at_once_is_one() -> None:
    width = Width()
    for ways in (["n1"], ["u1"], ["n1", "u1"], ["m2", "n2"], ["a3", "n2"], ["z4"]):
        width.add(ways)
    assert width.people == 3
    assert width.requests == 6


def searched(requester: str, times: int) -> list[dict[str, object]]:
    return [{**entry, "person": [], "criteria": ["family_name"]} for entry in asked(requester, *range(times))]


def test_who_searches_the_register_far_more_than_others_stands_out_though_a_search_names_nobody() -> None:
    assert not unusual(widths([*colleagues(3), *searched("x", LEAST_SEARCHES - 1)]))
    (broad,) = unusual(widths([*colleagues(3), *searched("x", LEAST_SEARCHES)]))
    assert (broad.requester, broad.people, broad.searches) == ("x", 0, LEAST_SEARCHES)


def test_who_asks_about_many_people_under_one_case_reference_stands_out() -> None:
    def of_one_case(many: int) -> list[dict[str, object]]:
        return [{**entry, "case_reference": "2026/1"} for entry in asked("x", *range(many))]

    assert not unusual(widths([*colleagues(3), *of_one_case(MANY_OF_ONE_CASE - 1)]))
    (broad,) = unusual(widths([*colleagues(3), *of_one_case(MANY_OF_ONE_CASE)]))
    assert broad.people_of_one_case == MANY_OF_ONE_CASE
