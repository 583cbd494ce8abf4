"""The reader of SOAP services."""

from collections.abc import Mapping, Sequence

from adapters.kit.documents import Document, DocumentSet, ReadRelated, all_of
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.json_paths import Finder, compile_path
from adapters.kit.pacing import loop_time
from adapters.kit.reader import Finding, Found, Match
from adapters.kit.search_mapping import parameters_for
from adapters.kit.searching import NotSearched, Search
from adapters.kit.soap_mapping import SoapRecords, SoapSource
from adapters.soap.calling import calls_for, nested, related_call
from adapters.soap.faults import SoapBecause, unusable
from adapters.soap.port import OPEN_SECONDS, SoapPort


class SoapReader:
    """Reads one service."""

    def __init__(self, source: SoapSource) -> None:
        """Take the source as its manifest describes it."""
        self._source = source
        self._port = SoapPort(source)
        self._sets = {name: _Prepared(records) for name, records in source.records.items()}

    async def open(self) -> None:
        """Read the WSDL."""
        await self._port.open()

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        """Find a person's rows."""
        prepared = self._sets[records]
        described = prepared.records
        calls = calls_for(described, match)
        pages = await all_of(
            [self._rows(described.operation, call, prepared.find_rows, described.rows, deadline) for call in calls]
        )
        wanted = prepared.documents.only_wanted([row for page in pages for row in page], match)
        read_related = self._reading_related(prepared, deadline)
        return await prepared.documents.found_for(wanted, fields, read_related, match)

    async def search(self, records: str, search: Search, deadline: float) -> Found:
        """Search for whoever fits criteria."""
        prepared = self._sets[records]
        described = prepared.records
        parameters = parameters_for(described.search.mapped(), search.wanted) if described.search is not None else {}
        if not parameters:
            raise NotSearched
        call = nested([*described.with_.items(), *parameters.items()])
        rows = await self._rows(described.operation, call, prepared.find_rows, described.rows, deadline)
        return await prepared.documents.searched(rows, search, self._reading_related(prepared, deadline))

    async def check(self) -> Sequence[Finding]:
        """Look whether the WSDL can be read and has the operations, parameters and paths that are mapped."""
        try:
            service = await self._port.service(loop_time() + OPEN_SECONDS)
        except SourceFault as fault:
            return [unusable(fault)]
        from adapters.soap.checking import check_service  # noqa: PLC0415  its library is an extra

        return await check_service(service, self._source)

    async def close(self) -> None:
        """Close the connections."""
        await self._port.close()

    def _reading_related(self, prepared: "_Prepared", deadline: float) -> ReadRelated:
        """Say how what hangs on a record is read."""

        async def read_related(name: str, document: Document) -> Sequence[object]:
            reference = prepared.documents.reference(document)
            if not reference:
                raise SourceFault(SourceFaultKind.GARBAGE)
            part, find_rows = prepared.records.related[name], prepared.find_related[name]
            return await self._rows(part.operation, related_call(part, reference), find_rows, part.rows, deadline)

        return read_related

    async def _rows(
        self, operation: str, parameters: Mapping[str, object], find_rows: Finder, path: str, deadline: float
    ) -> list[object]:
        """Call an operation and find the rows. A path that no reply can have must not look like nobody."""
        service = await self._port.service(deadline)
        if service.missed_rows(operation, path) is not None:
            raise SourceFault(SourceFaultKind.GARBAGE, SoapBecause.NO_ROWS)
        found = find_rows(await self._port.call(operation, parameters, deadline))
        return [row for row in found if row is not None]


class _Prepared:
    """A record set with everything parsed."""

    def __init__(self, records: SoapRecords) -> None:
        self.records = records
        self.documents = DocumentSet(records=records, related=records.related)
        self.find_rows = compile_path(records.rows).find
        self.find_related = {name: compile_path(part.rows).find for name, part in records.related.items()}
