"""Says of every certificate whether it counts: the one answer, for whoever connects and for links that are open."""

from collections import defaultdict
from collections.abc import Callable

from hub.enrolling.needs import Authorities, MemberStore
from hub.model.membership import (
    AgencyCertificate,
    CertificateFault,
    EnrolmentToken,
    IssuedCertificate,
    Member,
    MemberState,
)


class Membership:
    """Holds in memory what the store keeps: it is looked at for each connection, and each second for each link."""

    def __init__(
        self, store: MemberStore, authorities: Authorities, knows: Callable[[str], bool], now_ms: Callable[[], int]
    ) -> None:
        """Read what is kept; `knows` tells whether the policy in force has an agency, `now_ms` is the wall clock."""
        self._authorities = authorities
        self._knows = knows
        self._now_ms = now_ms
        self._members = {member.agency: member for member in store.all()}
        self._issued: defaultdict[str, dict[str, IssuedCertificate]] = defaultdict(dict)
        self._tokens = {token.agency: token for token in store.tokens(now_ms())}
        for certificate in store.certificates(now_ms()):
            self._issued[certificate.agency][certificate.serial] = certificate

    def fault(self, certificate: AgencyCertificate) -> CertificateFault | None:
        """Return why a certificate opens no link now; None when it does.

        Once an agency has been revoked, only what this hub has issued since counts: no list of what is out could be
        complete, since an operator can make certificates that no hub knows of.
        """
        now_ms, agency, member = self._now_ms(), certificate.agency, self.of(certificate.agency)
        looked_at = {
            CertificateFault.UNKNOWN_AGENCY: not self._knows(agency),
            CertificateFault.SUSPENDED: member.state is MemberState.SUSPENDED,
            CertificateFault.REVOKED: member.state is MemberState.REVOKED
            or (member.revoked_at_ms > 0 and certificate.serial not in self._issued[agency]),
            CertificateFault.NOT_YET: now_ms < certificate.begins_at_ms,
            CertificateFault.EXPIRED: now_ms >= certificate.ends_at_ms,
            CertificateFault.FOREIGN: certificate.authority not in self._authorities.fingerprints,
        }
        return next((fault for fault, is_so in looked_at.items() if is_so), None)

    def of(self, agency: str) -> Member:
        """Return how an agency stands; one of which nothing is kept is admitted."""
        return self._members.get(agency) or Member(agency=agency)

    def put(self, member: Member) -> None:
        """Let an agency stand otherwise from now on."""
        self._members[member.agency] = member
        if member.state is MemberState.REVOKED:
            self._issued[member.agency].clear()
            self._tokens.pop(member.agency, None)

    def issued(self, certificate: IssuedCertificate) -> None:
        """Note a certificate that was issued, and forget those that have ended."""
        own, now_ms = self._issued[certificate.agency], self._now_ms()
        for serial in [serial for serial, one in own.items() if one.ends_at_ms <= now_ms]:
            del own[serial]
        own[certificate.serial] = certificate

    def certificates(self, agency: str) -> int:
        """Count the certificates that this hub issued to an agency and that have not ended."""
        return sum(1 for one in self._issued[agency].values() if one.ends_at_ms > self._now_ms())

    def invited(self, token: EnrolmentToken) -> None:
        """Note an agency's token; its former one no longer holds."""
        self._tokens[token.agency] = token

    def used(self, agency: str) -> None:
        """Note that an agency's token is gone."""
        self._tokens.pop(agency, None)

    def token_until_ms(self, agency: str) -> int:
        """Return until when an agency's token can be used; 0 where there is none."""
        token = self._tokens.get(agency)
        return token.expires_at_ms if token and token.expires_at_ms > self._now_ms() else 0

    def invitation(self, digest: bytes) -> EnrolmentToken | None:
        """Return the token of this digest, as long as it can be used by an agency that is not suspended."""
        for token in self._tokens.values():
            if token.digest == digest and self.token_until_ms(token.agency):
                member = self.of(token.agency)
                return token if self._knows(token.agency) and member.state is not MemberState.SUSPENDED else None
        return None
