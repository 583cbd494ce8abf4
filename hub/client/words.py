"""The words in which an answer's completeness is said aloud: silence never passes as "nothing known"."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from hub.client.answer import AgencyOutcome, Answer, Withheld
from hub.model.outcome import Outcome, Reason

# Why an agency did not answer, was not asked, or keeps something back.
WHY: Mapping[Reason | None, str] = {
    Reason.DOWN: "there is no connection to it",
    Reason.LATE: "its answer did not come in time",
    Reason.REFUSED: "its own rules refuse this question",
    Reason.MALFORMED: "what it sent could not be trusted",
    Reason.UNABLE: "it cannot look for a person by what was given",
    Reason.SOURCE_DOWN: "its own records system did not respond",
    Reason.ACCESS_LEVEL: "your access level does not reach it for this purpose",
    Reason.NO_AGREEMENT: "no information-sharing agreement in force covers it",
    Reason.NO_CONSENT: "consent is missing, and no ground for going without it was given",
    Reason.CONSENT_REFUSED: "consent was refused, and no designated officer has confirmed a ground for doing without",
    Reason.NOT_CONFIRMED: "the ground that you gave needs a designated officer's confirmation",
    None: "the hub does not say why",
}

# With an indicator no record is shown, and an agency that holds nothing of the kind may well know the person.
_INDICATED: Mapping[Outcome, str] = {
    Outcome.HELD: "holds something, and its records stay where they are",
    Outcome.NOTHING_HELD: "answered: it holds nothing of the kind about this person",
}


def completeness_statement(answer: Answer) -> tuple[str, ...]:
    """Say, in sentences that can be read out in a case conference, who answered and who did not."""
    is_indicated = answer.indicator is not None
    sentences = [_count(answer.outcomes)]
    sentences += [outcome_sentence(outcome, is_indicated=is_indicated) for outcome in answer.outcomes]
    sentences += [_kept_back(outcome, kept) for outcome in answer.outcomes for kept in outcome.withheld]
    sentences += [_fault(outcome) for outcome in answer.outcomes if outcome.dropped]
    sentences.append(
        "The answer is complete: every agency that was to be asked has answered."
        if answer.complete
        else "The answer is NOT complete: what the agencies that are missing may hold is not known."
    )
    return tuple(sentences)


def outcome_sentence(outcome: AgencyOutcome, *, is_indicated: bool = False) -> str:
    """Say what became of one agency; with an indicator, what it holds is not shown."""
    return f"{outcome.title} {outcome_words(outcome, is_indicated=is_indicated)}."


def outcome_words(outcome: AgencyOutcome, *, is_indicated: bool = False) -> str:
    """Say what became of an agency, as the rest of a sentence that begins with its name."""
    if is_indicated and outcome.outcome in _INDICATED:
        return _INDICATED[outcome.outcome]
    return _usual_words(outcome)


def _usual_words(outcome: AgencyOutcome) -> str:
    match outcome.outcome:
        case Outcome.HELD:
            return "holds something, and it is shown"
        case Outcome.NOTHING_HELD:
            return "answered: it holds nothing about this person"
        case Outcome.NOT_PERMITTED:
            return f"was not asked: {WHY[outcome.reason]}"
        case Outcome.WITHHELD:
            why = f": {WHY[outcome.reason]}" if outcome.reason else ""
            return f"answered: it may not show what it holds{why}"
        case Outcome.NO_ANSWER:
            return f"did not answer: {WHY[outcome.reason]}"
        case Outcome.SUPPRESSED:
            return "answered: its figure is kept back, so that nobody can be picked out"
    assert_never(outcome.outcome)


def possible_sentence(people: int) -> str:
    """Say why people are shown apart, each with a card, and what that means for the requester."""
    subject, verb, whom = ("One person", "is", "that person") if people == 1 else (f"{people} people", "are", "each")
    return (
        f"{subject} below {verb} possibly the person asked about, and nobody but you can tell. Of {whom} no more is "
        "shown than tells one person from another, until you say that you need more."
    )


def uncertain_sentence(people: int) -> str:
    """Say why people are shown apart."""
    subject, verb = ("One person", "is") if people == 1 else (f"{people} people", "are")
    return (
        f"{subject} below {verb} possibly the person asked about, but not certainly: no valid NHS number or pupil "
        "number ties these records to that person. Check before you rely on them."
    )


def _count(outcomes: Sequence[AgencyOutcome]) -> str:
    """Say how many agencies answered."""
    answered = sum(outcome.outcome.answered for outcome in outcomes)
    noun = "agency" if len(outcomes) == 1 else "agencies"
    return f"{answered} of {len(outcomes)} {noun} answered."


def _kept_back(outcome: AgencyOutcome, kept: Withheld) -> str:
    """Say that an agency holds more than is shown."""
    return f"{outcome.title} holds something of “{kept.title}” that is not shown: {WHY[kept.reason]}."


def _fault(outcome: AgencyOutcome) -> str:
    """Say that an agency sent what nobody asked for."""
    sent = [
        _amount(outcome.unasked_rows, "record about other people", "records about other people"),
        _amount(outcome.unasked_cells, "value that was not asked for", "values that were not asked for"),
        _amount(outcome.unfit_cells, "value that cannot be right", "values that cannot be right"),
    ]
    what = ", ".join(words for words in sent if words)
    return f"{outcome.title} sent {what}; the hub dropped them, and they are not shown."


def _amount(number: int, one: str, many: str) -> str:
    """Count in words; nothing for zero."""
    if not number:
        return ""
    return f"1 {one}" if number == 1 else f"{number} {many}"
