"""Match cards and indicators as commands: what is sent, what is asked before it, and what is shown."""

from collections.abc import Sequence

import pytest
from sharing.v1 import questions_pb2

from tests.integration.client.desk import Desk
from tests.integration.client.test_terminal import on_terminal
from tests.unit.hub.client import matching_sample

DETAILS = ("details", "r-7f3a", "2")


@pytest.fixture
def carded(desk: Desk) -> Desk:
    """Give a desk whose hub answers with cards, whatever is said of them."""
    desk.be_signed_in()
    whole = matching_sample.with_cards()
    desk.hub.script.say("View", questions_pb2.ViewResponse(answer=whole))
    desk.hub.script.say("ShowDetails", questions_pb2.ShowDetailsResponse(answer=whole))
    desk.hub.script.say("Judge", questions_pb2.JudgeResponse(answer=whole))
    return desk


@pytest.mark.parametrize(
    ("word", "sent"),
    [("same", questions_pb2.REQUESTER_WORD_SAME), ("not-same", questions_pb2.REQUESTER_WORD_NOT_SAME)],
)
async def test_a_word_on_a_card_is_sent_of_the_person_with_that_number(
    carded: Desk, word: str, sent: questions_pb2.RequesterWord.ValueType
) -> None:
    ran = await carded.run("judge", "r-7f3a", "2", word)
    assert ran.code == 0
    assert "Card 1: the same person." in ran.out
    (call,) = carded.hub.script.named("Judge")
    assert call.request == questions_pb2.JudgeRequest(request_id="r-7f3a", person=1, word=sent)


async def test_without_a_terminal_details_need_a_yes(carded: Desk) -> None:
    refused = await carded.run(*DETAILS, "--json")
    assert refused.code == 2
    assert refused.document["error"]["reason"] == "NOT_CONFIRMED"
    assert "--yes" in refused.document["error"]["mend"]
    assert not carded.hub.script.named("ShowDetails")


async def test_with_a_yes_details_are_asked_of_the_person_with_that_number(carded: Desk) -> None:
    ran = await carded.run(*DETAILS, "--yes", "--json")
    assert ran.code == 0
    (call,) = carded.hub.script.named("ShowDetails")
    assert call.request == questions_pb2.ShowDetailsRequest(request_id="r-7f3a", person=1)
    cards = [person["card"] for person in ran.document["people"]]
    assert [(card["number"], card["standing"], card["has_details"]) for card in cards] == [
        (1, "same", True),
        (2, "possibly", False),
    ]


@pytest.mark.parametrize(("typed", "is_shown"), [("yes", True), ("y", True), ("no", False), ("", False)])
async def test_on_a_terminal_somebody_must_say_that_they_need_it(carded: Desk, typed: str, *, is_shown: bool) -> None:
    seen = await on_terminal(carded, *DETAILS, answers=[("yes/no", typed)])
    assert ("Card 2" in seen.shown) is is_shown
    assert bool(carded.hub.script.named("ShowDetails")) is is_shown


@pytest.mark.parametrize(
    "words",
    [
        ("judge", "r-7f3a", "0", "same"),
        ("judge", "r-7f3a", "2", "perhaps"),
        ("judge", "r-7f3a", "2"),
        ("details", "r-7f3a", "second", "--yes"),
        ("judge", "", "2", "same"),
        ("details", "", "2", "--yes"),
    ],
    ids=" ".join,
)
async def test_what_cannot_be_meant_is_refused_before_the_hub_is_asked(carded: Desk, words: Sequence[str]) -> None:
    ran = await carded.run(*words)
    assert ran.code == 2
    assert not carded.hub.script.calls


async def test_an_indicator_is_shown_again_as_it_was_told(carded: Desk) -> None:
    carded.hub.script.say("View", questions_pb2.ViewResponse(answer=matching_sample.indicated()))
    assert "Yes: 1 of 4 agencies holds a concern" in (await carded.run("view", "r-7f3a")).out
    document = (await carded.run("view", "r-7f3a", "--json")).document
    assert document["indicator"]["verdict"] == "yes"
    assert document["people"] == []
