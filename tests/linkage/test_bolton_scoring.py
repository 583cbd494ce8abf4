"""The scoring itself: what counts as found, kept back and missed; nobody who is shown wrongly is overlooked."""

import random
from datetime import date

import pytest
from sharing.v1.records_pb2 import PersonKeys

from tests.linkage.bolton.asking import Journalled, Reply, Shown
from tests.linkage.bolton.questions import Kind, Question, misread, mistyped, questions, slipped
from tests.linkage.bolton.scoring import Holding, Score, Scoring
from tests.linkage.bolton.table import lines
from tests.linkage.bolton.town import Child, Named, Town, named

ZARA_NAMED, SARA_NAMED = named("Zara", "Malik", "2019-06-02"), named("Sara", "Malik", "2019-06-02")
ZARA = Child(
    key="zara",
    given_name="Zara",
    family_name="Malik",
    date_of_birth="2019-06-02",
    nhs_number="9990000212",
    upn="",
    held_by=frozenset(("health", "schools")),
)
TOWN = Town(
    children={"zara": ZARA},
    owners={("health", "1"): "zara", ("health", "2"): "sara", ("schools", "7"): "zara", ("schools", "8"): "zia"},
    named={
        ("health", "1"): ZARA_NAMED,
        ("health", "2"): SARA_NAMED,
        ("schools", "7"): ZARA_NAMED,
        ("schools", "8"): ZARA_NAMED,
    },
)
BOTH = frozenset(("1", "2"))


def shown(agency: str, as_named: Named = ZARA_NAMED, *, certain: bool) -> Shown:
    return Shown(agency=agency, named=as_named, certain=certain)


def scored(*records: Shown, found: dict[str, Journalled], **agencies: frozenset[str]) -> Score:
    question = Question(kind=Kind.NAMES, child=ZARA, keys=PersonKeys())
    reply = Reply(question=question, request_id="q", shown=records, **agencies)
    journals = {(agency, "q"): said for agency, said in found.items()}
    return Scoring(town=TOWN, journals=journals).score([reply])[Kind.NAMES]


def test_a_twin_who_is_shown_as_certain_is_counted_and_named() -> None:
    score = scored(
        shown("health", certain=True),
        shown("health", SARA_NAMED, certain=True),
        found={"health": Journalled(references=BOTH)},
    )
    assert [(wrong.agency, wrong.asked, wrong.shown) for wrong in score.wrong] == [("health", "zara", "sara")]
    assert score.precision == 0.5
    assert "  asked by names and birthday for zara: health showed sara" in list(lines({Kind.NAMES: score}))


def test_a_twin_who_is_shown_as_possible_is_counted_and_no_fault() -> None:
    found = {"health": Journalled(references=BOTH)}
    score = scored(shown("health", certain=True), shown("health", SARA_NAMED, certain=False), found=found)
    assert (score.wrong, score.others_possibly, score.most_others) == ([], 1, 1)


@pytest.mark.parametrize(
    ("said", "agencies", "holding"),
    [
        (Journalled(), {}, Holding.MISSED),
        (Journalled(references=frozenset("2")), {}, Holding.MISSED),
        (Journalled(references=frozenset("1")), {}, Holding.NOT_SHOWN),
        (Journalled(references=frozenset("1"), kept_back=True), {}, Holding.KEPT_BACK),
        (Journalled(references=frozenset("2"), kept_back=True), {}, Holding.MISSED),
        (Journalled(), {"silent": frozenset(["health"])}, Holding.NO_ANSWER),
        (Journalled(), {"unable": frozenset(["health"])}, Holding.UNABLE),
        (Journalled(), {"kept_back": frozenset(["health"])}, Holding.KEPT_BACK),
    ],
)
def test_what_is_not_shown_is_put_down_to_whom_it_is_due(
    said: Journalled, agencies: dict[str, frozenset[str]], holding: Holding
) -> None:
    score = scored(shown("schools", certain=True), found={"health": said, "schools": only("7")}, **agencies)
    assert score.holdings == {Holding.CERTAIN: 1, holding: 1}
    assert score.missed_by["health"] == (holding is Holding.MISSED)


def only(reference: str) -> Journalled:
    return Journalled(references=frozenset([reference]))


def test_what_is_kept_back_or_unanswered_is_nothing_that_linkage_could_have_found() -> None:
    kept = scored(found={"health": Journalled(references=frozenset("1"), kept_back=True)})
    assert (kept.to_be_found, kept.share(Holding.MISSED)) == (1, 1.0)
    assert scored(found={}, silent=frozenset(("health", "schools"))).share(Holding.MISSED) is None


def test_a_record_that_fits_two_children_is_taken_for_the_one_asked_about_and_said_to_be_so() -> None:
    score = scored(shown("schools", certain=True), found={"schools": Journalled(references=frozenset("78"))})
    assert (score.untold, score.wrong) == (1, [])


def test_a_record_that_no_journal_knows_ends_the_measure() -> None:
    with pytest.raises(ValueError, match="health was shown"):
        scored(shown("health", certain=True), found={})


@pytest.mark.parametrize("seed", range(200))
def test_a_slip_is_one_and_leaves_names_and_a_day(seed: int) -> None:
    keys = slipped(ZARA, random.Random(seed))
    typed = (keys.given_name, keys.family_name, keys.date_of_birth)
    right = (ZARA.given_name, ZARA.family_name, ZARA.date_of_birth)
    assert sum(one != other for one, other in zip(typed, right, strict=True)) == 1
    assert all(typed)
    assert date.fromisoformat(keys.date_of_birth)


def test_short_names_and_equal_days_can_be_slipped_too() -> None:
    assert mistyped("Bo", random.Random(1)) == "Boo"
    assert misread("2019-06-06", random.Random(1)) in {"2019-06-05", "2019-06-07"}


def test_nobody_is_asked_for_by_a_number_that_he_or_she_has_not() -> None:
    asked = list(questions(TOWN, 8, seed=1))
    assert [question.kind for question in asked] == [Kind.NHS_NUMBER, Kind.NAMES, Kind.SLIP, Kind.ALL]
