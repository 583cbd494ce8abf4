"""Match cards, read from an answer: why some records are thought to be about the person asked about, and how surely."""

from typing import Final

from sharing.v1 import questions_pb2

from hub.model.matching import Evidence, Likeness, MatchCard, Standing, Word

_LIKENESS_PREFIX: Final = "LIKENESS_"
# Whatever this client does not know is no more than possible.
_SAME: Final = frozenset({questions_pb2.STANDING_SAME})
_WORDS: Final = {questions_pb2.REQUESTER_WORD_SAME: Word.SAME, questions_pb2.REQUESTER_WORD_NOT_SAME: Word.NOT_SAME}


def read_card(card: questions_pb2.MatchCard) -> MatchCard:
    """Read a card; evidence of a kind that this client does not know is left out."""
    found = ((evidence, _likeness(evidence.likeness)) for evidence in card.evidence)
    return MatchCard(
        standing=Standing.SAME if card.standing in _SAME else Standing.POSSIBLY,
        per_mille=min(card.per_mille, 1_000),
        evidence=tuple(
            Evidence(
                field=evidence.field,
                likeness=likeness,
                agency=evidence.agency,
                other_agency=evidence.other_agency,
                since=evidence.since,
            )
            for evidence, likeness in found
            if likeness is not None
        ),
        word=_WORDS.get(card.word, Word.NONE),
        has_details=card.has_details,
    )


def _likeness(said: questions_pb2.Likeness.ValueType) -> Likeness | None:
    try:
        return Likeness(questions_pb2.Likeness.Name(said).removeprefix(_LIKENESS_PREFIX).lower())
    except ValueError:
        return None
