"""Checks of indicators: that each says what its fields mean, and asks for nothing that it would not tell."""

from collections.abc import Iterator, Mapping

from hub.access.documents import Place, shown
from hub.access.papers import Paper, Papers
from hub.access.shapes import FieldShape, IndicatorShape, QuestionShape
from hub.errors import Fault
from hub.model.catalogue import FieldType, QuestionKind

_SHAPE = "Write “indicator: {what: …, kind: …, since: …, contact: […], telephone: …}”, with fields of the question."


def check_indicators(papers: Papers) -> Iterator[Fault]:
    """Yield the faults of all questions that only indicate, or that say so without being of that kind."""
    fields = {field.id: field for field in papers.fields.shape.fields} if papers.fields else {}
    for paper in papers.questions:
        roles = paper.shape.indicator
        if paper.shape.kind is not QuestionKind.INDICATOR:
            yield from _out_of_place(paper)
        elif roles is None:
            what = f"The indicator “{paper.shape.id}” does not say what its fields mean"
            yield paper.document.fault(("kind",), what, _SHAPE)
        else:
            yield from _roles(paper, roles, fields)
            yield from _untold(paper, roles)


def _out_of_place(paper: Paper[QuestionShape]) -> Iterator[Fault]:
    if paper.shape.indicator is not None:
        what = f"“{paper.shape.id}” says what an indicator's fields mean, and is none"
        yield paper.document.fault(("indicator",), what, "Write “kind: indicator”, or remove it.")


def _roles(paper: Paper[QuestionShape], roles: IndicatorShape, fields: Mapping[str, FieldShape]) -> Iterator[Fault]:
    """Check that each field fits what it is to say, and says one thing only."""
    seen: set[str] = set()
    for place, name, wanted in _placed(roles):
        if name in seen:
            yield paper.document.fault(place, f"The field “{shown(name)}” is to say two things", "Name it once.")
        seen.add(name)
        if name not in paper.shape.fields:
            what = f"The indicator “{paper.shape.id}” does not ask for the field “{shown(name)}”"
            yield paper.document.fault(place, what, "Add it to “fields”, or name another.")
        elif found := fields.get(name):
            yield from _misfit(paper, place, found, wanted)


def _misfit(paper: Paper[QuestionShape], place: Place, found: FieldShape, wanted: FieldType) -> Iterator[Fault]:
    """Refuse a field of another type, and one that says who the person is."""
    if found.type is not wanted:
        what = f"The field “{found.id}” is of type {found.type}, and is to say what only the type {wanted} can"
        yield paper.document.fault(place, what, f"Name a field of type {wanted}.")
    if found.identity:
        what = f"The field “{found.id}” says who the person is, which an indicator never tells"
        yield paper.document.fault(place, what, "Name a field that says whom to speak to.")


def _untold(paper: Paper[QuestionShape], roles: IndicatorShape) -> Iterator[Fault]:
    """Refuse what would be fetched from an agency and then shown to nobody."""
    told = {name for _, name, _ in _placed(roles)}
    for number, name in enumerate(paper.shape.fields):
        if name not in told:
            what = f"The indicator “{paper.shape.id}” asks for “{shown(name)}” and would not tell it"
            yield paper.document.fault(("fields", number), what, "Remove it, or say under “indicator” what it means.")


def _placed(roles: IndicatorShape) -> Iterator[tuple[Place, str, FieldType]]:
    """Yield where each field is named, its name, and the type that it needs."""
    yield ("indicator", "kind"), roles.kind, FieldType.CHOICE
    yield ("indicator", "since"), roles.since, FieldType.DATE
    for number, name in enumerate(roles.contact):
        yield ("indicator", "contact", number), name, FieldType.TEXT
    yield ("indicator", "telephone"), roles.telephone, FieldType.TEXT
