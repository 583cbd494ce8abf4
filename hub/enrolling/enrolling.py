"""Changes which certificates count; each change is recorded before it is made, and one is made after the other."""

import asyncio
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from hub.accounts.buckets import Allowance, Buckets
from hub.accounts.throttle import source_key
from hub.accounts.tokens import digest, new_token
from hub.audit import membership as said
from hub.audit.log import AuditLog
from hub.enrolling.membership import Membership
from hub.enrolling.needs import Authorities, MemberStore, OpenLinks, Signer
from hub.enrolling.redeemed import Redeemed
from hub.enrolling.requests import issued_as, key_in
from hub.errors import InvalidRequest, NotAllowed, NotReady, TooMuch
from hub.model.entry import Entry
from hub.model.membership import (
    AgencyCertificate,
    EnrolmentToken,
    IssuedCertificate,
    Member,
    MemberState,
)

# Nobody guesses 256 bits: these bound the entries that strangers leave in the log, each source's and all together, and
# the requests that are looked at for one token.
TRIES = Allowance(at_once=20, an_hour=20)
STRANGERS = Allowance(at_once=300, an_hour=300)
# A renewal is due every few days; an adapter that asks all the time is broken, and the log is not to be filled by it.
RENEWALS = Allowance(at_once=20, an_hour=20)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """How long what is given out holds."""

    certificate: timedelta
    token: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The rooms in which enrolling works."""

    store: MemberStore
    membership: Membership
    authorities: Authorities
    links: OpenLinks
    audit: AuditLog
    lifetimes: Lifetimes
    monotonic: Callable[[], float]
    now_ms: Callable[[], int]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Invitation:
    """A token, the one time that it is seen, and by which authority's fingerprint the hub is known."""

    token: str
    expires_at_ms: int
    fingerprint: bytes


class Enrolling:
    """Gives agencies certificates and takes them away."""

    def __init__(self, around: Surroundings) -> None:
        """Start with every allowance full."""
        self._around = around
        self._tries = Buckets(TRIES, around.monotonic)
        self._strangers = Buckets(STRANGERS, around.monotonic)
        self._renewals = Buckets(RENEWALS, around.monotonic)
        self._redeemed = Redeemed()
        self._one_after_the_other = asyncio.Lock()

    @property
    def membership(self) -> Membership:
        """Return what says whether a certificate counts."""
        return self._around.membership

    @property
    def authorities(self) -> bytes:
        """Return the certificates of the hub's authorities, as PEM."""
        return self._around.authorities.certificates

    def links_of_old_authority(self, certificates: Iterable[AgencyCertificate]) -> int:
        """Count the certificates that another authority issued than the one that issues now."""
        newest = self._around.authorities.fingerprints[0]
        return sum(1 for one in certificates if one.authority != newest)

    async def invite(self, agency: str, actor: str) -> Invitation:
        """Make a token for one enrolment of an agency; its former one no longer holds."""
        around, token = self._around, new_token()
        self._signer()
        fingerprint = around.authorities.vouching
        async with self._one_after_the_other:
            if self.membership.of(agency).state is MemberState.SUSPENDED:
                mend = f"Let it connect again first, with: hub agency resume {agency}"
                raise InvalidRequest("AGENCY_SUSPENDED", "The agency is suspended.", mend=mend, field="agency")
            now_ms = around.now_ms()
            kept = EnrolmentToken(
                digest=digest(token), agency=agency, expires_at_ms=now_ms + around.lifetimes.token // _MILLISECOND
            )
            await self._record(said.agency_invited(agency, actor, now_ms, expires_at_ms=kept.expires_at_ms))
            await asyncio.to_thread(around.store.invite, kept)
            self.membership.invited(kept)
            self._redeemed.forget(agency)
        return Invitation(token=token, expires_at_ms=kept.expires_at_ms, fingerprint=fingerprint)

    async def enrol(self, token: str, request: bytes, source: str) -> bytes:
        """Return an agency's first certificate, as PEM, against its token; raise NotAllowed, always in the same words.

        Only whoever has a token that opens something learns what is wrong with the request. Whoever did not hear the
        answer gets the same certificate for the same request, as long as the token would have held.
        """
        hashed = digest(token)
        # Looked up before anybody's turn: strangers keep no bearer of a token waiting, and no revocation.
        if self.membership.invitation(hashed) is None:
            return await self._again(hashed, request, source)
        self._take_try(hashed)
        async with self._one_after_the_other:
            kept = self.membership.invitation(hashed)
            if kept is not None:
                return await self._enrol(kept, request)
        # It was used up, replaced or withdrawn meanwhile.
        return await self._again(hashed, request, source)

    async def renew(self, present: AgencyCertificate, request: bytes) -> bytes:
        """Return the next certificate, as PEM, for the agency that the present one names; raise NotAllowed."""
        around, agency = self._around, present.agency
        if not self._renewals.has_one(agency):
            raise TooMuch("RENEWED_OFTEN", "The agency renews too often.", mend="Wait for an hour.")
        self._renewals.take(agency)
        public_key = key_in(request)
        async with self._one_after_the_other:
            # Also what was revoked while this waited opens nothing any more.
            if self.membership.fault(present):
                raise NotAllowed("CERTIFICATE_REFUSED", "The certificate does not count any more.")
            certificate, issued = self._sign(agency, public_key, around.now_ms())
            await self._record(_issuing(issued, by_token=False))
            await asyncio.to_thread(around.store.issue, issued)
            self.membership.issued(issued)
        return certificate

    async def suspend(self, agency: str, actor: str) -> int:
        """End an agency's links now and admit none until it is resumed; return how many ended."""
        async with self._one_after_the_other:
            if self.membership.of(agency).state is MemberState.REVOKED:
                mend = f"It may not connect as it is. A new token ends that: hub agency add {agency}"
                raise InvalidRequest("AGENCY_REVOKED", "The agency is revoked already.", mend=mend, field="agency")
            return await self._close(agency, actor, MemberState.SUSPENDED)

    async def revoke(self, agency: str, actor: str) -> int:
        """End an agency's links now and make its token and certificates useless; return how many links ended."""
        async with self._one_after_the_other:
            return await self._close(agency, actor, MemberState.REVOKED)

    async def resume(self, agency: str, actor: str) -> None:
        """Let a suspended agency connect again."""
        async with self._one_after_the_other:
            member = self.membership.of(agency)
            if member.state is not MemberState.SUSPENDED:
                mend = "See how agencies stand with: hub agency list"
                raise InvalidRequest("NOT_SUSPENDED", "The agency is not suspended.", mend=mend, field="agency")
            member = self._changed(member, actor, MemberState.ADMITTED)
            await self._record(said.agency_changed("resumed", agency, actor, member.changed_at_ms))
            await asyncio.to_thread(self._around.store.change, member)
            self.membership.put(member)

    def sweep(self) -> int:
        """End every link whose certificate counts no more, whatever the reason; return how many."""
        return self._around.links.cut_where(lambda certificate: self.membership.fault(certificate) or "")

    async def _enrol(self, kept: EnrolmentToken, request: bytes) -> bytes:
        around, now_ms = self._around, self._around.now_ms()
        certificate, issued = self._sign(kept.agency, key_in(request), now_ms)
        await self._record(_issuing(issued, by_token=True))
        member = self.membership.of(kept.agency)
        if member.state is MemberState.REVOKED:
            member = replace(member, state=MemberState.ADMITTED, changed_at_ms=now_ms, changed_by="")
        if not await asyncio.to_thread(around.store.enrol, kept.digest, member, issued, now_ms):
            raise _refused()
        self.membership.used(kept.agency)
        self.membership.put(member)
        self.membership.issued(issued)
        self._redeemed.keep(kept, request, certificate)
        return certificate

    async def _again(self, hashed: bytes, request: bytes, source: str) -> bytes:
        """Return what this request got for this token before; raise NotAllowed where that is nothing."""
        found = self._redeemed.again(hashed, request, self._around.now_ms())
        if found is None or self.membership.of(found[0]).state is not MemberState.ADMITTED:
            raise await self._refusal(source)
        return found[1]

    def _take_try(self, key: Hashable) -> None:
        if not self._tries.has_one(key):
            raise TooMuch("TOO_MANY_TRIES", "Too many tokens were tried from here.", mend="Try again in an hour.")
        self._tries.take(key)

    async def _refusal(self, source: str) -> NotAllowed:
        """Record that a token opened nothing, for as long as strangers have not had their share of entries.

        Raises TooMuch where its source has had its own share.
        """
        if self._strangers.has_one(None):
            self._take_try(source_key(source))
            self._strangers.take(None)
            await self._record(said.enrolment_refused(self._around.now_ms()))
        return _refused()

    async def _close(self, agency: str, actor: str, state: MemberState) -> int:
        member = self._changed(self.membership.of(agency), actor, state)
        if state is MemberState.REVOKED:
            member = replace(member, revoked_at_ms=member.changed_at_ms)
            self._redeemed.forget(agency)
        await self._record(said.agency_changed(state.value, agency, actor, member.changed_at_ms))
        # As soon as it is recorded, also while the store is busy or cannot be written: then it is to be said again.
        self.membership.put(member)
        ended = self._around.links.cut(agency)
        await asyncio.to_thread(self._around.store.change, member)
        return ended

    def _changed(self, member: Member, actor: str, state: MemberState) -> Member:
        return replace(member, state=state, changed_at_ms=self._around.now_ms(), changed_by=actor)

    def _sign(self, agency: str, public_key: bytes, now_ms: int) -> tuple[bytes, IssuedCertificate]:
        signed = self._signer().certify(public_key, agency, lifetime=self._around.lifetimes.certificate)
        return signed, issued_as(signed, agency, now_ms)

    def _signer(self) -> Signer:
        """Return what signs; raise NotReady where the hub could not be known by what comes with a certificate."""
        signer = self._around.authorities.signer
        if signer is None:
            raise NotReady("NO_AUTHORITY_KEY", "This hub does not hold the key of its authority, so it issues nothing.")
        if not self._around.authorities.vouching:
            raise NotReady(
                "NO_AUTHORITY", "None of the hub's authorities vouches for its own certificate, so it issues nothing."
            )
        return signer

    async def _record(self, entry: Entry) -> None:
        await self._around.audit.record(entry)


def _issuing(issued: IssuedCertificate, *, by_token: bool) -> Entry:
    return said.certificate_issued(
        issued.agency, issued.issued_at_ms, serial=issued.serial, ends_at_ms=issued.ends_at_ms, by_token=by_token
    )


def _refused() -> NotAllowed:
    return NotAllowed(
        "TOKEN_REFUSED",
        "This token opens nothing.",
        mend="Ask the hub's administrator for a new one: a token works once, and for a short while.",
    )
