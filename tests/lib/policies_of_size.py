"""Policies of any size, made from the shipped one, for measuring what the number of rules costs."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import count, cycle
from pathlib import Path

from hub.access.policy import Policy, compile_policy
from hub.access.reading import read_rulebook, texts_in
from hub.access.rows import rows_of
from hub.model.catalogue import Catalogue, Listing
from hub.model.policy import Grant, Level, LevelKind, Rulebook

SHIPPED_POLICIES = Path(__file__).parents[2] / "policies"
_KEPT_FIRST = ("practitioner", "health_visitor", "policy_administrator", "auditor")
_WRITTEN = ("id", "title", "kind", "agency", "inherits", "grants", "denials")
_ROWS_OF_ONE_LEVEL = 150
_EVERY_SO_MANYTH_DENIES = 9


def policy_with_rules(rules: int) -> Policy:
    """Compile a policy of so many rules, at least 100, in which a health visitor may ask what is shipped."""
    return compile_policy(rulebook_with_rules(rules))


def rulebook_with_rules(rules: int) -> Rulebook:
    """Make a rulebook of exactly so many rows: as many of the shipped levels as fit, then made-up ones."""
    shipped = read_rulebook(SHIPPED_POLICIES)
    kept, left = _that_fit(shipped, rules)
    agencies = cycle(shipped.agencies)
    made: list[Level] = []
    while left > 0:
        level = _made_level(len(made), next(agencies), shipped.catalogue, min(left, _ROWS_OF_ONE_LEVEL))
        left -= len(rows_of(level, shipped.catalogue))
        made.append(level)
    return replace(shipped, levels=Listing.of((*kept, *made)))


def texts_with_rules(rules: int) -> dict[str, bytes]:
    """Write such a policy out as the files that an administrator would give."""
    shipped = texts_in(SHIPPED_POLICIES)
    levels = rulebook_with_rules(rules).levels
    made = {name: level for name, level in levels.items() if f"levels/{name}.yaml" not in shipped}
    kept = {name: text for name, text in shipped.items() if not name.startswith("levels/") or Path(name).stem in levels}
    # The shipped policy's own tests speak of levels that may not be in this one.
    del kept["tests.yaml"]
    return kept | {f"levels/{name}.yaml": _written(level) for name, level in made.items()}


def rules_in(book: Rulebook) -> int:
    """Count the rows of a rulebook."""
    return sum(len(rows_of(level, book.catalogue)) for level in book.levels.values())


def _that_fit(shipped: Rulebook, rules: int) -> tuple[tuple[Level, ...], int]:
    """Return the shipped levels that fit into so many rows, and how many rows are left to make up."""
    kept: list[Level] = []
    left = rules
    for level in sorted(shipped.levels.values(), key=lambda level: level.id not in _KEPT_FIRST):
        size = len(rows_of(level, shipped.catalogue))
        if size <= left or level.id in _KEPT_FIRST:
            kept.append(level)
            left -= size
    if left < 0:
        raise ValueError("too few rules to hold what a health visitor may ask")
    return tuple(kept), left


def _made_level(number: int, agency: str, catalogue: Catalogue, rows: int) -> Level:
    sentences = list(_sentences(catalogue, rows))
    denying = [sentence for place, sentence in sentences if place % _EVERY_SO_MANYTH_DENIES == 0]
    granting = [sentence for place, sentence in sentences if place % _EVERY_SO_MANYTH_DENIES != 0]
    return Level(
        id=f"made_up_{number:05}",
        title=f"Made-up level {number}",
        kind=LevelKind.PROFESSIONAL,
        agency=agency,
        inherits=("practitioner",),
        grants=tuple(granting),
        denials=tuple(denying),
    )


def _written(level: Level) -> bytes:
    """Spell a made-up level as JSON, which is YAML too."""
    said = asdict(level)
    return json.dumps({key: said[key] for key in _WRITTEN}).encode()


def _sentences(catalogue: Catalogue, rows: int) -> Iterator[tuple[int, Grant]]:
    """Yield numbered sentences over different cells until they come to so many rows."""
    left = rows
    numbers = count(1)
    for question in catalogue.questions.values():
        for agency in question.agencies:
            for purpose in question.purposes:
                classes = catalogue.classes_of(question.id)[:left]
                if not classes:
                    return
                left -= len(classes)
                yield (
                    next(numbers),
                    Grant(
                        because="Made up to fill a policy.",
                        questions=(question.id,),
                        agencies=(agency,),
                        classes=classes,
                        purposes=(purpose,),
                        areas=tuple(catalogue.areas),
                    ),
                )
