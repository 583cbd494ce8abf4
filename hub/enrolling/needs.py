"""What enrolling needs from other rooms: where membership is kept, who signs, and which links there are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from hub.model.membership import AgencyCertificate, EnrolmentToken, IssuedCertificate, Member


class MemberStore(Protocol):
    """Keeps membership; calls block for the time of one database access."""

    def all(self) -> tuple[Member, ...]:
        """Return every agency of which something else is kept than that it is admitted."""
        ...

    def tokens(self, now_ms: int) -> tuple[EnrolmentToken, ...]:
        """Return the tokens that can still be used."""
        ...

    def certificates(self, now_ms: int) -> tuple[IssuedCertificate, ...]:
        """Return the certificates that have not ended."""
        ...

    def invite(self, token: EnrolmentToken) -> None:
        """Keep a token; the agency's former one no longer holds."""
        ...

    def change(self, member: Member) -> None:
        """Keep how an agency stands; one that is revoked loses its token and the list of its certificates."""
        ...

    def enrol(self, digest: bytes, member: Member, certificate: IssuedCertificate, now_ms: int) -> bool:
        """Keep that an agency was enrolled; tell whether its token still held."""
        ...

    def issue(self, certificate: IssuedCertificate) -> None:
        """Keep that a certificate was issued."""
        ...


class Signer(Protocol):
    """Signs certificates in the name of one authority."""

    def certify(self, public_key: bytes, agency: str, *, lifetime: timedelta) -> bytes:
        """Return a certificate, as PEM, that names an agency as the holder of a public key (DER)."""
        ...


class Authorities(Protocol):
    """Are the authorities that count now; they may change while the hub serves."""

    @property
    def certificates(self) -> bytes:
        """Return the certificates of all, as PEM, the one that issues first."""
        ...

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Return the SHA-256 of each certificate in hexadecimal digits, the one that issues first."""
        ...

    @property
    def vouching(self) -> bytes:
        """Return the SHA-256 of the one that vouches for the hub's own certificate; empty where none of them does."""
        ...

    @property
    def signer(self) -> Signer | None:
        """Return what signs; None where the authority's key is kept elsewhere."""
        ...


class OpenLinks(Protocol):
    """Are the links that agencies have open."""

    def cut(self, agency: str) -> int:
        """End an agency's links now and return how many there were."""
        ...

    def cut_where(self, wrong: Callable[[AgencyCertificate], str]) -> int:
        """End every link of whose certificate a reason is given why it counts no more; return how many."""
        ...
