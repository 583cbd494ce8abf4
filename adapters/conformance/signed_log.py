"""The stand-in hub's log: a small Merkle tree (RFC 9162) with signed checkpoints (C2SP), and ways to forge it."""

import base64
import hashlib
import json
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sharing.v1.links_pb2 import Checkpoint, Receipt

from adapters.kit.verifying import EMPTY_ROOT, leaf_hash, node_hash

_ED25519 = b"\x01"
_HINT_BYTES = 4


class SignedLog:
    """Holds entries, numbers those of each agency, and proves what it holds; a copy can go another way."""

    def __init__(self, key: Ed25519PrivateKey | None = None, entries: Sequence[bytes] = ()) -> None:
        """Begin with these entries, under this key or a new one."""
        self._key = key or Ed25519PrivateKey.generate()
        self.public_key = self._key.public_key().public_bytes_raw()
        self.origin = f"sharing-hub/conformance-{hashlib.sha256(self.public_key).hexdigest()[:8]}"
        self.entries = list(entries)

    def copy(self, size: int) -> "SignedLog":
        """Copy the log as it was at a size, under the same key."""
        return SignedLog(self._key, self.entries[:size])

    def add(self, entry: bytes) -> None:
        """Add an entry."""
        self.entries.append(entry)

    @property
    def size(self) -> int:
        """Count the entries."""
        return len(self.entries)

    def root(self, size: int) -> bytes:
        """Return the root at a size."""
        return _root(self._leaves(size))

    def note(self, *, key: Ed25519PrivateKey | None = None) -> str:
        """Return the signed state; under another key than the log's own it is a forgery."""
        text = f"{self.origin}\n{self.size}\n{base64.b64encode(self.root(self.size)).decode()}\n"
        hint = hashlib.sha256(f"{self.origin}\n".encode() + _ED25519 + self.public_key).digest()[:_HINT_BYTES]
        signed = hint + (key or self._key).sign(text.encode())
        return f"{text}\n\u2014 {self.origin} {base64.b64encode(signed).decode()}\n"

    def checkpoint(self, from_size: int, *, key: Ed25519PrivateKey | None = None) -> Checkpoint:
        """Return the signed state with the proof that it continues an earlier one."""
        proof = _consistency(from_size, self._leaves(self.size)) if 0 < from_size < self.size else []
        return Checkpoint(note=self.note(key=key), from_size=from_size, consistency=proof)

    def receipts(self, agency: str, after: int) -> list[Receipt]:
        """Return an agency's receipts after a number, proven in the log as it is."""
        own = [at for at, entry in enumerate(self.entries) if json.loads(entry)["agency"] == agency]
        return [self.receipt(number, at) for number, at in enumerate(own, start=1) if number > after]

    def receipt(self, number: int, position: int) -> Receipt:
        """Return the receipt of one entry."""
        said = json.loads(self.entries[position])
        return Receipt(
            request_id=said["request"],
            audit_position=position,
            fields=said["fields"],
            records=said["records"],
            disclosed_at_ms=said["at_ms"],
            number=number,
            entry=self.entries[position],
            proof=_inclusion(position, self._leaves(self.size)),
        )

    def _leaves(self, size: int) -> list[bytes]:
        return [leaf_hash(entry) for entry in self.entries[:size]]


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY_ROOT
    middle = _split(len(leaves))
    return node_hash(_root(leaves[:middle]), _root(leaves[middle:]))


def _inclusion(position: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if position < middle:
        return [*_inclusion(position, leaves[:middle]), _root(leaves[middle:])]
    return [*_inclusion(position - middle, leaves[middle:]), _root(leaves[:middle])]


def _consistency(old: int, leaves: Sequence[bytes], *, is_whole: bool = True) -> list[bytes]:
    if old == len(leaves):
        return [] if is_whole else [_root(leaves)]
    middle = _split(len(leaves))
    if old <= middle:
        return [*_consistency(old, leaves[:middle], is_whole=is_whole), _root(leaves[middle:])]
    return [*_consistency(old - middle, leaves[middle:], is_whole=False), _root(leaves[:middle])]
