"""The part of a manifest that says how an HTTP source is reached, how each proves who it is, and how much it bears."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, StringConstraints, model_validator

from adapters.kit.local_paths import LocalPath
from adapters.kit.mapping import Name, Part, mend_needed

HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#]+/(?:[^?#]*/)?$")]
TokenUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#@]+/[^?#]*$")]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=4096)]
Scope = Annotated[str, StringConstraints(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$", max_length=200)]
AUTHORIZATION = "authorization"
THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


class ApiKey(Part):
    """The header by which an HTTP source knows its adapter."""

    header: Name
    value: Annotated[str, StringConstraints(min_length=1), Field(repr=False)]


class Basic(Part):
    """A name and a password, sent with every request."""

    username: Annotated[str, StringConstraints(pattern=r"^[^:\x00-\x1f\x7f]+$", max_length=200)]
    password: Secret


class OAuth2(Part):
    """An account at a token endpoint, by the client credentials grant (RFC 6749, 4.4)."""

    token_url: TokenUrl
    client_id: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]+$", max_length=200)]
    client_secret: Secret
    sent_in: Literal["header", "body"] = "header"
    scopes: Annotated[list[Scope], Field(max_length=50, default_factory=list)]
    audience: Name | None = None
    ca: LocalPath | None = None


class ClientCertificate(Part):
    """The certificate, with its key, by which an adapter proves over TLS who it is."""

    certificate: LocalPath
    key: LocalPath


class HttpAccess(Part):
    """Where an HTTP source is, and on what terms it is spoken to."""

    url: HttpUrl
    api_key: ApiKey | None = None
    basic: Basic | None = None
    oauth2: OAuth2 | None = None
    ca: LocalPath | None = None
    client_certificate: ClientCertificate | None = None
    requests_at_once: Annotated[int, Field(ge=1, le=64)] = 64
    requests_per_second: Annotated[int | None, Field(ge=1, le=1000)] = None

    @model_validator(mode="after")
    def _is_one_way_to_prove(self) -> Self:
        if self.basic is not None and self.oauth2 is not None:
            raise mend_needed("`basic` and `oauth2` exclude each other", "Keep the one that the source asks for.")
        takes = self.api_key is not None and self.api_key.header.strip().casefold() == AUTHORIZATION
        if takes and (self.basic is not None or self.oauth2 is not None):
            raise mend_needed("`api_key` and the sign-in use one header", "Keep one of them.")
        return self

    @model_validator(mode="after")
    def _is_unheard(self) -> Self:
        if self.basic is not None or self.oauth2 is not None or self.client_certificate is not None:
            expect_unheard(self.url, self.oauth2)
        return self

    def secrets(self) -> Iterator[tuple[str, ...]]:
        """List where secrets stand, which must come out of the environment."""
        if self.basic is not None:
            yield "basic", "password"
        if self.oauth2 is not None:
            yield "oauth2", "client_secret"


def expect_unheard(url: str, oauth2: OAuth2 | None) -> None:
    """Refuse to send a password, a secret or a token where others could read it on the way."""
    for address in (url, *([oauth2.token_url] if oauth2 is not None else [])):
        parts = urlsplit(address)
        if parts.scheme == "http" and parts.hostname not in THIS_MACHINE:
            raise mend_needed("credentials would travel in the clear", "Write an address that begins `https://`.")
