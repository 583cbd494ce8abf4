"""Passkeys: registering one, signing in with one instead of name, password and code, and confirming with one."""

import asyncio
from collections.abc import Callable

from webauthn.registration.verify_registration_response import VerifiedRegistration

from hub.accounts import ceremonies
from hub.accounts.before import Before, nothing_before
from hub.accounts.ceremonies import NotProved, RelyingParty
from hub.accounts.challenges import Challenges
from hub.accounts.credentials import SignedIn
from hub.accounts.kept import Kept
from hub.accounts.opening import Opening
from hub.accounts.refusing import passkey_refused, refused
from hub.errors import InvalidRequest, NotAllowed, TooMuch
from hub.model.account import Account, Passkey

MOST_OF_ONE_ACCOUNT = 20
LONGEST_LABEL = 100
_REGISTERING, _SIGNING_IN, _CONFIRMING = "registering", "signing in", "confirming"


class Passkeys:
    """Registers passkeys and signs their holders in; a passkey counts as two factors, since its holder unlocks it."""

    def __init__(
        self,
        kept: Kept,
        party: RelyingParty | None,
        *,
        opening: Opening,
        clock: Callable[[], float],
        now_ms: Callable[[], int],
    ) -> None:
        """Take what is kept of accounts, and as whom passkeys know this hub; None where it takes none."""
        self._kept = kept
        self._party = party
        self._opening = opening
        self._now_ms = now_ms
        # Apart, so that strangers who begin to sign in cannot push out the challenges of people who are signed in.
        self._of_strangers, self._of_holders = Challenges(clock), Challenges(clock)

    async def begin_registration(self, user_name: str) -> str:
        """Return what the browser of somebody who is signed in needs to make a passkey, as JSON."""
        party = self._required()
        account, known = await asyncio.to_thread(self._find_holder, user_name)
        if len(known) >= MOST_OF_ONE_ACCOUNT:
            raise TooMuch("PASSKEYS_FULL", "This account has many passkeys.", mend="Remove one that is not used.")
        challenge = self._of_holders.issue(_REGISTERING, user_name)
        return ceremonies.registration_options(party, account, challenge, known)

    async def finish_registration(
        self, user_name: str, response: str, label: str, *, before: Before = nothing_before
    ) -> Passkey:
        """Keep the passkey that the browser has made; raise InvalidRequest when its response proves none."""
        party = self._required()
        if not 0 < len(label) <= LONGEST_LABEL or not label.isprintable():
            mend = f"Say in 1 to {LONGEST_LABEL} characters which device it is on."
            raise InvalidRequest("LABEL_INVALID", "The passkey needs a label.", mend=mend, field="label")
        try:
            proved = await self._prove_registration(party, user_name, response)
        except NotProved:
            raise _registration_refused() from None
        passkey = Passkey(
            credential_id=proved.credential_id,
            user_name=user_name,
            public_key=proved.credential_public_key,
            sign_count=proved.sign_count,
            label=label,
            added_at_ms=self._now_ms(),
        )
        await before(user_name)
        if not await asyncio.to_thread(self._kept.passkeys.add, passkey):
            raise _registration_refused()
        return passkey

    async def begin_sign_in(self, source: str = "") -> str:
        """Return what the browser of somebody needs to sign in with a passkey, as JSON; the hub need not know whose."""
        party = self._required()
        return ceremonies.sign_in_options(party, self._of_strangers.issue(_SIGNING_IN, source=source))

    async def finish_sign_in(self, response: str) -> SignedIn:
        """Return who has signed in with a passkey; raise SignInRefused, with the same words as every sign-in."""
        party = self._required()
        try:
            account = await self._prove(party, response, _SIGNING_IN)
        except NotProved as error:
            raise refused(error.account) from None
        return await self._opening.open(account, is_strong=True)

    async def begin_confirmation(self, user_name: str) -> str:
        """Return what the browser of somebody who is signed in needs to confirm that it is still them, as JSON."""
        party = self._required()
        _, known = await asyncio.to_thread(self._find_holder, user_name)
        return ceremonies.sign_in_options(party, self._of_holders.issue(_CONFIRMING, user_name), known)

    async def finish_confirmation(self, user_name: str, response: str) -> None:
        """Confirm that it is still the account's holder who is signed in; raise SignInRefused when it is not."""
        party = self._required()
        try:
            await self._prove(party, response, _CONFIRMING, user_name)
        except NotProved:
            raise passkey_refused(user_name) from None

    async def of(self, user_name: str) -> tuple[Passkey, ...]:
        """Return an account's passkeys, oldest first."""
        return await asyncio.to_thread(self._kept.passkeys.of, user_name)

    async def remove(self, user_name: str, credential_id: bytes, *, before: Before = nothing_before) -> bool:
        """Forget one passkey of an account; tell whether it had it."""
        if credential_id not in {passkey.credential_id for passkey in await self.of(user_name)}:
            return False
        await before(user_name)
        return await asyncio.to_thread(self._kept.passkeys.remove, user_name, credential_id)

    async def _prove_registration(self, party: RelyingParty, user_name: str, response: str) -> VerifiedRegistration:
        credential, challenge = ceremonies.read_registration(response)
        if not self._of_holders.take(challenge, _REGISTERING, user_name):
            raise NotProved
        return await asyncio.to_thread(ceremonies.verify_registration, party, credential, challenge)

    async def _prove(self, party: RelyingParty, response: str, purpose: str, holder: str = "") -> Account:
        """Return the account that a response opens; raise NotProved, also when its passkey was used meanwhile."""
        assertion = ceremonies.read_assertion(response)
        passkey = await asyncio.to_thread(self._kept.passkeys.find, assertion.credential.raw_id)
        issued = self._of_holders if holder else self._of_strangers
        is_fresh = issued.take(assertion.challenge, purpose, holder)
        if passkey is None or not is_fresh or (holder and passkey.user_name != holder):
            raise NotProved(passkey.user_name if passkey else "")
        proved = await asyncio.to_thread(ceremonies.verify_assertion, party, assertion, passkey)
        account = await asyncio.to_thread(self._kept.accounts.find, passkey.user_name)
        if account is None or not self._opening.may(account):
            raise NotProved(passkey.user_name)
        is_next = await asyncio.to_thread(
            self._kept.passkeys.count, passkey.credential_id, former=passkey.sign_count, new=proved.new_sign_count
        )
        if not is_next:
            raise NotProved(passkey.user_name)
        return account

    def _find_holder(self, user_name: str) -> tuple[Account, tuple[Passkey, ...]]:
        account = self._kept.accounts.find(user_name)
        if account is None:
            mend = "Sign in with an account of this hub."
            raise InvalidRequest("NO_ACCOUNT", "There is no such account.", mend=mend, field="user_name")
        return account, self._kept.passkeys.of(user_name)

    def _required(self) -> RelyingParty:
        if self._party is None:
            mend = "Sign in with your user name; whoever runs the hub can set sign_in.relying_party and sign_in.origin."
            raise NotAllowed("PASSKEYS_OFF", "This hub takes no passkeys.", mend=mend)
        return self._party


def _registration_refused() -> InvalidRequest:
    mend = "Begin again, and unlock the passkey when you are asked to."
    return InvalidRequest("PASSKEY_REFUSED", "The passkey could not be registered.", mend=mend)
