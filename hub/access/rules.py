"""Single grants and denials: what they are called, what they speak of, and which of them decide a cell."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hub.access.compile import lineage
from hub.access.rows import Cell
from hub.model.catalogue import Catalogue
from hub.model.policy import Grant, Level


class Part(StrEnum):
    """Is which of a level's two lists a sentence stands in."""

    GRANT = "grant"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sentence of a level, by its place in the file, counted from one."""

    level: str
    part: Part
    number: int
    sentence: Grant

    def __str__(self) -> str:
        """Name the rule as files and people do."""
        return f"{self.level}, {self.part} {self.number}"

    def lacks(self, cell: Cell) -> tuple[str, ...]:
        """Return the words of a cell that the sentence does not name; none if it speaks of the cell."""
        said = self.sentence
        named = (said.questions, said.agencies, said.classes, said.purposes, said.areas)
        return tuple(word for word, words in zip(cell, named, strict=True) if word not in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """The rules that speak of one cell; a denial always wins."""

    grants: tuple[Rule, ...]
    denials: tuple[Rule, ...]

    @property
    def is_allowed(self) -> bool:
        """Tell whether the cell is allowed."""
        return bool(self.grants) and not self.denials


def rules_of(level: Level) -> Iterator[Rule]:
    """Yield a level's own grants, then its own denials."""
    for part, sentences in ((Part.GRANT, level.grants), (Part.DENIAL, level.denials)):
        for number, sentence in enumerate(sentences, start=1):
            yield Rule(level=level.id, part=part, number=number, sentence=sentence)


def deciding(level: Level, cell: Cell, levels: Mapping[str, Level]) -> Deciding:
    """Find the rules of a level and of those that it inherits from which speak of a cell that can occur."""
    found = [rule for member in lineage(level, levels) for rule in rules_of(member) if not rule.lacks(cell)]
    return Deciding(
        grants=tuple(rule for rule in found if rule.part is Part.GRANT),
        denials=tuple(rule for rule in found if rule.part is Part.DENIAL),
    )


def why_not(level: Level, cell: Cell, levels: Mapping[str, Level]) -> str:
    """Say in words why a cell that is denied is denied: the denial, or the grant that comes nearest."""
    found = deciding(level, cell, levels)
    if found.denials:
        return f"{found.denials[0]} denies it"
    grants = [rule for member in lineage(level, levels) for rule in rules_of(member) if rule.part is Part.GRANT]
    if not grants:
        return "nothing is granted to that level"
    nearest = min(grants, key=lambda rule: (cell.question in rule.lacks(cell), len(rule.lacks(cell))))
    return f"nothing grants it; {nearest} comes nearest and lacks {_quoted(nearest.lacks(cell))}"


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def why_it_cannot_occur(cell: Cell, catalogue: Catalogue) -> str:
    """Say which part of a cell the question rules out; nothing when it can occur."""
    question = catalogue.questions[cell.question]
    if cell.agency not in question.agencies:
        return f"“{cell.question}” is not asked of “{cell.agency}”"
    if cell.purpose not in question.purposes:
        return f"“{cell.question}” does not serve “{cell.purpose}”"
    if cell.field_class not in catalogue.classes_of(cell.question):
        return f"“{cell.question}” returns nothing of “{cell.field_class}”"
    return ""
