"""Decides by which keys a person is looked for in a record set, and how the system writes them."""

from collections.abc import Iterator, Mapping
from datetime import date

from sharing.v1.records_pb2 import PersonKeys

from adapters.kit.mapping import IDENTIFIER_KEYS, NAME_KEYS, Key
from adapters.kit.reader import Looking, Match


def ways_to_look(mapped: Mapping[str, Key], person: PersonKeys, *, with_shielded: bool = False) -> tuple[Match, ...]:
    """List what to try, in order: every strong identifier, then the names; empty when no key can be used."""
    ways = _ways(mapped, person)
    return tuple(Match(looking=looking, wanted=wanted, with_shielded=with_shielded) for looking, wanted in ways)


def _ways(mapped: Mapping[str, Key], person: PersonKeys) -> Iterator[tuple[Looking, tuple[tuple[str, str], ...]]]:
    strong = tuple(
        (name, getattr(person, name)) for name in IDENTIFIER_KEYS if name in mapped and _is_text(getattr(person, name))
    )
    if strong:
        yield Looking.ANY, strong
    names = tuple((name, getattr(person, name).strip()) for name in NAME_KEYS if name in mapped)
    if len(names) == len(NAME_KEYS) and all(_is_text(value) for _, value in names) and _is_day(person.date_of_birth):
        yield Looking.ALL, names


def as_written(key: Key, value: str) -> str:
    """Write a key's value as the system writes it."""
    if key.written is not None and key.written.count("#") == len(value):
        characters = iter(value)
        return "".join(next(characters) if place == "#" else place for place in key.written)
    if key.date is not None:
        return date.fromisoformat(value).strftime(key.date)
    return value


def _is_text(value: str) -> bool:
    """Tell whether there is something to look for; no system holds control characters, and some fail over them."""
    return bool(value) and all(mark >= " " for mark in value)


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
