"""Checks of the access levels: who inherits from whom, and who may ask at all."""

from collections.abc import Iterator, Mapping

from hub.access.papers import Paper, Papers
from hub.access.shapes import LevelShape
from hub.errors import Fault
from hub.model.policy import LevelKind

# Casbin stops silently at ten; far fewer are as many as people can follow.
DEEPEST_INHERITANCE = 5
_ASKING = frozenset({LevelKind.PROFESSIONAL, LevelKind.ABSTRACT})
_Levels = Mapping[str, Paper[LevelShape]]


def check_levels(papers: Papers) -> Iterator[Fault]:
    """Yield the faults of levels taken each by itself and with those that they inherit from."""
    levels = {paper.shape.id: paper for paper in papers.levels}
    for paper in papers.levels:
        yield from _place(paper)
        yield from _inheritance(paper, levels)
        yield from _duties(paper, levels)
    sentences = [paper for paper in papers.levels if paper.shape.grants]
    if papers.levels and not sentences and len(papers.levels) == len(papers.known.get("levels", ())):
        what = "No level grants anything: the policy is empty"
        yield papers.levels[0].document.fault((), what, "Add grants to at least one level.")


def _place(paper: Paper[LevelShape]) -> Iterator[Fault]:
    """Check that professionals belong to an agency and abstract levels to none."""
    shape = paper.shape
    if shape.kind is LevelKind.PROFESSIONAL and shape.agency is None:
        yield paper.document.fault(("id",), f"The level “{shape.id}” has no agency", "Add “agency: …”.")
    if shape.kind is LevelKind.ABSTRACT and shape.agency is not None:
        what = f"The abstract level “{shape.id}” has an agency"
        yield paper.document.fault(("agency",), what, "Remove it: nobody holds an abstract level.")


def _inheritance(paper: Paper[LevelShape], levels: _Levels) -> Iterator[Fault]:
    shape = paper.shape
    if shape.id in _ancestors(shape, levels):
        what = f"The level “{shape.id}” inherits from itself, perhaps by way of others"
        yield paper.document.fault(("inherits",), what, "Remove one of the steps of the circle.")
        return
    depth = _depth(shape, levels, frozenset())
    if depth > DEEPEST_INHERITANCE:
        what = f"The level “{shape.id}” inherits over {depth} steps"
        yield paper.document.fault(("inherits",), what, f"Inherit over at most {DEEPEST_INHERITANCE}.")


def _ancestors(shape: LevelShape, levels: _Levels) -> frozenset[str]:
    """Return all that a level inherits from; itself too, if it is in a circle."""
    found: set[str] = set()
    waiting = list(shape.inherits)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += levels[name].shape.inherits if name in levels else ()
    return frozenset(found)


def _depth(shape: LevelShape, levels: _Levels, below: frozenset[str]) -> int:
    """Count the steps of the longest way up; circles are told elsewhere and end the count."""
    parents = (levels[name].shape for name in shape.inherits if name in levels and name not in below)
    return max((1 + _depth(parent, levels, below | {shape.id}) for parent in parents), default=0)


def _duties(paper: Paper[LevelShape], levels: _Levels) -> Iterator[Fault]:
    """Keep those who set or review the rules apart from those who ask."""
    shape, document = paper.shape, paper.document
    family = [levels[name].shape for name in _ancestors(shape, levels) if name in levels]
    if shape.kind in _ASKING:
        for number, name in enumerate(shape.inherits):
            if name in levels and levels[name].shape.kind not in _ASKING:
                what = f"“{shape.id}” asks questions and inherits from “{name}”, which sets or reviews rules"
                yield document.fault(("inherits", number), what, "Remove it: the two are kept apart.")
        if shape.kind is LevelKind.PROFESSIONAL and not any(member.grants for member in (shape, *family)):
            what = f"The level “{shape.id}” may ask nothing"
            yield document.fault(("id",), what, "Add grants, or let it inherit some.")
    elif shape.grants:
        what = f"“{shape.id}” is {shape.kind} and may ask questions"
        yield document.fault(("grants",), what, "Remove the grants: who sets or reviews the rules asks nothing.")
    elif any(member.grants for member in family):
        what = f"“{shape.id}” is {shape.kind} and inherits the right to ask questions"
        yield document.fault(("inherits",), what, "Remove it: who sets or reviews the rules asks nothing.")
