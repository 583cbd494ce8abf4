"""Checks of what agencies are in law: that none is treated as a relevant authority which is not one."""

from collections.abc import Iterator, Mapping

from hub.access.documents import Place
from hub.access.papers import Paper, Papers
from hub.access.shapes import ALL, AgencyShape, LevelShape
from hub.errors import Fault
from hub.model.policy import AgencyStatus

# Section 115 lets anybody disclose to a relevant authority, and to nobody else, whatever a vocabulary says.
_LIMITED_BY_LAW = {"CDA1998_S115": "Crime and Disorder Act 1998, section 115"}
_GUESTS = frozenset({AgencyStatus.VOLUNTARY, AgencyStatus.INVITED})
_Levels = Mapping[str, Paper[LevelShape]]


def check_status(papers: Papers) -> Iterator[Fault]:
    """Yield gateways that are opened wider than the law does, and rights that agencies get by being overlooked."""
    yield from _limited_gateways(papers)
    agencies = papers.agencies.shape.agencies if papers.agencies else ()
    guests = {agency.id: agency for agency in agencies if agency.status in _GUESTS}
    levels = {paper.shape.id: paper for paper in papers.levels}
    for paper in papers.levels:
        if paper.shape.agency in guests:
            yield from _passed_on(paper, levels, guests[paper.shape.agency])
            yield from _unnamed(paper, levels, guests[paper.shape.agency])


def _limited_gateways(papers: Papers) -> Iterator[Fault]:
    for number, gateway in enumerate(papers.vocabulary.shape.gateways if papers.vocabulary else ()):
        if papers.vocabulary and gateway.id in _LIMITED_BY_LAW and not gateway.relevant_authorities_only:
            what = f"{gateway.id} ({_LIMITED_BY_LAW[gateway.id]}) reaches relevant authorities only"
            mend = "Add “relevant_authorities_only: true”."
            yield papers.vocabulary.document.fault(("gateways", number, "id"), what, mend)


def _passed_on(paper: Paper[LevelShape], levels: _Levels, agency: AgencyShape) -> Iterator[Fault]:
    """Refuse that a guest has what another agency's people were given for their own duty."""
    for number, name in enumerate(paper.shape.inherits):
        parent = levels[name].shape.agency if name in levels else None
        if parent not in {None, agency.id}:
            what = f"“{agency.id}” is {agency.status}, and “{paper.shape.id}” inherits what “{parent}” may ask"
            mend = "Remove it, and grant by name what the function needs."
            yield paper.document.fault(("inherits", number), what, mend)


def _unnamed(paper: Paper[LevelShape], levels: _Levels, agency: AgencyShape) -> Iterator[Fault]:
    """Refuse a guest what nobody has named: “all” takes in what is added later."""
    for place, shape in _with_inherited(paper, levels):
        for number, grant in enumerate(shape.grants):
            for key in ("classes", "purposes"):
                if getattr(grant, key) == (ALL,):
                    what = f"“{agency.id}” is {agency.status}, and “{paper.shape.id}” is granted all {key}"
                    at = place or ("grants", number, key)
                    yield paper.document.fault(at, what, f"Name the {key}, here or in “{shape.id}”.")


def _with_inherited(paper: Paper[LevelShape], levels: _Levels) -> Iterator[tuple[Place, LevelShape]]:
    """Yield a level and all that it inherits from, each with the place to point to; none of its own."""
    yield (), paper.shape
    seen = {paper.shape.id}
    waiting = [(("inherits", number), name) for number, name in enumerate(paper.shape.inherits)]
    while waiting:
        place, name = waiting.pop(0)
        if name in levels and name not in seen:
            seen.add(name)
            yield place, levels[name].shape
            waiting += [(place, further) for further in levels[name].shape.inherits]
