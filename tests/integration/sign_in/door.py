"""A hub's side of sign-in, with clocks that a test moves, and an issuer that does what a test wants."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from hub.accounts.oidc.exchange import Begun
from hub.accounts.oidc.identity import ExternalIdentity
from hub.accounts.oidc.issuers import Issuers
from hub.errors import NotReady, SignInRefused
from tests.lib.hostile_issuer import HostileIssuer

NOW = 1_800_000_000.0
REDIRECT = "http://127.0.0.1:49152/back"


@dataclass
class Clock:
    """Both clocks, moved together."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, kw_only=True)
class Door:
    """The hub's issuers, one of which is hostile, and what a browser brings back."""

    issuers: Issuers
    hostile: HostileIssuer
    clock: Clock

    async def begin(self, *, acr_values: tuple[str, ...] = (), max_age: int | None = None) -> tuple[Begun, str]:
        """Begin at the hostile issuer, which learns the nonce; return also the state."""
        begun = await self.issuers.begin("hostile", REDIRECT, acr_values=acr_values, max_age=max_age)
        asked = parse_qs(urlsplit(begun.url).query)
        self.hostile.nonce = asked["nonce"][0]
        return begun, asked["state"][0]

    async def come_back(self, *, acr_values: tuple[str, ...] = (), max_age: int | None = None) -> ExternalIdentity:
        """Begin, and finish with what a browser would bring."""
        begun, state = await self.begin(acr_values=acr_values, max_age=max_age)
        return await self.issuers.finish(begun.handle, state, "a-code")

    async def refused(self, handle: str, state: str, code: str = "a-code", iss: str | None = None) -> str:
        """Try to finish; return the reason that is logged, once it is sure that nothing else is told to anybody."""
        with capture_logs() as logged, pytest.raises(SignInRefused) as refused:
            await self.issuers.finish(handle, state, code, iss)
        assert (refused.value.reason, refused.value.account) == ("SIGN_IN_REFUSED", "")
        assert [set(line) for line in logged] == [{"event", "log_level", "issuer", "reason"}]
        return str(logged[0]["reason"])

    async def refusal(self, *, acr_values: tuple[str, ...] = (), max_age: int | None = None) -> str:
        """Begin, and return why it cannot be finished."""
        begun, state = await self.begin(acr_values=acr_values, max_age=max_age)
        return await self.refused(begun.handle, state)

    async def unusable(self) -> str:
        """Try to begin; return the reason that is logged for the issuer's being of no use."""
        with capture_logs() as logged, pytest.raises(NotReady):
            await self.begin()
        assert [(line["event"], line["issuer"]) for line in logged] == [("issuer.unusable", "hostile")]
        return str(logged[0]["reason"])
