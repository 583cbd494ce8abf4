"""People: the records of an answer as the person asked about, those who may be, and nobody else, each with a card."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from hub.linkage.comparing import THOUSAND, Comparer, per_mille
from hub.linkage.evidence import Held, evidence
from hub.linkage.features import Features, Reading
from hub.linkage.joining import join
from hub.linkage.parameters import Parameters
from hub.model.matching import MatchCard, Standing, Word
from hub.model.person import PersonKeys
from hub.model.records import Records

# Whoever is only possibly the person is never certain, and where the rule says that two records cannot both be right of
# one person a score says little: twins have all in common that is scored, but the name.
MOST_POSSIBLY, MOST_OPPOSED = 999, 500
# In place of a person's number: the row is about somebody else.
NOBODY = -1
NO_WORDS: Mapping[int, Word] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """For each row its person, or NOBODY where it is about somebody else; for each person a card.

    Whoever is the person asked about comes first, the others in order of appearance.
    """

    person_of_row: tuple[int, ...]
    cards: tuple[MatchCard, ...]

    @property
    def certain(self) -> tuple[bool, ...]:
        """Tell of each person whether it is the one asked about."""
        return tuple(card.standing is Standing.SAME for card in self.cards)


def link(
    tables: Sequence[Records],
    agencies: Sequence[str],
    asked: PersonKeys,
    parameters: Parameters,
    *,
    words: Mapping[int, Word] = NO_WORDS,
) -> People:
    """Link the rows of all tables, numbered in the order given, each table an agency's.

    `words` is what the requester has said of rows, by their numbers. It moves these rows and no others, and makes
    nobody the person whose number is another.
    """
    reading, comparer = Reading(), Comparer(parameters)
    wanted = reading.asked(asked)
    rows = [
        Held(features=features, agency=agency, day=day)
        for table, agency in zip(tables, agencies, strict=True)
        for features, day in zip(reading.records(table), table.record_dates, strict=True)
    ]
    persons = _persons(wanted, rows, comparer, words)
    person_of_row = [NOBODY] * len(rows)
    for number, (_, places) in enumerate(persons):
        for place in places:
            person_of_row[place] = number
    cards = [_card(wanted, standing, places, rows, comparer, words) for standing, places in persons]
    return People(person_of_row=tuple(person_of_row), cards=tuple(cards))


Person = tuple[Standing, list[int]]


def _persons(wanted: Features, rows: Sequence[Held], comparer: Comparer, words: Mapping[int, Word]) -> list[Person]:
    """Return the rows of each person."""
    places: defaultdict[Features, list[int]] = defaultdict(list)
    for place, held in enumerate(rows):
        if words.get(place, Word.NONE) is Word.NONE:
            places[held.features].append(place)
    records = list(places)
    joined = join(wanted, records, comparer)
    found = [place for number in joined.same for place in places[records[number]]]
    said = [place for place, word in words.items() if word is Word.SAME]
    known = [wanted.numbers, *(rows[place].features.numbers for place in found)]
    same = sorted([*_undisputed(said, rows, known), *found])
    groups = [sorted(place for number in group for place in places[records[number]]) for group in joined.possibly]
    possibly = [(Standing.POSSIBLY, group) for group in sorted(groups)]
    return [(Standing.SAME, same), *possibly] if same else possibly


def _undisputed(said: Sequence[int], rows: Sequence[Held], known: Sequence[Sequence[str]]) -> Iterator[int]:
    """Yield the rows of which it was said that they are the person's and that no number contradicts.

    A word was given on the records that there were then; later ones may show that it cannot be.
    """
    by_word = [rows[place].features.numbers for place in said]
    of_kind = [set(numbers) - {""} for numbers in zip(*known, strict=True)]
    of_words = [set(numbers) - {""} for numbers in zip(*by_word, strict=True)]
    for place, numbers in zip(said, by_word, strict=True):
        held = enumerate(numbers)
        if all(not number or (of_kind[kind] or of_words[kind]) == {number} for kind, number in held):
            yield place


def _card(  # who it is about, and all with which they are compared
    wanted: Features,
    standing: Standing,
    places: Sequence[int],
    rows: Sequence[Held],
    comparer: Comparer,
    words: Mapping[int, Word],
) -> MatchCard:
    records = [rows[place] for place in places]
    is_said = any(words.get(place) is Word.SAME for place in places)
    return MatchCard(
        standing=standing,
        per_mille=THOUSAND if is_said else max(_how_sure(wanted, standing, held, comparer) for held in records),
        evidence=evidence(wanted, records, comparer),
        word=Word.SAME if is_said else Word.NONE,
    )


def _how_sure(wanted: Features, standing: Standing, held: Held, comparer: Comparer) -> int:
    compared = comparer.compare(wanted, held.features)
    if standing is Standing.SAME:
        return per_mille(compared.weight)
    return min(per_mille(compared.weight), MOST_OPPOSED if compared.opposes else MOST_POSSIBLY)
