"""Finds the cells of a sheet that hold an error, or a formula that nobody has worked out.

The library gives both as empty. An empty cell says nothing, so that an objection behind `#REF!` would be none; what is
in doubt must stay a doubt.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

ERROR = "#ERROR"
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
PIECE, OVERLAP = 1024 * 1024, 64
LETTERS = 26
_SUSPECT = re.compile(rb"""\st\s*=\s*["']e["']|<(?:\w+:)?f[\s/>]""")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

Position = tuple[int, int]


def faulty_cells(archive: ZipFile, sheet: str) -> frozenset[Position]:
    """List the faulty cells of a sheet by row and column, both counted from 0."""
    part = part_of(archive, sheet)
    with archive.open(part) as opened:
        if not _has_suspects(opened):
            return frozenset()
    with archive.open(part) as opened:
        return frozenset(_faulty(opened))


def part_of(archive: ZipFile, sheet: str) -> str:
    """Find the part of the archive that holds a sheet; raises LookupError."""
    ids = {
        one.get("name"): next(value for name, value in one.items() if name.endswith("}id"))
        for one in _parsed(archive, WORKBOOK).iter()
        if one.tag.endswith("}sheet")
    }
    targets = {one.get("Id"): one.get("Target", "") for one in _parsed(archive, RELATIONS)}
    return posixpath.normpath(posixpath.join("/xl", targets[ids[sheet]])).lstrip("/")


def _parsed(archive: ZipFile, part: str) -> ET.Element:
    return ET.fromstring(archive.read(part))  # noqa: S314  the agency's own file, and expat bounds what grows


def _has_suspects(opened: IO[bytes]) -> bool:
    """Tell quickly whether a sheet has errors or formulas at all; most have none."""
    rest = b""
    while piece := opened.read(PIECE):
        if _SUSPECT.search(rest + piece):
            return True
        rest = piece[-OVERLAP:]
    return False


def _faulty(opened: IO[bytes]) -> Iterator[Position]:
    for _, element in ET.iterparse(opened):  # noqa: S314  as above
        if element.tag in (f"{MAIN}row", f"{STRICT}row"):
            yield from (_position(cell) for cell in element if _is_faulty(cell))
            element.clear()


def _is_faulty(cell: ET.Element) -> bool:
    inside = {part.tag.rpartition("}")[2]: part for part in cell}
    value = inside.get("v")
    return cell.get("t") == "e" or ("f" in inside and (value is None or not value.text) and cell.get("t") != "str")


def _position(cell: ET.Element) -> Position:
    match = _PLACE.fullmatch(cell.get("r", ""))
    if match is None:
        raise LookupError
    column = 0
    for letter in match[1]:
        column = column * LETTERS + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
