"""Which agencies of an answer may be told that others hold something else about the same person: decided, never kept.

A notice tells an agency that others hold something of a person. So it counts only those of whom an agreement lets the
agency know, and what could hint at somebody who is protected is in none, to nobody.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hub.model.answer import AgencyAnswer, Joining
from hub.model.catalogue import Catalogue
from hub.model.matching import Word
from hub.model.notice import Difference, Notice
from hub.model.person import PersonKeys
from hub.model.policy import TellDifferences
from hub.model.terms import Shield, Terms
from hub.model.text import plain

# What an agency may be told where another holds something else of a class; None: not even that it holds something.
MayKnow = Callable[[str, str, str], TellDifferences | None]

MOST_VALUES = 10
_HIDES_ALL = frozenset({Shield.PERSON, Shield.ABSOLUTE})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRules:
    """What one policy says: of the fields on which agencies ought to agree, the class of each, and which locate.

    `areas` lists those that each agency serves.
    """

    classes: Mapping[str, str]
    locating: frozenset[str]
    areas: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, catalogue: Catalogue, areas: Mapping[str, Collection[str]]) -> "NoticeRules":
        """Take a vocabulary. A class that may be kept back is in no notice: what was said of it binds one requester."""
        classes = catalogue.field_classes
        fields = [field for field in catalogue.fields.values() if field.comparable]
        told = [field for field in fields if not classes[field.field_class].is_kept_back]
        return cls(
            classes={field.id: field.field_class for field in told},
            locating=frozenset(field.id for field in told if field.locates),
            areas={agency: frozenset(served) for agency, served in areas.items()},
        )

    def without_places(self) -> "NoticeRules":
        """Return the rules without the fields that say where somebody is."""
        kept = {field: found for field, found in self.classes.items() if field not in self.locating}
        return replace(self, classes=kept)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Record:
    """One row of an answer: whose it is, and what is in it."""

    agency: str
    cells: Mapping[str, str]
    terms: Terms
    is_whole: bool

    def is_in(self, areas: Collection[str]) -> bool:
        """Tell whether it belongs to one of some areas, or its source does not say where it belongs."""
        return not self.terms.areas or not set(self.terms.areas).isdisjoint(areas)


def notices_of(  # an answer, what was said beside it, and by what rules it is looked at
    request_id: str,
    answers: Sequence[AgencyAnswer],
    joining: Joining,
    rules: NoticeRules,
    may_know: MayKnow,
    *,
    beside: Collection[Shield] = (),
) -> tuple[Notice, ...]:
    """Return at most one notice for each agency and field, in the order of the answers and of the vocabulary.

    Of several records of an agency it is about the first from which others differ. `beside` is what sources protect of
    people whose records are not in the answer.
    """
    rows = [record for answer in answers for record in _records(answer)]
    shields = {*beside, *(record.terms.shield for record in rows)}
    if not _HIDES_ALL.isdisjoint(shields):
        return ()
    told = rules.without_places() if Shield.ADDRESS in shields else rules
    return tuple(
        Notice(agency=own.agency, request_id=request_id, person=_person(own), about=about)
        for records in _certain(rows, joining)
        for own, about in _differences(records, told, may_know)
    )


def _records(answer: AgencyAnswer) -> Iterator[_Record]:
    """Yield each row of an agency's answer."""
    table = answer.records
    if table is None:
        return
    for row, terms in zip(table.rows(), table.terms_of_rows(), strict=True):
        cells = dict(zip(table.columns, row, strict=True))
        yield _Record(agency=answer.agency, cells=cells, terms=terms, is_whole=not answer.withheld)


def _certain(rows: Sequence[_Record], joining: Joining) -> Iterator[list[_Record]]:
    """Yield what is held of each person who is certainly the one asked about, without a requester's word for it.

    Of an agency that has kept something back nothing counts.
    """
    for person, is_certain in enumerate(joining.certain):
        if is_certain and not (joining.cards and joining.cards[person].word is not Word.NONE):
            about = zip(rows, joining.person_of_row, strict=True)
            yield [record for record, whom in about if whom == person and record.is_whole]


def _differences(
    records: Sequence[_Record], rules: NoticeRules, may_know: MayKnow
) -> Iterator[tuple[_Record, Difference]]:
    """Compare what each agency holds of one person with what all others hold, field by field."""
    for agency in dict.fromkeys(record.agency for record in records):
        own = [record for record in records if record.agency == agency]
        others = [record for record in records if record.agency != agency and record.is_in(rules.areas.get(agency, ()))]
        for field, field_class in rules.classes.items():
            known = {other: may_know(agency, other, field_class) for other in {record.agency for record in others}}
            found = (_difference(record, field, others, known) for record in own)
            yield from [one for one in found if one is not None][:1]


def _difference(
    own: _Record, field: str, others: Iterable[_Record], known: Mapping[str, TellDifferences | None]
) -> tuple[_Record, Difference] | None:
    """Compare one record with those of whom its agency may know."""
    value = own.cells.get(field, "")
    theirs = [record for record in others if known[record.agency] and _is_another(value, record.cells.get(field, ""))]
    if not theirs:
        return None
    told = {record.cells[field] for record in theirs if known[record.agency] is TellDifferences.VALUES}
    agencies = len({record.agency for record in theirs})
    return own, Difference(field=field, agencies=agencies, own=value, values=tuple(sorted(told)[:MOST_VALUES]))


def _is_another(value: str, other: str) -> bool:
    """Tell whether both are known and not the same text, as it is shown to a requester."""
    return bool(value and other) and plain(value) != plain(other)


def _person(record: _Record) -> PersonKeys:
    cells = record.cells
    return PersonKeys(
        nhs_number=cells.get("nhs_number", ""),
        upn=cells.get("upn", ""),
        uln=cells.get("uln", ""),
        given_name=cells.get("given_name", ""),
        family_name=cells.get("family_name", ""),
        date_of_birth=cells.get("date_of_birth", ""),
    )
