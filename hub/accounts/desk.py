"""The sign-in desk: everything that accounts can do, put together once from what a hub has."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from hub.accounts.blocklist import Blocklist
from hub.accounts.ceremonies import RelyingParty
from hub.accounts.kept import Kept
from hub.accounts.one_time_codes import OneTimeCodes
from hub.accounts.opening import Opening, milliseconds_now
from hub.accounts.own_password import OwnPassword
from hub.accounts.passkeys import Passkeys
from hub.accounts.password_rules import PasswordRules
from hub.accounts.passwords import Passwords
from hub.accounts.sealing import Seal
from hub.accounts.second_factor import SecondFactor
from hub.accounts.sign_in import SignIn
from hub.accounts.throttle import Throttle


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The clocks of a desk: seconds that never go back, seconds since 1970, milliseconds since 1970."""

    steady: Callable[[], float] = time.monotonic
    since_1970: Callable[[], float] = time.time
    now_ms: Callable[[], int] = milliseconds_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Signs people in, and lets them look after their password, their authenticator and their passkeys."""

    sign_in: SignIn
    own_password: OwnPassword
    second_factor: SecondFactor
    passkeys: Passkeys
    throttle: Throttle


def open_desk(
    kept: Kept,
    *,
    passwords: Passwords,
    seal: Seal,
    known_levels: Callable[[], Collection[str]],
    party: RelyingParty | None = None,
    clocks: Clocks | None = None,
) -> Desk:
    """Put a desk together; `known_levels` looks at the access levels of the policy in force."""
    clocks = clocks or Clocks()
    codes, rules = OneTimeCodes(seal, clocks.since_1970), PasswordRules(Blocklist.shipped())
    throttle, opening = Throttle(clocks.steady), Opening(kept.accounts, known_levels, clocks.now_ms)
    return Desk(
        sign_in=SignIn(
            kept, passwords=passwords, codes=codes, throttle=throttle, opening=opening, now_ms=clocks.now_ms
        ),
        own_password=OwnPassword(kept, passwords=passwords, rules=rules, throttle=throttle, now_ms=clocks.now_ms),
        second_factor=SecondFactor(kept, codes=codes, passwords=passwords, rules=rules, throttle=throttle),
        passkeys=Passkeys(kept, party, opening=opening, clock=clocks.steady, now_ms=clocks.now_ms),
        throttle=throttle,
    )
