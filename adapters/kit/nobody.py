"""Invents nobody: keys that are written as real ones are, and that no person has."""

from collections.abc import Iterator, Mapping

from adapters.kit.mapping import IDENTIFIER_KEYS, NAME_KEYS, Key
from adapters.kit.reader import Looking, Match

# The check digits of both are wrong, so nobody was ever given one of them.
NOBODY: Mapping[str, str] = {
    "nhs_number": "9999999998",
    "upn": "A999999999999",
    "uln": "9999999990",
    "local_number": "0-NOBODY-0",
    "postcode": "ZZ99 9ZZ",
    "family_name": "Nobody-Adapter-Check",
    "given_name": "Nobody",
    "date_of_birth": "1900-01-01",
}


def ways_to_nobody(mapped: Mapping[str, Key]) -> Iterator[Match]:
    """Look for nobody in each way in which a source is asked about somebody: by each identifier, and by the names."""
    for name in IDENTIFIER_KEYS:
        if name in mapped:
            yield Match(looking=Looking.ANY, wanted=((name, NOBODY[name]),))
    if all(name in mapped for name in NAME_KEYS):
        yield Match(looking=Looking.ALL, wanted=tuple((name, NOBODY[name]) for name in NAME_KEYS))


def named(way: Match) -> str:
    """Name the keys of a way to look."""
    return " and ".join(f"`{name}`" for name, _ in way.wanted)
