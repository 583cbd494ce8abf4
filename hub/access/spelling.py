"""Mends for misspelt words: the word that was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from hub.access.documents import shown

_AS_MANY_AS_READ_AT_A_GLANCE = 8


def instead(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the mend for a word that is not known: the likeliest word meant, or the words there are."""
    words = list(known)
    if close := meant(word, words):
        return f"Did you mean “{shown(close)}”?"
    if words and len(words) <= _AS_MANY_AS_READ_AT_A_GLANCE:
        return f"Choose from: {', '.join(shown(found) for found in words)}."
    return otherwise


def meant(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like this one, whatever its capitals; none if none is."""
    words = {found.lower(): found for found in known}
    close = get_close_matches(word.lower().replace("-", "_").replace(" ", "_"), words, n=1, cutoff=0.7)
    return words[close[0]] if close else None
