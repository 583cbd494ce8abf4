"""How an agency stands with the hub, the certificates by which it is known, and the token for the first of them."""

from dataclasses import dataclass, field
from enum import StrEnum


class MemberState(StrEnum):
    """Is whether an agency may connect."""

    ADMITTED = "admitted"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class CertificateFault(StrEnum):
    """Is why a certificate opens no link, in words for the hub's own log."""

    UNKNOWN_AGENCY = "unknown_agency"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """How one agency stands, since when and by whom; `revoked_at_ms` stays when it is enrolled again, 0 is never."""

    agency: str
    state: MemberState = MemberState.ADMITTED
    changed_at_ms: int = 0
    changed_by: str = ""
    revoked_at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyCertificate:
    """The certificate of a connection; `authority` is the fingerprint of whichever of ours issued it."""

    agency: str
    serial: str
    begins_at_ms: int
    ends_at_ms: int
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCertificate:
    """A certificate that this hub issued by token or renewal; the serial number in hexadecimal digits."""

    serial: str
    agency: str
    issued_at_ms: int
    ends_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentToken:
    """What is kept of a token that opens one enrolment."""

    digest: bytes = field(repr=False)
    agency: str
    expires_at_ms: int
