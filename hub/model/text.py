"""Text made comparable: what two systems would agree on, whatever their accents, capitals and punctuation."""

import unicodedata


def plain(text: str) -> str:
    """Return the letters and digits of a text, without case and accents.

    >>> plain("O'Néill-Brown ") == plain("ONEILL BROWN")
    True
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded)
    return "".join(filter(str.isalnum, folded))
