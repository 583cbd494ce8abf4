"""The manifest: everything that makes a program of the kit one agency's adapter."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo, model_validator

from adapters.kit.local_paths import LocalPath, resolved
from adapters.kit.mapping import (
    ColumnField,
    ColumnKey,
    FhirKey,
    FhirRelated,
    FileJoin,
    Name,
    PagedByLink,
    PagedByNumber,
    ParameterKey,
    Part,
    PathField,
    RestRelated,
    TableJoin,
    Take,
    Word,
    mend_needed,
)
from adapters.kit.metrics import Metrics
from adapters.kit.proxying import MaybeProxy
from adapters.kit.record_sets import Records
from adapters.kit.veto import MOST_RULES, VetoRule

SQLITE = "sqlite:///"


def _resolve_url(url: str, context: ValidationInfo) -> str:
    if not url.startswith(SQLITE):
        return url
    return SQLITE + str(resolved(Path(url.removeprefix(SQLITE)), context))


def _one_address(address: str) -> str:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise mend_needed("a hub's address is not `host:port`", "Write it as in `hub.example:7401`.")
    return address


Address = Annotated[str, AfterValidator(_one_address)]
HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#]+/(?:[^?#]*/)?$")]


class Hub(Part):
    """Where the hub is, and by which certificates each knows the other."""

    addresses: Annotated[list[Address], Field(min_length=1, max_length=16)]
    ca: LocalPath
    certificate: LocalPath
    key: LocalPath
    proxy: MaybeProxy = None


class Limits(Part):
    """How much the back-office system is asked for."""

    asks_at_once: Annotated[int, Field(ge=1, le=1000)] = 64
    read_ms: Annotated[int, Field(ge=50, le=120_000)] = 5000
    looks_per_second: Annotated[int, Field(ge=1, le=1000)] = 20


class ApiKey(Part):
    """The header by which an HTTP source knows its adapter."""

    header: Name
    value: Annotated[str, StringConstraints(min_length=1)]


class SharingColumns(Part):
    """Where each part of a sharing event goes in the table that an agency keeps for them."""

    reference: Name
    shared_at: Name
    agency: Name
    request: Name
    access_level: Name | None = None
    question: Name | None = None
    purpose: Name | None = None
    fields: Name | None = None

    def mapped(self) -> Mapping[str, str]:
        """List the parts that are written, with their columns."""
        return {part: column for part, column in self.model_dump().items() if column is not None}


class SqlWriteBack(Part):
    """The one table into which an adapter may write, through an account of its own."""

    url: Annotated[str, StringConstraints(pattern=r"^[a-z0-9+_]+://"), AfterValidator(_resolve_url)]
    table: Name
    columns: SharingColumns


class RestWriteBack(Part):
    """The one path to which an adapter may send, with a key of its own; `{reference}` in it is the own reference."""

    path: Name
    api_key: ApiKey | None = None


class SqlRecords(Records[ColumnKey, ColumnField]):
    """A table or a view, with what is joined to it."""

    table: Name
    joins: Annotated[list[TableJoin], Field(max_length=8, default_factory=list)]


class SqlSource(Part):
    """A relational database."""

    kind: Literal["sql"]
    name: Name
    url: Annotated[str, StringConstraints(pattern=r"^[a-z0-9+_]+://"), AfterValidator(_resolve_url)]
    # `schema` is a method of pydantic's, so the attribute has another name than the manifest's word.
    db_schema: Annotated[Name | None, Field(alias="schema")] = None
    write_back: SqlWriteBack | None = None
    records: Annotated[dict[Word, SqlRecords], Field(min_length=1)]


class RestRecords(Records[ParameterKey, PathField]):
    """Records behind a path of a REST API."""

    path: Name
    rows: Name
    with_: Annotated[dict[Name, str], Field(alias="with", default_factory=dict)]
    paging: Annotated[PagedByNumber | PagedByLink, Field(discriminator="style")] | None = None
    related: Annotated[dict[Word, RestRelated], Field(default_factory=dict)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _check_http(self, self.related)
        if self.related and self.record_id is None:
            raise mend_needed("`related` needs the record's id", "Map `record_id`.")
        return self


class RestSource(Part):
    """A REST API that speaks JSON."""

    kind: Literal["rest"]
    name: Name
    url: HttpUrl
    api_key: ApiKey | None = None
    ca: LocalPath | None = None
    write_back: RestWriteBack | None = None
    records: Annotated[dict[Word, RestRecords], Field(min_length=1)]


class FhirRecords(Records[FhirKey, PathField]):
    """Patients, with the resources that refer to them."""

    record_id: Name = "$.id"
    related: Annotated[dict[Word, FhirRelated], Field(default_factory=dict)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _check_http(self, self.related)
        return self


class FhirSource(Part):
    """A FHIR R4 server."""

    kind: Literal["fhir"]
    name: Name
    url: HttpUrl
    api_key: ApiKey | None = None
    ca: LocalPath | None = None
    records: Annotated[dict[Word, FhirRecords], Field(min_length=1)]


class FileRecords(Records[ColumnKey, ColumnField]):
    """A CSV file, with what is joined to it."""

    file: Name
    joins: Annotated[list[FileJoin], Field(max_length=8, default_factory=list)]


class FilesSource(Part):
    """A folder of CSV files that are replaced from time to time."""

    kind: Literal["files"]
    name: Name
    folder: LocalPath
    encoding: Literal["utf-8", "utf-16", "cp1252", "iso-8859-1"] = "utf-8"
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    poll_seconds: Annotated[float, Field(gt=0, le=3600)] = 5
    final_newline: bool = True
    records: Annotated[dict[Word, FileRecords], Field(min_length=1)]


Source = SqlSource | RestSource | FhirSource | FilesSource
AnyRecords = SqlRecords | RestRecords | FhirRecords | FileRecords


def _check_http(
    records: Records[ParameterKey, PathField] | Records[FhirKey, PathField],
    related: Mapping[str, RestRelated] | Mapping[str, FhirRelated],
) -> None:
    """Refuse keys that could not be verified on what comes back, and more than one `take: each`."""
    unverified = [name for name in records.keys.mapped() if name not in records.fields]
    if unverified:
        listed = ", ".join(f"`{name}`" for name in unverified)
        raise mend_needed(f"what comes back cannot be checked against {listed}", "Map every key under `fields` too.")
    if [part.take for part in related.values()].count(Take.EACH) > 1:
        raise mend_needed("more than one of the related says `take: each`", "Keep one; use `all` for the others.")


def _split_route(route: object) -> object:
    if isinstance(route, str) and route.count(".") == 1:
        source, _, records = route.partition(".")
        return {"source": source, "records": records}
    raise mend_needed("a question is answered from `SOURCE.RECORDS`", "Write it as in `care_records.child`.")


class Route(Part):
    """The record set that answers a question."""

    source: Word
    records: Word


class Manifest(Part):
    """One agency's manifest."""

    manifest: Literal["1"]
    agency: Word
    title: Name
    hub: Hub
    journal: LocalPath
    health: LocalPath | None = None
    metrics: Metrics | None = None
    limits: Limits = Limits()
    refuse: Annotated[list[Word], Field(default_factory=list)]
    veto: Annotated[list[VetoRule], Field(max_length=MOST_RULES, default_factory=list)]
    questions: Annotated[dict[Word, Annotated[Route, BeforeValidator(_split_route)]], Field(min_length=1)]
    sources: Annotated[dict[Word, Annotated[Source, Field(discriminator="kind")]], Field(min_length=1)]

    def unknown_routes(self) -> Iterator[tuple[str, str, list[str]]]:
        """List questions whose route leads nowhere, with the route and the routes that there are."""
        known = [f"{source}.{records}" for source, part in self.sources.items() for records in part.records]
        for question, route in self.questions.items():
            spelt = f"{route.source}.{route.records}"
            if spelt not in known:
                yield question, spelt, known

    @property
    def answered(self) -> tuple[str, ...]:
        """List the questions that the adapter declares: what it answers and what it refuses."""
        return tuple(dict.fromkeys((*self.questions, *self.refuse)))

    def records_of(self, route: Route) -> AnyRecords:
        """Give the record set that a route leads to."""
        return self.sources[route.source].records[route.records]
