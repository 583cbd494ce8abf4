"""Searches bytes for planted values: in each width of a text, in capitals or small, and packed in the usual ways."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.forensics.canaries import PIECE, PIECE_CODE, SHORT, SHORT_CODE

NUMBER, NUMBER_CODE = "999", 7
MARKERS = {SHORT: SHORT_CODE, PIECE: PIECE_CODE, NUMBER: NUMBER_CODE}
WIDTHS = {"utf-8": 1, "utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4}
LONGEST = (len(PIECE) + PIECE_CODE) * 4

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){7,}")
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_MOST_UNPACKED = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A planted value that was found: which, how it was written, and at which offset."""

    value: str
    written: str
    at: int


class Search:
    """Looks for planted values."""

    def __init__(self, planted: Mapping[str, str]) -> None:
        """Take the values with what they are about."""
        self._known = {value.lower(): value for value in planted}
        self._markers = [
            (spelled, len(marker) + code)
            for marker, code in MARKERS.items()
            for spelled in sorted({marker, marker.lower(), marker.upper()})
        ]

    def hits(self, content: bytes) -> Iterator[Hit]:
        """Find values that are written as they are, in any width."""
        # Without its zero bytes a text has the same form in every width, and most of a memory is zero bytes.
        if not any(self._found(content.translate(None, b"\0"), "utf-8", 1)):
            return
        for encoding, width in WIDTHS.items():
            yield from self._found(content, encoding, width)

    def _found(self, content: bytes, encoding: str, width: int) -> Iterator[Hit]:
        for marker, length in self._markers:
            spelled = marker.encode(encoding)
            at = content.find(spelled)
            while at >= 0:
                text = content[at : at + length * width].decode(encoding, "replace").lower()
                if text in self._known:
                    yield Hit(value=self._known[text], written=encoding, at=at)
                at = content.find(spelled, at + 1)

    def hits_packed(self, content: bytes) -> Iterator[Hit]:
        """Find values also in what is packed within: as base64, in hexadecimal digits, or compressed."""
        yield from self.hits(content)
        for written, unpacked, at in _unpacked(content):
            yield from (Hit(value=hit.value, written=f"{written}, {hit.written}", at=at) for hit in self.hits(unpacked))


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes, int]]:
    for found in _BASE64.finditer(content):
        word = found[0].replace(b"-", b"+").replace(b"_", b"/")
        # A value may begin at any place of a run whose beginning is something else.
        for start in range(4):
            framed = word[start:]
            yield "base64", base64.b64decode(framed[: len(framed) // 4 * 4]), found.start()
    for found in _HEX.finditer(content):
        for start in range(2):
            digits = found[0][start:]
            yield "hexadecimal", binascii.unhexlify(digits[: len(digits) // 2 * 2]), found.start()
    for found in _ZLIB.finditer(content):
        try:
            # 47 lets zlib tell its own format from gzip's.
            unpacked = zlib.decompressobj(47).decompress(content[found.start() :], _MOST_UNPACKED)
        except zlib.error:
            continue
        yield "compressed", unpacked, found.start()
