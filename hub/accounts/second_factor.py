"""One-time codes of an account: enrolling an authenticator, confirming who is signed in, and giving it up."""

import asyncio

from hub.accounts.before import Before, nothing_before
from hub.accounts.kept import Kept
from hub.accounts.one_time_codes import Enrolment, OneTimeCodes
from hub.accounts.password_rules import PasswordRules
from hub.accounts.passwords import Passwords
from hub.accounts.refusing import code_refused
from hub.accounts.throttle import Throttle
from hub.errors import InvalidRequest
from hub.model.account import SealedSeed


class SecondFactor:
    """Is for people who are signed in; what they may try is throttled, since a session can be stolen too."""

    def __init__(
        self, kept: Kept, *, codes: OneTimeCodes, passwords: Passwords, rules: PasswordRules, throttle: Throttle
    ) -> None:
        """Take what is kept of accounts and the parts that judge."""
        self._kept = kept
        self._codes = codes
        self._passwords = passwords
        self._rules = rules
        self._throttle = throttle

    async def is_confirmed(self, user_name: str) -> bool:
        """Tell whether an account has an authenticator in use."""
        seed = await asyncio.to_thread(self._kept.seeds.find, user_name)
        return seed is not None and seed.is_confirmed

    async def enrol(self, user_name: str) -> Enrolment:
        """Make a seed for an authenticator; no code is asked for until the first one is confirmed."""
        enrolment, sealed = self._codes.new_seed(user_name)
        if not await asyncio.to_thread(self._kept.seeds.begin, user_name, sealed):
            mend = "Remove it first, with your password and a code."
            raise InvalidRequest("AUTHENTICATOR_EXISTS", "This account has an authenticator already.", mend=mend)
        return enrolment

    async def finish_enrolment(self, user_name: str, code: str, *, before: Before = nothing_before) -> None:
        """Take the authenticator into use by its first code; raise SignInRefused when it is not accepted."""
        seed = await asyncio.to_thread(self._kept.seeds.find, user_name)
        if seed is None or seed.is_confirmed:
            raise InvalidRequest("NO_ENROLMENT", "No authenticator waits to be confirmed.", mend="Enrol one first.")
        step = self._throttled_step(user_name, code, seed)
        await before(user_name)
        if not await asyncio.to_thread(self._kept.seeds.confirm, user_name, seed.sealed, step):
            raise code_refused(user_name)

    async def confirm(self, user_name: str, code: str) -> None:
        """Confirm that it is still the account's holder who is signed in; raise SignInRefused when it is not."""
        seed = await self._confirmed_seed(user_name)
        step = self._throttled_step(user_name, code, seed)
        if not await asyncio.to_thread(self._kept.seeds.accept, user_name, step):
            raise code_refused(user_name)

    async def remove(self, user_name: str, *, password: str, code: str, before: Before = nothing_before) -> None:
        """Give the authenticator up, if the password is one that may stand alone; raise SignInRefused."""
        account = await asyncio.to_thread(self._kept.accounts.find, user_name)
        seed = await self._confirmed_seed(user_name)
        ticket = self._throttle.admit_signed_in(user_name)
        kept_hash = account.password_hash if account and ticket else None
        matches = await self._passwords.matches(password, kept_hash)
        step = self._codes.step_of(code, user_name, seed)
        if account is None or ticket is None or step is None or not matches:
            raise code_refused(user_name)
        ticket.give_back()
        await asyncio.to_thread(self._rules.check, password, account, is_alone=True)
        if not await asyncio.to_thread(self._kept.seeds.accept, user_name, step):
            raise code_refused(user_name)
        await before(user_name)
        await asyncio.to_thread(self._kept.seeds.remove, user_name)

    async def _confirmed_seed(self, user_name: str) -> SealedSeed:
        seed = await asyncio.to_thread(self._kept.seeds.find, user_name)
        if seed is None or not seed.is_confirmed:
            mend = "Enrol one, or sign in anew with a passkey."
            raise InvalidRequest("NO_AUTHENTICATOR", "This account has no authenticator.", mend=mend)
        return seed

    def _throttled_step(self, user_name: str, code: str, seed: SealedSeed) -> int:
        """Return the time step that a code is of; raise SignInRefused when it is wrong, or not to be evaluated."""
        ticket = self._throttle.admit_signed_in(user_name)
        step = self._codes.step_of(code, user_name, seed) if ticket else None
        if ticket is None or step is None:
            raise code_refused(user_name)
        ticket.give_back()
        return step
