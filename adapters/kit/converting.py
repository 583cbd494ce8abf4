"""Turns the values of a back-office system into the plain text of the catalogue."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from adapters.kit.mapping import ISO, Conversion

Convert = Callable[[str], str]
LONGEST_CELL = 2000
RECORD_DATE = "record_date"
ALWAYS_DATES = frozenset({"date_of_birth", RECORD_DATE})
WITHOUT_BLANKS = frozenset({"nhs_number"})
ISO_DAY = len("2026-01-31")


def as_text(value: object) -> str:
    """Write a value as plain text: dates as YYYY-MM-DD, numbers without exponent, nothing as an empty text."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if type(value) is date:
        return value.isoformat()
    return _other_text(value)


def _other_text(value: object) -> str:
    match value:
        case float() | Decimal():
            text = number_text(Decimal(repr(value)) if isinstance(value, float) else value)
        case datetime():
            text = value.date().isoformat()
        case date():
            text = value.isoformat()
        case None | bytes() | bytearray() | memoryview() | dict() | list() | timedelta():
            text = ""
        case _:
            text = str(value).strip()
    return text


def number_text(number: Decimal) -> str:
    """Write a number without exponent, but for one that a few letters would make longer than any memory."""
    return format(number, "f") if abs(number.adjusted()) <= LONGEST_CELL else str(number)


def conversion(field: str, part: Conversion) -> Convert | None:
    """Choose what is done to the text of a catalogue field; None where nothing is."""
    if part.values is not None:
        return _code({code.strip().casefold(): value for code, value in part.values.items()}, part.otherwise)
    if part.date is not None:
        return _day(tuple(part.date))
    if field in ALWAYS_DATES:
        return _day((ISO,))
    if field in WITHOUT_BLANKS:
        return _without_blanks
    return None


def harmless(cell: str) -> str:
    """Put a blank for control characters, which could forge a screen or a log, and cut what is too long, showing that.

    The hub would drop such a value whole.
    """
    if not cell.isprintable():
        cell = " ".join("".join(mark if mark.isprintable() else " " for mark in cell).split())
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - 1] + "…"


def _code(codes: dict[str, str], otherwise: str | None) -> Convert:
    rest = otherwise or ""
    empty = codes.get("", "")

    def convert(text: str) -> str:
        return codes.get(text.casefold(), rest) if text else empty

    return convert


def _iso_day(text: str) -> str:
    """Read the day of an ISO date or time."""
    try:
        return date.fromisoformat(text[:ISO_DAY]).isoformat()
    except ValueError:
        return ""


def _day(ways: tuple[str, ...]) -> Convert:
    if ways == (ISO,):
        return _iso_day

    def convert(text: str) -> str:
        if not text:
            return ""
        for way in ways:
            try:
                found = date.fromisoformat(text[:ISO_DAY]) if way == ISO else datetime.strptime(text, way).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
            return found.isoformat()
        return ""

    return convert


def _without_blanks(text: str) -> str:
    return text if text.isalnum() else "".join(text.split()).replace("-", "")
