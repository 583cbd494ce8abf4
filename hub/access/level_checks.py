"""Checks of the access levels: who inherits from whom, and who may ask at all."""

from collections.abc import Iterator, Mapping

from hub.access.papers import Paper, Papers
from hub.access.shapes import LevelShape, SessionShape
from hub.errors import Fault
from hub.model.policy import LevelKind

# Casbin stops silently at ten; far fewer are as many as people can follow.
DEEPEST_INHERITANCE = 5
_ASKING = frozenset({LevelKind.PROFESSIONAL, LevelKind.ABSTRACT})
_WHY_NO_AGENCY = {
    LevelKind.ABSTRACT: "nobody holds an abstract level",
    LevelKind.ADMINISTRATOR: "who sets the rules for all agencies is appointed by all of them",
    LevelKind.GUARDIAN: "the level is the same in every agency; the account says for which its holder speaks",
    LevelKind.AUDITOR: "who reviews what all agencies asked is appointed by all of them",
    LevelKind.OFFICER: "the level is the same in every agency; the account says for which its holder decides",
}
_Levels = Mapping[str, Paper[LevelShape]]


def check_levels(papers: Papers) -> Iterator[Fault]:
    """Yield the faults of levels taken each by itself and with those that they inherit from."""
    levels = {paper.shape.id: paper for paper in papers.levels}
    for paper in papers.levels:
        yield from _place(paper)
        yield from _session(paper)
        yield from _inheritance(paper, levels)
        yield from _duties(paper, levels)
    sentences = [paper for paper in papers.levels if paper.shape.grants]
    if papers.levels and not sentences and len(papers.levels) == len(papers.known.get("levels", ())):
        what = "No level grants anything: the policy is empty"
        yield papers.levels[0].document.fault((), what, "Add grants to at least one level.")


def _place(paper: Paper[LevelShape]) -> Iterator[Fault]:
    """Check that professionals belong to an agency, and no other level does."""
    shape = paper.shape
    if shape.kind is LevelKind.PROFESSIONAL:
        if shape.agency is None:
            yield paper.document.fault(("id",), f"The level “{shape.id}” has no agency", "Add “agency: …”.")
    elif shape.agency is not None:
        what = f"The {shape.kind} level “{shape.id}” has an agency"
        yield paper.document.fault(("agency",), what, f"Remove it: {_WHY_NO_AGENCY[shape.kind]}.")


def _session(paper: Paper[LevelShape]) -> Iterator[Fault]:
    """Check that limits on sessions limit somebody's."""
    shape, session = paper.shape, paper.shape.session
    if shape.kind is LevelKind.ABSTRACT and session != SessionShape():
        what = f"The abstract level “{shape.id}” limits sessions"
        yield paper.document.fault(
            ("session",), what, "Remove it: limits are not inherited; set them where they count."
        )
    idle, absolute = session.idle_minutes, session.absolute_hours
    if idle is not None and absolute is not None and idle >= absolute * 60:
        what = "A session would end before it has been idle for that long"
        yield paper.document.fault(("session", "idle_minutes"), what, "Let “idle_minutes” be the shorter of the two.")


def _inheritance(paper: Paper[LevelShape], levels: _Levels) -> Iterator[Fault]:
    shape = paper.shape
    if shape.id in _ancestors(shape, levels):
        what = f"The level “{shape.id}” inherits from itself, perhaps by way of others"
        yield paper.document.fault(("inherits",), what, "Remove one of the steps of the circle.")
        return
    depth = _depth(shape, levels)
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


def _depth(shape: LevelShape, levels: _Levels) -> int:
    """Count the steps of the longest way up; nought if a circle is on it, which is told where it is.

    Goes up step by step with all levels at once: there can be more ways than anybody could walk.
    """
    steps, reached = 0, set(shape.inherits) & set(levels)
    while reached:
        steps += 1
        if steps > len(levels):
            return 0
        reached = {name for found in reached for name in levels[found].shape.inherits if name in levels}
    return steps


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
    elif shape.inherits or shape.denials:
        key = "inherits" if shape.inherits else "denials"
        what = f"“{shape.id}” is {shape.kind}, and its “{key}” counts for nothing"
        yield document.fault((key,), what, "Remove it: who sets or reviews the rules asks nothing anyway.")
