"""What the hub worked out, as people read it: rows, spans of time, and screens that fit the terminal."""

import io
from collections.abc import Callable, Mapping

import pytest
from rich.console import Console

from hub.cli.policy import screens, weighed_screens
from hub.cli.policy.matrix_table import show_matrix
from hub.cli.policy.weighed import Row
from tests.unit.hub.client import agreed_sample as agreed

SPANS = [
    ([{"from": None, "until": None}], "without end"),
    ([{"from": None, "until": "2030-04-01T00:00:00+00:00"}], "to the end of 2030-03-31"),
    ([{"from": "2027-01-01T00:00:00+00:00", "until": None}], "from 2027-01-01 00:00 without end"),
    ([["2027-01-01T06:30:00Z", "9999-12-31T23:59:59Z"]], "from 2027-01-01 06:30 without end"),
    ([{"from": None, "until": "2027-01-01T17:00:00Z"}], "to 2027-01-01 17:00"),
    ([{"until": "2027-01-01T00:00:00Z"}, {"from": "2027-02-01T00:00:00Z"}], "to the end of 2026-12-31; from"),
    ([{"until": "tomorrow"}], "to tomorrow"),
    ([7, "x"], ""),
]


def painted(paint: Callable[[Console], None], width: int = 80) -> str:
    out = io.StringIO()
    paint(Console(file=out, width=width, markup=False, highlight=False, emoji=False))
    return out.getvalue()


@pytest.mark.parametrize(("spans", "words"), SPANS, ids=lambda value: str(value)[:40])
def test_spans_of_time_are_said_as_people_say_them(spans: list[object], words: str) -> None:
    said = Row.read({"spans": spans}).when
    assert said.startswith(words)
    assert words or not said


def test_a_row_may_name_one_area_and_speak_of_its_own_span() -> None:
    row = Row.read({"requester_agency": "health", "area": "north", "level": "a", "until": "2027-01-01T17:00:00Z"})
    assert (row.office, row.when) == ("a (health, north)", "to 2027-01-01 17:00")


SCREENS: list[tuple[Callable[[Console, Mapping[str, object]], None], Mapping[str, object], str]] = [
    (show_matrix, agreed.MATRIX, "youth_offending"),
    (weighed_screens.show_difference, agreed.DIFFERENCE, "LOOSER"),
    (weighed_screens.show_explanation, agreed.EXPLANATION, "No rule grants it."),
    (weighed_screens.show_rehearsal, agreed.REHEARSAL, "schools, more: attendance_percent"),
    (weighed_screens.show_reviews, agreed.REVIEWS, "hub policy review 7"),
]


@pytest.mark.parametrize(("show", "document", "says"), SCREENS, ids=lambda value: getattr(value, "__name__", ""))
def test_screens_fit_the_terminal(
    show: Callable[[Console, Mapping[str, object]], None], document: Mapping[str, object], says: str
) -> None:
    if show is show_matrix:
        document = {"rows": [dict(agreed.ROW) | {"source": "youth_offending"}]}
    shown = painted(lambda console: show(console, document))
    assert says in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    ("show", "says"),
    [
        (show_matrix, "Nobody may ask anything."),
        (weighed_screens.show_difference, "both say the same"),
        (weighed_screens.show_rehearsal, "0 would come out otherwise"),
        (weighed_screens.show_reviews, "Nothing falls due."),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_empty_is_said_in_words(show: Callable[[Console, Mapping[str, object]], None], says: str) -> None:
    assert says in painted(lambda console: show(console, {}))


def test_an_overdue_review_and_a_protection_that_is_taken_away_stand_out() -> None:
    (emergency,) = agreed.REVIEWS["emergencies"]  # type: ignore[misc]  # a list, as the sample shows
    overdue = {"emergencies": [emergency | {"is_overdue": True}]}
    assert "OVERDUE" in painted(lambda console: weighed_screens.show_reviews(console, overdue))
    shown = painted(lambda console: weighed_screens.show_difference(console, agreed.DIFFERENCE))
    assert "It takes protections away from records of: health." in shown


def test_a_proposal_from_which_nothing_is_missing_says_what_comes_next() -> None:
    shown = painted(lambda console: screens.show_proposal(console, agreed.proposal(missing=[])))
    assert "hub policy publish 4c1e77aa90" in shown
