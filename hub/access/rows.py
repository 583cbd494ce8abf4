"""Policy rows: the sentences of access levels spelt out, one row for each combination that can occur."""

from collections.abc import Container, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from hub.model.catalogue import Catalogue
from hub.model.policy import Grant, Level


class Effect(StrEnum):
    """Is what a row does; a denial always wins."""

    ALLOW = "allow"
    DENY = "deny"


class Cell(NamedTuple):
    """One thing to decide for a level: may it see a class of fields, of an agency, for a purpose, in an area."""

    question: str
    agency: str
    field_class: str
    purpose: str
    area: str


class Row(NamedTuple):
    """One row as Casbin sees it; all identifiers are spelt out, none stands for several."""

    level: str
    question: str
    agency: str
    field_class: str
    purpose: str
    area: str
    effect: Effect

    @property
    def cell(self) -> Cell:
        """Return the cell that the row speaks of."""
        return Cell(self.question, self.agency, self.field_class, self.purpose, self.area)


def rows_of(level: Level, catalogue: Catalogue) -> tuple[Row, ...]:
    """Spell out a level's own grants and denials, without repetition, in the order of the file."""
    rows = (
        Row(level.id, *cell, effect)
        for effect, sentences in ((Effect.ALLOW, level.grants), (Effect.DENY, level.denials))
        for sentence in sentences
        for cell in cells_of(sentence, catalogue)
    )
    return tuple(dict.fromkeys(rows))


def cells_of(sentence: Grant, catalogue: Catalogue) -> Iterator[Cell]:
    """Yield the cells that a sentence names and that can occur: the question is asked of the agency, and so on."""
    for question_id in sentence.questions:
        question = catalogue.questions[question_id]
        classes = _both(sentence.classes, catalogue.classes_of(question_id))
        purposes = _both(sentence.purposes, question.purposes)
        for agency in _both(sentence.agencies, question.agencies):
            for field_class in classes:
                for purpose in purposes:
                    for area in sentence.areas:
                        yield Cell(question_id, agency, field_class, purpose, area)


def _both(named: Iterable[str], possible: Container[str]) -> tuple[str, ...]:
    """Return what is named and possible, in the order in which it is named."""
    return tuple(item for item in named if item in possible)
