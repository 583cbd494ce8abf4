"""Verifies what a hub says is in its audit log, with none of the hub's code: `python -m adapters.kit.verifying`.

What the hub exports is JSON lines. The first says whose log it is, under which key, and holds its signed state; then
comes each entry as it was hashed, or, of chosen entries, each with position and proof. Give a checkpoint that your own
journal has accepted as witness: without one, whoever has the hub's key could have written the whole file anew.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WHOLE, CHOSEN, LONGEST_LINE = "sharing-hub-log", "sharing-hub-entries", 1 << 20
EMPTY_ROOT = hashlib.sha256().digest()
_SIGNATURE = re.compile("\u2014 ([^ +]+) ([A-Za-z0-9+/]+=*)")


class Distrusted(Exception):
    """Is raised for what cannot be what the hub recorded; its text says why."""


class State(NamedTuple):
    """A signed state of a log."""

    size: int
    root: bytes


def leaf_hash(leaf: bytes) -> bytes:
    """Hash an entry (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def read_note(note: str, origin: str, key: bytes) -> State:
    """Return the state that a checkpoint attests; raise Distrusted unless the log's key has signed just this."""
    lines = note.split("\n")
    signature = _SIGNATURE.fullmatch(lines[4]) if len(lines) == 6 else None  # noqa: PLR2004 - as C2SP lays it down
    if signature is None or lines[3] or lines[5] or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
        raise Distrusted("this is not a checkpoint")
    if (lines[0], signature[1]) != (origin, origin):
        raise Distrusted("the checkpoint is of another log")
    said, root = _decoded(signature[2]), _decoded(lines[2])
    if said[:4] != hashlib.sha256(origin.encode() + b"\n\x01" + key).digest()[:4] or len(root) != len(EMPTY_ROOT):
        raise Distrusted("the checkpoint is signed with another key")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(said[4:], "\n".join((*lines[:3], "")).encode())
    except (InvalidSignature, ValueError):
        raise Distrusted("the checkpoint's signature does not fit it") from None
    if lines[1] == "0" and root != EMPTY_ROOT:
        raise Distrusted("the checkpoint contradicts itself")
    return State(size=int(lines[1]), root=root)


def proves_inclusion(leaf: bytes, position: int, state: State, proof: Sequence[bytes]) -> bool:
    """Tell whether an entry's hash is at a position of a log (RFC 9162, section 2.1.3)."""
    is_there = 0 <= position < state.size and all(len(one) == len(EMPTY_ROOT) for one in proof)
    return is_there and _climbed(leaf, position, state.size, list(proof)) == state.root


def proves_consistency(old: State, new: State, proof: Sequence[bytes]) -> bool:
    """Tell whether one state of a log continues another (RFC 9162, section 2.1.4)."""
    if old.size in (0, new.size):
        return not proof and old.root == (new.root if old.size else EMPTY_ROOT)
    may_be = old.size < new.size and all(len(one) == len(EMPTY_ROOT) for one in proof)
    return may_be and _both(old, old.size, new.size, list(proof), is_whole=True) == (old.root, new.root)


def verify(lines: Iterator[bytes], witness: str = "") -> State:
    """Check a file line by line and return the state that it proves; raise Distrusted for anything else."""
    header = _json(next(lines, b""), "format", "origin", "key", "checkpoint")
    key = _decoded(header["key"])
    state = read_note(header["checkpoint"], header["origin"], key)
    seen = read_note(witness, header["origin"], key) if witness else None
    if header["format"] not in (WHOLE, CHOSEN):
        raise Distrusted("this is a file of another kind")
    (_verify_whole if header["format"] == WHOLE else _verify_chosen)(lines, state, seen)
    return state


def _verify_whole(lines: Iterator[bytes], state: State, seen: State | None) -> None:
    """Build the tree anew: by its highest complete subtrees, as a counter carries its digits."""
    digits: list[bytes | None] = []
    count = 0
    for line in lines:
        carried, level = leaf_hash(_stripped(line)), 0
        while level < len(digits) and (left := digits[level]) is not None:
            digits[level], carried, level = None, node_hash(left, carried), level + 1
        digits[level : level + 1] = [carried]
        count += 1
        if seen is not None and count == seen.size and _summed(digits) != seen.root:
            raise Distrusted("its beginning is not the log that the witness saw")
    if seen is not None and count < seen.size:
        raise Distrusted(f"the witness saw {seen.size} entries, and here are {count}")
    if count != state.size or _summed(digits) != state.root:
        raise Distrusted(f"these are not the {state.size} entries for which the checkpoint was signed")


def _verify_chosen(lines: Iterator[bytes], state: State, seen: State | None) -> None:
    if seen not in (None, state):
        raise Distrusted("the witness saw another state than the one that these proofs lead to")
    for line in lines:
        entry = _json(line, "leaf", "position", "proof")
        proof = [_decoded(one) for one in entry["proof"]]
        if not proves_inclusion(leaf_hash(entry["leaf"].encode()), entry["position"], state, proof):
            raise Distrusted(f"the entry of position {entry['position']} is not in the log")


def _summed(digits: Sequence[bytes | None]) -> bytes:
    subtrees = [subtree for subtree in digits if subtree is not None]
    return reduce(lambda right, left: node_hash(left, right), subtrees) if subtrees else EMPTY_ROOT


def _climbed(found: bytes, position: int, size: int, proof: list[bytes]) -> bytes:
    """Return the root to which a proof leads, from the root down; a proof of another length leads to none."""
    if size == 1 or not proof:
        return found if size == 1 and not proof else b""
    split, beside = 1 << (size - 1).bit_length() - 1, proof.pop()
    if position < split:
        return node_hash(_climbed(found, position, split, proof), beside)
    return node_hash(beside, _climbed(found, position - split, size - split, proof))


def _both(old: State, before: int, after: int, proof: list[bytes], *, is_whole: bool) -> tuple[bytes, bytes]:
    """Return the old and the new root to which a proof leads, as the RFC's SUBPROOF takes it apart."""
    if before == after and len(proof) == (not is_whole):
        return (old.root, old.root) if is_whole else (proof[0], proof[0])
    if before == after or not proof:
        return b"", b""
    split, beside = 1 << (after - 1).bit_length() - 1, proof.pop()
    if before <= split:
        first, second = _both(old, before, split, proof, is_whole=is_whole)
        return first, node_hash(second, beside)
    first, second = _both(old, before - split, after - split, proof, is_whole=False)
    return node_hash(beside, first), node_hash(beside, second)


def _json(line: bytes, *keys: str) -> dict[str, Any]:
    """Read one line that has these keys and no others, in the one way of spelling it."""
    content, types = _stripped(line), {"position": int, "proof": list}
    try:
        said = json.loads(content)
        again = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        said = again = None
    fits = again == content and isinstance(said, dict) and set(said) == set(keys)
    if not fits or any(type(value) is not types.get(key, str) for key, value in said.items()):
        raise Distrusted("a line is not what the hub writes")
    return dict(said)


def _stripped(line: bytes) -> bytes:
    if not line.endswith(b"\n") or len(line) > LONGEST_LINE:
        raise Distrusted("the file breaks off within a line")
    return line[:-1]


def _decoded(text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (TypeError, ValueError):
        found = b""
    if base64.b64encode(found).decode() != text:
        raise Distrusted("a hash is not what the hub writes")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify one file; 0 when it is what the hub recorded, 1 when it is not."""
    parser = argparse.ArgumentParser(prog="python -m adapters.kit.verifying", description="Verify a hub's audit log.")
    parser.add_argument("file", type=Path, help="what the hub exported")
    parser.add_argument("--witness", type=Path, help="a checkpoint that your journal has accepted")
    given = parser.parse_args(arguments)
    witness = given.witness.read_bytes().decode(errors="replace") if given.witness else ""
    seen = "it continues what the witness saw" if witness else "no witness was given"
    try:
        with given.file.open("rb") as lines:
            said = f"True to its checkpoint of {verify(lines, witness).size} entries; {seen}"
    except Distrusted as why:
        said = f"NOT TRUE: {why}"
    sys.stdout.write(f"{said}.\n")
    return int(said.startswith("NOT"))


if __name__ == "__main__":
    sys.exit(main())
