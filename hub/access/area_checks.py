"""Checks of areas: that somebody can hold an office wherever an agency, a grant or a denial speaks of one."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from hub.access.compile import lineage
from hub.access.papers import Paper, Papers
from hub.access.shapes import ALL, LevelShape
from hub.errors import Fault
from hub.model.policy import LevelKind, Rulebook


def check_areas(papers: Papers, book: Rulebook) -> Iterator[Fault]:
    """Yield areas that no agency serves, and those in which nobody can hold the level that names them."""
    served = {area for agency in book.agencies.values() for area in agency.areas}
    for number, area in enumerate(book.catalogue.areas):
        if papers.vocabulary and area not in served:
            mend = "Add it to the areas of an agency in agencies.yaml, or remove it."
            yield papers.vocabulary.document.fault(("areas", number), f"No agency serves the area “{area}”", mend)
    held = _areas_by_level(book)
    for paper in papers.levels:
        yield from _never_held(paper, served - held[paper.shape.id])


def _areas_by_level(book: Rulebook) -> Mapping[str, set[str]]:
    """Map each level to the areas in which somebody can hold it, or one that inherits from it."""
    areas: dict[str, set[str]] = defaultdict(set)
    for level in book.levels.values():
        if level.kind is LevelKind.PROFESSIONAL and level.agency:
            for member in lineage(level, book.levels):
                areas[member.id].update(book.agencies[level.agency].areas)
    return areas


def _never_held(paper: Paper[LevelShape], elsewhere: Collection[str]) -> Iterator[Fault]:
    """Find areas that a sentence lists by name; “all” stands for wherever the level is held."""
    shape = paper.shape
    for part, sentences in (("grants", shape.grants), ("denials", shape.denials)):
        for place, sentence in enumerate(sentences):
            for number, area in enumerate(sentence.areas):
                if area != ALL and area in elsewhere:
                    what = f"Nobody can hold “{shape.id}” in “{area}”: its agency does not serve it"
                    mend = "Remove the area, or add it to the areas of the agency."
                    yield paper.document.fault((part, place, "areas", number), what, mend)
