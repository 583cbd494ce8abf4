"""Indicators, read from an answer and said in words: how many agencies hold something, and of whom nothing is known."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from sharing.v1 import questions_pb2

from hub.client.errors import BadAnswer
from hub.model.indicator import Holding, Indicator, Verdict


def last_indicator(parts: Iterable[questions_pb2.AnswerPart], planned: Sequence[str]) -> Indicator | None:
    """Read how an indicator stands at last; None where none was asked; raise BadAnswer if it leaves an agency out."""
    said = [part.indicator for part in parts if part.HasField("indicator")]
    if not said:
        return None
    last = said[-1]
    named = [*(holding.agency for holding in last.holdings), *last.without, *last.unknown]
    if sorted(named) != sorted(planned):
        raise BadAnswer("it does not say once of each agency whether it holds anything")
    return Indicator(
        what=last.what,
        verdict=_verdict(last),
        holdings=tuple(map(_holding, last.holdings)),
        without=tuple(last.without),
        unknown=tuple(last.unknown),
    )


def verdict_sentence(indicator: Indicator) -> str:
    """Say what it comes to, in a sentence that can be read out: what is not known never sounds like a no."""
    certain = sum(not holding.is_possible_only for holding in indicator.holdings)
    possible = len(indicator.holdings) - certain
    asked = len(indicator.holdings) + len(indicator.without) + len(indicator.unknown)
    match indicator.verdict:
        case Verdict.YES if certain:
            more = f"; {possible} more may, about this person or another" if possible else ""
            return f"Yes: {_of(certain, asked)} {_holds(certain)} {indicator.what}{more}."
        case Verdict.YES:
            return f"Possibly: {_of(possible, asked)} {_holds(possible)} {indicator.what} about this person or another."
        case Verdict.NO:
            return f"No: none of {asked} agencies holds {indicator.what}; all were asked, and all answered."
        case Verdict.NOT_ALL_ASKED:
            unknown = f"of {_of(len(indicator.unknown), asked)} nothing is known"
            if not indicator.without:
                return f"Not known: {unknown}."
            return f"Not known: no agency that answered holds {indicator.what}, and {unknown}."
    assert_never(indicator.verdict)


def kind_words(kind: str) -> str:
    """Write a choice of the vocabulary as people read it."""
    return kind.replace("_", " ")


def _of(number: int, asked: int) -> str:
    return f"{number} of {asked} {'agency' if asked == 1 else 'agencies'}"


def _holds(number: int) -> str:
    return "holds" if number == 1 else "hold"


def _verdict(said: questions_pb2.Indicator) -> Verdict:
    """Read off the agencies what the verdict is, whatever the hub says of it."""
    if said.holdings:
        return Verdict.YES
    return Verdict.NOT_ALL_ASKED if said.unknown else Verdict.NO


def _holding(said: questions_pb2.Holding) -> Holding:
    return Holding(
        agency=said.agency,
        kinds=tuple(said.kinds),
        since=said.since,
        contact=said.contact.title,
        telephone=said.contact.id,
        is_possible_only=said.is_possible_only,
    )
