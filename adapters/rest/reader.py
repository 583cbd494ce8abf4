"""The reader of REST APIs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from adapters.kit.documents import Document, DocumentSet, all_of
from adapters.kit.documents_check import NobodySearch
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.http_check import Sample, check_samples
from adapters.kit.json_paths import Finder, compile_rows
from adapters.kit.looking import as_written
from adapters.kit.manifest import RestRecords, RestSource
from adapters.kit.nobody import named, ways_to_nobody
from adapters.kit.reader import Finding, Found, Looking, Match
from adapters.kit.search_mapping import parameters_for
from adapters.kit.searching import NotSearched, Search
from adapters.rest.paging import PagedSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """A record set with everything parsed."""

    records: RestRecords
    documents: DocumentSet
    search: PagedSearch
    find_rows: Finder
    find_related: dict[str, Finder]

    @classmethod
    def of(cls, records: RestRecords, http: HttpSource) -> Self:
        """Parse what a record set says."""
        find_rows = compile_rows(records.rows)
        return cls(
            records=records,
            documents=DocumentSet(records=records, related=records.related),
            search=PagedSearch(http, path=records.path, find_rows=find_rows, paging=records.paging),
            find_rows=find_rows,
            find_related={name: compile_rows(part.rows) for name, part in records.related.items()},
        )


class RestReader:
    """Reads one API."""

    def __init__(self, source: RestSource) -> None:
        """Take the source as its manifest describes it."""
        self._http = HttpSource(source)
        self._sets = {name: _Prepared.of(records, self._http) for name, records in source.records.items()}

    async def open(self) -> None:
        """Make the client."""
        await self._http.open()

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        """Find a person's rows."""
        prepared = self._sets[records]
        searches = [prepared.search.rows(parameters, deadline) for parameters in _searches(prepared.records, match)]
        pages = await all_of(searches)
        wanted = prepared.documents.only_wanted([row for page in pages for row in page], match)

        async def read_related(name: str, document: Document) -> Sequence[object]:
            return await self._related(prepared, name, document, deadline)

        return await prepared.documents.found_for(wanted, fields, read_related, match)

    async def search(self, records: str, search: Search, deadline: float) -> Found:
        """Search for whoever fits criteria."""
        prepared = self._sets[records]
        mapped = prepared.records.search
        parameters = parameters_for(mapped.mapped(), search.wanted) if mapped is not None else {}
        if not parameters:
            raise NotSearched
        rows = await prepared.search.rows({**prepared.records.with_, **parameters}, deadline)

        async def read_related(name: str, document: Document) -> Sequence[object]:
            return await self._related(prepared, name, document, deadline)

        return await prepared.documents.searched(rows, search, read_related)

    async def check(self) -> Sequence[Finding]:
        """Look whether the API answers, and whether every path finds something in a first page."""
        samples = [
            Sample(
                records=name,
                path=prepared.records.path,
                parameters=prepared.records.with_,
                find_rows=prepared.find_rows,
                documents=prepared.documents,
                nobody=_nobody(prepared.records, prepared.find_rows),
            )
            for name, prepared in self._sets.items()
        ]
        return await check_samples(self._http, samples)

    async def close(self) -> None:
        """Close the client."""
        await self._http.close()

    async def _related(self, prepared: _Prepared, name: str, document: Document, deadline: float) -> Sequence[object]:
        reference = prepared.documents.reference(document)
        if not reference:
            raise SourceFault(SourceFaultKind.GARBAGE)
        part = prepared.records.related[name]
        path = part.path.replace("{id}", quote(reference, safe=""))
        held = await self._http.get(path, {}, deadline, may_miss=part.optional)
        return prepared.find_related[name](held) if held is not None else ()


def _nobody(records: RestRecords, find_rows: Finder) -> list[NobodySearch]:
    """List the searches for nobody, each by the keys that it looks by."""
    return [
        NobodySearch(by=named(way), path=records.path, parameters=parameters, find_rows=find_rows)
        for way in ways_to_nobody(records.keys.mapped())
        for parameters in _searches(records, way)
    ]


def _searches(records: RestRecords, match: Match) -> list[dict[str, str]]:
    """List the parameters of each request: one for each strong identifier, or one for all names together."""
    keys = records.keys.mapped()
    pairs = [{keys[name].parameter: as_written(keys[name], value)} for name, value in match.wanted]
    if match.looking is Looking.ANY:
        return [{**records.with_, **pair} for pair in pairs]
    together = dict(records.with_)
    for pair in pairs:
        together |= pair
    return [together]
