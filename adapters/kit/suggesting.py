"""Suggests the word that was probably meant."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

MOST_LISTED = 12
LEAST_SHARED = 3
HALF = 0.5
_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# What people shorten, in the names of columns and tables.
LONG_FORMS: Mapping[str, str] = {
    "dob": "date of birth",
    "birth": "date of birth",
    "forename": "given name",
    "surname": "family name",
    "sex": "gender",
    "gender": "sex",
    "no": "number",
    "num": "number",
    "nhs": "nhs number",
    "tel": "telephone",
    "addr": "address",
    "ref": "reference",
    "id": "reference",
}


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Suggest the nearest known word, whatever its capitals, or else something else to do."""
    spelt = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), list(spelt), n=1)
    meant = spelt[close[0]] if close else _of_the_same_words(word, spelt.values())
    return f"Did you mean `{meant}`?" if meant else otherwise


def there_are(known: Iterable[str], otherwise: str) -> str:
    """List the words that there are, as far as a line holds them."""
    names = list(known)
    listed = ", ".join(f"`{name}`" for name in names[:MOST_LISTED])
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return f"There are {listed}{more}." if names else otherwise


def _of_the_same_words(word: str, known: Iterable[str]) -> str | None:
    """Find a name that is short for the word, that the word is short for, or that has the same words in it."""
    ours = _pieces(word)
    best: tuple[float, str] | None = None
    for name in known:
        likeness = _likeness(ours, _pieces(name))
        if likeness > 0 and (best is None or likeness > best[0]):
            best = (likeness, name)
    return best[1] if best else None


def _likeness(ours: Sequence[str], theirs: Sequence[str]) -> float:
    if not ours or not theirs:
        return 0
    if "".join(ours) == _initials(theirs) or "".join(theirs) == _initials(ours):
        return 2
    # Words of one or two letters are in everything.
    shared = {piece for piece in _in_full(ours) & _in_full(theirs) if len(piece) >= LEAST_SHARED}
    share = len(shared) / len(_in_full(ours) | _in_full(theirs))
    has_all_of_ours = shared >= {piece for piece in ours if len(piece) >= LEAST_SHARED}
    return share if has_all_of_ours or share >= HALF else 0


def _pieces(name: str) -> tuple[str, ...]:
    return tuple(piece.casefold() for piece in _PIECES.findall(name))


def _initials(pieces: Sequence[str]) -> str:
    return "".join(piece[0] for piece in pieces)


def _in_full(pieces: Sequence[str]) -> set[str]:
    return {whole for piece in pieces for whole in (piece, *LONG_FORMS.get(piece, "").split())}
