"""Pairs of policies, one made from the other by a few changes, and what follows from each by brute force."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any

from hypothesis import strategies as st

from hub.access.allowances import Access
from hub.access.policy import Policy
from hub.access.spans import FOREVER, Spans
from hub.model.catalogue import (
    Area,
    Basis,
    Catalogue,
    Field,
    FieldClass,
    FieldType,
    Listing,
    Purpose,
    Question,
    QuestionKind,
    ReleaseRules,
)
from hub.model.policy import (
    Agency,
    AgencyStatus,
    Agreement,
    Gateway,
    Grant,
    Level,
    LevelKind,
    Office,
    Rulebook,
    Signature,
)

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGENCIES = ("alder", "birch", "cedar")
AREAS = ("north", "south")
CLASSES = ("basic", "concern", "health")
PURPOSES = ("help", "care")
QUESTIONS = ("first", "second")
LEVELS = ("bottom", "middle", "top", "office_of_rules")
BASES = ("A6_C", "A6_E")
FIELDS = ("number", "name", "street", "worry", "seen")
MOSTLY, SELDOM = 0.6, 0.3
_SEEDS = st.integers(0, 2**32)
_CLASS_OF = {"number": "basic", "name": "basic", "street": "basic", "worry": "concern", "seen": "health"}
_DAYS = tuple(AT.replace(hour=0) + timedelta(days=days) for days in (-60, -10, 0, 5, 40, 90))
_MOMENTS = (*_DAYS, AT, AT + timedelta(days=7, hours=1))


def rulebooks() -> st.SearchStrategy[Rulebook]:
    """Draw small rulebooks; each is made from a number, since evenly drawn ones touch more than simple ones do."""
    return _SEEDS.map(lambda seed: _rulebook(Random(seed)))


def pairs() -> st.SearchStrategy[tuple[Rulebook, Rulebook]]:
    """Draw a rulebook, and another made from it by no to three changes."""
    return _SEEDS.map(pair_of)


def pair_of(seed: int) -> tuple[Rulebook, Rulebook]:
    """Make the pair that belongs to a number."""
    return _pair(Random(seed))


def put(book: Rulebook, section: str, entry: Any, **changes: object) -> Rulebook:
    """Put an entry with changes in its place within a section of the rulebook or its catalogue, or at the end."""
    changed = replace(entry, **changes)
    if hasattr(book, section):
        return replace(book, **{section: Listing({**getattr(book, section), changed.id: changed})})
    listing = Listing({**getattr(book.catalogue, section), changed.id: changed})
    return replace(book, catalogue=replace(book.catalogue, **{section: listing}))


def _pair(chance: Random) -> tuple[Rulebook, Rulebook]:
    old = new = _rulebook(chance)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3, 3))):
        new = chance.choice(CHANGES)(chance, new)
    return old, new


def _some(chance: Random, of: Sequence[str], *, least: int = 1) -> tuple[str, ...]:
    return tuple(chance.sample(of, k=chance.randint(least, len(of))))


def _mostly_all(chance: Random, of: tuple[str, ...]) -> tuple[str, ...]:
    return of if chance.random() < MOSTLY else _some(chance, of)


def _rulebook(chance: Random) -> Rulebook:
    """Make a rulebook of three levels, each of which may inherit from those before, and up to four agreements."""
    questions = tuple(_question(chance, name) for name in QUESTIONS)
    levels = tuple(_level(chance, number) for number in range(3))
    return Rulebook(
        catalogue=Catalogue(
            purposes=Listing.of(tuple(Purpose(id=name, title=name, explanation="") for name in PURPOSES)),
            lawful_bases=Listing.of(tuple(Basis(id=name, title=name, explanation="") for name in BASES)),
            field_classes=Listing.of(
                tuple(FieldClass(id=name, title=name, explanation="", step_up=name == "health") for name in CLASSES)
            ),
            areas=Listing.of(tuple(Area(id=name, title=name.title(), explanation="") for name in AREAS)),
            fields=Listing.of(tuple(_field(name) for name in FIELDS)),
            questions=Listing.of(questions),
            special_conditions=Listing({}),
            grounds=Listing({}),
            override_reasons=Listing({}),
            release=ReleaseRules(),
        ),
        agencies=Listing.of(tuple(_agency(chance, name) for name in AGENCIES)),
        gateways=Listing.of((Gateway(id="CA2004_S10", title="", explanation="", relevant_authorities_only=False),)),
        levels=Listing.of((*levels, _administrator())),
        agreements=Listing.of(tuple(_agreement(chance, f"agreement_{n}") for n in range(chance.randint(0, 4)))),
    )


def _agency(chance: Random, name: str) -> Agency:
    areas = _mostly_all(chance, AREAS)
    return Agency(id=name, title=name.title(), status=AgencyStatus.PUBLIC_BODY, areas=areas)


def _question(chance: Random, name: str) -> Question:
    return Question(
        id=name,
        wording=f"The {name} question?",
        kind=QuestionKind.PERSON,
        agencies=_mostly_all(chance, AGENCIES),
        fields=tuple(dict.fromkeys(("number", "name", *_mostly_all(chance, FIELDS)))),
        purposes=_mostly_all(chance, PURPOSES),
        lawful_bases=_some(chance, BASES),
        deadline_ms=1_000,
    )


def _field(name: str) -> Field:
    return Field(
        id=name,
        label=name.title(),
        field_class=_CLASS_OF[name],
        type=FieldType.CHOICE if name == "worry" else FieldType.TEXT,
        choices=("some", "none") if name == "worry" else (),
        max_length=40,
        comparable=False,
        identity=name in {"number", "name"},
    )


def _level(chance: Random, number: int) -> Level:
    agency = chance.choice((*AGENCIES, None))
    return Level(
        id=LEVELS[number],
        title=LEVELS[number].title(),
        kind=LevelKind.ABSTRACT if agency is None else LevelKind.PROFESSIONAL,
        agency=agency,
        inherits=_some(chance, LEVELS[:number], least=0),
        grants=tuple(_sentence(chance, _mostly_all(chance, CLASSES)) for _ in range(chance.randint(1, 2))),
        denials=(_sentence(chance, _some(chance, CLASSES[1:])),) if chance.random() < SELDOM else (),
    )


def _sentence(chance: Random, classes: tuple[str, ...]) -> Grant:
    return Grant(
        because=chance.choice(("One reason.", "Another reason.")),
        questions=_mostly_all(chance, QUESTIONS),
        agencies=_mostly_all(chance, AGENCIES),
        classes=classes,
        purposes=_mostly_all(chance, PURPOSES),
        areas=_mostly_all(chance, AREAS),
    )


def _administrator() -> Level:
    name, kind = LEVELS[3], LevelKind.ADMINISTRATOR
    return Level(id=name, title="Office of rules", kind=kind, agency=None, inherits=(), grants=(), denials=())


def _agreement(chance: Random, name: str) -> Agreement:
    starts, ends = sorted(chance.sample(_MOMENTS, k=2))
    parties = _some(chance, AGENCIES, least=2)
    return Agreement(
        id=name,
        title=name.title(),
        parties=parties,
        gateway="CA2004_S10",
        purposes=_mostly_all(chance, PURPOSES),
        classes=_mostly_all(chance, CLASSES),
        starts=starts,
        ends=ends,
        review=date(2026, 6, 1),
        signed_by=tuple(Signature(agency=party, office="Office", on=date(2025, 1, 1)) for party in parties),
    )


def _changed_sentences(chance: Random, book: Rulebook) -> Rulebook:
    """Add, take away or alter a grant or a denial."""
    level = book.levels[chance.choice([name for name in LEVELS[:3] if name in book.levels])]
    part = chance.choice(("grants", "denials"))
    sentences = list(getattr(level, part))
    if sentences and chance.random() < MOSTLY:
        sentences.pop(chance.randrange(len(sentences)))
    if chance.random() < MOSTLY:
        sentences.insert(chance.randint(0, len(sentences)), _sentence(chance, _mostly_all(chance, CLASSES)))
    return put(book, "levels", level, **{part: tuple(sentences)})


def _changed_agreement(chance: Random, book: Rulebook) -> Rulebook:
    """Add an agreement, prolong one, or alter one altogether."""
    name = chance.choice([*book.agreements, "another"])
    if name in book.agreements and chance.random() < MOSTLY:
        agreement = book.agreements[name]
        return put(book, "agreements", agreement, ends=agreement.ends + timedelta(days=chance.randint(1, 60)))
    return put(book, "agreements", _agreement(chance, name))


def _fewer_agreements(chance: Random, book: Rulebook) -> Rulebook:
    kept = {name: found for name, found in book.agreements.items() if chance.random() < MOSTLY}
    return replace(book, agreements=Listing(kept))


def _changed_field(chance: Random, book: Rulebook) -> Rulebook:
    field = book.catalogue.fields[chance.choice(FIELDS)]
    changes: tuple[dict[str, object], ...] = (
        {"field_class": "health"},
        {"field_class": "basic"},
        {"identity": not field.identity},
        {"max_length": 20},
        {"choices": ("some",)},
        {"label": "Another label"},
    )
    return put(book, "fields", field, **chance.choice(changes))


def _changed_question(chance: Random, book: Rulebook) -> Rulebook:
    question = book.catalogue.questions[chance.choice(QUESTIONS)]
    part = chance.choice(("agencies", "fields", "purposes", "lawful_bases"))
    return put(book, "questions", question, **{part: getattr(_question(chance, question.id), part)})


def _changed_areas(chance: Random, book: Rulebook) -> Rulebook:
    return put(book, "agencies", book.agencies[chance.choice(AGENCIES)], areas=_some(chance, AREAS))


def _changed_level(chance: Random, book: Rulebook) -> Rulebook:
    """Alter where a level is held, what it inherits, how long its sessions last or what it is called."""
    number = chance.randint(0, 2 if "top" in book.levels else 1)
    drawn = _level(chance, number)
    changes: tuple[dict[str, object], ...] = (
        {"agency": drawn.agency, "kind": drawn.kind},
        {"inherits": drawn.inherits},
        {"idle_seconds": 300},
        {"title": "Another title"},
    )
    return put(book, "levels", book.levels[drawn.id], **chance.choice(changes))


def _fewer_levels(chance: Random, book: Rulebook) -> Rulebook:
    """Take a level away; or turn their order round, which changes nothing else."""
    gone = chance.choice(("", "top"))
    return replace(
        book, levels=Listing({name: book.levels[name] for name in reversed(tuple(book.levels)) if name != gone})
    )


def _changed_class(chance: Random, book: Rulebook) -> Rulebook:
    found = book.catalogue.field_classes[chance.choice(CLASSES)]
    return put(book, "field_classes", found, step_up=not found.step_up)


CHANGES: tuple[Callable[[Random, Rulebook], Rulebook], ...] = (
    _changed_sentences,
    _changed_sentences,
    _changed_agreement,
    _changed_agreement,
    _fewer_agreements,
    _changed_field,
    _changed_question,
    _changed_areas,
    _changed_level,
    _changed_class,
    _fewer_levels,
)


def offices(policy: Policy) -> Iterator[Office]:
    """Yield every office in one area that the vocabulary can spell, whether somebody can hold it or not."""
    for level, agency, area in product(policy.levels, policy.agencies, policy.catalogue.areas):
        yield Office(level, agency, (area,))


def instants(*policies: Policy, at: datetime = AT) -> list[datetime]:
    """Return an instant and all later ones at which some agreement begins or ends."""
    return sorted({at, *(turn for policy in policies for turn in policy.turns if turn > at)})


def seen(policy: Policy, at: datetime) -> Iterator[Access]:
    """Yield every access at an instant, by asking the policy about each cell of the vocabulary."""
    for office in offices(policy):
        for question, purpose in product(policy.catalogue.questions, policy.catalogue.purposes):
            for permit in policy.permits(office, question=question, purpose=purpose, at=at):
                for field in permit.fields:
                    yield Access(office.level, office.agency, office.areas[0], question, permit.agency, purpose, field)


def over_time(moments: Iterable[tuple[datetime, set[Access]]]) -> dict[Access, Spans]:
    """Put together what holds from one instant to the next, and from the last one for ever."""
    listed = list(moments)
    ends = [*(at for at, _ in listed[1:]), FOREVER]
    found: dict[Access, list[tuple[datetime, datetime]]] = {}
    for (since, accesses), until in zip(listed, ends, strict=True):
        for access in accesses:
            spans = found.setdefault(access, [])
            if spans and spans[-1][1] == since:
                spans[-1] = (spans[-1][0], until)
            else:
                spans.append((since, until))
    return {access: tuple(spans) for access, spans in found.items()}
