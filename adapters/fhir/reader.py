"""The reader of FHIR R4 servers."""

import asyncio
from collections.abc import Mapping, Sequence

from adapters.fhir.along import Along
from adapters.fhir.belonging import is_of, names_of
from adapters.fhir.bundles import escaped, resources_in
from adapters.fhir.bundles import search as search_for
from adapters.fhir.checking import check_elements
from adapters.fhir.searching import people_for
from adapters.kit.documents import Document, DocumentSet, all_of
from adapters.kit.documents_check import NobodySearch
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.http_check import CHECK_SECONDS, Sample, check_samples
from adapters.kit.looking import as_written
from adapters.kit.manifest import FhirRecords, FhirSource
from adapters.kit.mapping import FhirKey, FhirRelated
from adapters.kit.nobody import named, ways_to_nobody
from adapters.kit.reader import Finding, FindingState, Found, Looking, Match
from adapters.kit.searching import NotSearched, Search

PATIENT = "Patient"
ACCEPT = "application/fhir+json"
SAMPLE_SIZE = {"_count": "5"}
REVINCLUDE = "_revinclude"
ALWAYS = ("id", "meta")
"""Elements that are asked for whatever is: who it is, and what its labels say."""


class FhirReader:
    """Reads one server."""

    def __init__(self, source: FhirSource) -> None:
        """Take the source as its manifest describes it."""
        self._source = source
        self._records = source.records
        self._http = HttpSource(source, accept=ACCEPT)
        self._sets = {
            name: DocumentSet(records=records, related=records.related) for name, records in source.records.items()
        }

    async def open(self) -> None:
        """Make the client."""
        await self._http.open()

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        """Find a person's rows."""
        described, documents = self._records[records], self._sets[records]
        together = {name: described.related[name] for name in documents.together(fields)}
        wanted = [{**pairs, **self._beside(documents, fields, together)} for pairs in _searches(described, match)]
        searched = await all_of([search_for(self._http, PATIENT, parameters, deadline) for parameters in wanted])
        patients = documents.only_wanted([patient for page in searched for patient in page.matches], match)
        addresses = {identity: address for page in searched for identity, address in page.addresses.items()}

        async def related(name: str, patient: Document) -> Sequence[Document]:
            reference = documents.reference(patient)
            return await self._related(described.related[name], reference, addresses.get(reference), deadline)

        along = Along(documents=documents, parts=together, searched=searched, ask=related, base=self._source.url)
        whole = await along.put_into(patients, with_shielded=match.with_shielded)

        async def read_related(name: str, patient: Document) -> Sequence[object]:
            return along.of(patient, name) if name in together else await related(name, patient)

        return await documents.found_for(whole, fields, read_related, match)

    async def search(self, records: str, search: Search, deadline: float) -> Found:
        """Search for whoever fits criteria."""
        described, documents = self._records[records], self._sets[records]
        if described.search is None:
            raise NotSearched
        elements = self._elements(documents, search.read) if self._source.elements else ()
        beside = {"_elements": ",".join(elements)} if elements else {}
        found = await search_for(self._http, PATIENT, {**people_for(described.search, search), **beside}, deadline)

        async def read_related(name: str, patient: Document) -> Sequence[object]:
            reference = documents.reference(patient)
            return await self._related(described.related[name], reference, found.addresses.get(reference), deadline)

        return await documents.searched(found.matches, search, read_related)

    async def check(self) -> Sequence[Finding]:
        """Look whether the server answers, and whether every path finds something in a few Patients."""
        samples = [
            Sample(
                records=name,
                path=PATIENT,
                parameters=SAMPLE_SIZE,
                find_rows=_patients,
                documents=documents,
                nobody=_nobody(self._records[name]),
            )
            for name, documents in self._sets.items()
        ]
        findings = await check_samples(self._http, samples)
        if not self._source.elements or any(found.state is FindingState.FAULT for found in findings):
            return findings
        asked = [self._elements(documents, tuple(documents.records.fields)) for documents in self._sets.values()]
        elements = sorted({element for each in asked for element in each})
        deadline = asyncio.get_running_loop().time() + CHECK_SECONDS
        return [*findings, *await check_elements(self._http, SAMPLE_SIZE, elements, deadline)]

    async def close(self) -> None:
        """Close the client."""
        await self._http.close()

    def _beside(
        self, documents: DocumentSet, fields: tuple[str, ...], together: Mapping[str, FhirRelated]
    ) -> dict[str, str | list[str]]:
        """List what is asked for beside the person: what is to come along, and else which elements are needed.

        Servers differ in what `_elements` does to resources that come along, so that the two are never sent together.
        """
        if together:
            return {REVINCLUDE: sorted({f"{part.resource}:{part.by}" for part in together.values()})}
        elements = self._elements(documents, fields) if self._source.elements else ()
        return {"_elements": ",".join(elements)} if elements else {}

    def _elements(self, documents: DocumentSet, fields: tuple[str, ...]) -> tuple[str, ...]:
        """List the elements of a Patient that are needed; none where a path may read any."""
        begins = documents.begins(fields)
        return () if begins is None else tuple(sorted({*ALWAYS, *begins}))

    async def _related(
        self, part: FhirRelated, reference: str, address: str | None, deadline: float
    ) -> Sequence[Document]:
        """Search what refers to a Patient; a server that answers with somebody else's is not believed at all."""
        if not reference:
            raise SourceFault(SourceFaultKind.GARBAGE)
        wanted = {**part.with_, part.by: f"{PATIENT}/{reference}"}
        found = await search_for(self._http, part.resource, wanted, deadline)
        names = names_of(reference, self._source.url, address)
        theirs = [one for one in found.matches if isinstance(one, dict) and is_of(one, names)]
        if len(theirs) < len(found.matches):
            raise SourceFault(SourceFaultKind.GARBAGE)
        return theirs


def _patients(bundle: object) -> list[object]:
    return list(resources_in(bundle, PATIENT))


def _nobody(records: FhirRecords) -> list[NobodySearch]:
    """List the searches for nobody, each by the keys that it looks by."""
    return [
        NobodySearch(by=named(way), path=PATIENT, parameters=parameters, find_rows=_patients)
        for way in ways_to_nobody(records.keys.mapped())
        for parameters in _searches(records, way)
    ]


def _searches(records: FhirRecords, match: Match) -> list[dict[str, str]]:
    """List the parameters of each search: one for each strong identifier, or one for all names together."""
    keys = records.keys.mapped()
    pairs = [(keys[name].parameter, _value(keys[name], value)) for name, value in match.wanted]
    return [{name: value} for name, value in pairs] if match.looking is Looking.ANY else [dict(pairs)]


def _value(key: FhirKey, value: str) -> str:
    written = escaped(as_written(key, value))
    return f"{key.system}|{written}" if key.system is not None else written
