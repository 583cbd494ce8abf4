"""A door whose issuer is hostile, and a second issuer that it may be mixed up with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hub.accounts.oidc.http import Http
from hub.accounts.oidc.issuer import Issuer
from hub.accounts.oidc.issuers import Issuers
from tests.integration.sign_in.door import NOW, Clock, Door
from tests.lib.hostile_issuer import HostileIssuer
from tests.lib.minting import CLIENT


@asynccontextmanager
async def door_of(seconds: float) -> AsyncIterator[Door]:
    clock = Clock()
    async with HostileIssuer(now=NOW) as hostile:
        issuer = Issuer(
            id="hostile", title="Hostile", url=hostile.url, client_id=CLIENT, strong_acr=frozenset({"aal2"})
        )
        async with Issuers([issuer], clock=clock, wall=clock, http=Http(seconds=seconds, is_secure=False)) as issuers:
            yield Door(issuers=issuers, hostile=hostile, clock=clock)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with door_of(seconds=5.0) as opened:
        yield opened


@pytest.fixture
async def hurried() -> AsyncIterator[Door]:
    """Yield a door that waits for an issuer for no more than a moment."""
    async with door_of(seconds=0.3) as opened:
        yield opened
