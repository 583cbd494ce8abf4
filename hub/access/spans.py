"""Spans of time: lists of them in order, apart from one another, and what they have in common or not."""

from collections.abc import Iterable
from datetime import UTC, datetime

from hub.access.coverage import Span

# Stands for an end that is not foreseen; what ends then is said to have no end.
FOREVER = datetime.max.replace(tzinfo=UTC)
Spans = tuple[Span, ...]


def from_on(spans: Iterable[Span], at: datetime) -> Spans:
    """Return what of any spans lies at or after an instant, in UTC, in order, those that touch made one."""
    found: list[Span] = []
    for starts, ends in sorted((max(starts, at), ends) for starts, ends in spans if ends > max(starts, at)):
        if found and starts <= found[-1][1]:
            since, until = found.pop()
            found.append((since, max(until, ends)))
        else:
            found.append((starts, ends))
    return tuple((starts.astimezone(UTC), ends.astimezone(UTC)) for starts, ends in found)


def overlap(these: Spans, those: Spans) -> Spans:
    """Return the time that two lists have in common."""
    met = ((max(one[0], two[0]), min(one[1], two[1])) for one in these for two in those)
    return tuple(sorted(span for span in met if span[0] < span[1]))


def without(these: Spans, those: Spans) -> Spans:
    """Return the time of the first list that is not in the second."""
    left = list(these)
    for starts, ends in those:
        left = [
            piece
            for since, until in left
            for piece in ((since, min(until, starts)), (max(since, ends), until))
            if piece[0] < piece[1]
        ]
    return tuple(left)
