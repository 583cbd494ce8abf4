"""Passkeys: registering one while signed in, and signing in with one instead of name, password and code."""

import asyncio
from collections.abc import Callable

from webauthn.registration.verify_registration_response import VerifiedRegistration

from hub.accounts import ceremonies
from hub.accounts.ceremonies import Assertion, NotProved, RelyingParty
from hub.accounts.challenges import Challenges
from hub.accounts.credentials import SignedIn
from hub.accounts.kept import Kept
from hub.accounts.opening import Opening
from hub.accounts.refusing import refused
from hub.errors import InvalidRequest, NotAllowed, TooMuch
from hub.model.account import Account, Passkey

MOST_OF_ONE_ACCOUNT = 20
LONGEST_LABEL = 100
_REGISTERING, _SIGNING_IN = "registering", "signing in"


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
        # Apart, so that strangers who begin to sign in cannot push out the challenges of people who register.
        self._registering, self._signing_in = Challenges(clock), Challenges(clock)

    async def begin_registration(self, user_name: str) -> str:
        """Return what the browser of somebody who is signed in needs to make a passkey, as JSON."""
        party = self._required()
        account, known = await asyncio.to_thread(self._find_holder, user_name)
        if len(known) >= MOST_OF_ONE_ACCOUNT:
            raise TooMuch("PASSKEYS_FULL", "This account has many passkeys.", mend="Remove one that is not used.")
        challenge = self._registering.issue(_REGISTERING, user_name)
        return ceremonies.registration_options(party, account, challenge, known)

    async def finish_registration(self, user_name: str, response: str, label: str) -> Passkey:
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
        if not await asyncio.to_thread(self._kept.passkeys.add, passkey):
            raise _registration_refused()
        return passkey

    async def begin_sign_in(self) -> str:
        """Return what the browser of somebody needs to sign in with a passkey, as JSON; the hub need not know whose."""
        party = self._required()
        return ceremonies.sign_in_options(party, self._signing_in.issue(_SIGNING_IN))

    async def finish_sign_in(self, response: str) -> SignedIn:
        """Return who has signed in with a passkey; raise SignInRefused, with the same words as every sign-in."""
        return await self._opening.open(await self._proved_holder(response), is_strong=True)

    async def _proved_holder(self, response: str) -> Account:
        party = self._required()
        passkey: Passkey | None = None
        try:
            assertion = ceremonies.read_assertion(response)
            passkey = await asyncio.to_thread(self._kept.passkeys.find, assertion.credential.raw_id)
            return await self._prove_sign_in(party, assertion, passkey)
        except NotProved:
            raise refused(passkey.user_name if passkey else "") from None

    async def confirm(self, user_name: str, response: str) -> None:
        """Confirm by a passkey that it is still the account's holder who is signed in; raise SignInRefused."""
        account = await self._proved_holder(response)
        if account.user_name != user_name:
            raise refused(account.user_name)

    async def of(self, user_name: str) -> tuple[Passkey, ...]:
        """Return an account's passkeys, oldest first."""
        return await asyncio.to_thread(self._kept.passkeys.of, user_name)

    async def remove(self, user_name: str, credential_id: bytes) -> bool:
        """Forget one passkey of an account; tell whether it had it."""
        return await asyncio.to_thread(self._kept.passkeys.remove, user_name, credential_id)

    async def _prove_registration(self, party: RelyingParty, user_name: str, response: str) -> VerifiedRegistration:
        credential, challenge = ceremonies.read_registration(response)
        if not self._registering.take(challenge, _REGISTERING, user_name):
            raise NotProved
        return await asyncio.to_thread(ceremonies.verify_registration, party, credential, challenge)

    async def _prove_sign_in(self, party: RelyingParty, assertion: Assertion, passkey: Passkey | None) -> Account:
        """Return the account that an assertion opens; raise NotProved, also when its passkey was used meanwhile."""
        if not self._signing_in.take(assertion.challenge, _SIGNING_IN) or passkey is None:
            raise NotProved
        proved = await asyncio.to_thread(ceremonies.verify_assertion, party, assertion, passkey)
        account = await asyncio.to_thread(self._kept.accounts.find, passkey.user_name)
        if account is None or not self._opening.may(account):
            raise NotProved
        counted = self._kept.passkeys.count
        is_next = await asyncio.to_thread(
            counted, passkey.credential_id, former=passkey.sign_count, new=proved.new_sign_count
        )
        if not is_next:
            raise NotProved
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
