"""Verifying what was exported of a log: line by line, against its checkpoint and what a witness saw."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from hub.audit.checkpoints import Checkpoint, NotACheckpoint, read_checkpoint
from hub.audit.exporting import CHOSEN, WHOLE
from hub.audit.tree import Frontier, is_included, leaf_hash

LONGEST_LINE = 1 << 20
_HEADER = {"format": str, "origin": str, "key": str, "checkpoint": str}
_ENTRY = {"leaf": str, "position": int, "proof": list}


class NotGenuine(Exception):
    """Is raised for what is not what the hub recorded; its text says in which way."""


def verify_export(lines: Iterable[bytes], *, witness: str = "", public_key: bytes = b"") -> Checkpoint:
    """Return the state that an export proves; raise NotGenuine for one that proves none.

    `witness` is a checkpoint that somebody has kept: the log must continue it. `public_key` is the one that the log
    must be signed with, where it is known from elsewhere than the export itself.
    """
    coming = iter(lines)
    header = _read(next(coming, b""), _HEADER)
    key = _bytes(header["key"])
    if public_key and key != public_key:
        raise NotGenuine("it is signed with another key than this hub's")
    state = _checkpoint(header["checkpoint"], header["origin"], key)
    seen = _checkpoint(witness, header["origin"], key) if witness else None
    if header["format"] == WHOLE:
        _verify_leaves(coming, state, seen)
    elif header["format"] == CHOSEN:
        _verify_entries(coming, state, seen)
    else:
        raise NotGenuine("it is a file of another kind")
    return state


def _verify_leaves(lines: Iterator[bytes], state: Checkpoint, seen: Checkpoint | None) -> None:
    frontier = Frontier()
    _compare(frontier, seen)
    for line in lines:
        frontier.append(leaf_hash(_content(line)))
        _compare(frontier, seen)
    if seen is not None and frontier.size < seen.size:
        raise NotGenuine(f"it has {frontier.size} entries, and its witness has seen {seen.size}")
    if (frontier.size, frontier.root()) != (state.size, state.root):
        raise NotGenuine(f"its {frontier.size} entries are not the {state.size} that its checkpoint was signed for")


def _compare(frontier: Frontier, seen: Checkpoint | None) -> None:
    if seen is not None and frontier.size == seen.size and frontier.root() != seen.root:
        raise NotGenuine(f"its first {seen.size} entries are not those that its witness has seen")


def _verify_entries(lines: Iterator[bytes], state: Checkpoint, seen: Checkpoint | None) -> None:
    if seen is not None and seen != state:
        raise NotGenuine("its proofs lead to another state than the one that its witness has seen")
    for line in lines:
        entry = _read(line, _ENTRY)
        leaf, position = entry["leaf"].encode(), entry["position"]
        proof = [_bytes(one) for one in entry["proof"]]
        if not is_included(leaf_hash(leaf), position, state.size, proof, state.root):
            raise NotGenuine(f"the log has another entry at position {position}, or none")


def _checkpoint(note: str, origin: str, key: bytes) -> Checkpoint:
    try:
        return read_checkpoint(note, origin=origin, public_key=key)
    except NotACheckpoint as fault:
        raise NotGenuine(f"a checkpoint is of no use: {fault}") from None


def _read(line: bytes, shape: Mapping[str, type]) -> dict[str, Any]:
    """Read a line of exactly these keys and types, spelt as the hub does."""
    content = _content(line)
    try:
        said = orjson.loads(content)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict) or {key: type(value) for key, value in said.items()} != shape:
        raise NotGenuine("it has a line that the hub does not write")
    if orjson.dumps(said, option=orjson.OPT_SORT_KEYS) != content:
        raise NotGenuine("it has a line that the hub spells otherwise")
    return said


def _content(line: bytes) -> bytes:
    if not line.endswith(b"\n") or len(line) > LONGEST_LINE:
        raise NotGenuine("it breaks off within a line")
    return line[:-1]


def _bytes(written: object) -> bytes:
    try:
        content = b64decode(written, validate=True) if isinstance(written, str) else b""
    except ValueError:
        content = b""
    if b64encode(content).decode() != written:
        raise NotGenuine("it has a hash that the hub spells otherwise")
    return content
