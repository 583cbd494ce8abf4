"""Moments as the contract carries them, in milliseconds since 1970, spelt for documents."""

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Final

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


def spell_moment(milliseconds: int) -> str | None:
    """Spell a moment in ISO 8601 with the Z of UTC; None for zero, which means unsaid, and for what no calendar has."""
    if milliseconds <= 0:
        return None
    try:
        moment = _START + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def spell_for_people(milliseconds: int) -> str:
    """Spell a moment to the second, in UTC, as people read it."""
    spelt = spell_moment(milliseconds)
    return spelt.partition(".")[0].replace("T", " ") if spelt else "an unknown time"


def month_words(day: str) -> str:
    """Say in which month a day (YYYY-MM-DD) was; what is no day stays as it is."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{calendar.month_name[found.month]} {found.year}"


def day_words(day: str) -> str:
    """Say a day (YYYY-MM-DD) in words; what is no day stays as it is."""
    try:
        return f"{date.fromisoformat(day).day} {month_words(day)}"
    except ValueError:
        return day
