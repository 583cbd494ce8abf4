"""Leaves: the one way in which an entry is spelt in the log."""

from typing import Any

import orjson

from hub.model.entry import Entry

VERSION = 1


def entry(kind: str, at_ms: int, receipted_to: str = "", /, **particulars: object) -> Entry:
    """Make an entry: canonical JSON, keys sorted, no white space, with its kind, its time and the form's version.

    `receipted_to` is the agency that gets a receipt of it, and must be the one that the entry is of: by its own words
    anybody can tell, who has the log, of which entries an agency must have a receipt.
    """
    if particulars.get("agency", "") != receipted_to:
        message = "an entry that is of an agency is receipted to it, and no other"
        raise ValueError(message)
    said = {"v": VERSION, "kind": kind, "at_ms": at_ms, **particulars}
    body = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
    return Entry(kind=kind, at_ms=at_ms, body=body, agency=receipted_to)


def read_leaf(leaf: bytes) -> dict[str, Any]:
    """Return what a leaf says; raise ValueError for what is no leaf, or is spelt in another way than leaves are."""
    try:
        said = orjson.loads(leaf)
    except orjson.JSONDecodeError:
        said = None
    if (
        not isinstance(said, dict)
        or said.get("v") != VERSION
        or orjson.dumps(said, option=orjson.OPT_SORT_KEYS) != leaf
    ):
        message = "it is not spelt as a leaf is"
        raise ValueError(message)
    return said


def kept_as_leaf(leaf: bytes, kind: str, at_ms: int) -> bool:
    """Tell whether an entry is filed under the kind and the time that its leaf says."""
    try:
        said = read_leaf(leaf)
    except ValueError:
        return False
    return (said.get("kind"), said.get("at_ms")) == (kind, at_ms)
