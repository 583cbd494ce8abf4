"""Days and moments as they are typed, in milliseconds since 1970."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from hub.cli.errors import CommandError

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def beginning(typed: str) -> int:
    """Read when a span begins: a day means its first moment in UTC; 0 for nothing."""
    return _milliseconds(typed, 0)


def ending(typed: str) -> int:
    """Read before when a span ends: a day belongs to it whole; 0 for nothing."""
    return _milliseconds(typed, 1)


def _milliseconds(typed: str, days: int) -> int:
    if not typed:
        return 0
    try:
        if _DAY.fullmatch(typed):
            moment = datetime.combine(date.fromisoformat(typed), datetime.min.time(), tzinfo=UTC) + timedelta(days=days)
        else:
            moment = datetime.fromisoformat(typed)
    except (ValueError, OverflowError):
        raise _unfit(typed) from None
    if moment.tzinfo is None or moment < _START:
        raise _unfit(typed)
    return (moment - _START) // timedelta(milliseconds=1)


def _unfit(typed: str) -> CommandError:
    mend = "Write it like 2027-01-31, or like 2027-01-31T06:00:00+00:00."
    return CommandError("MOMENT_INVALID", f"“{typed}” is neither a day nor a moment with its zone.", mend=mend)
