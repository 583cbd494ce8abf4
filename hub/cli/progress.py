"""What people see while the agencies answer: a table that fills on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeAlias

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text
from sharing.v1 import questions_pb2

from hub.cli.tables import cell, make_table
from hub.client.assembling import read_outcome
from hub.client.words import outcome_words
from hub.model.outcome import Outcome

_Cells: TypeAlias = tuple[Text, Text]

_COLOURS = {Outcome.HELD: "green", Outcome.NO_ANSWER: "bold red"}


class Progress(Protocol):
    """Takes the parts of an answer as they arrive."""

    def add(self, part: questions_pb2.AnswerPart) -> None:
        """Show what the part tells about agencies."""


class SilentProgress:
    """Shows nothing: a program reads."""

    def add(self, part: questions_pb2.AnswerPart) -> None:
        """Show nothing."""


class LineProgress:
    """Prints one line for each agency, for files and pipes."""

    def __init__(self, console: Console) -> None:
        """Take the console to print to."""
        self._console = console
        self._titles: dict[str, str] = {}

    def add(self, part: questions_pb2.AnswerPart) -> None:
        """Print a line for each agency of the part."""
        self._titles.update({choice.id: choice.title for choice in part.opening.planned})
        for agency in part.agencies:
            outcome = read_outcome(agency, self._titles.get(agency.agency, ""))
            said = outcome_words(outcome, is_indicated=part.HasField("indicator"))
            words = f"{outcome.title} {said} ({outcome.elapsed_ms} ms)"
            self._console.print(cell(words), soft_wrap=True)


class TableProgress:
    """Keeps a table of the planned agencies up to date, for a terminal."""

    def __init__(self, live: Live) -> None:
        """Take the live display to paint in."""
        self._live = live
        self._titles: dict[str, str] = {}
        self._answered: dict[str, _Cells] = {}

    def add(self, part: questions_pb2.AnswerPart) -> None:
        """Fill in the outcomes that the part brings."""
        self._titles.update({choice.id: choice.title or choice.id for choice in part.opening.planned})
        for agency in part.agencies:
            outcome = read_outcome(agency, self._titles.get(agency.agency, ""))
            said = outcome_words(outcome, is_indicated=part.HasField("indicator"))
            words = cell(said, _COLOURS.get(outcome.outcome, "yellow"))
            self._answered[agency.agency] = words, cell(str(outcome.elapsed_ms))
        self._live.update(self._table(), refresh=True)

    def _table(self) -> Table:
        table = make_table(("Agency", "Answer", "ms"))
        for agency, title in self._titles.items():
            table.add_row(cell(title), *self._answered.get(agency, (cell("…", "dim"), cell(""))))
        return table


@contextmanager
def show_progress(console: Console | None) -> Iterator[Progress]:
    """Choose how progress is shown: not at all without a console."""
    if console is None:
        yield SilentProgress()
    elif console.is_terminal and not console.is_dumb_terminal:
        with Live(console=console, auto_refresh=False, transient=True) as live:
            yield TableProgress(live)
    else:
        yield LineProgress(console)
        console.print()
