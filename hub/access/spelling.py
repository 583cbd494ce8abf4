"""Mends for misspelt words: the word that was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from hub.access.documents import shown

_AS_MANY_AS_READ_AT_A_GLANCE = 8


def instead(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the mend for a word that is not known: the likeliest word meant, or the words there are."""
    words = list(known)
    close = get_close_matches(word.lower(), words, n=1) or get_close_matches(
        word.lower().replace("-", "_").replace(" ", "_"), words, n=1
    )
    if close:
        return f"Did you mean “{close[0]}”?"
    if words and len(words) <= _AS_MANY_AS_READ_AT_A_GLANCE:
        return f"Choose from: {', '.join(shown(found) for found in words)}."
    return otherwise
