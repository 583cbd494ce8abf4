"""Match cards for people: who may be meant, why and how surely, and how to go on."""

from rich.console import Console

from hub.cli.tables import sentence
from hub.client.answer import Answer, Person
from hub.client.likeness import evidence_words, standing_words, sure_words
from hub.client.matching_documents import card_number
from hub.model.matching import MatchCard, Standing, Word


def show_card(console: Console, answer: Answer, person: Person) -> None:
    """Paint a person's card; nothing where the hub gave none."""
    card = person.card
    if card is None:
        return
    agencies = {outcome.agency: outcome.title for outcome in answer.outcomes}
    style = "" if card.standing is Standing.SAME else "yellow"
    stands = f"Card {card_number(person.number)}: {standing_words(card)}."
    sentence(console, f"{stands} How sure: {sure_words(card)}.", style)
    if why := evidence_words(card, answer.titles, agencies):
        sentence(console, f"Why: {why}.", style)


def show_ways_on(console: Console, answer: Answer, person: Person) -> None:
    """Paint what may be typed about somebody of whom it is not clear who it is."""
    card = person.card
    if card is None or not _is_open(card):
        return
    named = f"{answer.request_id} {card_number(person.number)}"
    if not card.has_details:
        sentence(console, f"If you need to see more of this person:  hub details {named}")
    sentence(console, f"If it is the person you asked about:  hub judge {named} same")
    sentence(console, f"If it is somebody else:  hub judge {named} not-same")


def _is_open(card: MatchCard) -> bool:
    """Tell whether the requester's word is wanted."""
    return card.standing is Standing.POSSIBLY and card.word is Word.NONE
