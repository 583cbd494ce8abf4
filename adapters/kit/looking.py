"""Decides by which keys a person is looked for in a record set, and how the system writes them."""

from collections.abc import Iterator, Mapping
from datetime import date

from sharing.v1.links_pb2 import Looking as AskedLooking
from sharing.v1.records_pb2 import PersonKeys

from adapters.kit.mapping import IDENTIFIER_KEYS, NAME_KEYS, Key, Wider
from adapters.kit.nearness import COMPARED, MOST_PEOPLE, Near, Width
from adapters.kit.reader import Looking, Match


def ways_to_look(mapped: Mapping[str, Key], person: PersonKeys, *, with_shielded: bool = False) -> tuple[Match, ...]:
    """List what to try, in order: every strong identifier, then the names; empty when no key can be used."""
    ways = _ways(mapped, person)
    return tuple(Match(looking=looking, wanted=wanted, with_shielded=with_shielded) for looking, wanted in ways)


def _ways(mapped: Mapping[str, Key], person: PersonKeys) -> Iterator[tuple[Looking, tuple[tuple[str, str], ...]]]:
    strong = tuple(
        (name, number) for name in IDENTIFIER_KEYS if name in mapped and _is_text(number := _number(person, name))
    )
    if strong:
        yield Looking.ANY, strong
    names = tuple((name, getattr(person, name).strip()) for name in NAME_KEYS if name in mapped)
    if len(names) == len(NAME_KEYS) and all(_is_text(value) for _, value in names) and _is_day(person.date_of_birth):
        yield Looking.ALL, names


def wider_ways(
    wider: Wider | None, person: PersonKeys, asked: AskedLooking, *, with_shielded: bool = False
) -> tuple[Match, ...]:
    """List what else to try where nothing was found, as wide as both the hub and the manifest say; at most four ways.

    Each asks the system by a few keys, and what comes back must be near to who is asked about.
    """
    if wider is None or asked.width < Width.NORMALISED:
        return ()
    texts = tuple(getattr(person, name).strip() for name in COMPARED)
    width = min(Width[wider.width.upper()], Width(asked.width))
    near = Near(width=width, asked=texts, most_people=min(asked.most_people or MOST_PEOPLE, MOST_PEOPLE))
    ways = [tuple((name, getattr(person, name).strip()) for name in way) for way in wider.by]
    return tuple(
        Match(looking=Looking.ALL, wanted=wanted, with_shielded=with_shielded, near=near)
        for wanted in ways
        if all(_is_text(value) and (name != "date_of_birth" or _is_day(value)) for name, value in wanted)
    )


def as_written(key: Key, value: str) -> str:
    """Write a key's value as the system writes it."""
    if key.written is not None and key.written.count("#") == len(value):
        characters = iter(value)
        return "".join(next(characters) if place == "#" else place for place in key.written)
    if key.date is not None:
        return date.fromisoformat(value).strftime(key.date)
    return value


def _number(person: PersonKeys, name: str) -> str:
    """Give a number; of those that agencies give, an adapter is told its own agency's alone."""
    if name == "local_number":
        return person.local_numbers[0].number if person.local_numbers else ""
    return str(getattr(person, name))


def _is_text(value: str) -> bool:
    """Tell whether there is something to look for; no system holds control characters, and some fail over them."""
    return bool(value) and all(mark >= " " for mark in value)


def _is_day(value: str) -> bool:
    if len(value) != len("2012-03-07"):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
