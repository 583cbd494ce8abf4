"""HTTP clients for an adapter's whole life: one that only ever reads a source, and one that only ever writes to it."""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http_access import ApiKey, Basic, HttpAccess
from adapters.kit.http_faults import Because
from adapters.kit.http_proving import prove
from adapters.kit.manifest import RestWriteBack
from adapters.kit.pacing import Clock, Pace, loop_time
from adapters.kit.reader import Finding
from adapters.kit.tokens import Token, Tokens
from adapters.kit.wire import OK, HttpReply, Parameters, Wire

JSON = "application/json"
UNAUTHORISED, FORBIDDEN, NOT_FOUND, CONFLICT = 401, 403, 404, 409
REDIRECTS = range(300, 400)
MOST_TRIES = 4
REFUSALS: Mapping[int, Because] = {
    UNAUTHORISED: Because.NOT_SIGNED_IN,
    FORBIDDEN: Because.NOT_ALLOWED,
    NOT_FOUND: Because.NOT_THERE,
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HttpPage:
    """What a path holds, parsed, and what the reply's headers say of its pages. Case data, so it has no repr."""

    content: object
    links: str
    total: str = ""

    def __repr__(self) -> str:
        """Say nothing."""
        return "HttpPage()"


class HttpSource:
    """Gets JSON from one origin and sends its key nowhere else; it only ever sends GET, so it cannot write."""

    def __init__(self, access: HttpAccess, *, accept: str = JSON, clock: Clock = loop_time) -> None:
        """Take where the source is and on what terms it is spoken to."""
        self._access = access
        headers = {"Accept": accept, **_key(access.api_key), **_basic(access.basic)}
        self._wire = Wire(
            access.url,
            headers=headers,
            ca=access.ca,
            certificate=access.client_certificate,
            most=access.requests_at_once,
        )
        self._pace = Pace(per_second=access.requests_per_second, clock=clock)
        account = access.oauth2
        self.tokens = None if account is None else Tokens(account, access.client_certificate, clock)

    async def open(self) -> None:
        """Make the clients; nothing is sent yet."""
        await self._wire.open()
        if self.tokens is not None:
            await self.tokens.open()

    async def get(self, path: str, parameters: Parameters, deadline: float, *, may_miss: bool = False) -> object:
        """Get what a path holds, parsed; raises SourceFault, which repeats nothing that the source said.

        Where the path may miss, "not found" gives None. A search that is not found is a fault: a misspelt path must not
        look like a person who is not known.
        """
        return (await self.page(path, parameters, deadline, may_miss=may_miss)).content

    async def page(self, path: str, parameters: Parameters, deadline: float, *, may_miss: bool = False) -> HttpPage:
        """Get what a path holds, as `get` does, with the reply's links."""
        reply = await self._asked(path, parameters, deadline)
        if reply.status == NOT_FOUND and may_miss:
            return HttpPage(content=None, links="")
        if reply.status != OK:
            because = Because.LEADS_ELSEWHERE if reply.status in REDIRECTS else REFUSALS.get(reply.status)
            raise SourceFault(SourceFaultKind.REFUSED, because)
        try:
            content: object = orjson.loads(reply.body)
        except orjson.JSONDecodeError:
            raise SourceFault(SourceFaultKind.GARBAGE) from None
        return HttpPage(
            content=content, links=reply.headers.get("Link", ""), total=reply.headers.get("X-Total-Count", "")
        )

    async def prove(self, deadline: float) -> list[Finding]:
        """Look, for a check, whether the source can know who the adapter is."""
        return await prove(self._access.client_certificate, self.tokens, deadline)

    async def close(self) -> None:
        """Close the clients; may be called again."""
        await self._wire.close()
        if self.tokens is not None:
            await self.tokens.close()

    async def _asked(self, path: str, parameters: Parameters, deadline: float) -> HttpReply:
        """Ask; again where the source says when, and once with another token where it refuses an old one."""
        refused: Token | None = None
        for _ in range(MOST_TRIES):
            token = None if self.tokens is None else await self.tokens.current(deadline)
            await self._pace.turn(deadline)
            reply = await self._wire.get(path, parameters, deadline, headers=_bearer(token))
            if self._pace.is_turned_away(reply.status, reply.headers):
                continue
            if reply.status != UNAUTHORISED or self.tokens is None or token is None or refused is not None:
                return reply
            refused = token
            if not self.tokens.is_replaced(token):
                return reply
        raise SourceFault(SourceFaultKind.BUSY)


class HttpTarget:
    """Sends JSON to one origin, where a manifest declares it; of what comes back it reads whether that was taken."""

    def __init__(self, url: str, account: RestWriteBack, *, ca: Path | None) -> None:
        """Take the address that all paths are relative to, the account that may write, and whom to trust for https."""
        headers = {"Accept": JSON, **_key(account.api_key)}
        certificate = account.client_certificate
        self._certificate = certificate
        self._wire = Wire(url, headers=headers, ca=ca, certificate=certificate)
        self._tokens = None if account.oauth2 is None else Tokens(account.oauth2, certificate)

    async def open(self) -> None:
        """Make the clients; nothing is sent yet."""
        await self._wire.open()
        if self._tokens is not None:
            await self._tokens.open()

    async def post(self, path: str, document: Mapping[str, object], *, once: str, seconds: float) -> None:
        """Send a document; `once` names it, for a target that sees it again. Raises SourceFault unless it was taken."""
        deadline = asyncio.get_running_loop().time() + seconds
        token = None if self._tokens is None else await self._tokens.current(deadline)
        headers = {"Content-Type": JSON, "Idempotency-Key": once, **_bearer(token)}
        reply = await self._wire.post(path, orjson.dumps(document), deadline, headers=headers, is_read=False)
        is_taken = OK <= reply.status < REDIRECTS.start or reply.status == CONFLICT
        if reply.status == UNAUTHORISED and self._tokens is not None and token is not None:
            # The event is sent again all the same; then with another token.
            self._tokens.is_replaced(token)
        if not is_taken:
            raise SourceFault(SourceFaultKind.REFUSED, REFUSALS.get(reply.status))

    async def prove(self, deadline: float) -> list[Finding]:
        """Look, for a check, whether the target can know who the adapter is; nothing is sent to the target itself."""
        return await prove(self._certificate, self._tokens, deadline)

    async def close(self) -> None:
        """Close the clients; may be called again."""
        await self._wire.close()
        if self._tokens is not None:
            await self._tokens.close()


def _key(api_key: ApiKey | None) -> dict[str, str]:
    return {} if api_key is None else {api_key.header: api_key.value}


def _basic(basic: Basic | None) -> dict[str, str]:
    if basic is None:
        return {}
    pair = f"{basic.username}:{basic.password.get_secret_value()}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _bearer(token: Token | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token.value}"}
