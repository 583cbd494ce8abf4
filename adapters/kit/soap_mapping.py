"""The parts of a manifest that describe a SOAP service: its WSDL, who calls it, and which operations."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, model_validator

from adapters.kit.http_access import THIS_MACHINE, Basic, ClientCertificate, Secret
from adapters.kit.local_paths import LocalPath
from adapters.kit.mapping import Name, OwnedRelated, ParameterKey, Part, PathField, Word, mend_needed
from adapters.kit.places import PathOrUrl, WholeUrl
from adapters.kit.record_sets import Records
from adapters.kit.search_mapping import ParameterSearch
from adapters.kit.source_limits import SourceLimits
from adapters.kit.verifiable import require_verifiable

Given = dict[Name, str]


class UsernameToken(Part):
    """A name and a password within the envelope (WS-Security 1.1); `digest` sends a hash of the password."""

    username: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    password: Secret
    digest: bool = False


class SoapRelated(OwnedRelated):
    """More about a record, from an operation that takes the record's id."""

    operation: Name
    by: Name
    rows: Name = "$"
    with_: Annotated[Given, Field(alias="with", default_factory=dict)]


class SoapRecords(Records[ParameterKey, PathField]):
    """What an operation gives; it is called once for each strong identifier, or with all names together."""

    operation: Name
    rows: Name
    with_: Annotated[Given, Field(alias="with", default_factory=dict)]
    related: Annotated[dict[Word, SoapRelated], Field(default_factory=dict)]
    search: ParameterSearch | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        require_verifiable(self, self.related.values())
        if self.related and self.record_id is None:
            raise mend_needed("`related` needs the record's id", "Map `record_id`.")
        return self


class SoapSource(Part):
    """A SOAP service. It is called at `url`; without that, where its WSDL says."""

    kind: Literal["soap"]
    name: Name
    limits: SourceLimits = SourceLimits()
    wsdl: PathOrUrl
    url: WholeUrl | None = None
    service: Annotated[str, StringConstraints(min_length=1)] | None = None
    port: Annotated[str, StringConstraints(min_length=1)] | None = None
    basic: Basic | None = None
    username_token: UsernameToken | None = None
    client_certificate: ClientCertificate | None = None
    ca: LocalPath | None = None
    records: Annotated[dict[Word, SoapRecords], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_unheard(self) -> Self:
        """Refuse to send a password where others could read it on the way; that the WSDL leads there shows later."""
        if (self.basic or self.username_token) and any(map(is_heard, filter(None, (self.url, self.wsdl)))):
            raise mend_needed("credentials would travel in the clear", "Write an address that begins `https://`.")
        return self

    def secrets(self) -> Iterator[tuple[str, str]]:
        """List where secrets stand, which must come out of the environment."""
        yield from (("basic", "password") for _ in filter(None, (self.basic,)))
        yield from (("username_token", "password") for _ in filter(None, (self.username_token,)))


def is_heard(address: str) -> bool:
    """Tell whether others could read on the way what is sent to an address."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname not in THIS_MACHINE
