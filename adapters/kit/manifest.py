"""The manifest: everything that makes a program of the kit one agency's adapter."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo, model_validator

from adapters.kit.http_access import ApiKey, ClientCertificate, HttpAccess, OAuth2, expect_unheard
from adapters.kit.local_paths import LocalPath, resolved
from adapters.kit.mapping import (
    AnyPaging,
    ColumnField,
    ColumnKey,
    FhirKey,
    FhirRelated,
    FileJoin,
    Name,
    ParameterKey,
    Part,
    PathField,
    RestRelated,
    TableJoin,
    Word,
    mend_needed,
)
from adapters.kit.metrics import Metrics
from adapters.kit.oneroster_mapping import RosterRecords, RosterSource
from adapters.kit.places import Span
from adapters.kit.proxying import MaybeProxy
from adapters.kit.python_mapping import PythonRecords, PythonSource
from adapters.kit.record_sets import Records
from adapters.kit.search_mapping import FhirSearch, ParameterSearch
from adapters.kit.soap_mapping import SoapRecords, SoapSource
from adapters.kit.source_limits import SourceLimits, SqlLimits
from adapters.kit.verifiable import require_verifiable
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
# A database's address may hold a password: it is in no `repr`, so that it cannot get into an error or a log.
DatabaseUrl = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9+_]+://"), AfterValidator(_resolve_url), Field(repr=False)
]


class Hub(Part):
    """Where the hub is, and by which certificates each knows the other."""

    addresses: Annotated[list[Address], Field(min_length=1, max_length=16)]
    ca: LocalPath
    certificate: LocalPath
    key: LocalPath
    renew: bool = True
    proxy: MaybeProxy = None

    def secrets(self) -> Iterator[tuple[str, ...]]:
        """List where secrets stand, which must come out of the environment."""
        if self.proxy is not None and self.proxy.password:
            yield "proxy", "password"


class Limits(Part):
    """How much the back-office system is asked for."""

    asks_at_once: Annotated[int, Field(ge=1, le=1000)] = 64
    read_ms: Annotated[int, Field(ge=50, le=120_000)] = 5000
    looks_per_second: Annotated[int, Field(ge=1, le=1000)] = 20


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


class WorkColumns(Part):
    """Where each part of an item of work goes in the table that an agency keeps as its work queue."""

    notice: Name
    reference: Name
    noticed_at: Name
    kind: Name
    field: Name
    others: Name | None = None
    values: Name | None = None
    word: Name | None = None
    request: Name | None = None
    requester: Name | None = None
    requester_agency: Name | None = None

    def mapped(self) -> Mapping[str, str]:
        """List the parts that are written, with their columns."""
        return {part: column for part, column in self.model_dump().items() if column is not None}


class DatabaseAddress(Part):
    """Where a database is, and as whom the adapter goes there."""

    url: DatabaseUrl
    user: Name | None = None
    password: Annotated[Name | None, Field(repr=False)] = None


class SqlWriteBack(DatabaseAddress):
    """The one table into which an adapter may write, through an account of its own."""

    table: Name
    columns: SharingColumns


class SqlWorkQueue(DatabaseAddress):
    """The one table into which items of work are put, through an account of its own."""

    table: Name
    columns: WorkColumns


class RestWriteBack(Part):
    """The one path to which an adapter may send, with a key of its own; `{reference}` in it is the own reference."""

    path: Name
    api_key: ApiKey | None = None
    oauth2: OAuth2 | None = None
    client_certificate: ClientCertificate | None = None


class RestWorkQueue(RestWriteBack):
    """The one path to which items of work are sent, with a key of its own; `{reference}` is the own reference."""


class SqlRecords(Records[ColumnKey, ColumnField]):
    """A table or a view, with what is joined to it."""

    table: Name
    joins: Annotated[list[TableJoin], Field(max_length=8, default_factory=list)]
    search: bool = False


class SqlSource(DatabaseAddress):
    """A relational database."""

    kind: Literal["sql"]
    name: Name
    limits: SqlLimits = SqlLimits()
    # `schema` is a method of pydantic's, so the attribute has another name than the manifest's word.
    db_schema: Annotated[Name | None, Field(alias="schema")] = None
    write_back: SqlWriteBack | None = None
    work_queue: SqlWorkQueue | None = None
    records: Annotated[dict[Word, SqlRecords], Field(min_length=1)]

    def secrets(self) -> Iterator[tuple[str, ...]]:
        """List where secrets stand, of reading and of writing."""
        if self.password is not None:
            yield ("password",)
        if self.write_back is not None and self.write_back.password is not None:
            yield "write_back", "password"
        if self.work_queue is not None and self.work_queue.password is not None:
            yield "work_queue", "password"


class RestRecords(Records[ParameterKey, PathField]):
    """Records behind a path of a REST API."""

    path: Name
    rows: Name
    with_: Annotated[dict[Name, str], Field(alias="with", default_factory=dict)]
    paging: AnyPaging | None = None
    related: Annotated[dict[Word, RestRelated], Field(default_factory=dict)]
    search: ParameterSearch | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        require_verifiable(self, self.related.values())
        if self.related and self.record_id is None:
            raise mend_needed("`related` needs the record's id", "Map `record_id`.")
        return self


class RestSource(HttpAccess):
    """A REST API that speaks JSON."""

    kind: Literal["rest"]
    name: Name
    limits: SourceLimits = SourceLimits()
    write_back: RestWriteBack | None = None
    work_queue: RestWorkQueue | None = None
    records: Annotated[dict[Word, RestRecords], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_written_unheard(self) -> Self:
        for account in (self.write_back, self.work_queue):
            if account is not None and (account.oauth2 is not None or account.client_certificate is not None):
                expect_unheard(self.url, account.oauth2)
        return self

    def secrets(self) -> Iterator[tuple[str, ...]]:
        """List where secrets stand, of reading and of writing."""
        yield from super().secrets()
        if self.write_back is not None and self.write_back.oauth2 is not None:
            yield "write_back", "oauth2", "client_secret"
        if self.work_queue is not None and self.work_queue.oauth2 is not None:
            yield "work_queue", "oauth2", "client_secret"


class FhirRecords(Records[FhirKey, PathField]):
    """Patients, with the resources that refer to them."""

    record_id: Name = "$.id"
    related: Annotated[dict[Word, FhirRelated], Field(default_factory=dict)]
    search: FhirSearch | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        require_verifiable(self, self.related.values())
        return self


class FhirSource(HttpAccess):
    """A FHIR R4 server."""

    kind: Literal["fhir"]
    name: Name
    limits: SourceLimits = SourceLimits()
    elements: bool = False
    records: Annotated[dict[Word, FhirRecords], Field(min_length=1)]


class FileRecords(Records[ColumnKey, ColumnField]):
    """A CSV file or a sheet of an Excel file, with what is joined to it; without `sheet` the first is meant."""

    file: Name
    sheet: Name | None = None
    joins: Annotated[list[FileJoin], Field(max_length=8, default_factory=list)]
    search: bool = False


class FilesSource(Part):
    """A folder of CSV and Excel files that are replaced from time to time."""

    kind: Literal["files"]
    name: Name
    limits: SourceLimits = SourceLimits()
    folder: LocalPath
    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-1", "detect"] = "utf-8"
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    poll_seconds: Annotated[float, Field(gt=0, le=3600)] = 5
    final_newline: bool = True
    fresh_for: Span | None = None
    still_seconds: Annotated[float, Field(ge=0, le=600)] = 1
    fewest_left: Annotated[int, Field(ge=0, le=100)] = 50
    records: Annotated[dict[Word, FileRecords], Field(min_length=1)]


Source = SqlSource | RestSource | FhirSource | RosterSource | SoapSource | FilesSource | PythonSource
DocumentRecords = RestRecords | FhirRecords | RosterRecords | SoapRecords | PythonRecords
AnyRecords = SqlRecords | FileRecords | DocumentRecords


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
