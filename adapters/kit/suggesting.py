"""Suggests the word that was probably meant."""

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Suggest the nearest known word, whatever its capitals, or else something else to do."""
    spelt = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), list(spelt), n=1)
    return f"Did you mean `{spelt[close[0]]}`?" if close else otherwise
