"""Checkpoints: signed states of the log, written as C2SP's tlog-checkpoint and signed-note lay down, with Ed25519."""

import hashlib
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hub.audit.tree import EMPTY_ROOT

KEY_BYTES = 32
LONGEST_NOTE = 1_000

_ED25519 = b"\x01"
_HINT_BYTES = 4
# One spelling only: what could be written in two ways could be read in two ways.
_NOTE = re.compile(
    r"(?P<text>(?P<origin>[!-*,-~]{1,100})\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)\n"
    r"\u2014 (?P<name>[!-*,-~]{1,100}) (?P<signed>[A-Za-z0-9+/]{91}=)\n"
)


class NotACheckpoint(Exception):
    """Is raised for what is no checkpoint, or not one of this log; its text says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A state of a log: how many leaves it has, and the root of their tree."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return what is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


class CheckpointSigner:
    """Signs the states of one log."""

    __slots__ = ("_key", "origin", "public_key")

    def __init__(self, seed: bytes, origin: str = "") -> None:
        """Take the key's 32 secret bytes, and the log's name; without one it is named after the key."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._key.public_key().public_bytes_raw()
        self.origin = origin or default_origin(self.public_key)

    def sign(self, size: int, root: bytes) -> str:
        """Return the signed note of a state."""
        text = Checkpoint(origin=self.origin, size=size, root=root).text
        signed = _hint(self.origin, self.public_key) + self._key.sign(text.encode())
        return f"{text}\n\u2014 {self.origin} {b64encode(signed).decode()}\n"


def default_origin(public_key: bytes) -> str:
    """Return the name of a log that nobody has named: that of its key."""
    return f"sharing-hub/{hashlib.sha256(public_key).hexdigest()[:16]}"


def read_checkpoint(note: str, *, origin: str, public_key: bytes) -> Checkpoint:
    """Return the state that a note attests; raise NotACheckpoint unless this log's key has signed it, as it stands."""
    parts = _NOTE.fullmatch(note) if len(note) <= LONGEST_NOTE else None
    if parts is None:
        raise NotACheckpoint("it is not written as a checkpoint is")
    if parts["origin"] != origin or parts["name"] != origin:
        raise NotACheckpoint("it is of another log")
    signed = _bytes(parts["signed"])
    if signed[:_HINT_BYTES] != _hint(origin, public_key):
        raise NotACheckpoint("it is signed with another key")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signed[_HINT_BYTES:], parts["text"].encode())
    except (InvalidSignature, ValueError):
        raise NotACheckpoint("its signature does not fit it") from None
    checkpoint = Checkpoint(origin=origin, size=int(parts["size"]), root=_bytes(parts["root"]))
    if not checkpoint.size and checkpoint.root != EMPTY_ROOT:
        raise NotACheckpoint("it contradicts itself")
    return checkpoint


def _hint(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + _ED25519 + public_key).digest()[:_HINT_BYTES]


def _bytes(written: str) -> bytes:
    """Return what base64 says; raise NotACheckpoint for a second spelling of the same bytes."""
    content = b64decode(written, validate=True)
    if b64encode(content).decode() != written:
        raise NotACheckpoint("it is not written as a checkpoint is")
    return content
