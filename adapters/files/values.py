"""Looks, for `adapter check`, at the values of files and at who may change the files; tells no value."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from adapters.kit.findings import READ_ONLY
from adapters.kit.manifest import FileRecords
from adapters.kit.reader import Finding
from adapters.kit.values_check import MOST_VALUES, check_values, places_to_see

ANYBODY_WRITES = 0o002


def check_columns(name: str, records: FileRecords, cells_of: Callable[[str], Iterable[str]]) -> list[Finding]:
    """Compare the first values of each column with the mapping; `cells_of` gives a mapped column's cells."""
    seen = {place: _first(cells_of(place)) for place in places_to_see(records)}
    return check_values(name, records, seen)


def check_writers(folder: Path, files: Iterable[str]) -> list[Finding]:
    """Say where anybody on this machine could change what is told of people."""
    changeable = [file for file in (Path(), *map(Path, files)) if _anybody_writes(folder / file)]
    if not changeable:
        return [READ_ONLY.ok("files are opened for reading only, and not anybody may change them")]
    named = ", ".join(f"`{folder / file}`" for file in changeable)
    paths = " ".join(str(folder / file) for file in changeable)
    return [READ_ONLY.note(f"anybody on this machine may change {named}", f"Run: chmod o-w {paths}")]


def _anybody_writes(file: Path) -> bool:
    return file.exists() and bool(file.stat().st_mode & ANYBODY_WRITES)


def _first(cells: Iterable[str]) -> Sequence[str]:
    texts = (text for cell in cells if (text := cell.strip()))
    return [text for text, _ in zip(texts, range(MOST_VALUES), strict=False)]
