"""Values that occur nowhere else, worked out from who they are about, so that every process knows the same ones."""

import base64
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

# A short value has 7 characters: the allocator spares the last 8 bytes of a block, and this one would hide there.
SHORT, SHORT_CODE = "Qz", 5
# A long value is made of pieces that are known one by one, so that what is left of half of it is found too.
PIECE, PIECE_CODE = "Zk7", 8
PIECES = 4
# Python keeps text in one, two or four bytes a character, by the widest of it.
WIDENING = ("", " ŵ", " \N{HATCHING CHICK}")


class Kind(StrEnum):
    """Says what a planted value looks like."""

    SHORT = "short"
    LONG = "long"
    NUMBER = "number"


@dataclass(slots=True, kw_only=True)
class Canaries:
    """Hands values out and remembers them; two with one seed hand out the same."""

    seed: str = field(default_factory=lambda: secrets.token_hex(8))
    planted: dict[str, str] = field(default_factory=dict, repr=False)

    def short(self, *about: str) -> str:
        """Plant a value of 7 characters."""
        return self._note(SHORT + self._code(SHORT_CODE, *about), *about)

    def long(self, *about: str) -> str:
        """Plant free text."""
        pieces = [PIECE + self._code(PIECE_CODE, *about, str(number)) for number in range(PIECES)]
        for piece in pieces:
            self._note(piece, *about)
        return " ".join(pieces) + WIDENING[len("".join(about)) % len(WIDENING)]

    def number(self, value: str, *about: str) -> str:
        """Remember an NHS number; all of them begin with 999."""
        return self._note(value, *about)

    def kind_of(self, value: str) -> Kind:
        """Tell what a planted value looks like."""
        if value.isdigit():
            return Kind.NUMBER
        return Kind.SHORT if value.startswith(SHORT) else Kind.LONG

    def _code(self, length: int, *about: str) -> str:
        digest = hashlib.blake2b("|".join((self.seed, *about)).encode()).digest()
        return base64.b32encode(digest).decode().lower()[:length]

    def _note(self, value: str, *about: str) -> str:
        self.planted[value] = "/".join(about)
        return value


def values_in(text: str) -> Iterator[str]:
    """Yield the values of which a planted text is made."""
    for word in text.split():
        if word.startswith((SHORT, PIECE)) or (word.isdigit() and word.startswith("999")):
            yield word
