"""Gets access tokens by the client credentials grant, and keeps the one that is good in memory only."""

import asyncio
import base64
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

import orjson

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http_access import ClientCertificate, OAuth2
from adapters.kit.http_faults import Because
from adapters.kit.pacing import (
    LONGEST_PAUSE_SECONDS,
    PAUSE_SECONDS,
    TOO_MANY,
    UNAVAILABLE,
    Clock,
    asked_pause,
    loop_time,
)
from adapters.kit.wire import OK, HttpReply, Wire

LIFE_SECONDS = 3600.0
"""How long a token is used of which it is not said when it ends; sooner, if the source refuses it."""
RENEWAL_SHARE = 0.1
EARLIEST_RENEWAL_SECONDS = 60.0
YOUNG_SECONDS = 5.0
"""A token as young as this was not refused for its age, so that another would not help."""
REFUSED_PAUSE_SECONDS = 30.0
"""How long an account that was refused is not tried again: enough tries would lock it."""
MOST_CONNECTIONS = 2
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,16384}=*")

_REFUSALS: Mapping[str, Because] = {
    "invalid_client": Because.ISSUER_CLIENT,
    "invalid_scope": Because.ISSUER_SCOPE,
    "unauthorized_client": Because.ISSUER_GRANT,
    "unsupported_grant_type": Because.ISSUER_GRANT,
}
_OF_THE_TOKEN: Mapping[Because, Because] = {
    Because.UNTRUSTED: Because.ISSUER_UNTRUSTED,
    Because.CERTIFICATE_REFUSED: Because.ISSUER_CERTIFICATE,
    Because.CERTIFICATE_UNREADABLE: Because.CERTIFICATE_UNREADABLE,
    Because.COMPRESSED: Because.ISSUER_UNREADABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Token:
    """A token, since when and until when it is good, and for which scopes if that is said. A secret, without a repr."""

    value: str
    since: float
    renew_at: float
    ends_at: float
    scopes: frozenset[str] | None

    def __repr__(self) -> str:
        """Say nothing."""
        return "Token()"


class Tokens:
    """The tokens of one account; whoever asks while one is being fetched waits for that one."""

    def __init__(self, account: OAuth2, certificate: ClientCertificate | None, clock: Clock = loop_time) -> None:
        """Take the account, and the certificate that is shown to the token endpoint too."""
        self.account = account
        self._clock = clock
        self._wire = Wire(
            account.token_url,
            headers={"Accept": "application/json"},
            ca=account.ca,
            certificate=certificate,
            most=MOST_CONNECTIONS,
        )
        self._fetching = asyncio.Lock()
        self._token: Token | None = None
        self._refused: SourceFault | None = None
        self._refused_until = 0.0

    async def open(self) -> None:
        """Make ready; no token is fetched yet."""
        await self._wire.open()

    async def current(self, deadline: float) -> Token:
        """Give a token that is good, fetching one where need be; raise SourceFault where none can be had."""
        if self._token is not None and (self._is_fresh() or (self._is_good() and self._fetching.locked())):
            return self._token
        try:
            async with asyncio.timeout_at(deadline), self._fetching:
                return self._token if self._token is not None and self._is_fresh() else await self._renewed(deadline)
        except TimeoutError:
            raise SourceFault(SourceFaultKind.LATE, Because.ISSUER_UNREACHABLE) from None

    def is_replaced(self, refused: Token) -> bool:
        """Let go of a token that the source refused; tell whether it is worth asking again with another."""
        if self._token is refused:
            if self._clock() - refused.since < YOUNG_SECONDS:
                return False
            self._token = None
        return True

    async def close(self) -> None:
        """Close the client and forget the token; may be called again."""
        self._token = None
        await self._wire.close()

    def _is_fresh(self) -> bool:
        return self._token is not None and self._clock() < self._token.renew_at

    def _is_good(self) -> bool:
        return self._token is not None and self._clock() < self._token.ends_at

    async def _renewed(self, deadline: float) -> Token:
        try:
            self._token = await self._fetched(deadline)
        except SourceFault:
            if self._token is None or not self._is_good():
                raise
        return self._token

    async def _fetched(self, deadline: float) -> Token:
        if self._refused is not None and self._clock() < self._refused_until:
            raise SourceFault(self._refused.kind, self._refused.because)
        try:
            reply = await self._wire.post("", self._form(), deadline, headers=self._headers(), is_read=True)
            return self._read(reply)
        except SourceFault as fault:
            told = SourceFault(fault.kind, _cause(fault))
            self._hold(told)
            raise told from None

    def _hold(self, fault: SourceFault) -> None:
        """Keep from asking again at once what was just refused; what was only late may have been our own hurry."""
        match fault.kind:
            case SourceFaultKind.LATE:
                return
            case SourceFaultKind.REFUSED:
                seconds = REFUSED_PAUSE_SECONDS
            case _:
                seconds = PAUSE_SECONDS
        self._refused, self._refused_until = fault, max(self._refused_until, self._clock() + seconds)

    def _headers(self) -> Mapping[str, str]:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.account.sent_in == "body":
            return form
        pair = f"{quote_plus(self.account.client_id)}:{quote_plus(self.account.client_secret.get_secret_value())}"
        return {**form, "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _form(self) -> bytes:
        form = {"grant_type": "client_credentials"}
        if self.account.scopes:
            form["scope"] = " ".join(self.account.scopes)
        if self.account.audience is not None:
            form["audience"] = self.account.audience
        if self.account.sent_in == "body":
            form["client_id"] = self.account.client_id
            form["client_secret"] = self.account.client_secret.get_secret_value()
        return urlencode(form).encode()

    def _read(self, reply: HttpReply) -> Token:
        said = _object_in(reply.body)
        if reply.status in {TOO_MANY, UNAVAILABLE}:
            pause = asked_pause(reply.headers.get("Retry-After"), time.time()) or 0.0
            self._refused_until = self._clock() + min(pause, LONGEST_PAUSE_SECONDS)
            raise SourceFault(SourceFaultKind.BUSY, Because.ISSUER_BUSY)
        if reply.status != OK:
            raise SourceFault(SourceFaultKind.REFUSED, _REFUSALS.get(str(said.get("error")), Because.ISSUER_REFUSED))
        value, kind = said.get("access_token"), said.get("token_type")
        is_bearer = isinstance(kind, str) and kind.casefold() == "bearer"
        if not is_bearer or not isinstance(value, str) or not _TOKEN.fullmatch(value):
            raise SourceFault(SourceFaultKind.GARBAGE, Because.ISSUER_UNREADABLE)
        now, life = self._clock(), _life(said.get("expires_in"))
        renewal = min(life * RENEWAL_SHARE, EARLIEST_RENEWAL_SECONDS)
        scope = said.get("scope")
        return Token(
            value=value,
            since=now,
            renew_at=now + life - renewal,
            ends_at=now + life,
            scopes=frozenset(scope.split()) if isinstance(scope, str) else None,
        )


def _cause(fault: SourceFault) -> Because:
    """Say of what a wire says that it was on the way to the token endpoint."""
    if not isinstance(fault.because, Because):
        return Because.ISSUER_UNREADABLE if fault.kind is SourceFaultKind.TOO_MUCH else Because.ISSUER_UNREACHABLE
    return _OF_THE_TOKEN.get(fault.because, fault.because)


def _object_in(body: bytes) -> Mapping[str, object]:
    try:
        said = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _life(said: object) -> float:
    """Read how long a token lives: seconds as a number or, as some write them, as a text."""
    if isinstance(said, str) and said.isascii() and said.isdecimal():
        said = int(said[:10])
    usable = isinstance(said, int | float) and not isinstance(said, bool) and said > 0
    return min(float(said), LIFE_SECONDS * 24) if usable and isinstance(said, int | float) else LIFE_SECONDS
