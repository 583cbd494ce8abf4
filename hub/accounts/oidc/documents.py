"""Reads JSON that strangers wrote: one object, every key once, no number that is none."""

import json

from hub.accounts.oidc.flaws import Flaw, Flawed


def read_object(written: bytes, flaw: Flaw = Flaw.NOT_JSON) -> dict[str, object]:
    """Return the one object that is written; raise Flawed for anything else.

    Two readers may take two different values of a key that is there twice, so that a token with one is refused.
    """
    try:
        read = json.loads(written.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Flawed(flaw) from None
    if not isinstance(read, dict):
        raise Flawed(flaw)
    return read


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number")
