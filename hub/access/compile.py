"""Compiling: from the rows of all levels to one immutable profile for each level, with Casbin as the only judge."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from hub.access.judge import Judge
from hub.access.model_conf import model_text
from hub.access.rows import Row, rows_of
from hub.model.catalogue import Catalogue, Listing
from hub.model.policy import Level, Rulebook

CellKey = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one level may ask, in the form in which it is looked up.

    classes: (question, agency, purpose, area) → the classes of fields allowed; what is not in it is denied. Never
    changed after compiling.
    """

    id: str
    classes: Mapping[CellKey, frozenset[str]]


def compile_profiles(book: Rulebook) -> Listing[Profile]:
    """Compile every level; takes about 0.15 ms for each cell that some row touches."""
    rows = {level.id: rows_of(level, book.catalogue) for level in book.levels.values()}
    return Listing.of(tuple(_profile(level, rows, book.levels) for level in book.levels.values()))


def lineage(level: Level, levels: Mapping[str, Level]) -> tuple[Level, ...]:
    """Return a level and all that it inherits from, each once, nearest first."""
    found = {level.id: level}
    waiting = [level]
    while waiting:
        for parent in waiting.pop(0).inherits:
            if parent not in found:
                found[parent] = levels[parent]
                waiting.append(levels[parent])
    return tuple(found.values())


def _profile(level: Level, rows: Mapping[str, tuple[Row, ...]], levels: Mapping[str, Level]) -> Profile:
    """Judge every cell that a row of the level or of its ancestors touches; all others are denied."""
    family = lineage(level, levels)
    judge = Judge(model_text(), ((member.id, parent) for member in family for parent in member.inherits))
    # Casbin's cost grows with the rows it looks through, so it is shown only those of one question and agency.
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for member in family:
        for row in rows[member.id]:
            groups[row.question, row.agency].append(row)
    allowed: dict[CellKey, set[str]] = defaultdict(set)
    for group in groups.values():
        for cell in judge.allowed(level.id, group, dict.fromkeys(row.cell for row in group)):
            allowed[cell.question, cell.agency, cell.purpose, cell.area].add(cell.field_class)
    # Cells that allow the same share one set: there are few different ones, however many cells.
    known: dict[frozenset[str], frozenset[str]] = {}
    classes = {key: known.setdefault(frozenset(found), frozenset(found)) for key, found in allowed.items()}
    return Profile(id=level.id, classes=classes)


def identity_classes(catalogue: Catalogue) -> frozenset[str]:
    """Return the classes that must be allowed before an agency can be asked at all."""
    return frozenset(catalogue.fields[field].field_class for field in catalogue.identity_fields)
