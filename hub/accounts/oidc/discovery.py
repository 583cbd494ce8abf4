"""Reads what an issuer publishes about itself (OpenID Connect Discovery 1.0): where to go, and how."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.accounts.oidc.addresses import is_loopback_http, is_safe
from hub.accounts.oidc.flaws import Flaw, Flawed
from hub.accounts.oidc.issuer import Issuer

_WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """An issuer's addresses; `names_itself` promises the parameter `iss` in every answer (RFC 9207)."""

    authorization: str
    token: str
    keys: str
    names_itself: bool
    secret_in_form: bool


def where_published(issuer: Issuer) -> str:
    """Name the address of the document."""
    return issuer.url.rstrip("/") + _WELL_KNOWN


def read_endpoints(document: Mapping[str, object], issuer: Issuer) -> Endpoints:
    """Return the addresses; raise Flawed when the document is somebody else's or leads to where no secret may go."""
    if document.get("issuer") != issuer.url:
        raise Flawed(Flaw.OTHER_ISSUER)
    if not _offers(document, "code_challenge_methods_supported", "S256"):
        raise Flawed(Flaw.NO_PKCE)
    ways = document.get("token_endpoint_auth_methods_supported")
    return Endpoints(
        authorization=_address(document, "authorization_endpoint", issuer),
        token=_address(document, "token_endpoint", issuer),
        keys=_address(document, "jwks_uri", issuer),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        secret_in_form=isinstance(ways, list) and "client_secret_basic" not in ways,
    )


def _offers(document: Mapping[str, object], name: str, wanted: str) -> bool:
    """Tell whether a list has a word; an issuer that publishes no list is asked all the same."""
    offered = document.get(name)
    return offered is None or (isinstance(offered, list) and wanted in offered)


def _address(document: Mapping[str, object], name: str, issuer: Issuer) -> str:
    """Return an address; an issuer elsewhere cannot make the hub speak to this machine in the clear."""
    url = document.get(name)
    if not isinstance(url, str) or not is_safe(url, loopback=is_loopback_http(issuer.url)):
        raise Flawed(Flaw.ADDRESS)
    return url
