"""Tables as text: columns between bars, the first line their names."""

from collections.abc import Iterable, Mapping, Sequence

Row = Mapping[str, str]


def read(text: str) -> list[dict[str, str]]:
    """Read a table; cells that are empty or not written are left out."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    if not lines:
        return []
    names = lines[0]
    if any(len(cells) > len(names) for cells in lines):
        raise ValueError("a row has more cells than there are columns")
    return [{name: cell for name, cell in zip(names, cells, strict=False) if cell} for cells in lines[1:]]


def columns(rows: Iterable[Row], order: Sequence[str]) -> list[str]:
    """Return the columns in which some row has something, in a given order."""
    used = {name for row in rows for name in row}
    return [name for name in order if name in used] + sorted(used - set(order))


def markdown(rows: Sequence[Row], order: Sequence[str]) -> str:
    """Write a table for a page of documentation."""
    names = columns(rows, order)
    cells = [names, *([row.get(name, "") for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])
