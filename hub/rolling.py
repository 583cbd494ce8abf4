"""Changing the authority that certificates come from, in a deployment's folder, in three steps, while its hub runs.

Each step replaces whole files, one at a time. The hub takes them up within a second, once they fit together; until then
it goes on with what it has. An operator whose machine stops half-way takes the step again, which then ends it.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from hub.deploying import CannotDeploy
from hub.keyring import Keyring
from hub.keys import Authority, write_secret
from hub.settings import Settings, read_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stands in a certificate that people need to know."""

    title: str
    fingerprint: str
    ends_at: datetime
    issues: bool
    vouches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a change of authority has come: what is trusted, and until when the hub's own certificate holds."""

    authorities: tuple[Shown, ...]
    hub_ends_at: datetime


def look(folder: Path) -> Standing:
    """Say which authorities a deployment trusts, which issues, and which vouches for the hub."""
    settings = read_settings(folder)
    keyring = Keyring(settings)
    own = x509.load_pem_x509_certificates(keyring.keys.certificate)[0]
    found = x509.load_pem_x509_certificates(keyring.certificates)
    return Standing(
        authorities=tuple(
            Shown(
                title=one.subject.rfc4514_string(),
                fingerprint=one.fingerprint(SHA256()).hex(),
                ends_at=one.not_valid_after_utc,
                issues=keyring.signer is not None and number == 0,
                vouches=one.fingerprint(SHA256()) == keyring.vouching,
            )
            for number, one in enumerate(found)
        ),
        hub_ends_at=own.not_valid_after_utc,
    )


def begin(folder: Path) -> None:
    """Make a new authority, which issues from now on, beside the present ones, which are trusted still.

    Raises CannotDeploy when a change is under way.
    """
    settings, standing = read_settings(folder), look(folder)
    key = settings.path(settings.keys.authority_key)
    if _waits_to_issue(key, settings.path(settings.keys.authority)):
        _put(key)
        return
    if len(standing.authorities) > 1:
        raise CannotDeploy("A change of authority is under way.", f"End it first; see: hub keys show {folder}")
    authority = Authority.new(f"Sharing hub authority {datetime.now(UTC).date()}")
    trusted = settings.path(settings.keys.authority)
    # The key waits beside the former one until its certificate is trusted: it must not be lost between the two.
    _write_beside(key, authority.leaf.key, is_secret=True)
    _replace(trusted, authority.certificate + trusted.read_bytes())
    _put(key)


def switch(folder: Path) -> None:
    """Give the hub a certificate of the authority that issues now, for the names that the present one has."""
    settings = read_settings(folder)
    # Not through a keyring: of a step that stopped half-way, the hub's certificate and key do not fit.
    certificate, key = settings.path(settings.keys.certificate), settings.path(settings.keys.key)
    own = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    leaf = _signer(settings).server([_spelt(name) for name in names])
    # The hub takes up a pair that fits, and keeps the former for the moment in which only one file is the new one.
    _replace(key, leaf.key, is_secret=True)
    _replace(certificate, leaf.certificate)


def retire(folder: Path) -> None:
    """Trust no authority any more but the one that issues; raise CannotDeploy while another vouches for the hub."""
    settings, standing = read_settings(folder), look(folder)
    first, *others = standing.authorities
    if not others:
        raise CannotDeploy("There is one authority only.", f"A change begins with: hub keys roll {folder}")
    if not (first.issues and first.vouches):
        raise CannotDeploy(
            "The hub itself still shows a certificate of an old authority.", f"First: hub keys switch {folder}"
        )
    keyring = Keyring(settings)
    kept = x509.load_pem_x509_certificates(keyring.certificates)[0]
    _replace(settings.path(settings.keys.authority), kept.public_bytes(Encoding.PEM))


def _signer(settings: Settings) -> Authority:
    key = settings.path(settings.keys.authority_key)
    if not key.exists():
        raise CannotDeploy("The authority's key is not in this folder.", "Bring it, and take it away again afterwards.")
    try:
        return Authority.read(settings.path(settings.keys.authority).read_bytes(), key.read_bytes())
    except (ValueError, TypeError) as wrong:
        raise CannotDeploy(
            f"The authority's key cannot be used: {wrong}.", "Bring the one that belongs here."
        ) from None


def _waits_to_issue(key: Path, trusted: Path) -> bool:
    """Tell whether a new authority is trusted already and its key only waits: a beginning that stopped half-way."""
    waiting = _beside(key)
    if not waiting.exists():
        return False
    try:
        Authority.read(trusted.read_bytes(), waiting.read_bytes())
    except (ValueError, TypeError):
        # It was written half, or its certificate never came to be trusted: it is made anew.
        return False
    return True


def _replace(file: Path, content: bytes, *, is_secret: bool = False) -> None:
    """Put other content in the place of a file: readers see the former or the new one, whole."""
    _write_beside(file, content, is_secret=is_secret)
    _put(file)


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}.new")


def _write_beside(file: Path, content: bytes, *, is_secret: bool) -> None:
    beside = _beside(file)
    beside.unlink(missing_ok=True)
    if is_secret:
        write_secret(beside, content)
    else:
        beside.write_bytes(content)
    _sync(beside)


def _put(file: Path) -> None:
    """Let what was written beside a file take its place, and last."""
    _beside(file).replace(file)
    _sync(file.parent)


def _sync(what: Path) -> None:
    descriptor = os.open(what, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _spelt(name: x509.GeneralName) -> str:
    if not isinstance(name, x509.DNSName | x509.IPAddress):
        raise CannotDeploy(
            "The hub's certificate has a name that is neither a host nor an address.",
            "Have its successor made where it was made, and put both files in place together.",
        )
    return str(name.value)
