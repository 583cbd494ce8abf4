"""Exports of the log: JSON lines that anybody can verify who has the hub's key, and better one who has witnessed it.

The first line says whose log it is, under which key, and holds its signed state. Of the whole log there follows each
leaf, one a line, as it was hashed: its position is its line. Of chosen entries each line has the leaf as a text, its
position, and the proof that leads from it to the state.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

WHOLE, CHOSEN = "sharing-hub-log", "sharing-hub-entries"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedState:
    """What an export rests on: a log's name and key, and a checkpoint of it."""

    origin: str
    public_key: bytes
    checkpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedEntry:
    """An entry with its proof in the log of a checkpoint."""

    position: int
    leaf: bytes
    proof: tuple[bytes, ...]


def exported_log(state: SignedState, leaves: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of the whole log: exactly the leaves that its checkpoint counts."""
    yield _header(WHOLE, state)
    for leaf in leaves:
        yield leaf + b"\n"


def exported_entries(state: SignedState, entries: Iterable[ProvedEntry]) -> Iterator[bytes]:
    """Yield the lines of chosen entries, each proved by itself."""
    yield _header(CHOSEN, state)
    for entry in entries:
        proof = [b64encode(one).decode() for one in entry.proof]
        yield _line({"leaf": entry.leaf.decode(), "position": entry.position, "proof": proof})


def _header(form: str, state: SignedState) -> bytes:
    key = b64encode(state.public_key).decode()
    return _line({"format": form, "origin": state.origin, "key": key, "checkpoint": state.checkpoint})


def _line(said: dict[str, object]) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
