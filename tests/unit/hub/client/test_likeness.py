"""Match cards in words: every likeness of every field is said, grammatically, and never more surely than it is."""

from itertools import product

import pytest

from hub.access.policy import load_policy
from hub.client.assembling import assemble
from hub.client.likeness import evidence_words, how_sure, likeness_words, standing_words, sure_words
from hub.client.moments import day_words, month_words
from hub.model.matching import Evidence, Likeness, MatchCard, Standing, Word
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.unit.hub.client import matching_sample, sample

FIELDS = tuple(load_policy(SHIPPED_POLICIES).catalogue.fields)
COMPARED = (*FIELDS, "uln", "local_number")


def possible(per_mille: int, word: Word = Word.NONE) -> MatchCard:
    return MatchCard(standing=Standing.POSSIBLY, per_mille=per_mille, word=word)


def same(per_mille: int, word: Word = Word.NONE) -> MatchCard:
    return MatchCard(standing=Standing.SAME, per_mille=per_mille, word=word)


@pytest.mark.parametrize(("field", "likeness"), list(product(COMPARED, Likeness)))
def test_every_likeness_of_every_field_has_words(field: str, likeness: Likeness) -> None:
    words = likeness_words(field, likeness)
    assert words
    assert words[0].islower()
    assert not words.endswith(".")


@pytest.mark.parametrize("field", COMPARED)
def test_no_two_likenesses_of_a_field_read_alike(field: str) -> None:
    assert len({likeness_words(field, likeness) for likeness in Likeness}) == len(Likeness)


@pytest.mark.parametrize("field", COMPARED)
def test_what_does_not_agree_never_reads_as_if_it_did(field: str) -> None:
    for likeness in (Likeness.DIFFERENT, Likeness.CONTRADICTS, Likeness.SLIP):
        assert "agree" not in likeness_words(field, likeness)


def test_a_card_says_why_in_one_line_and_what_is_alike_once() -> None:
    person = assemble([matching_sample.with_cards()]).people[0]
    assert person.card is not None
    assert evidence_words(person.card, sample.FIELDS, sample.AGENCIES) == (
        "NHS number agrees (Children's social care, Community health); "
        "family name spelled otherwise and sounds alike (Community health against Children's social care); "
        "address differs since March 2026 (Community health against Children's social care)"
    )


def test_without_titles_a_card_uses_the_identifiers() -> None:
    card = MatchCard(
        standing=Standing.SAME, per_mille=999, evidence=(Evidence(field="upn", likeness=Likeness.EQUAL, agency="x"),)
    )
    assert evidence_words(card, {}, {}) == "upn agrees (x)"


def test_a_day_is_not_given_for_what_agrees() -> None:
    card = MatchCard(
        standing=Standing.SAME,
        per_mille=999,
        evidence=(Evidence(field="school", likeness=Likeness.EQUAL, since="2026-03-09"),),
    )
    assert evidence_words(card, {"school": "School"}, {}) == "school agrees"


@pytest.mark.parametrize(
    ("per_mille", "words"),
    [
        (1_000, "certain"),
        (999, "certain"),
        (998, "very likely"),
        (950, "very likely"),
        (949, "likely"),
        (800, "likely"),
        (799, "uncertain"),
        (0, "uncertain"),
    ],
)
def test_how_sure_it_is_has_a_word(per_mille: int, words: str) -> None:
    assert how_sure(same(per_mille)) == words


def test_whoever_is_only_possibly_the_person_is_never_certain() -> None:
    assert how_sure(possible(1_000)) == how_sure(possible(960)) == "likely"
    assert sure_words(possible(1_000)) == "likely (99.9 in 100)"


def test_the_figure_stands_beside_the_word() -> None:
    assert sure_words(same(972)) == "very likely (97.2 in 100)"
    assert sure_words(possible(500)) == "uncertain (50 in 100)"


def test_the_requesters_word_counts_as_certain_and_says_whose_it_is() -> None:
    assert sure_words(same(400, Word.SAME)) == "certain, since you have said so"
    assert standing_words(same(400, Word.SAME)) == "the same person, by your word for this case"


def test_how_somebody_stands_has_words() -> None:
    assert standing_words(same(999)) == "the same person"
    assert standing_words(possible(999)) == "possibly the same person"


def test_a_standing_that_this_client_does_not_know_is_no_more_than_possible() -> None:
    whole = matching_sample.with_cards()
    whole.joining.cards[0].standing = 77  # type: ignore[assignment]  # of a newer contract
    whole.joining.cards[0].evidence[0].likeness = 77  # type: ignore[assignment]  # of a newer contract
    card = assemble([whole]).people[0].card
    assert card is not None
    assert card.standing is Standing.POSSIBLY
    assert len(card.evidence) == 3


def test_people_keep_the_number_by_which_the_hub_knows_them() -> None:
    people = assemble([matching_sample.with_cards()]).people
    assert [(person.number, person.certain) for person in people] == [(0, True), (1, False)]


@pytest.mark.parametrize(
    ("day", "month", "whole"),
    [("2026-03-09", "March 2026", "9 March 2026"), ("", "", ""), ("2026-02-30", "2026-02-30", "2026-02-30")],
)
def test_days_are_said_in_words_and_what_is_none_stays(day: str, month: str, whole: str) -> None:
    assert (month_words(day), day_words(day)) == (month, whole)


def test_words_say_no_more_than_is_known() -> None:
    assert likeness_words("given_name", Likeness.SLIP) == "differs by a letter or two"
    assert likeness_words("family_name", Likeness.PARTLY) == "agrees in part"
    assert likeness_words("date_of_birth", Likeness.PARTLY) == "agrees at least in the year"
    assert likeness_words("given_name", Likeness.SHORT_FORM) == "may be another form of the same name"
