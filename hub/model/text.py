"""Text made comparable: what two systems would agree on, whatever their accents, capitals and punctuation."""

import unicodedata


def plain(text: str) -> str:
    """Return the letters and digits of a text, without case and accents.

    >>> plain("O'Néill-Brown ") == plain("ONEILL BROWN")
    True
    """
    folded = text.casefold()
    if not folded.isascii():
        # Taking letters apart can bring forth capitals again.
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(filter(str.isalnum, folded))
