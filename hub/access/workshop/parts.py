"""A compiled policy taken apart into small plain pieces, and put together again from them, one at a time.

The hub's loop takes one piece, then serves whoever waits, then takes the next: no piece may be more than it can take in
a millisecond or two.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from pydantic import TypeAdapter

from hub.access.compile import CellKey, Profile
from hub.access.coverage import Flow, Span
from hub.access.policy import Policy
from hub.model.catalogue import (
    Area,
    Basis,
    Catalogue,
    Field,
    FieldClass,
    Ground,
    Listing,
    OverrideReason,
    Purpose,
    Question,
    ReleaseRules,
    SpecialCondition,
)
from hub.model.policy import Agency, Agreement, Gateway, LevelTerms

K = TypeVar("K")

MOST_KEYS = 500
_CATALOGUE: Mapping[str, type] = {
    "purposes": Purpose,
    "lawful_bases": Basis,
    "field_classes": FieldClass,
    "areas": Area,
    "fields": Field,
    "questions": Question,
    "special_conditions": SpecialCondition,
    "grounds": Ground,
    "override_reasons": OverrideReason,
}
_RULEBOOK: Mapping[str, type] = {
    "agencies": Agency,
    "gateways": Gateway,
    "levels": LevelTerms,
    "agreements": Agreement,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Some cells of one level's profile that allow the same classes."""

    level: str
    classes: tuple[str, ...]
    keys: tuple[CellKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Some flows that agreements cover for the same spans of time."""

    spans: tuple[Span, ...]
    keys: tuple[Flow, ...]


_KINDS: Mapping[str, type] = {
    "version": str,
    "release": ReleaseRules,
    **_CATALOGUE,
    **_RULEBOOK,
    "cells": Cells,
    "flows": Flows,
}


def parts_of(policy: Policy) -> Iterator[tuple[str, object]]:
    """Yield every piece of a policy with the name of its kind; levels come before their cells."""
    yield "version", policy.version
    yield "release", policy.catalogue.release
    for holder, kinds in ((policy.catalogue, _CATALOGUE), (policy, _RULEBOOK)):
        for kind in kinds:
            yield from ((kind, value) for value in getattr(holder, kind).values())
    for profile in policy.profiles.values():
        for classes, cells in _alike(profile.classes):
            yield "cells", Cells(level=profile.id, classes=tuple(sorted(classes)), keys=cells)
    for spans, flows in _alike(policy.coverage):
        yield "flows", Flows(spans=spans, keys=flows)


def _alike(table: Mapping[K, Any]) -> Iterator[tuple[Any, tuple[K, ...]]]:
    """Yield each value of a table with the keys that have it, not too many at once."""
    keys: dict[Any, list[K]] = defaultdict(list)
    for key, value in table.items():
        keys[value].append(key)
    for value, alike in keys.items():
        rest = iter(alike)
        while some := tuple(islice(rest, MOST_KEYS)):
            yield value, some


class Assembly:
    """Puts one policy together; belongs to whoever awaits it."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._version = ""
        self._release: ReleaseRules | None = None
        self._entries: dict[str, dict[str, Any]] = {kind: {} for kind in (*_CATALOGUE, *_RULEBOOK)}
        self._profiles: dict[str, dict[CellKey, frozenset[str]]] = {}
        self._coverage: dict[Flow, tuple[Span, ...]] = {}
        # Equal words and sets become one: a large policy has few different ones.
        self._words: dict[str, str] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def add(self, piece: object) -> None:
        """Take one piece, as parts_of yields it and JSON brings it over; raise ValueError for any other."""
        match piece:
            case [str(kind), value] if kind in _KINDS:
                self._put(kind, _adapter(kind).validate_python(value))
            case _:
                raise ValueError("this is no part of a policy")

    def policy(self) -> Policy:
        """Return the policy; raise ValueError when something essential never came."""
        is_whole = self._version and all(self._entries[kind] for kind in ("questions", "agencies", "levels"))
        if not is_whole or self._release is None:
            raise ValueError("the policy is not whole")
        catalogue = Catalogue(**{kind: Listing(self._entries[kind]) for kind in _CATALOGUE}, release=self._release)
        profiles = tuple(Profile(id=level, classes=classes) for level, classes in self._profiles.items())
        return Policy(
            version=self._version,
            catalogue=catalogue,
            **{kind: Listing(self._entries[kind]) for kind in _RULEBOOK},
            profiles=Listing.of(profiles),
            coverage=self._coverage,
            step_up_fields=catalogue.step_up_fields,
        )

    def _put(self, kind: str, value: Any) -> None:  # noqa: ANN401  (one of the kinds, as the adapter has checked)
        match value:
            case str():
                self._version = value
            case ReleaseRules():
                self._release = value
            case Cells() if value.level in self._profiles:
                classes = frozenset(value.classes)
                self._profiles[value.level].update(
                    dict.fromkeys(self._known(value.keys), self._sets.setdefault(classes, classes))
                )
            case Cells():
                raise ValueError("cells of an unknown level")
            case Flows():
                spans = tuple((_in_utc(starts), _in_utc(ends)) for starts, ends in value.spans)
                self._coverage.update(dict.fromkeys(self._known(value.keys), spans))
            case Agreement():
                in_utc = replace(value, starts=_in_utc(value.starts), ends=_in_utc(value.ends))
                self._entries[kind][value.id] = in_utc
            case _:
                self._entries[kind][value.id] = value
                if isinstance(value, LevelTerms):
                    self._profiles[value.id] = {}

    def _known(self, keys: Sequence[CellKey]) -> Iterator[CellKey]:
        once = self._words.setdefault
        for first, second, third, fourth in keys:
            yield once(first, first), once(second, second), once(third, third), once(fourth, fourth)


def _in_utc(moment: datetime) -> datetime:
    """Return the same moment in the zone object that the clock uses: comparing across two takes three times as long."""
    return moment.astimezone(UTC)


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    """Return what checks pieces of a kind; made once, when first needed."""
    return TypeAdapter(_KINDS[kind])
