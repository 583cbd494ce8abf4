"""Sign-in through the deployment's issuers, from the address a browser is sent to until it is known who came back."""

import hmac
import re
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

import structlog

from hub.accounts.oidc.addresses import is_loopback_http, is_own_machine
from hub.accounts.oidc.claims import Expected, read_identity
from hub.accounts.oidc.discovery import Endpoints
from hub.accounts.oidc.envelope import believed, read_envelope
from hub.accounts.oidc.exchange import Begun, Tokens, authorization_url, exchange
from hub.accounts.oidc.flaws import Flaw, Flawed
from hub.accounts.oidc.http import Http
from hub.accounts.oidc.identity import ExternalIdentity
from hub.accounts.oidc.issuer import Issuer
from hub.accounts.oidc.pending import Pending, PendingSignIns
from hub.accounts.oidc.published import Published
from hub.accounts.refusing import refused
from hub.errors import InvalidRequest, NotReady

_CODE = re.compile(r"[ -~]{1,2048}")

_log = structlog.get_logger(__name__)


class Issuers:
    """Begins and finishes sign-ins at issuers; open it once, for the hub's whole life."""

    def __init__(
        self,
        issuers: Iterable[Issuer],
        *,
        clock: Callable[[], float],
        wall: Callable[[], float],
        http: Http | None = None,
    ) -> None:
        """Take the issuers; `clock` never goes back, `wall` counts seconds since 1970, as tokens do."""
        self._issuers = {issuer.id: issuer for issuer in issuers}
        self._wall = wall
        is_secure = not all(is_loopback_http(issuer.url) for issuer in self._issuers.values())
        self._http = http or Http(is_secure=is_secure)
        self._pending = PendingSignIns(clock)
        self._published = {name: Published(issuer, self._http, clock) for name, issuer in self._issuers.items()}

    async def __aenter__(self) -> Self:
        """Open the client for HTTP; no issuer is asked yet."""
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client; may be called again."""
        await self._http.__aexit__(kind, error, trace)

    def offered(self) -> tuple[tuple[str, str], ...]:
        """Return id and title of each issuer, for whoever chooses one."""
        return tuple((issuer.id, issuer.title) for issuer in self._issuers.values())

    async def begin(
        self,
        issuer_id: str,
        redirect_uri: str,
        *,
        source: str = "",
        acr_values: tuple[str, ...] = (),
        max_age: int | None = None,
    ) -> Begun:
        """Return where the browser goes and a handle; raise InvalidRequest, or NotReady when the issuer is unusable.

        Of one `source`, the address of whoever begins, no more than a share is kept. For step-up, `acr_values` are
        levels of which the issuer must name one, and `max_age` is how many seconds ago the person may at most have
        proved who they are.
        """
        issuer = self._issuers.get(issuer_id)
        if issuer is None:
            raise _invalid("ISSUER_UNKNOWN", "There is no such issuer.", "Choose one of those offered.", "issuer")
        _check_wishes(issuer, redirect_uri, acr_values, max_age)
        try:
            endpoints = await self._published[issuer_id].endpoints()
        except Flawed as error:
            _log.warning("issuer.unusable", issuer=issuer_id, reason=error.flaw.value)
            raise NotReady("ISSUER_UNUSABLE", f"{issuer.title} cannot be used for sign-in at the moment.") from None
        pending = Pending(issuer_id=issuer_id, redirect=redirect_uri, acr_values=acr_values, max_age=max_age)
        return Begun(url=authorization_url(issuer, endpoints, pending), handle=self._pending.keep(pending, source))

    async def finish(self, handle: str, state: str, code: str, iss: str | None = None) -> ExternalIdentity:
        """Return who has signed in, from what the browser brought back; raise SignInRefused, always in the same words.

        A handle is good for one try. `iss` is the parameter of that name, None when the issuer sent none.
        """
        pending = self._pending.take(handle)
        try:
            return await self._finished(pending, state, code, iss)
        except Flawed as error:
            issuer_id = pending.issuer_id if pending else ""
            _log.warning("issuer.refused", issuer=issuer_id, reason=error.flaw.value)
            raise refused() from None

    async def _finished(self, pending: Pending | None, state: str, code: str, iss: str | None) -> ExternalIdentity:
        if pending is None:
            raise Flawed(Flaw.HANDLE)
        issuer, published = self._issuers[pending.issuer_id], self._published[pending.issuer_id]
        if not hmac.compare_digest(state.encode("utf-8", "surrogatepass"), pending.state.encode()):
            raise Flawed(Flaw.STATE)
        if not _CODE.fullmatch(code):
            raise Flawed(Flaw.CODE)
        endpoints = await published.endpoints()
        _check_origin(issuer, endpoints, iss)
        return await self._identified(pending, await exchange(self._http, issuer, endpoints, pending, code))

    async def _identified(self, pending: Pending, tokens: Tokens) -> ExternalIdentity:
        issuer = self._issuers[pending.issuer_id]
        envelope = read_envelope(tokens.id_token)
        key = await self._published[pending.issuer_id].key_for(envelope)
        expected = Expected(
            issuer=issuer,
            nonce=pending.nonce,
            access_token=tokens.access_token,
            algorithm=envelope.algorithm,
            now=self._wall(),
            max_age=pending.max_age,
            acr_values=pending.acr_values,
        )
        return read_identity(believed(envelope, key, issuer.algorithms), expected)


def _check_wishes(issuer: Issuer, redirect: str, acr_values: tuple[str, ...], max_age: int | None) -> None:
    if not is_own_machine(redirect) and redirect not in issuer.redirects:
        mend = "Give http://127.0.0.1 with a port, or an address of the issuer's `redirects` in hub.toml."
        raise _invalid("REDIRECT_INVALID", "A browser may not be sent back to there.", mend, "redirect_uri")
    if not issuer.strong_acr.issuperset(acr_values):
        mend = "Ask for levels of the issuer's `strong_acr` in hub.toml."
        raise _invalid("ACR_INVALID", "This level of assurance counts for nothing here.", mend, "acr_values")
    if max_age is not None and max_age < 0:
        raise _invalid("MAX_AGE_INVALID", "An age cannot be less than nothing.", "Give seconds.", "max_age")


def _check_origin(issuer: Issuer, endpoints: Endpoints, iss: str | None) -> None:
    """Refuse an answer of another issuer, which would lead this one's code to it (RFC 9207)."""
    if iss is None and not endpoints.names_itself:
        return
    if iss != issuer.url:
        raise Flawed(Flaw.MIX_UP)


def _invalid(reason: str, message: str, mend: str, field: str) -> InvalidRequest:
    return InvalidRequest(reason, message, mend=mend, field=field)
