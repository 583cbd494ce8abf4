"""The access matrix: who may see what of whom for which purpose, and when; exact, finite, from an instant on."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from hub.access.allowances import Access, Allowance, Shown, Way, grouped
from hub.access.compile import identity_classes
from hub.access.coverage import Flow, compile_coverage
from hub.access.policy import Policy
from hub.access.spans import FOREVER, Spans, from_on, overlap
from hub.model.policy import LevelKind, LevelTerms

_Alike = tuple[str, str, str, str, frozenset[str]]


class Matrix:
    """Works out the matrix of one policy, level by level, so that a large one need never be held whole."""

    def __init__(self, policy: Policy, at: datetime) -> None:
        """Take the policy and the instant from which on it is looked at, which must carry its zone."""
        if at.tzinfo is None:
            raise ValueError("the instant has no zone")
        self.policy = policy
        self._always = from_on([(at, FOREVER)], at)
        self._identity = identity_classes(policy.catalogue)
        coverage = compile_coverage(policy.agreements.values())
        self._flows: Mapping[Flow, Spans] = {flow: from_on(spans, at) for flow, spans in coverage.items()}
        # Most cells are like others in what can be seen and when; they share one answer.
        self._known: dict[_Alike, Shown] = {}

    def ways(self, level_id: str) -> Mapping[Way, Shown]:
        """Map every way on which a level may see something to the fields that it may see, each with its spans.

        Offices are in one area each. An office in several may see what it could see in each of them, at the same time,
        so that nothing is opened to it that is not in the matrix already.
        """
        level = self.policy.levels.get(level_id)
        if level is None or level.kind is LevelKind.ABSTRACT:
            return {}
        ways: dict[Way, Shown] = {}
        for requester, areas in self._held_in(level):
            for (question, source, purpose, area), classes in self.policy.profiles[level_id].classes.items():
                if area in areas:
                    shown = self._shown((requester, source, purpose, question, classes))
                    if shown:
                        ways[Way(level_id, requester, area, question, source, purpose)] = shown
        return ways

    def _held_in(self, level: LevelTerms) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield the agencies in which a level can be held, with their areas."""
        for agency in self.policy.agencies.values():
            if level.agency in {None, agency.id}:
                yield agency.id, frozenset(agency.areas)

    def _shown(self, alike: _Alike) -> Shown:
        if alike not in self._known:
            self._known[alike] = self._work_out(*alike)
        return self._known[alike]

    def _work_out(self, requester: str, source: str, purpose: str, question: str, classes: frozenset[str]) -> Shown:
        """Find when each field may be seen: never unless all that says who a person is may be told as well."""
        if not self._identity <= classes:
            return {}
        own = requester == source
        spans = {
            found: self._always if own else self._flows.get((requester, source, purpose, found), ())
            for found in classes
        }
        named = self._always
        for found in self._identity:
            named = overlap(named, spans[found])
        catalogue = self.policy.catalogue
        shown = {
            field: overlap(named, spans.get(catalogue.fields[field].field_class, ()))
            for field in catalogue.questions[question].fields
        }
        return {field: when for field, when in shown.items() if when}


def matrix(policy: Policy, at: datetime) -> Mapping[Access, Spans]:
    """Return every access that holds at an instant or later, with the spans of time in which it does."""
    whole = Matrix(policy, at)
    return {
        Access(*way, field): spans
        for level in policy.levels
        for way, shown in whole.ways(level).items()
        for field, spans in shown.items()
    }


def matrix_rows(policy: Policy, at: datetime) -> tuple[Allowance, ...]:
    """Return the same matrix for people to read: grouped by level, question and agency, losing nothing."""
    whole = Matrix(policy, at)
    return tuple(allowance for level in policy.levels for allowance in grouped(whole.ways(level), policy))
