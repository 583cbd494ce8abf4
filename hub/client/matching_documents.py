"""The JSON documents of match cards and indicators: their shapes are a promise, described in docs/client.md."""

from collections.abc import Mapping

from hub.client.likeness import evidence_words, how_sure
from hub.model.indicator import Holding, Indicator
from hub.model.matching import Evidence, MatchCard, Word


def card_document(
    number: int, card: MatchCard, fields: Mapping[str, str], agencies: Mapping[str, str]
) -> dict[str, object]:
    """Spell a card; its number is the one that `hub details` and `hub judge` take."""
    return {
        "number": card_number(number),
        "standing": card.standing.value,
        "per_mille": card.per_mille,
        "sure": how_sure(card),
        "why": evidence_words(card, fields, agencies),
        "evidence": [_evidence(evidence) for evidence in card.evidence],
        "word": None if card.word is Word.NONE else card.word.value,
        "has_details": card.has_details,
    }


def card_number(person: int) -> int:
    """Return the number by which people know a card: they count from one."""
    return person + 1


def indicator_document(indicator: Indicator) -> dict[str, object]:
    """Spell how many agencies hold something."""
    return {
        "what": indicator.what,
        "verdict": indicator.verdict.value,
        "holdings": [_holding(holding) for holding in indicator.holdings],
        "without": list(indicator.without),
        "unknown": list(indicator.unknown),
    }


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {
        "field": evidence.field,
        "likeness": evidence.likeness.value,
        "agency": evidence.agency or None,
        "other_agency": evidence.other_agency or None,
        "since": evidence.since or None,
    }


def _holding(holding: Holding) -> dict[str, object]:
    return {
        "agency": holding.agency,
        "kinds": list(holding.kinds),
        "since": holding.since or None,
        "contact": holding.contact or None,
        "telephone": holding.telephone or None,
        "is_possible_only": holding.is_possible_only,
    }
