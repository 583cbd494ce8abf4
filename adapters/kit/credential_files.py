"""The files by which an adapter and its hub know each other: read as a pair that fits, replaced without a gap.

A certificate and its key are two files, and a machine may stop between two of anything. So the new key waits beside the
old one until its certificate has taken the place of the former, which is one step: from then on it is the key.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from adapters.kit.link import Credentials
from adapters.kit.manifest import Hub
from adapters.kit.proxying import Proxy

OWNER_ONLY, EVERYBODY = 0o600, 0o644
ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialFiles:
    """Where a manifest says that they are."""

    ca: Path
    certificate: Path
    key: Path
    proxy: Proxy | None = field(default=None, repr=False)

    @classmethod
    def of(cls, hub: Hub) -> "CredentialFiles":
        """Take them from a manifest."""
        return cls(ca=hub.ca, certificate=hub.certificate, key=hub.key, proxy=hub.proxy)

    def read(self) -> Credentials:
        """Read them afresh, also while they are being replaced; raise OSError where one is missing."""
        for _ in range(ATTEMPTS):
            certificate, waiting = self.certificate.read_bytes(), _read_if_there(self._waiting)
            key = _read_if_there(self.key)
            for one in (key, waiting):
                if one is not None and fits(certificate, one):
                    return self._credentials(certificate, one)
        return self._credentials(self.certificate.read_bytes(), self.key.read_bytes())

    def _credentials(self, certificate: bytes, key: bytes) -> Credentials:
        return Credentials(ca=self.ca.read_bytes(), certificate=certificate, key=key, proxy=self.proxy)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Hold the turn of whoever replaces them; False while another process has it: only one new key can wait."""
        self._make_folders()
        lock_file = self.certificate.with_name(f".{self.certificate.name}.lock")
        # Whoever can read a file can lock it, and keep everybody from renewing.
        with os.fdopen(os.open(lock_file, os.O_RDWR | os.O_CREAT, OWNER_ONLY)) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def begin(self, key: bytes) -> None:
        """Keep a new key beside the present one; nothing else changes. Raises OSError where it cannot be written."""
        self._make_folders()
        self.settle()
        _write(self._waiting, key, OWNER_ONLY)

    def finish(self, certificate: bytes, authorities: bytes) -> None:
        """Let the certificate of the key that waits take the place of the present one."""
        _put(self.ca, authorities)
        _put(self.certificate, certificate)
        self.settle()

    def settle(self) -> None:
        """Do what was left to do when the machine stopped after a certificate was replaced and before its key was."""
        certificate, waiting = _read_if_there(self.certificate), _read_if_there(self._waiting)
        if certificate is not None and waiting is not None and fits(certificate, waiting):
            self._waiting.replace(self.key)
            _sync(self.key.parent)

    def _make_folders(self) -> None:
        for file in (self.ca, self.certificate, self.key):
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def _waiting(self) -> Path:
        return self.key.with_name(f"{self.key.name}.next")


def fits(certificate: bytes, key: bytes) -> bool:
    """Tell whether a key belongs to a certificate, both as PEM."""
    try:
        private = load_pem_private_key(key, password=None)
        return x509.load_pem_x509_certificate(certificate).public_key() == private.public_key()
    except (ValueError, TypeError):
        return False


def _read_if_there(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _put(file: Path, content: bytes) -> None:
    """Replace a file: whoever reads it sees the former or the new one, whole, also after the machine has stopped."""
    beside = file.with_name(f"{file.name}.next")
    _write(beside, content, EVERYBODY)
    beside.replace(file)
    _sync(file.parent)


def _write(file: Path, content: bytes, mode: int) -> None:
    """Write a file anew, with these rights from its first byte on, and sync it."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
