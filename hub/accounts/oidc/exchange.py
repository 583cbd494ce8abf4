"""The two messages to an issuer: the address a browser is sent to, and the exchange of its code for tokens."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlencode

from hub.accounts.oidc.discovery import Endpoints
from hub.accounts.oidc.flaws import Flaw, Flawed
from hub.accounts.oidc.http import Http
from hub.accounts.oidc.issuer import FRESH_SECONDS, Issuer
from hub.accounts.oidc.pending import Pending

# What may stand in an access token (RFC 6750): it is hashed once, for at_hash, and then forgotten.
_ACCESS_TOKEN = re.compile(r"[!-~]{1,16384}")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tokens:
    """What the token endpoint gave; the ID token is not to be believed yet."""

    id_token: object
    access_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Where the browser goes, and the handle with which the sign-in is finished; both are for its beginner alone."""

    url: str = field(repr=False)
    handle: str = field(repr=False)


def authorization_url(issuer: Issuer, endpoints: Endpoints, pending: Pending) -> str:
    """Spell the address at which the issuer asks the person who they are (code flow with PKCE)."""
    parameters = {
        "response_type": "code",
        "client_id": issuer.client_id,
        "redirect_uri": pending.redirect,
        "scope": " ".join(issuer.scopes),
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": pending.challenge(),
        "code_challenge_method": "S256",
    }
    # Where a level counts as strong it is wished for, and so is asking the person anew: many an issuer names a level
    # and a time only when asked to. What is not granted then makes the sign-in no more than a first factor.
    acr_values = pending.acr_values or sorted(issuer.strong_acr)
    max_age = FRESH_SECONDS if pending.max_age is None and acr_values else pending.max_age
    if acr_values:
        parameters["acr_values"] = " ".join(acr_values)
    if max_age is not None:
        parameters["max_age"] = str(max_age)
    joint = "&" if "?" in endpoints.authorization else "?"
    return f"{endpoints.authorization}{joint}{urlencode(parameters)}"


async def exchange(http: Http, issuer: Issuer, endpoints: Endpoints, pending: Pending, code: str) -> Tokens:
    """Give the code to the issuer and return the tokens that it gives for it; raise Flawed."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": pending.redirect,
        "code_verifier": pending.verifier,
    }
    headers: dict[str, str] = {}
    if issuer.client_secret is None or endpoints.secret_in_form:
        form["client_id"] = issuer.client_id
    if issuer.client_secret is not None and endpoints.secret_in_form:
        form["client_secret"] = issuer.client_secret
    elif issuer.client_secret is not None:
        headers["Authorization"] = _basic(issuer.client_id, issuer.client_secret)
    return _tokens(await http.post(endpoints.token, form, headers))


def _basic(client_id: str, secret: str) -> str:
    """Spell the client's name and secret as a header (RFC 6749, section 2.3.1, which encodes each of them first)."""
    return "Basic " + base64.b64encode(f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()).decode()


def _tokens(answer: Mapping[str, object]) -> Tokens:
    access_token, kind = answer.get("access_token"), answer.get("token_type")
    if not isinstance(access_token, str) or not _ACCESS_TOKEN.fullmatch(access_token):
        raise Flawed(Flaw.TOKEN_ANSWER)
    if not isinstance(kind, str) or kind.lower() != "bearer" or "error" in answer:
        raise Flawed(Flaw.TOKEN_ANSWER)
    return Tokens(id_token=answer.get("id_token"), access_token=access_token)
