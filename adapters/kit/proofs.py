"""Proofs of a hub's log: what RFC 9162 and C2SP's signed notes lay down, written for the agency and by itself."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HASH_BYTES = 32
LARGEST_SIZE = 2**53
LONGEST_NOTE = 1000
LONGEST_PROOF = 128
ED25519 = b"\x01"
HINT_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedState:
    """A state of a log that its key has signed."""

    size: int
    root: bytes
    note: str


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry's bytes as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def read_note(note: str, origin: str, key: bytes) -> SignedState | None:
    """Return the state that a note attests; None unless this log's key has signed it, as it stands."""
    text, gap, signature = note.partition("\n\n")
    lines = text.split("\n")
    prefix = f"\N{EM DASH} {origin} "
    in_form = len(note) <= LONGEST_NOTE and gap and len(lines) == 3 and lines[0] == origin  # noqa: PLR2004  three lines
    if not in_form or not signature.startswith(prefix) or not signature.endswith("\n"):
        return None
    root, signed = _decoded(lines[2]), _decoded(signature[len(prefix) : -1])
    hint = hashlib.sha256(origin.encode() + b"\n" + ED25519 + key).digest()[:HINT_BYTES]
    if len(root) != HASH_BYTES or signed[:HINT_BYTES] != hint or not _is_size(lines[1]):
        return None
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signed[HINT_BYTES:], f"{text}\n".encode())
    except (InvalidSignature, ValueError):
        return None
    return SignedState(size=int(lines[1]), root=root, note=note)


def includes(state: SignedState, position: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a leaf's hash stands at a position of a state of the log."""
    if not 0 <= position < state.size or not _is_proof(proof):
        return False
    return _climb(position, state.size, leaf, list(proof)) == state.root


def continues(size: int, root: bytes, state: SignedState, proof: Sequence[bytes]) -> bool:
    """Tell whether a state of the log continues an earlier one; every state continues the empty one."""
    if not _is_proof(proof) or size > state.size:
        return False
    if size in (0, state.size):
        return not proof and (size == 0 or root == state.root)
    both = _grow(size, state.size, root, list(proof), is_whole=True)
    return both == (root, state.root)


def _climb(position: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes | None:
    """Return the root of `size` leaves that a proof leads to, taking its last hash for the uppermost."""
    if size == 1:
        return None if proof else leaf
    if not proof:
        return None
    sibling, half = proof.pop(), _half(size)
    if position < half:
        below = _climb(position, half, leaf, proof)
        return below and _pair(below, sibling)
    below = _climb(position - half, size - half, leaf, proof)
    return below and _pair(sibling, below)


def _grow(old: int, new: int, root: bytes, proof: list[bytes], *, is_whole: bool) -> tuple[bytes, bytes] | None:
    """Return the roots of the first `old` and of all `new` leaves that a proof leads to."""
    if old == new:
        found = root if is_whole else (proof.pop() if proof else None)
        return None if proof or found is None else (found, found)
    if not proof:
        return None
    sibling, half = proof.pop(), _half(new)
    if old <= half:
        below = _grow(old, half, root, proof, is_whole=is_whole)
        return below and (below[0], _pair(below[1], sibling))
    below = _grow(old - half, new - half, root, proof, is_whole=False)
    return below and (_pair(sibling, below[0]), _pair(sibling, below[1]))


def _half(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _is_proof(proof: Sequence[bytes]) -> bool:
    return len(proof) <= LONGEST_PROOF and all(len(one) == HASH_BYTES for one in proof)


def _is_size(written: str) -> bool:
    return written.isascii() and written.isdecimal() and str(int(written)) == written and int(written) <= LARGEST_SIZE


def _decoded(written: str) -> bytes:
    """Return what base64 says; nothing for what is no base64, or a second spelling of the same bytes."""
    try:
        content = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return content if base64.b64encode(content).decode() == written else b""
