"""Passwords that everybody tries first: the commonest ones, as they are and in the usual disguises."""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

FILE = Path(__file__).with_name("blocklist.txt")
DIGEST_BYTES = 8
SHORTEST_UNIT = 4

_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_GAPS = re.compile(r"[\W_]+")
# A 1 stands for i as well as for l, so there are two readings.
_READINGS = (str.maketrans("013457@$!", "oieastasi"), str.maketrans("013457@$!", "oleastasl"))
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)
_RUNS = tuple(run for row in _ROWS for run in (row * 2, row[::-1] * 2))


@dataclass(frozen=True, slots=True, repr=False)
class Blocklist:
    """Tells whether a password is one of the commonest; holds truncated digests, never words."""

    digests: Collection[bytes]

    @classmethod
    def shipped(cls, file: Path = FILE) -> Self:
        """Read the list that comes with the project; .ci/blocklist.py says how it was made."""
        lines = file.read_text(encoding="ascii").splitlines()
        return cls(frozenset(bytes.fromhex(line) for line in lines if not line.startswith("#")))

    def has(self, password: str) -> bool:
        """Tell whether a password is common, or is a common one repeated, disguised or with digits and signs around."""
        return any(_is_mere_pattern(form) or _digest(form) in self.digests for form in forms(password))


def forms(password: str) -> Iterator[str]:
    """Yield what a password comes down to: without its case, ends, gaps, disguise and repetitions, in every order."""
    found: set[str] = set()
    waiting = [password.casefold()]
    while waiting:
        form = waiting.pop()
        if form and form not in found:
            found.add(form)
            waiting += [_ENDS.sub("", form), _GAPS.sub("", form), _unit(form)]
            waiting += [form.translate(reading) for reading in _READINGS]
    yield from found


def _is_mere_pattern(form: str) -> bool:
    """Tell whether a form is a run along the alphabet, the digits or a keyboard, or a few characters over and over."""
    return len(form) >= SHORTEST_UNIT and (any(form in run for run in _RUNS) or len(_unit(form)) < SHORTEST_UNIT)


def _unit(form: str) -> str:
    """Return what a form repeats, the last time perhaps not to its end; the form itself when it repeats nothing."""
    for length in range(1, len(form) // 2 + 1):
        unit = form[:length]
        if form == (unit * (len(form) // length + 1))[: len(form)]:
            return unit
    return form


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()[:DIGEST_BYTES]
