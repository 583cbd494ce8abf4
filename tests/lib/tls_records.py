"""Where one TLS record ends and the next begins, seen from outside: nothing is read but the five bytes before each."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

HEADER_BYTES = 5


class Kind(IntEnum):
    """Is what a record says of itself; from the first key on, all but the end of the old one say APPLICATION."""

    CHANGE_CIPHER = 20
    ALERT = 21
    HANDSHAKE = 22
    APPLICATION = 23


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some bytes of one record, as they came: `size` is all of it, `number` counts those of one kind from 1."""

    content: bytes
    kind: int
    number: int
    size: int
    begins: bool
    ends: bool


class Records:
    """Cuts one direction of a connection where its records end; what is no TLS comes out in pieces like any other."""

    def __init__(self) -> None:
        """Start before the first record."""
        self._header = b""
        self._left = 0
        self._size = 0
        self._kind = 0
        self._counts: dict[int, int] = {}

    def cut(self, received: bytes) -> Iterator[Piece]:
        """Yield what was received in pieces, none of which holds bytes of two records."""
        while received:
            if not self._left and len(self._header) < HEADER_BYTES:
                begins = not self._header
                taken, received = self._take_header(received)
                if len(self._header) == HEADER_BYTES and begins and received:
                    rest, received = received[: self._left], received[self._left :]
                    self._left -= len(rest)
                    taken += rest
                yield self._piece(taken, begins=begins)
            else:
                taken, received = received[: self._left], received[self._left :]
                self._left -= len(taken)
                yield self._piece(taken, begins=False)

    def _take_header(self, received: bytes) -> tuple[bytes, bytes]:
        missing = HEADER_BYTES - len(self._header)
        taken, rest = received[:missing], received[missing:]
        self._header += taken
        if len(self._header) == HEADER_BYTES:
            self._kind = self._header[0]
            self._left = int.from_bytes(self._header[3:])
            self._size = HEADER_BYTES + self._left
            self._counts[self._kind] = self._counts.get(self._kind, 0) + 1
        return taken, rest

    def _piece(self, content: bytes, *, begins: bool) -> Piece:
        ends = len(self._header) == HEADER_BYTES and not self._left
        if ends:
            self._header = b""
        number = self._counts.get(self._kind, 0)
        return Piece(content=content, kind=self._kind, number=number, size=self._size, begins=begins, ends=ends)
