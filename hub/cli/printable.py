"""Text from elsewhere, made fit for a terminal: whatever could steer the terminal is spelt out instead."""

import re
import unicodedata
from typing import Final

_BLANKS: Final = re.compile(r"[\t\n\v\f\r]+")
# Controls, format characters (turning text around, hiding it), surrogates, private and unassigned characters,
# line and paragraph separators.
_STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Written inside names of several languages, and harmless.
_JOINERS: Final = frozenset({"\u200c", "\u200d"})


def printable(text: str) -> str:
    """Keep what can be read, turn line breaks and tabs into blanks, and spell every other control as its code."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_spell, _BLANKS.sub(" ", text)))


def _spell(character: str) -> str:
    """Spell one character as itself or as its code."""
    if character in _JOINERS or unicodedata.category(character) not in _STEERING:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - where two digits end
