"""Pairs of policies, one made from the other by a few changes, and what follows from each by brute force."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
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
_CLASS_OF = {"number": "basic", "name": "basic", "street": "basic", "worry": "concern", "seen": "health"}
_DAYS = tuple(AT.replace(hour=0) + timedelta(days=days) for days in (-60, -10, 0, 5, 40, 90))
_MOMENTS = (*_DAYS, AT, AT + timedelta(days=7, hours=1))


def _some(of: tuple[str, ...], *, least: int = 1) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(of), min_size=least, unique=True).map(tuple)


def _mostly_all(of: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(of) | _some(of)


SENTENCES = st.builds(
    Grant,
    because=st.sampled_from(["One reason.", "Another reason."]),
    questions=_mostly_all(QUESTIONS),
    agencies=_mostly_all(AGENCIES),
    classes=_mostly_all(CLASSES) | _some(CLASSES).map(lambda some: tuple(dict.fromkeys(("basic", *some)))),
    purposes=_mostly_all(PURPOSES),
    areas=_mostly_all(AREAS),
)


@st.composite
def agreements(draw: st.DrawFn, name: str) -> Agreement:
    starts, ends = sorted(draw(st.lists(st.sampled_from(_MOMENTS), min_size=2, max_size=2, unique=True)))
    parties = draw(_some(AGENCIES, least=2))
    return Agreement(
        id=name,
        title=name.title(),
        parties=parties,
        gateway="CA2004_S10",
        purposes=draw(_mostly_all(PURPOSES)),
        classes=draw(_mostly_all(CLASSES)),
        starts=starts,
        ends=ends,
        review=date(2026, 6, 1),
        signed_by=tuple(Signature(agency=party, office="Office", on=date(2025, 1, 1)) for party in parties),
    )


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """Draw a small rulebook: three levels of which each may inherit from those before, and up to three agreements."""
    questions = tuple(_question(draw, name) for name in QUESTIONS)
    levels = tuple(_level(draw, number) for number in range(3))
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
        ),
        agencies=Listing.of(
            tuple(
                Agency(id=name, title=name.title(), status=AgencyStatus.PUBLIC_BODY, areas=draw(_mostly_all(AREAS)))
                for name in AGENCIES
            )
        ),
        gateways=Listing.of((Gateway(id="CA2004_S10", title="", explanation="", relevant_authorities_only=False),)),
        levels=Listing.of((*levels, _administrator())),
        agreements=Listing.of(tuple(draw(agreements(f"agreement_{n}")) for n in range(draw(st.integers(0, 3))))),
    )


def _question(draw: st.DrawFn, name: str) -> Question:
    return Question(
        id=name,
        wording=f"The {name} question?",
        kind=QuestionKind.PERSON,
        agencies=draw(_mostly_all(AGENCIES)),
        fields=tuple(dict.fromkeys(("number", "name", *draw(_mostly_all(FIELDS))))),
        purposes=draw(_mostly_all(PURPOSES)),
        lawful_bases=draw(_some(BASES)),
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


def _level(draw: st.DrawFn, number: int) -> Level:
    agency = draw(st.sampled_from((*AGENCIES, None)))
    return Level(
        id=LEVELS[number],
        title=LEVELS[number].title(),
        kind=LevelKind.ABSTRACT if agency is None else LevelKind.PROFESSIONAL,
        agency=agency,
        inherits=draw(st.lists(st.sampled_from(LEVELS[:number]), unique=True).map(tuple)) if number else (),
        grants=tuple(draw(st.lists(SENTENCES, min_size=1, max_size=2))),
        denials=tuple(draw(st.lists(SENTENCES, max_size=1))) if draw(st.booleans()) else (),
    )


def _administrator() -> Level:
    return Level(
        id=LEVELS[3],
        title="Office of rules",
        kind=LevelKind.ADMINISTRATOR,
        agency=None,
        inherits=(),
        grants=(),
        denials=(),
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Rulebook, Rulebook]:
    """Draw a rulebook, and another made from it by no to three changes."""
    old = draw(rulebooks())
    new = old
    for _ in range(draw(st.integers(0, 3))):
        new = draw(st.sampled_from(CHANGES).flatmap(lambda change, book=new: change(book)))  # type: ignore[misc]  # bound now
    return old, new


def put(book: Rulebook, section: str, entry: Any, **changes: object) -> Rulebook:
    """Put an entry with changes in its place within a section of the rulebook or its catalogue, or at the end."""
    if hasattr(book, section):
        return replace(book, **{section: _with(getattr(book, section), replace(entry, **changes))})
    listing = _with(getattr(book.catalogue, section), replace(entry, **changes))
    return replace(book, catalogue=replace(book.catalogue, **{section: listing}))


def _with(listing: Listing[Any], entry: Any) -> Listing[Any]:
    return Listing({**listing, entry.id: entry})


@st.composite
def _changed_sentences(draw: st.DrawFn, book: Rulebook) -> Rulebook:
    """Add, take away or alter a grant or a denial."""
    level = book.levels[draw(st.sampled_from([name for name in LEVELS[:3] if name in book.levels]))]
    part = draw(st.sampled_from(["grants", "denials"]))
    sentences = list(getattr(level, part))
    if sentences and draw(st.booleans()):
        sentences.pop(draw(st.integers(0, len(sentences) - 1)))
    if draw(st.booleans()):
        sentences.insert(draw(st.integers(0, len(sentences))), draw(SENTENCES))
    return put(book, "levels", level, **{part: tuple(sentences)})


@st.composite
def _changed_agreement(draw: st.DrawFn, book: Rulebook) -> Rulebook:
    """Add an agreement, or alter one altogether."""
    name = draw(st.sampled_from([*book.agreements, "another"]))
    return put(book, "agreements", draw(agreements(name)))


@st.composite
def _fewer_agreements(draw: st.DrawFn, book: Rulebook) -> Rulebook:
    kept = draw(st.sets(st.sampled_from([*book.agreements, ""])))
    return replace(book, agreements=Listing({name: found for name, found in book.agreements.items() if name in kept}))


@st.composite
def _changed_field(draw: st.DrawFn, book: Rulebook) -> Rulebook:
    field = book.catalogue.fields[draw(st.sampled_from(FIELDS))]
    changes: dict[str, object] = draw(
        st.sampled_from(
            [
                {"field_class": "health"},
                {"field_class": "basic"},
                {"identity": not field.identity},
                {"max_length": 20},
                {"choices": ("some",)},
                {"label": "Another label"},
            ]
        )
    )
    return put(book, "fields", field, **changes)


@st.composite
def _changed_question(draw: st.DrawFn, book: Rulebook) -> Rulebook:
    question = book.catalogue.questions[draw(st.sampled_from(QUESTIONS))]
    drawn = _question(draw, question.id)
    part = draw(st.sampled_from(["agencies", "fields", "purposes", "lawful_bases"]))
    return put(book, "questions", question, **{part: getattr(drawn, part)})


@st.composite
def _changed_areas(draw: st.DrawFn, book: Rulebook) -> Rulebook:
    agency = book.agencies[draw(st.sampled_from(AGENCIES))]
    return put(book, "agencies", agency, areas=draw(_some(AREAS)))


@st.composite
def _changed_level(draw: st.DrawFn, book: Rulebook) -> Rulebook:
    """Alter where a level is held, what it inherits or how long its sessions last."""
    number = draw(st.integers(0, 2 if "top" in book.levels else 1))
    level, drawn = book.levels[LEVELS[number]], _level(draw, number)
    changes: dict[str, object] = draw(
        st.sampled_from(
            [
                {"agency": drawn.agency, "kind": drawn.kind},
                {"inherits": drawn.inherits},
                {"idle_seconds": 300},
                {"title": "Another title"},
            ]
        )
    )
    return put(book, "levels", level, **changes)


@st.composite
def _fewer_levels(draw: st.DrawFn, book: Rulebook) -> Rulebook:
    """Take a level away, wherever it is inherited from; or turn their order round, which changes nothing else."""
    gone = draw(st.sampled_from(["", "top"]))
    kept = {
        name: replace(level, inherits=tuple(parent for parent in level.inherits if parent != gone))
        for name, level in reversed(list(book.levels.items()))
        if name != gone
    }
    return replace(book, levels=Listing(kept))


@st.composite
def _changed_class(draw: st.DrawFn, book: Rulebook) -> Rulebook:
    found = book.catalogue.field_classes[draw(st.sampled_from(CLASSES))]
    return put(book, "field_classes", found, step_up=not found.step_up)


CHANGES = (
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
