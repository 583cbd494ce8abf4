"""Checks of the vocabulary, the agencies, the fields and the questions."""

from collections.abc import Iterator, Sequence

from hub.access.documents import Document, shown
from hub.access.papers import Papers
from hub.access.shapes import FieldShape, FieldsShape, QuestionShape, VocabularyShape
from hub.access.spelling import instead
from hub.errors import Fault
from hub.model.catalogue import FieldType, Named, QuestionKind

# UK GDPR, article 6(1): not open to public authorities for their own tasks, and these agencies are all public.
_NOT_FOR_AUTHORITIES = {"A6_EA": "recognised legitimate interest", "A6_F": "legitimate interests"}
_RESERVED = frozenset({"all", "none", "any", "everyone", "nobody"})


def check_catalogue(papers: Papers) -> Iterator[Fault]:
    """Yield the faults of what may be asked at all."""
    if papers.vocabulary:
        yield from _vocabulary(papers.vocabulary.document, papers.vocabulary.shape)
    if papers.agencies:
        yield from _unique(papers.agencies.document, "agencies", papers.agencies.shape.agencies)
    if papers.fields:
        yield from _unique(papers.fields.document, "fields", papers.fields.shape.fields)
        yield from _fields(papers, papers.fields.document, papers.fields.shape)
    for question in papers.questions:
        for number, basis in enumerate(question.shape.lawful_bases):
            yield from _basis(question.document, ("lawful_bases", number), basis)
        if question.shape.kind is QuestionKind.REGISTER and papers.fields:
            yield from _register(question.document, question.shape, papers.fields.shape)


def _register(document: Document, shape: QuestionShape, known: FieldsShape) -> Iterator[Fault]:
    """Yield what a search must not tell: more than who somebody is and how to find them."""
    basic = {field.field_class for field in known.fields if field.identity}
    classes = {field.id: field.field_class for field in known.fields}
    for number, name in enumerate(shape.fields):
        if classes.get(name, "") not in basic and name in classes:
            what = f"The register tells “{name}”, which is of the class “{classes[name]}”"
            mend = f"Leave it out: a search tells only fields of the class {', '.join(sorted(basic))}."
            yield document.fault(("fields", number), what, mend)
    if shape.less_intrusive:
        what = "A search of the register comes after no other question: nobody knows yet whom it is about"
        yield document.fault(("less_intrusive",), what, "Leave it out.")


def _vocabulary(document: Document, shape: VocabularyShape) -> Iterator[Fault]:
    yield from _unique(document, "purposes", shape.purposes)
    yield from _unique(document, "lawful_bases", shape.lawful_bases)
    yield from _unique(document, "field_classes", shape.field_classes)
    yield from _unique(document, "gateways", shape.gateways)
    yield from _unique(document, "areas", shape.areas)
    yield from _unique(document, "special_conditions", shape.special_conditions)
    yield from _unique(document, "grounds", shape.grounds)
    yield from _unique(document, "override_reasons", shape.override_reasons)
    for number, basis in enumerate(shape.lawful_bases):
        yield from _basis(document, ("lawful_bases", number, "id"), basis.id)
    for number, purpose in enumerate(shape.purposes):
        if purpose.never_told and purpose.told_after_days:
            what = f"People are never told of “{purpose.id}”, and told of it after {purpose.told_after_days} days"
            yield document.fault(("purposes", number, "never_told"), what, "Keep one of the two.")


def _basis(document: Document, place: tuple[str | int, ...], basis: str) -> Iterator[Fault]:
    if basis in _NOT_FOR_AUTHORITIES:
        what = f"The lawful basis {basis} ({_NOT_FOR_AUTHORITIES[basis]}) is not open to public authorities"
        yield document.fault(place, what, "Remove it; A6_E (public task) is the usual one.")


def _unique(document: Document, section: str, entries: Sequence[Named]) -> Iterator[Fault]:
    """Yield identifiers that are defined twice, or that files and commands read as something else."""
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        place = (section, number, "id")
        if entry.id in seen:
            what = f"“{entry.id}” is defined twice in “{section}”"
            yield document.fault(place, what, "Remove or rename one of them.")
        if entry.id in _RESERVED:
            yield document.fault(place, f"“{entry.id}” has a meaning of its own", "Choose another identifier.")
        seen.add(entry.id)


def _fields(papers: Papers, document: Document, shape: FieldsShape) -> Iterator[Fault]:
    for number, field in enumerate(shape.fields):
        yield from _class(papers, document, number, field)
        yield from _choices(document, number, field)
    identity = [(number, field) for number, field in enumerate(shape.fields) if field.identity]
    if not identity:
        mend = "Mark those that say who a person is with “identity: true”."
        yield document.fault(("fields",), "No field says who a person is", mend)
    for number, field in identity:
        if field.field_class != identity[0][1].field_class:
            what = f"The identity field “{field.id}” is of another class than “{identity[0][1].id}”"
            mend = f"Give all identity fields one class: {identity[0][1].field_class}."
            yield document.fault(("fields", number, "class"), what, mend)


def _class(papers: Papers, document: Document, number: int, field: FieldShape) -> Iterator[Fault]:
    known = papers.known.get("field_classes")
    if known is not None and field.field_class not in known:
        mend = instead(field.field_class, known, "Define it in vocabulary.yaml.")
        yield document.fault(("fields", number, "class"), f"There is no field class “{shown(field.field_class)}”", mend)


def _choices(document: Document, number: int, field: FieldShape) -> Iterator[Fault]:
    place = ("fields", number, "choices")
    if field.type is FieldType.CHOICE and not field.choices:
        yield document.fault(place, f"The field “{field.id}” offers no choices", "Add “choices: [one, another]”.")
    if field.type is not FieldType.CHOICE and field.choices:
        what = f"The field “{field.id}” has choices but is not of type choice"
        yield document.fault(place, what, "Write “type: choice”, or remove the choices.")
    if len(set(field.choices)) != len(field.choices):
        yield document.fault(place, f"The field “{field.id}” offers a choice twice", "Remove one of them.")
