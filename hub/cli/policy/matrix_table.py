"""The access matrix for people: a table for each office, or one file for a spreadsheet."""

import csv
from itertools import groupby
from typing import Final, TextIO

from rich.console import Console

from hub.cli.policy.weighed import Document, Row, documents
from hub.cli.printable import printable
from hub.cli.tables import cell, heading, lines, make_table, sentence

_COLUMNS: Final = (
    "level",
    "level_title",
    "requester",
    "areas",
    "question",
    "source",
    "purposes",
    "classes",
    "fields",
    "from",
    "until",
)
# A spreadsheet takes a cell that begins so for a formula.
_FORMULAE: Final = ("=", "+", "-", "@")


def show_matrix(console: Console, matrix: Document) -> None:
    """Paint who may ask what of whom, for which purpose, and sees which classes until when."""
    rows = [Row.read(said) for said in documents(matrix, "rows")]
    if not rows:
        sentence(console, "Nobody may ask anything.")
    for office, held in groupby(rows, key=lambda row: row.office):
        heading(console, office)
        table = make_table(("Question, and of whom", "For", "Sees", "When (UTC)"))
        for row in held:
            asked = lines([row.question, f"of {row.source}"])
            table.add_row(asked, lines(row.purposes), lines(row.classes), cell(row.when))
        console.print(table)


def write_matrix(file: TextIO, matrix: Document) -> None:
    """Write the matrix as CSV, a line for each row and span; lists are separated by blanks."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in (Row.read(said) for said in documents(matrix, "rows")):
        for start, end in row.spans:
            lists = (row.areas, row.purposes, row.classes, row.fields)
            areas, purposes, classes, fields = (" ".join(listed) for listed in lists)
            cells = (row.level, row.title, row.requester, areas, row.question, row.source, purposes, classes, fields)
            writer.writerow([_harmless(one) for one in (*cells, start, end)])


def _harmless(text: str) -> str:
    """Make a cell that neither steers a terminal nor is taken for a formula."""
    return printable(f"'{text}" if text.startswith(_FORMULAE) else text)
