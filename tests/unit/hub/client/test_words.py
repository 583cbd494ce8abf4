"""The completeness statement: what is read out in a case conference."""

from dataclasses import replace

import pytest

from hub.client.answer import AgencyOutcome, Answer
from hub.client.assembling import assemble
from hub.client.words import WHY, completeness_statement, outcome_words
from hub.model.outcome import Outcome, Reason
from tests.unit.hub.client import sample


@pytest.fixture
def answer() -> Answer:
    return assemble(sample.parts())


def test_the_statement_counts_those_who_answered_and_names_every_planned_agency(answer: Answer) -> None:
    statement = completeness_statement(answer)
    assert statement[0] == "3 of 5 agencies answered."
    assert "Youth offending did not answer: there is no connection to it." in statement
    assert "Connexions was not asked: no information-sharing agreement in force covers it." in statement
    assert all(any(title in sentence for sentence in statement) for title in sample.AGENCIES.values())


def test_an_incomplete_answer_says_so_in_its_last_words(answer: Answer) -> None:
    assert "NOT complete" in completeness_statement(answer)[-1]


def test_a_complete_answer_says_so_in_its_last_words(answer: Answer) -> None:
    whole = replace(answer, outcomes=answer.outcomes[:3], complete=True)
    assert completeness_statement(whole)[-1].startswith("The answer is complete")


def test_what_an_agency_sent_unasked_is_said_to_be_its_fault(answer: Answer) -> None:
    greedy = replace(answer.outcomes[1], unasked_rows=1, unfit_cells=3)
    sentences = completeness_statement(replace(answer, outcomes=(greedy,)))
    assert sentences[2].startswith(
        "Community health sent 1 record about other people, 2 values that were not asked for, "
        "3 values that cannot be right;"
    )


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("reason", [None, *Reason])
def test_every_outcome_with_every_reason_has_words(outcome: Outcome, reason: Reason | None) -> None:
    made = AgencyOutcome(
        agency="a",
        title="A",
        outcome=outcome,
        reason=reason,
        elapsed_ms=1,
        unasked_rows=0,
        unasked_cells=0,
        unfit_cells=0,
    )
    assert outcome_words(made)


def test_an_agency_that_did_not_answer_never_sounds_like_one_that_holds_nothing(answer: Answer) -> None:
    silent = replace(answer.outcomes[3], outcome=Outcome.NO_ANSWER)
    empty = replace(answer.outcomes[3], outcome=Outcome.NOTHING_HELD, reason=None)
    assert "did not answer" in outcome_words(silent)
    assert "did not answer" not in outcome_words(empty)


def test_every_reason_has_words_of_its_own() -> None:
    assert set(WHY) == {*Reason, None}
    assert len(set(WHY.values())) == len(WHY)
