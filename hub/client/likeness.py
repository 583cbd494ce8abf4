"""Match cards in words: what agrees and what does not, how sure that makes it, and how somebody stands."""

from collections.abc import Mapping
from typing import Final

from hub.client.moments import month_words
from hub.model.identifiers import STRONG_IDENTIFIERS
from hub.model.matching import Evidence, Likeness, MatchCard, Standing, Word

_NAMES: Final = frozenset({"given_name", "family_name"})
_DATES: Final = frozenset({"date_of_birth"})
_NUMBERS: Final = frozenset({*STRONG_IDENTIFIERS, "uln", "local_number"})
# A thousandth is as fine as a card says it; whoever is only possibly the person is never certain.
_CERTAIN, _VERY_LIKELY, _LIKELY = 999, 950, 800

_USUALLY: Final[Mapping[Likeness, str]] = {
    Likeness.EQUAL: "agrees",
    Likeness.WRITTEN_DIFFERENTLY: "agrees, and is written in two ways",
    Likeness.SHORT_FORM: "agrees in a shorter form",
    Likeness.SLIP: "differs by a slip of the pen",
    Likeness.SOUNDS_ALIKE: "sounds alike and is spelled otherwise",
    Likeness.SWAPPED: "has two parts that have changed places",
    Likeness.PARTLY: "agrees as far as both say",
    Likeness.DIFFERENT: "differs",
    Likeness.CONTRADICTS: "contradicts",
}
_OF_NAMES: Final[Mapping[Likeness, str]] = {
    Likeness.SHORT_FORM: "may be another form of the same name",
    Likeness.SLIP: "spelled two ways",
    Likeness.SOUNDS_ALIKE: "spelled otherwise and sounds alike",
    Likeness.SWAPPED: "has changed places with the other name",
    Likeness.PARTLY: "agrees in part",
}
# Twins are given names that differ by a letter: nothing here may read as if it were one name in two spellings.
_OF_GIVEN_NAMES: Final[Mapping[Likeness, str]] = {**_OF_NAMES, Likeness.SLIP: "differs by a letter or two"}
_OF_DATES: Final[Mapping[Likeness, str]] = {
    Likeness.SLIP: "differs by a slip of the pen",
    Likeness.SWAPPED: "has day and month changed about",
    Likeness.PARTLY: "agrees at least in the year",
}
_OF_NUMBERS: Final[Mapping[Likeness, str]] = {
    Likeness.SLIP: "differs in one figure",
    Likeness.DIFFERENT: "differs, and one of the two is not valid",
    Likeness.CONTRADICTS: "contradicts: both are valid, and they are not the same",
}
_OF_POSTCODES: Final[Mapping[Likeness, str]] = {
    Likeness.SLIP: "differs in one letter or figure",
    Likeness.PARTLY: "agrees in its first half",
}


def likeness_words(field: str, likeness: Likeness) -> str:
    """Say how two values of a field compare, as the rest of a sentence that begins with the field's name."""
    return _special(field).get(likeness, _USUALLY[likeness])


def evidence_words(card: MatchCard, fields: Mapping[str, str], agencies: Mapping[str, str]) -> str:
    """Say in one line what speaks for it and what against, the weightiest first; what is alike is said once.

    `fields` and `agencies` are what people call them.
    """
    sources: dict[tuple[str, Likeness, str], dict[str, None]] = {}
    for evidence in card.evidence:
        since = "" if evidence.likeness is Likeness.EQUAL else evidence.since
        said = sources.setdefault((evidence.field, evidence.likeness, since), {})
        said[_source(evidence, agencies)] = None
    return "; ".join(
        f"{_called(fields.get(field, field))} {likeness_words(field, likeness)}{_since(since)}{_in_brackets(said)}"
        for (field, likeness, since), said in sources.items()
    )


def how_sure(card: MatchCard) -> str:
    """Say how sure it is, in a word."""
    if card.word is Word.SAME:
        return "certain"
    if card.per_mille >= _CERTAIN and card.standing is Standing.SAME:
        return "certain"
    if card.per_mille >= _VERY_LIKELY and card.standing is Standing.SAME:
        return "very likely"
    return "likely" if card.per_mille >= _LIKELY else "uncertain"


def sure_words(card: MatchCard) -> str:
    """Say how sure it is, in a word and with the figure; what the requester has said needs none."""
    if card.word is Word.SAME:
        return "certain, since you have said so"
    # An older hub may say of somebody who is only possibly the person what it may not.
    most = 1_000 if card.standing is Standing.SAME else _CERTAIN
    return f"{how_sure(card)} ({min(card.per_mille, most) / 10:g} in 100)"


def standing_words(card: MatchCard) -> str:
    """Say how somebody stands to the person asked about."""
    if card.word is Word.SAME:
        return "the same person, by your word for this case"
    return "the same person" if card.standing is Standing.SAME else "possibly the same person"


def _special(field: str) -> Mapping[Likeness, str]:
    if field in _NAMES:
        return _OF_NAMES if field == "family_name" else _OF_GIVEN_NAMES
    if field in _DATES:
        return _OF_DATES
    if field in _NUMBERS:
        return _OF_NUMBERS
    return _OF_POSTCODES if field == "postcode" else {}


def _called(title: str) -> str:
    """Write what people call a field within a sentence: an abbreviation keeps its capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _since(day: str) -> str:
    return f" since {month_words(day)}" if day else ""


def _source(evidence: Evidence, agencies: Mapping[str, str]) -> str:
    """Say whose value it is, and with whose it was compared if not with what was asked."""
    names = [agencies.get(name, name) for name in (evidence.agency, evidence.other_agency) if name]
    return " against ".join(names)


def _in_brackets(said: Mapping[str, None]) -> str:
    named = ", ".join(filter(None, said))
    return f" ({named})" if named else ""
