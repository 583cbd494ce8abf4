"""Agreements in the form in which they are looked up: when what may flow from one agency to another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import permutations

from hub.model.policy import Agreement

Span = tuple[datetime, datetime]
Flow = tuple[str, str, str, str]
Coverage = Mapping[Flow, tuple[Span, ...]]


def compile_coverage(agreements: Iterable[Agreement]) -> Coverage:
    """Map (requester's agency, source agency, purpose, field class) to the spans of time that agreements cover."""
    spans: dict[Flow, list[Span]] = defaultdict(list)
    for agreement in agreements:
        for requester, source in permutations(agreement.parties, 2):
            for purpose in agreement.purposes:
                for field_class in agreement.classes:
                    spans[requester, source, purpose, field_class].append((agreement.starts, agreement.ends))
    return {flow: tuple(sorted(found)) for flow, found in spans.items()}


def covered(spans: Iterable[Span], at: datetime) -> bool:
    """Tell whether one of the spans holds the instant; a span ends at, and does not hold, its last instant."""
    return any(starts <= at < ends for starts, ends in spans)
