"""Checks that every list names what exists, and names it once."""

from collections import Counter
from collections.abc import Iterator, Sequence

from hub.access.documents import Document, Place, shown
from hub.access.own_test_shapes import OwnTestsShape, RuleShape, SayingShape
from hub.access.papers import Paper, Papers
from hub.access.rules import Part
from hub.access.shapes import ALL, AgreementShape, LevelShape, QuestionShape, VocabularyShape
from hub.access.spelling import instead
from hub.errors import Fault

_KIND_OF = {
    "purposes": "purpose",
    "lawful_bases": "lawful basis",
    "field_classes": "field class",
    "gateways": "gateway",
    "areas": "area",
    "agencies": "agency",
    "fields": "field",
    "questions": "question",
    "levels": "level",
    "special_conditions": "special condition",
    "grounds": "ground",
}
_WHERE = {
    "purposes": "vocabulary.yaml",
    "lawful_bases": "vocabulary.yaml",
    "field_classes": "vocabulary.yaml",
    "gateways": "vocabulary.yaml",
    "areas": "vocabulary.yaml",
    "agencies": "agencies.yaml",
    "fields": "fields.yaml",
    "questions": "questions/",
    "levels": "levels/",
    "special_conditions": "vocabulary.yaml",
    "grounds": "vocabulary.yaml",
}


def check_references(papers: Papers) -> Iterator[Fault]:
    """Yield every identifier that is unknown or named twice, in all files."""
    if papers.vocabulary:
        yield from _vocabulary(papers, papers.vocabulary)
    if papers.agencies:
        for number, agency in enumerate(papers.agencies.shape.agencies):
            place = ("agencies", number, "areas")
            yield from _all(papers, papers.agencies.document, place, "areas", agency.areas)
    for question in papers.questions:
        yield from _question(papers, question)
    for level in papers.levels:
        yield from _level(papers, level)
    for agreement in papers.agreements:
        yield from _agreement(papers, agreement)
    if papers.tests:
        yield from _own_tests(papers, papers.tests)


def _vocabulary(papers: Papers, paper: Paper[VocabularyShape]) -> Iterator[Fault]:
    shape, document = paper.shape, paper.document
    for number, found in enumerate(shape.field_classes):
        place = ("field_classes", number)
        yield from _all(papers, document, (*place, "special"), "special_conditions", found.special)
        named = tuple(ground.ground for ground in found.grounds)
        yield from _all(papers, document, (*place, "grounds"), "grounds", named)
    for number, reason in enumerate(shape.override_reasons):
        yield from _all(papers, document, ("override_reasons", number, "grounds"), "grounds", reason.grounds)


def _question(papers: Papers, paper: Paper[QuestionShape]) -> Iterator[Fault]:
    shape, document = paper.shape, paper.document
    yield from _all(papers, document, ("agencies",), "agencies", shape.agencies)
    yield from _all(papers, document, ("fields",), "fields", shape.fields)
    yield from _all(papers, document, ("purposes",), "purposes", shape.purposes)
    yield from _all(papers, document, ("lawful_bases",), "lawful_bases", shape.lawful_bases)
    yield from _all(papers, document, ("less_intrusive",), "questions", shape.less_intrusive)


def _level(papers: Papers, paper: Paper[LevelShape]) -> Iterator[Fault]:
    shape, document = paper.shape, paper.document
    yield from _all(papers, document, ("inherits",), "levels", shape.inherits)
    if shape.agency is not None:
        yield from _one(papers, document, ("agency",), "agencies", shape.agency)
    for part, sentences in (("grants", shape.grants), ("denials", shape.denials)):
        for number, sentence in enumerate(sentences):
            yield from _all(papers, document, (part, number, "questions"), "questions", sentence.questions)
            yield from _all(papers, document, (part, number, "agencies"), "agencies", sentence.agencies)
            yield from _all(papers, document, (part, number, "classes"), "field_classes", sentence.classes)
            yield from _all(papers, document, (part, number, "purposes"), "purposes", sentence.purposes)
            yield from _all(papers, document, (part, number, "areas"), "areas", sentence.areas)


def _agreement(papers: Papers, paper: Paper[AgreementShape]) -> Iterator[Fault]:
    shape, document = paper.shape, paper.document
    yield from _all(papers, document, ("parties",), "agencies", shape.parties)
    yield from _one(papers, document, ("gateway",), "gateways", shape.gateway)
    yield from _all(papers, document, ("purposes",), "purposes", shape.purposes)
    yield from _all(papers, document, ("classes",), "field_classes", shape.classes)
    for number, signature in enumerate(shape.signed_by):
        yield from _one(papers, document, ("signed_by", number, "agency"), "agencies", signature.agency)


def _own_tests(papers: Papers, paper: Paper[OwnTestsShape]) -> Iterator[Fault]:
    for number, test in enumerate(paper.shape.tests):
        at = ("tests", number)
        yield from _one(papers, paper.document, (*at, "rule" if test.rule else "level"), "levels", test.whose)
        yield from _rule(papers, paper.document, (*at, "rule"), test.rule)
        for key, sayings in (("may", test.may), ("may_not", test.may_not)):
            for place, saying in enumerate(sayings):
                yield from _saying(papers, paper.document, (*at, key, place), saying)


def _rule(papers: Papers, document: Document, place: Place, rule: RuleShape | None) -> Iterator[Fault]:
    level = next((found.shape for found in papers.levels if rule and found.shape.id == rule.level), None)
    if rule is None or level is None:
        return
    sentences = level.grants if rule.part is Part.GRANT else level.denials
    if rule.number > len(sentences):
        what = f"There is no {rule.part} {rule.number} in the level “{level.id}”"
        yield document.fault(place, what, f"The level has {len(sentences)}; count them from one.")


def _saying(papers: Papers, document: Document, place: Place, saying: SayingShape) -> Iterator[Fault]:
    yield from _one(papers, document, place, "questions", saying.question)
    yield from _one(papers, document, place, "agencies", saying.agency)
    yield from _one(papers, document, place, "purposes", saying.purpose)
    yield from _one(papers, document, place, "field_classes", saying.field_class)
    if saying.area:
        yield from _one(papers, document, place, "areas", saying.area)


def _all(papers: Papers, document: Document, place: Place, kind: str, named: Sequence[str]) -> Iterator[Fault]:
    if tuple(named) == (ALL,):
        return
    seen: Counter[str] = Counter()
    for number, word in enumerate(named):
        seen[word] += 1
        if seen[word] > 1:
            what = f"The {_KIND_OF[kind]} “{shown(word)}” is named twice"
            yield document.fault((*place, number), what, "Remove one of them.")
        else:
            yield from _one(papers, document, (*place, number), kind, word)


def _one(papers: Papers, document: Document, place: Place, kind: str, word: str) -> Iterator[Fault]:
    known = papers.known.get(kind)
    # A file that cannot be read is a fault of its own; what it would have named cannot be judged.
    if known is not None and word not in known:
        mend = instead(word, known, f"Define it in {_WHERE[kind]}, or remove it here.")
        yield document.fault(place, f"There is no {_KIND_OF[kind]} “{shown(word)}”", mend)
