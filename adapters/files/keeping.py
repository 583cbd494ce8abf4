"""Keeps of each row what is mapped, and each different text once, so that a large file stays small in memory."""

from collections.abc import Collection, Iterable, Sequence

from adapters.files.table import MOST_TABLE_ROWS, FileRefused, Refusal


def kept_columns(header: Sequence[str], wanted: Collection[str]) -> tuple[str, ...]:
    """List the columns that are kept, in the file's own order."""
    return tuple(name for name in header if name in wanted)


def kept_rows(header: Sequence[str], kept: Sequence[str], rows: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Keep the named columns of rows; raises FileRefused where there are more rows than memory is meant for."""
    places = [header.index(name) for name in kept]
    seen: dict[str, str] = {}
    taken: list[tuple[str, ...]] = []
    for row in rows:
        if len(taken) == MOST_TABLE_ROWS:
            raise FileRefused(Refusal.TOO_LARGE)
        taken.append(tuple([seen.setdefault(row[place], row[place]) for place in places]))
    return taken
