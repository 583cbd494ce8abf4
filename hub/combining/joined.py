"""How rows of many agencies join into people, and what of each row follows for being shown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hub.combining.view import disagreements
from hub.linkage.parameters import Parameters
from hub.linkage.people import People, link
from hub.model.answer import AgencyAnswer, Joining
from hub.model.matching import MatchCard, Standing, Word
from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.release.sight import Sight, seen

# What the requester has said of an agency's records about somebody.
WordOf = Callable[[str, PersonKeys], Word]
_KEYS = (
    *("nhs_number", "upn", "uln"),
    *("given_name", "family_name", "date_of_birth", "address", "postcode", "gender"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """How all rows join, and for each agency how much of each of its rows is shown."""

    joining: Joining
    sights: Mapping[str, tuple[Sight, ...]]


def joined(  # what came, what of it is shown, what was asked, and what is known of matching
    answers: Sequence[AgencyAnswer],
    shown: Mapping[str, tuple[Sight, ...]],
    *,
    asked: PersonKeys,
    parameters: Parameters,
    comparable: frozenset[str],
    word_of: WordOf | None = None,
) -> Joined:
    """Join the rows of all agencies, in the order in which they answered.

    Whoever is the person asked about is shown whole; of others only what tells them apart. What is shown stays shown,
    whatever the rows that come later make of it; rows that have not been shown before are not in `shown`.
    """
    held = [(answer, answer.records) for answer in answers if answer.records is not None]
    tables = [records for _, records in held]
    rows = [(answer.agency, keys) for answer, records in held for keys in keys_of(records)] if word_of else []
    words = {row: word for row, who in enumerate(rows) if word_of and (word := word_of(*who)) is not Word.NONE}
    found = link(tables, [answer.agency for answer, _ in held], asked, parameters, words=words)
    people = _with_the_rest(found, tables, words)
    is_whole = [people.cards[person].standing is Standing.SAME for person in people.person_of_row]
    sights: dict[str, tuple[Sight, ...]] = {}
    first = 0
    for answer, records in held:
        before = shown.get(answer.agency, (Sight.APART,) * len(records))
        row_is_whole = is_whole[first : first + len(records)]
        first += len(records)
        sights[answer.agency] = tuple(
            Sight.WHOLE if is_same else sight for sight, is_same in zip(before, row_is_whole, strict=True)
        )
    return Joined(joining=_joining(held, people, sights, comparable), sights=sights)


def keys_of(records: Records) -> Iterator[PersonKeys]:
    """Yield for each row whom it says it is about, in all that records are compared by."""
    absent = ("",) * len(records)
    columns = [records.column(name) or absent for name in _KEYS]
    for values in zip(*columns, strict=True):
        yield PersonKeys(**dict(zip(_KEYS, values, strict=True)))


def _with_the_rest(found: People, tables: Sequence[Records], words: Mapping[int, Word]) -> People:
    """Give a card of its own to what joining leaves out: what passed the filter is possibly the person, at least.

    So are rows of which the requester has said in this case that they are about somebody else: the card says so.
    """
    left = [row for row, person in enumerate(found.person_of_row) if person < 0]
    if not left:
        return found
    keys = [one for table in tables for one in keys_of(table)]
    person_of_row, cards = list(found.person_of_row), list(found.cards)
    number: dict[PersonKeys, int] = {}
    for row in left:
        if keys[row] not in number:
            number[keys[row]] = len(cards)
            word = words.get(row, Word.NONE)
            cards.append(MatchCard(standing=Standing.POSSIBLY, per_mille=0, word=word, has_details=False))
        person_of_row[row] = number[keys[row]]
    return People(person_of_row=tuple(person_of_row), cards=tuple(cards))


def _joining(
    held: Sequence[tuple[AgencyAnswer, Records]],
    people: People,
    sights: Mapping[str, tuple[Sight, ...]],
    comparable: frozenset[str],
) -> Joining:
    """Spell how rows join; only what is shown whole can be seen to differ."""
    flat = [sight for answer, _ in held for sight in sights[answer.agency]]
    behind = {person for person, sight in zip(people.person_of_row, flat, strict=True) if sight is not Sight.WHOLE}
    tables = [seen(answer, sights[answer.agency]).records or records for answer, records in held]
    return Joining(
        person_of_row=people.person_of_row,
        certain=tuple(card.standing is Standing.SAME for card in people.cards),
        disagreements=tuple(
            (person, field)
            for person, field in disagreements(tables, people.person_of_row, comparable)
            if person not in behind
        ),
        cards=tuple(_apart(card) if person in behind else card for person, card in enumerate(people.cards)),
    )


def _apart(card: MatchCard) -> MatchCard:
    """Return the card of somebody of whom not all is shown: without the days of records, which are not, either."""
    return replace(card, has_details=False, evidence=tuple(replace(said, since="") for said in card.evidence))
