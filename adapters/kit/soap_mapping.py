"""The parts of a manifest that describe a SOAP service: its WSDL, who may call it, and which operations are called."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from adapters.kit.mapping import Name, ParameterKey, Part, PathField, Related, Word, mend_needed
from adapters.kit.places import LocalPath, PathOrUrl, WholeUrl
from adapters.kit.record_sets import Records
from adapters.kit.verifiable import require_verifiable

Given = dict[Name, str]


class SoapLogin(Part):
    """How the service knows its adapter: by HTTP basic authentication, or by a WS-Security UsernameToken."""

    style: Literal["basic", "username_token"]
    user: Annotated[Name, Field(repr=False)]
    password: Annotated[Name, Field(repr=False)]
    digest: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.digest and self.style != "username_token":
            raise mend_needed("`digest` applies to `username_token` only", "Remove it.")
        return self


class SoapRelated(Related):
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
    wsdl: PathOrUrl
    url: WholeUrl | None = None
    service: Annotated[str, StringConstraints(min_length=1)] | None = None
    port: Annotated[str, StringConstraints(min_length=1)] | None = None
    login: SoapLogin | None = None
    ca: LocalPath | None = None
    records: Annotated[dict[Word, SoapRecords], Field(min_length=1)]
