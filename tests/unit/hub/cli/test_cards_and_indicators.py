"""Match cards and indicators on the screen: why and how surely, how to go on, and no agency left out."""

import pytest
from sharing.v1 import questions_pb2

from hub.cli.showing import show_answer
from hub.client.assembling import assemble
from tests.unit.hub.cli.test_showing import HOSTILE, painted, unbroken
from tests.unit.hub.client import matching_sample, sample


def screen(part: questions_pb2.AnswerPart, *, width: int = 100) -> str:
    return painted(lambda console: show_answer(console, assemble([part])), width=width)


def flat(part: questions_pb2.AnswerPart) -> str:
    return " ".join(screen(part).split())


def test_each_person_says_why_and_how_sure() -> None:
    shown = flat(matching_sample.with_cards())
    assert "Card 1: the same person. How sure: certain (99.9 in 100)." in shown
    assert "Why: NHS number agrees" in shown
    assert "Card 2: possibly the same person. How sure: likely (96.2 in 100)." in shown
    assert "date of birth has day and month changed about (Schools)" in shown


def test_somebody_possible_stands_apart_with_what_to_type_next() -> None:
    certain, apart = screen(matching_sample.with_cards()).split("Possibly, but not certainly, this person")
    assert "hub judge" not in certain
    assert "hub details r-7f3a 2" in apart
    assert "hub judge r-7f3a 2 same" in apart
    assert "hub judge r-7f3a 2 not-same" in apart


def test_once_the_details_are_there_they_are_not_offered_again() -> None:
    whole = matching_sample.with_cards()
    whole.joining.cards[1].has_details = True
    assert "hub details" not in screen(whole)
    assert "hub judge r-7f3a 2 same" in screen(whole)


def test_once_it_is_said_who_it_is_nothing_is_asked_any_more() -> None:
    whole = matching_sample.with_cards()
    whole.joining.certain[1] = True
    card = whole.joining.cards[1]
    card.standing, card.word = questions_pb2.STANDING_SAME, questions_pb2.REQUESTER_WORD_SAME
    shown = flat(whole)
    assert "hub judge" not in shown
    assert "the same person, by your word for this case. How sure: certain, since you have said so." in shown


def test_an_answer_without_cards_is_shown_as_before() -> None:
    shown = screen(sample.whole())
    assert "Card 1" not in shown
    assert "no valid NHS number or pupil number" in " ".join(shown.split())


def test_an_indicator_says_what_it_comes_to_and_whom_to_speak_to() -> None:
    shown = flat(matching_sample.indicated())
    assert "Yes: 1 of 4 agencies holds a concern; 1 more may, about this person or another." in shown
    assert "domestic abuse" in shown
    assert "3 November 2025" in shown
    assert "Duty team, Dana Cole" in shown
    assert "01632 960002" in shown
    assert "No agency shows anything" not in shown


def test_an_indicator_names_who_holds_nothing_and_of_whom_nothing_is_known_and_why() -> None:
    shown = flat(matching_sample.indicated())
    without, unknown = shown.split("Of these nothing is known")
    assert "holding nothing of the kind Schools." in without
    assert unknown.strip().startswith("Youth offending did not answer: there is no connection to it.")


def test_what_an_agency_does_not_say_is_said_to_be_unsaid() -> None:
    whole = matching_sample.indicated()
    del whole.indicator.holdings[0].kinds[:]
    whole.indicator.holdings[0].since = ""
    whole.indicator.holdings[0].ClearField("contact")
    assert flat(whole).count("it does not say") == 3


@pytest.mark.parametrize("make", [matching_sample.with_cards, matching_sample.indicated])
@pytest.mark.parametrize("width", [40, 60, 200])
def test_both_fit_the_terminal_and_steer_nothing(make: object, width: int) -> None:
    assert callable(make)
    whole = make()
    for choice in (*whole.opening.planned, *whole.opening.fields):
        choice.title += HOSTILE
    for holding in whole.indicator.holdings:
        holding.contact.title += HOSTILE
        holding.contact.id += HOSTILE
        holding.kinds.append(HOSTILE)
        holding.since += HOSTILE
    for card in whole.joining.cards:
        card.evidence[0].since = card.evidence[1].agency = HOSTILE
        card.evidence[1].field = HOSTILE
    shown = screen(whole, width=width)
    assert max(map(len, shown.splitlines())) <= width
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert all(unbroken(choice.title.partition("\x1b")[0]) in unbroken(shown) for choice in whole.opening.planned)
