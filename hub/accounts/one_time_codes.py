"""One-time codes of an authenticator (TOTP, RFC 6238): a new one every 30 seconds, each accepted once."""

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pyotp
import structlog

from hub.accounts.sealing import Seal, SealBroken
from hub.model.account import SealedSeed

ISSUER = "Sharing hub"
# A step earlier and a step later: clocks differ, and people type slowly.
WINDOW = 1

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What an authenticator is given, once: the seed, to be typed, and the same as an otpauth URI, to be scanned."""

    seed: str = field(repr=False)
    uri: str = field(repr=False)


class OneTimeCodes:
    """Makes seeds and finds out which time step a code is of; keeps nothing."""

    def __init__(self, seal: Seal, clock: Callable[[], float] = time.time) -> None:
        """Take the seal of seeds and the clock that authenticators go by, in seconds since 1970."""
        self._seal = seal
        self._clock = clock
        self._nobody = SealedSeed(sealed=seal.seal(pyotp.random_base32().encode(), ""), is_confirmed=False, last_step=0)

    def new_seed(self, user_name: str) -> tuple[Enrolment, bytes]:
        """Make a seed of 160 bits; return what the authenticator is given, and the seed as it is kept."""
        seed = pyotp.random_base32()
        uri = pyotp.TOTP(seed).provisioning_uri(name=user_name, issuer_name=ISSUER)
        return Enrolment(seed=seed, uri=uri), self._seal.seal(seed.encode(), user_name)

    def step_of(self, code: str, user_name: str, kept: SealedSeed | None) -> int | None:
        """Return the time step that a code is of, if it may be accepted now; without a seed it takes as long."""
        seed = kept or self._nobody
        try:
            opened = self._seal.open(seed.sealed, user_name if kept else "")
        except SealBroken:
            # Somebody has changed the store or the key; nobody gets in on that account until it is put right.
            _log.error("code_seed.unreadable")
            return None
        codes = pyotp.TOTP(opened.decode())
        now = codes.timecode(self._clock())
        given = code.replace(" ", "").encode("utf-8", "surrogatepass")
        fitting = [
            step
            for step in range(now - WINDOW, now + WINDOW + 1)
            if hmac.compare_digest(given, codes.generate_otp(step).encode()) and step > seed.last_step
        ]
        return fitting[0] if fitting and kept else None
