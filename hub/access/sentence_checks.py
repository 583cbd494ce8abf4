"""Checks of grants and denials against what can be asked: that each word of them counts for something."""

from collections.abc import Iterator

from hub.access.compile import identity_classes, lineage
from hub.access.documents import Document, Place
from hub.access.papers import Papers
from hub.access.rows import Cell, cells_of
from hub.errors import Fault
from hub.model.policy import Grant, Level, LevelKind, Rulebook


def check_sentences(papers: Papers, book: Rulebook) -> Iterator[Fault]:
    """Yield words that give or deny nothing, and grants that would come to nothing for want of identity fields."""
    for paper in papers.levels:
        level = book.levels[paper.shape.id]
        shapes = {"grants": paper.shape.grants, "denials": paper.shape.denials}
        for part, sentences in (("grants", level.grants), ("denials", level.denials)):
            for number, (sentence, shape) in enumerate(zip(sentences, shapes[part], strict=True)):
                # What all stands for is not expected to count everywhere.
                explicit = {name for name in _LISTS if getattr(shape, name) == getattr(sentence, name)}
                yield from _idle_words(paper.document, (part, number), sentence, explicit, book)
        if level.kind is LevelKind.PROFESSIONAL:
            yield from _without_identity(paper.document, level, book)


_LISTS = {"questions": 0, "agencies": 1, "classes": 2, "purposes": 3, "areas": 4}


def _idle_words(
    document: Document, place: Place, sentence: Grant, explicit: set[str], book: Rulebook
) -> Iterator[Fault]:
    cells = tuple(cells_of(sentence, book.catalogue))
    if not cells:
        what = f"This sentence of “{place[0]}” touches nothing that can be asked"
        yield document.fault(place, what, "Compare it with the questions' agencies, fields and purposes.")
        return
    for name in sorted(explicit, key=_LISTS.__getitem__):
        for number, word in enumerate(getattr(sentence, name)):
            if not any(cell[_LISTS[name]] == word for cell in cells):
                what = f"“{word}” in “{name}” touches nothing that can be asked here"
                yield document.fault((*place, name, number), what, "Remove it, or extend the question.")


def _without_identity(document: Document, level: Level, book: Rulebook) -> Iterator[Fault]:
    """Find what a level may see of an agency that it may not ask who the person is."""
    family = lineage(level, book.levels)
    granted = {cell for member in family for grant in member.grants for cell in cells_of(grant, book.catalogue)}
    denied = {cell for member in family for denial in member.denials for cell in cells_of(denial, book.catalogue)}
    allowed = granted - denied
    needed = identity_classes(book.catalogue)
    told: set[tuple[str, str]] = set()
    for cell in sorted(allowed):
        wanting = [name for name in needed if cell._replace(field_class=name) not in allowed]
        if wanting and (cell.question, cell.agency) not in told:
            told.add((cell.question, cell.agency))
            what = (
                f"“{level.id}” may ask “{cell.question}” of “{cell.agency}” for “{cell.purpose}”"
                f" without the class “{wanting[0]}”, so nothing could come back"
            )
            mend = f"Grant “{wanting[0]}” as well, or remove the grant."
            yield document.fault(_place_of(cell, level, book), what, mend)


def _place_of(cell: Cell, level: Level, book: Rulebook) -> Place:
    for number, grant in enumerate(level.grants):
        if cell in cells_of(grant, book.catalogue):
            return ("grants", number)
    return ("inherits",)
