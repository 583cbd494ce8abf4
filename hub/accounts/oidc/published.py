"""What one issuer publishes, fetched when it is needed and kept for an hour: its addresses and its keys."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from hub.accounts.oidc.discovery import Endpoints, read_endpoints, where_published
from hub.accounts.oidc.envelope import Envelope
from hub.accounts.oidc.flaws import Flaw, Flawed
from hub.accounts.oidc.http import Http
from hub.accounts.oidc.issuer import Issuer
from hub.accounts.oidc.keys import PublicKey, pick, read_keys

# A key that an issuer withdraws counts for no longer than this.
KEPT_SECONDS = 60 * 60
# Strangers can make the hub look for a key, or for an issuer that is down; they cannot make it look all the time.
NEW_KEYS_SECONDS = 60
FAILURE_SECONDS = 5

Kept = TypeVar("Kept")


class _Document(Generic[Kept]):
    """One document, fetched by one caller while the others wait."""

    def __init__(self, fetch: Callable[[], Awaitable[Kept]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._alone = asyncio.Lock()
        self._read: tuple[float, Kept] | None = None
        self._failed: tuple[float, Flaw] | None = None

    async def get(self, *, no_older_than: float = KEPT_SECONDS) -> Kept:
        """Return the document; raise Flawed when it is too old and cannot be fetched."""
        async with self._alone:
            now = self._clock()
            if self._read is not None and now - self._read[0] < no_older_than:
                return self._read[1]
            if self._failed is not None and now - self._failed[0] < FAILURE_SECONDS:
                raise Flawed(self._failed[1])
            try:
                read = await self._fetch()
            except Flawed as error:
                self._failed = (now, error.flaw)
                raise
            self._read = (now, read)
            return read


class Published:
    """One issuer's addresses and keys."""

    def __init__(self, issuer: Issuer, http: Http, clock: Callable[[], float]) -> None:
        """Fetch nothing yet, so that a hub starts while an issuer is down."""
        self._issuer = issuer
        self._http = http
        self._endpoints = _Document(self._fetch_endpoints, clock)
        self._keys = _Document(self._fetch_keys, clock)

    async def endpoints(self) -> Endpoints:
        """Return the issuer's addresses; raise Flawed."""
        return await self._endpoints.get()

    async def key_for(self, envelope: Envelope) -> PublicKey:
        """Return the key that a token says it was signed with; raise Flawed when the issuer publishes no such key.

        An issuer may have changed its keys a moment ago, so that an unknown key is looked for once more.
        """
        for no_older_than in (KEPT_SECONDS, NEW_KEYS_SECONDS):
            keys = await self._keys.get(no_older_than=no_older_than)
            key = pick(keys, envelope.kid, envelope.algorithm)
            if key is not None:
                return key
        raise Flawed(Flaw.KEY)

    async def _fetch_endpoints(self) -> Endpoints:
        return read_endpoints(await self._http.get(where_published(self._issuer)), self._issuer)

    async def _fetch_keys(self) -> tuple[PublicKey, ...]:
        return read_keys(await self._http.get((await self.endpoints()).keys))
