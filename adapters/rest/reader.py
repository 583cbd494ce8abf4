"""The reader of REST APIs."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from adapters.kit.documents import Document, DocumentSet, all_of
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.http_check import check_documents
from adapters.kit.json_paths import compile_path
from adapters.kit.looking import as_written
from adapters.kit.manifest import RestRecords, RestSource
from adapters.kit.mapping import PagedByLink, PagedByNumber
from adapters.kit.reader import Finding, Found, Looking, Match


class RestReader:
    """Reads one API."""

    def __init__(self, source: RestSource) -> None:
        """Take the source as its manifest describes it."""
        self._source = source
        self._http = HttpSource(source.url, api_key=source.api_key, ca=source.ca)
        self._sets = {
            name: DocumentSet(records=records, related=records.related) for name, records in source.records.items()
        }
        self._rows = {
            path: compile_path(path)
            for records in source.records.values()
            for path in (records.rows, *(part.rows for part in records.related.values()))
        }

    async def open(self) -> None:
        """Make the client."""
        await self._http.open()

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        """Find a person's rows."""
        described, documents = self._source.records[records], self._sets[records]
        searches = [self._search(described, parameters, deadline) for parameters in _searches(described, match)]
        pages = await all_of(searches)
        wanted = documents.only_wanted([row for page in pages for row in page], match)

        async def read_related(name: str, document: Document) -> Sequence[object]:
            return await self._related(described, name, documents.reference(document), deadline)

        return await documents.found(wanted, fields, read_related)

    async def check(self) -> Sequence[Finding]:
        """Look whether the API answers, and whether every path finds something in a first page."""
        return await check_documents(self._http, {
            name: (records.path, dict(records.with_), self._rows[records.rows].find, self._sets[name])
            for name, records in self._source.records.items()
        })

    async def close(self) -> None:
        """Close the client."""
        await self._http.close()

    async def _search(self, records: RestRecords, parameters: Mapping[str, str], deadline: float) -> list[object]:
        find = self._rows[records.rows].find
        match records.paging:
            case PagedByNumber() as paging:
                return await self._by_number(records.path, parameters, paging, find_rows=find, deadline=deadline)
            case PagedByLink() as paging:
                return await self._by_link(records.path, parameters, paging, find_rows=find, deadline=deadline)
            case None:
                return _rows_in(find, await self._http.get(records.path, parameters, deadline))

    async def _related(self, records: RestRecords, name: str, reference: str, deadline: float) -> Sequence[object]:
        part = records.related[name]
        if not reference:
            raise SourceFault(SourceFaultKind.GARBAGE)
        path = part.path.replace("{id}", quote(reference, safe=""))
        return _rows_in(self._rows[part.rows].find, await self._http.get(path, {}, deadline))
