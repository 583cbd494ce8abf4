"""Allowances: cells of the access matrix put together for people to read, and taken apart again, losing nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from hub.access.policy import Policy
from hub.access.spans import Spans

Shown = Mapping[str, Spans]
_Group = tuple[str, str, str, str]
_Alike = dict[tuple[tuple[str, ...], Spans], dict[str, set[str]]]


class Way(NamedTuple):
    """One way on which something may be seen: somebody with a level, in an agency and an area, asks a source."""

    level: str
    requester: str
    area: str
    question: str
    source: str
    purpose: str


class Access(NamedTuple):
    """One cell of the matrix: a way, and a field that may be seen on it."""

    level: str
    requester: str
    area: str
    question: str
    source: str
    purpose: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a level may see of one agency with one question: every combination of what it lists, in each of the spans.

    The classes are those of the fields. A span that ends at FOREVER has no end.
    """

    level: str
    requester: str
    question: str
    source: str
    areas: tuple[str, ...]
    purposes: tuple[str, ...]
    classes: tuple[str, ...]
    fields: tuple[str, ...]
    spans: Spans

    def accesses(self) -> Iterator[Access]:
        """Yield the cells that it stands for."""
        for area in self.areas:
            for purpose in self.purposes:
                for field in self.fields:
                    yield Access(self.level, self.requester, area, self.question, self.source, purpose, field)


def grouped(ways: Mapping[Way, Shown], policy: Policy) -> Iterator[Allowance]:
    """Yield allowances that together stand for exactly these ways of one level; no cell is in two of them."""
    groups: dict[_Group, _Alike] = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for way, shown in ways.items():
        for spans, fields in _by_spans(shown).items():
            groups[way.level, way.requester, way.question, way.source][fields, spans][way.area].add(way.purpose)
    for group in _in_order(groups, policy):
        # In an order of its own: two processes that weigh one policy must say the same.
        for (fields, spans), purposes_of in sorted(groups[group].items(), key=itemgetter(0)):
            for areas, purposes in _products(purposes_of, policy):
                yield _allowance(group, areas, purposes, fields, spans, policy)


def _allowance(  # the parts of one allowance
    group: _Group,
    areas: tuple[str, ...],
    purposes: tuple[str, ...],
    fields: tuple[str, ...],
    spans: Spans,
    policy: Policy,
) -> Allowance:
    level, requester, question, source = group
    return Allowance(
        level=level,
        requester=requester,
        question=question,
        source=source,
        areas=areas,
        purposes=purposes,
        classes=tuple(dict.fromkeys(policy.catalogue.fields[field].field_class for field in fields)),
        fields=fields,
        spans=spans,
    )


def _in_order(groups: Iterable[_Group], policy: Policy) -> list[_Group]:
    """Sort by requester's agency, question and source, each in the order of the files."""
    agencies = {agency: place for place, agency in enumerate(policy.agencies)}
    questions = {question: place for place, question in enumerate(policy.catalogue.questions)}
    return sorted(groups, key=lambda group: (agencies[group[1]], questions[group[2]], agencies[group[3]]))


def _by_spans(shown: Shown) -> Mapping[Spans, tuple[str, ...]]:
    """Put together the fields that may be seen at the same times."""
    found: dict[Spans, list[str]] = defaultdict(list)
    for field, spans in shown.items():
        found[spans].append(field)
    return {spans: tuple(fields) for spans, fields in found.items()}


def _products(purposes_of: Mapping[str, set[str]], policy: Policy) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Put together the areas that have the same purposes; both in the vocabulary's order."""
    areas_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for area in policy.catalogue.areas:
        if area in purposes_of:
            purposes = tuple(purpose for purpose in policy.catalogue.purposes if purpose in purposes_of[area])
            areas_of[purposes].append(area)
    for purposes, areas in areas_of.items():
        yield tuple(areas), purposes
