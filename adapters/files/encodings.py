"""Tells in which encoding a text file is written, where the manifest says that this is to be found out."""

import codecs
import re
from pathlib import Path

from adapters.files.table import FileRefused, Refusal

DETECT = "detect"
PIECE = 1024 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = "cp1252"
_LETTERS_OF_UTF_8 = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]")


def encoding_of(file: Path) -> str:
    """Find a file's encoding: its mark, else UTF-8 if all of it is, else Windows-1252; raises FileRefused in doubt.

    Text in Windows-1252 is hardly ever UTF-8 by chance. But a file of which one part is UTF-8 and another is not, as
    when two exports were joined, has no one encoding: read as Windows-1252 it would turn names into others.
    """
    with file.open("rb") as opened:
        beginning = opened.read(4)
        for mark, encoding in MARKS:
            if beginning.startswith(mark):
                return encoding
        opened.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        is_utf_8, has_its_letters = True, False
        while piece := opened.read(PIECE):
            has_its_letters = has_its_letters or _LETTERS_OF_UTF_8.search(piece) is not None
            is_utf_8 = is_utf_8 and _decodes(decoder, piece)
    if is_utf_8 and _decodes(decoder, b"", final=True):
        return "utf-8"
    if has_its_letters:
        raise FileRefused(Refusal.NOT_TEXT)
    return WESTERN


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True
