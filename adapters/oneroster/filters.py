"""Writes the `filter` of a request, as the rostering binding 1.2 has it (section 3.4.4): two conditions at most."""

from collections.abc import Iterable

from adapters.kit.oneroster_mapping import MOST_FILTERED

QUOTE = "'"
Condition = tuple[str, str]


def filter_of(conditions: Iterable[Condition]) -> str | None:
    """Write conditions that must all hold, as many as one filter takes; None where nothing at all can be filtered by.

    What does not fit is compared when the records have come.
    """
    written = [one for one in (_condition(name, value) for name, value in conditions) if one is not None]
    return " AND ".join(written[:MOST_FILTERED]) or None


def _condition(name: str, value: str) -> str | None:
    """Write one condition. There is no way to write a quote, so a value with one is searched by a part of it."""
    if QUOTE not in value:
        return f"{name}={QUOTE}{value}{QUOTE}" if value else None
    longest = max(value.split(QUOTE), key=len).strip()
    return f"{name}~{QUOTE}{longest}{QUOTE}" if longest else None


def held_in(name: str, value: str) -> str:
    """Write that a property holds a text: nothing nearer to a beginning can be filtered by."""
    longest = max(value.split(QUOTE), key=len).strip()
    return f"{name}~{QUOTE}{longest}{QUOTE}" if longest else ""


def between(name: str, first: str, last: str) -> list[str]:
    """Write that a day lies within a span."""
    return [f"{name}>={QUOTE}{first}{QUOTE}", f"{name}<={QUOTE}{last}{QUOTE}"]


def joined(written: Iterable[str]) -> str | None:
    """Join conditions, as many as one filter takes; None where there is none."""
    return " AND ".join(list(filter(None, written))[:MOST_FILTERED]) or None
