"""Checks of what decides whether records may leave: consent, objections, grounds, conditions, protected people."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta

from hub.access.documents import Document
from hub.access.papers import Paper, Papers
from hub.access.shapes import FieldClassShape, FieldShape, GatewayShape, LevelShape, QuestionShape
from hub.errors import Fault
from hub.model.policy import LevelKind

_Classes = Mapping[str, FieldClassShape]


def check_leaving(papers: Papers) -> Iterator[Fault]:
    """Yield what would keep nothing back, or everything, without anybody noticing."""
    classes = {found.id: found for found in papers.vocabulary.shape.field_classes} if papers.vocabulary else {}
    if papers.vocabulary:
        for number, found in enumerate(papers.vocabulary.shape.field_classes):
            yield from _idle_grounds(papers.vocabulary.document, number, found)
        for number, gateway in enumerate(papers.vocabulary.shape.gateways):
            yield from _in_force(papers.vocabulary.document, number, gateway)
    if papers.fields:
        for number, field in enumerate(papers.fields.shape.fields):
            yield from _identity(papers.fields.document, number, field, classes)
    fields = {field.id: field for field in papers.fields.shape.fields} if papers.fields else {}
    questions = {paper.shape.id: paper.shape for paper in papers.questions}
    for question in papers.questions:
        yield from _less_intrusive(question, questions)
        yield from _conditions(question, fields, classes)
    for level in papers.levels:
        yield from _privileges(level)
    yield from _outside_gateways(papers)


def _idle_grounds(document: Document, number: int, found: FieldClassShape) -> Iterator[Fault]:
    if found.grounds and not (found.consent or found.opt_out):
        what = f"The class “{found.id}” has grounds for going without consent, and needs none"
        mend = "Add “consent: true” or “opt_out: true”, or remove the grounds."
        yield document.fault(("field_classes", number, "grounds"), what, mend)


def _in_force(document: Document, number: int, gateway: GatewayShape) -> Iterator[Fault]:
    if gateway.in_force_from and gateway.in_force_to and gateway.in_force_to < gateway.in_force_from:
        what = f"The gateway “{gateway.id}” ceases before it comes into force"
        yield document.fault(("gateways", number, "in_force_to"), what, "Mend one of the two days.")


def _identity(document: Document, number: int, field: FieldShape, classes: _Classes) -> Iterator[Fault]:
    """Refuse that what says who a person is could be kept back: then nothing else could be told apart."""
    if not field.identity:
        return
    found = classes.get(field.field_class)
    if found and (found.consent or found.opt_out):
        key = "consent" if found.consent else "opt_out"
        what = f"The identity field “{field.id}” is of the class “{found.id}”, which has “{key}: true”"
        mend = "Give identity fields a class that nobody's consent or objection keeps back."
        yield document.fault(("fields", number, "class"), what, mend)
    if field.locates:
        what = f"The identity field “{field.id}” says where a person is, so it could not be kept back by itself"
        yield document.fault(("fields", number, "locates"), what, "Remove “locates”, or “identity”.")


def _less_intrusive(paper: Paper[QuestionShape], questions: Mapping[str, QuestionShape]) -> Iterator[Fault]:
    """Check that what is to be asked first can be, and does not itself come after."""
    shape = paper.shape
    for number, name in enumerate(shape.less_intrusive):
        place = ("less_intrusive", number)
        other = questions.get(name)
        if name == shape.id:
            yield paper.document.fault(place, f"“{name}” is to be asked before itself", "Remove it.")
        elif other and shape.id in _before(name, questions):
            what = f"“{name}” is itself to be asked after “{shape.id}”, perhaps by way of others"
            yield paper.document.fault(place, what, "Remove one of the steps of the circle.")
        elif other and not set(other.purposes) & set(shape.purposes):
            what = f"“{name}” serves no purpose that “{shape.id}” serves, so it never would do"
            yield paper.document.fault(place, what, "Remove it, or extend the question's purposes.")


def _before(name: str, questions: Mapping[str, QuestionShape]) -> frozenset[str]:
    """Return all that is to be asked before a question, by however many steps."""
    found: set[str] = set()
    waiting = list(questions[name].less_intrusive)
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting += questions[step].less_intrusive if step in questions else ()
    return frozenset(found)


def _conditions(paper: Paper[QuestionShape], fields: Mapping[str, FieldShape], classes: _Classes) -> Iterator[Fault]:
    """Demand that one special condition can serve all that a question returns: a requester gives one."""
    named = [classes.get(fields[name].field_class) for name in paper.shape.fields if name in fields]
    demanding = {found.id: set(found.special) for found in named if found and found.special}
    if demanding and not set.intersection(*demanding.values()):
        what = f"No special condition serves all of {', '.join(demanding)}, so nobody could ask “{paper.shape.id}”"
        mend = "Give these classes a condition in common, or make two questions."
        yield paper.document.fault(("fields",), what, mend)


def _privileges(paper: Paper[LevelShape]) -> Iterator[Fault]:
    """Refuse what would count for nothing: these are for holders who ask, and are not inherited."""
    shape = paper.shape
    for key in ("sees_shielded", "break_glass"):
        if getattr(shape, key) and shape.kind is not LevelKind.PROFESSIONAL:
            why = (
                "it is not inherited; set it where it counts" if shape.kind is LevelKind.ABSTRACT else "it asks nothing"
            )
            what = f"“{shape.id}” is {shape.kind} and has “{key}”"
            yield paper.document.fault((key,), what, f"Remove it: {why}.")


def _outside_gateways(papers: Papers) -> Iterator[Fault]:
    """Refuse agreements that are in force while their statute is not."""
    gateways = {found.id: found for found in papers.vocabulary.shape.gateways} if papers.vocabulary else {}
    for paper in papers.agreements:
        gateway = gateways.get(paper.shape.gateway)
        if gateway is None:
            continue
        begins, ends = gateway.in_force_from, gateway.in_force_to
        if begins and paper.shape.starts < datetime.combine(begins, time(), tzinfo=UTC):
            what = f"The agreement begins before {gateway.id} is in force ({begins})"
            yield paper.document.fault(("from",), what, "Let it begin later, or name another gateway.")
        if ends and paper.shape.ends > datetime.combine(ends, time(), tzinfo=UTC) + timedelta(days=1):
            what = f"The agreement goes on after {gateway.id} has ceased to be in force ({ends})"
            yield paper.document.fault(("until",), what, "Let it end sooner, or name another gateway.")
