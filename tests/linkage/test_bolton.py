"""Bolton's truth against what is shown, over the hub and the five adapters as they ship, on a few questions."""

import pytest

from tests.linkage.bolton.command import measure
from tests.linkage.bolton.questions import Kind
from tests.linkage.bolton.scoring import Holding

QUESTIONS = 60


@pytest.mark.slow
def test_nobody_else_is_shown_as_certainly_the_child_and_numbers_find_what_is_held() -> None:
    scores, replies = measure(QUESTIONS, seed=3)
    assert len(replies) == QUESTIONS
    assert not [wrong for score in scores.values() for wrong in score.wrong]
    assert not sum(score.holdings[Holding.NO_ANSWER] for score in scores.values())
    by_number = scores[Kind.NHS_NUMBER].holdings
    assert by_number[Holding.CERTAIN] > by_number[Holding.MISSED]
    assert scores[Kind.NAMES].share(Holding.CERTAIN, Holding.POSSIBLY) > 0.8
