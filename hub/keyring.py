"""The hub's certificate and the authorities that it trusts: read at the start, and again when their files change.

While authorities change, nothing stands still: what is read anew counts from the next handshake on. Files that cannot
be used leave everything as it was; the log says so until they can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256

from hub.errors import Fault, SettingsError
from hub.keys import Authority
from hub.settings import Settings

_MEND = "Bring it back from where it is kept, or make a new deployment with `hub init`."
_MEND_PAIR = "Bring the pair back from where it is kept; if `hub keys switch` was stopped half-way, run it again."

_log = structlog.get_logger(__name__)


class Unusable(Exception):
    """Is raised for a file of keys that cannot be used."""

    def __init__(self, file: Path, what: str, mend: str = _MEND) -> None:
        """Take the file, what is wrong with it, and what to do about that."""
        super().__init__(what)
        self.file = file
        self.mend = mend


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class KeySet:
    """What stood in the files at one moment, and is known to fit together: as PEM what the servers show and trust."""

    certificate: bytes
    key: bytes
    authority: bytes
    fingerprints: tuple[str, ...]
    vouching: bytes
    signer: Authority | None
    stamp: tuple[object, ...]


class Keyring:
    """Holds the set that counts, and the one that is to count next."""

    def __init__(self, settings: Settings) -> None:
        """Read the files of a deployment; raise SettingsError when they cannot be used."""
        names = (settings.keys.certificate, settings.keys.key, settings.keys.authority, settings.keys.authority_key)
        self._files = tuple(settings.path(name) for name in names)
        try:
            self._set = self._read(self._stamp())
        except Unusable as wrong:
            raise SettingsError([Fault(file=wrong.file, line=1, what=str(wrong), mend=wrong.mend)]) from None

    @property
    def keys(self) -> KeySet:
        """Return the set that counts."""
        return self._set

    @property
    def certificates(self) -> bytes:
        """Return the certificates of all authorities, as PEM, the one that issues first."""
        return self._set.authority

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Return the fingerprints of the authorities, the one that issues first."""
        return self._set.fingerprints

    @property
    def vouching(self) -> bytes:
        """Return the fingerprint of the authority that vouches for the hub's own certificate; empty for none."""
        return self._set.vouching

    @property
    def signer(self) -> Authority | None:
        """Return what signs certificates; None where the authority's key is kept elsewhere."""
        return self._set.signer

    def changed(self) -> KeySet | None:
        """Return what the files say, if that is not what counts and can be used; it does not count until taken up."""
        stamp = self._stamp()
        if stamp == self._set.stamp:
            return None
        try:
            return self._read(stamp)
        except Unusable as wrong:
            # Looked at again the next time: somebody may be in the middle of replacing them.
            _log.error("keys.unusable", file=wrong.file.name, what=str(wrong))
            return None

    def take_up(self, found: KeySet) -> None:
        """Let another set count from now on."""
        self._set = found
        _log.info("keys.changed", authorities=len(found.fingerprints))

    def _stamp(self) -> tuple[object, ...]:
        """Tell files that have been written apart from those that have not, without reading them."""
        return tuple(_stamp_of(file) for file in self._files)

    def _read(self, stamp: tuple[object, ...]) -> KeySet:
        certificate, key, authority, authority_key = self._files
        shown, secret, trusted = _bytes(certificate), _bytes(key), _bytes(authority)
        own = _certificates(certificate, shown)[0]
        if own.public_key() != _private(key, secret).public_key():
            raise Unusable(key, "the key does not belong to the hub's certificate", _MEND_PAIR)
        all_trusted = _certificates(authority, trusted)
        signer = _signer(trusted, authority_key) if authority_key.exists() else None
        first = x509.load_pem_x509_certificate(signer.certificate) if signer else all_trusted[0]
        ordered = [first, *(one for one in all_trusted if one != first)]
        return KeySet(
            certificate=shown,
            key=secret,
            authority=b"".join(one.public_bytes(serialization.Encoding.PEM) for one in ordered),
            fingerprints=tuple(one.fingerprint(SHA256()).hex() for one in ordered),
            vouching=_vouching(own, ordered),
            signer=signer,
            stamp=stamp,
        )


def _stamp_of(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Unusable(file, f"it cannot be read ({type(error).__name__})") from None


def _certificates(file: Path, content: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError:
        raise Unusable(file, "it holds no certificate in PEM") from None


def _private(file: Path, content: bytes) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        raise Unusable(file, "it holds no private key in PEM, or one that needs a password") from None


def _signer(certificates: bytes, file: Path) -> Authority:
    content = _bytes(file)
    try:
        return Authority.read(certificates, content)
    except (ValueError, TypeError) as error:
        raise Unusable(file, str(error)) from None


def _vouching(own: x509.Certificate, authorities: Sequence[x509.Certificate]) -> bytes:
    for authority in authorities:
        try:
            own.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return authority.fingerprint(SHA256())
    return b""
