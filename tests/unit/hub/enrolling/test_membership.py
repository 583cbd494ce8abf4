"""Which certificates count, by everything that may be wrong with one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from hub.enrolling.membership import Membership
from hub.enrolling.needs import Signer
from hub.model.membership import (
    AgencyCertificate,
    CertificateFault,
    EnrolmentToken,
    IssuedCertificate,
    Member,
    MemberState,
)

NOW = 1_000_000
AGENCY = "schools"
GOOD = AgencyCertificate(agency=AGENCY, serial="a1", begins_at_ms=NOW - 1_000, ends_at_ms=NOW + 1_000, authority="ours")
TOKEN = EnrolmentToken(digest=b"digest", agency=AGENCY, expires_at_ms=NOW + 1)


@dataclass(slots=True, kw_only=True)
class Store:
    """Holds what a store would have kept."""

    members: tuple[Member, ...] = ()
    issued: tuple[IssuedCertificate, ...] = ()
    invited: tuple[EnrolmentToken, ...] = ()

    def all(self) -> tuple[Member, ...]:
        return self.members

    def tokens(self, now_ms: int) -> tuple[EnrolmentToken, ...]:
        return tuple(token for token in self.invited if token.expires_at_ms > now_ms)

    def certificates(self, now_ms: int) -> tuple[IssuedCertificate, ...]:
        return tuple(one for one in self.issued if one.ends_at_ms > now_ms)

    def invite(self, token: EnrolmentToken) -> None:
        raise NotImplementedError

    def change(self, member: Member) -> None:
        raise NotImplementedError

    def enrol(self, digest: bytes, member: Member, certificate: IssuedCertificate, now_ms: int) -> bool:
        raise NotImplementedError

    def issue(self, certificate: IssuedCertificate) -> None:
        raise NotImplementedError


@dataclass(slots=True, kw_only=True)
class Trusted:
    """Are the authorities of a test."""

    fingerprints: tuple[str, ...] = ("ours", "its predecessor")
    certificates: bytes = b""
    vouching: bytes = b""
    signer: Signer | None = None


@dataclass(slots=True, kw_only=True)
class Clock:
    """Says what a test sets."""

    ms: int = field(default=NOW)

    def __call__(self) -> int:
        return self.ms


def membership(store: Store | None = None, clock: Callable[[], int] | None = None) -> Membership:
    return Membership(store or Store(), Trusted(), lambda agency: agency != "fire_brigade", clock or Clock())


def issued(serial: str, agency: str = AGENCY) -> IssuedCertificate:
    return IssuedCertificate(serial=serial, agency=agency, issued_at_ms=NOW - 10, ends_at_ms=NOW + 1_000)


def test_a_certificate_of_an_agency_in_force_counts() -> None:
    assert membership().fault(GOOD) is None
    assert membership().fault(replace(GOOD, authority="its predecessor")) is None


@pytest.mark.parametrize(
    ("certificate", "fault"),
    [
        (replace(GOOD, agency="fire_brigade"), CertificateFault.UNKNOWN_AGENCY),
        (replace(GOOD, ends_at_ms=NOW), CertificateFault.EXPIRED),
        (replace(GOOD, begins_at_ms=NOW + 1), CertificateFault.NOT_YET),
        (replace(GOOD, authority="somebody else"), CertificateFault.FOREIGN),
        (replace(GOOD, authority=""), CertificateFault.FOREIGN),
    ],
)
def test_what_is_wrong_with_a_certificate_is_noticed(certificate: AgencyCertificate, fault: CertificateFault) -> None:
    assert membership().fault(certificate) is fault


@pytest.mark.parametrize(
    ("state", "fault"),
    [(MemberState.SUSPENDED, CertificateFault.SUSPENDED), (MemberState.REVOKED, CertificateFault.REVOKED)],
)
def test_an_agency_that_is_not_admitted_has_no_certificate_that_counts(
    state: MemberState, fault: CertificateFault
) -> None:
    kept = Store(members=(Member(agency=AGENCY, state=state),), issued=(issued("a1"),))
    assert membership(kept).fault(GOOD) is fault
    assert membership(kept).fault(replace(GOOD, agency="health")) is None


def test_once_revoked_an_agency_has_only_what_this_hub_has_issued_since() -> None:
    kept = Store(members=(Member(agency=AGENCY, revoked_at_ms=NOW - 1),), issued=(issued("b2"), issued("a1", "health")))
    known = membership(kept)
    assert known.fault(GOOD) is CertificateFault.REVOKED
    assert known.fault(replace(GOOD, serial="b2")) is None
    known.issued(issued("a1"))
    assert known.fault(GOOD) is None
    known.put(Member(agency=AGENCY, state=MemberState.REVOKED, revoked_at_ms=NOW))
    known.put(Member(agency=AGENCY, revoked_at_ms=NOW))
    assert known.fault(GOOD) is CertificateFault.REVOKED


def test_a_token_holds_until_its_time_or_its_agency_s_is_over() -> None:
    clock = Clock()
    known = membership(Store(invited=(TOKEN,)), clock)
    assert known.invitation(b"digest") == TOKEN
    assert known.invitation(b"another") is None
    known.put(Member(agency=AGENCY, state=MemberState.SUSPENDED))
    assert known.invitation(b"digest") is None
    known.put(Member(agency=AGENCY))
    clock.ms = TOKEN.expires_at_ms
    assert known.invitation(b"digest") is None
    assert known.token_until_ms(AGENCY) == 0
    clock.ms = NOW
    known.put(Member(agency=AGENCY, state=MemberState.REVOKED))
    assert known.invitation(b"digest") is None


def test_certificates_that_have_ended_are_not_counted_and_not_kept() -> None:
    clock = Clock()
    known = membership(Store(issued=(issued("a1"),)), clock)
    assert known.certificates(AGENCY) == 1
    clock.ms = NOW + 1_000
    assert known.certificates(AGENCY) == 0
    known.issued(replace(issued("b2"), ends_at_ms=NOW + 2_000))
    assert list(known._issued[AGENCY]) == ["b2"]
