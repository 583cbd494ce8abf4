"""Reads moments and spans of time as people type them."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

import typer

_SPAN = re.compile(r"([1-9][0-9]{0,4})\s*(d|w|m|y)")


def moment_before(now: datetime, span: str, option: str) -> datetime:
    """Return the moment so many days (`30d`), weeks (`6w`), months (`18m`) or years (`7y`) before another."""
    match = _SPAN.fullmatch(span.strip().lower())
    if match is None:
        raise typer.BadParameter("write it as in 30d, 6w, 18m or 7y", param_hint=option)
    count, unit = int(match[1]), match[2]
    try:
        if unit in "dw":
            return now - timedelta(days=count * (7 if unit == "w" else 1))
        return _months_before(now, count * (12 if unit == "y" else 1))
    except (OverflowError, ValueError):
        raise typer.BadParameter("that is before the calendar begins", param_hint=option) from None


def moment_of(now: datetime, text: str, option: str) -> int:
    """Read a day (`2026-11-24`), a moment (`2026-11-24T09:30`), both in UTC unless they say so, or a span before now.

    Returns milliseconds since 1970-01-01T00:00:00Z.
    """
    if _SPAN.fullmatch(text.strip().lower()):
        return milliseconds(moment_before(now, text, option))
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter("write a day as in 2026-11-24, or a span as in 7d", param_hint=option) from None
    return milliseconds(found if found.tzinfo is not None else found.replace(tzinfo=UTC))


def milliseconds(at: datetime) -> int:
    """Count milliseconds since 1970-01-01T00:00:00Z."""
    return int(at.timestamp() * 1_000)


def _months_before(now: datetime, months: int) -> datetime:
    """Go back whole months; where the month has no such day, to its last."""
    index = now.year * 12 + now.month - 1 - months
    year, month = divmod(index, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
