"""Tables and lines of text that come from elsewhere, painted so that they fit and steer nothing."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hub.cli.printable import printable


def make_table(titles: Sequence[str], *, widths: Sequence[int] | None = None) -> Table:
    """Make an empty table that folds what does not fit and never cuts it off; widths are shares of the whole."""
    table = Table(box=SIMPLE_HEAD, expand=widths is not None, pad_edge=False, show_edge=False)
    for number, title in enumerate(titles):
        table.add_column(title, overflow="fold", ratio=widths[number] if widths else None, header_style="bold")
    return table


def cell(text: str, style: str = "") -> Text:
    """Make a cell, or part of a line, of text from elsewhere."""
    return Text(printable(text), style=style)


def lines(texts: Iterable[str]) -> Text:
    """Make a cell of several lines."""
    return Text("\n").join(cell(text) for text in texts)


def heading(console: Console, text: str) -> None:
    """Paint a heading with a blank line above it."""
    console.print()
    console.print(cell(text, "bold"))


def sentence(console: Console, text: str, style: str = "") -> None:
    """Paint a sentence, broken between words where the terminal ends."""
    console.print(cell(text, style), overflow="fold")
