"""Writes what a library or somebody's code gives as what JSON can hold, so that JSONPaths find it."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum

from adapters.kit.converting import number_text
from adapters.kit.errors import SourceFault, SourceFaultKind

DEEPEST = 40


def plain(value: object, depth: int = 0) -> object:
    """Write a value; raises SourceFault where it is nested so deep that it may have no end."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if depth > DEEPEST:
        raise SourceFault(SourceFaultKind.GARBAGE)
    match value:
        case Mapping():
            return {str(name): plain(inside, depth + 1) for name, inside in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(inside, depth + 1) for inside in value]
        case _:
            return _written(value)


def _written(value: object) -> str | None:
    """Write a single value; what is no value, such as bytes or an object, is nothing."""
    match value:
        case Decimal():
            return number_text(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Enum(value=str(word)):
            return word
        case _:
            return None
