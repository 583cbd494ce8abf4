"""Searches what a hub leaves outside its memory: its data, its log, its folder for temporary files."""

from collections.abc import Iterable
from pathlib import Path

from tests.forensics.searching import Search


def hits_in_files(places: Iterable[Path], search: Search) -> dict[str, list[str]]:
    """Return, for every file that holds planted values, which ones and how they are written."""
    found = {}
    for place in places:
        for file in [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file()):
            hits = {f"{hit.value} ({hit.written})" for hit in search.hits_packed(file.read_bytes())}
            if hits:
                found[file.name] = sorted(hits)
    return found
