"""The reader of FHIR R4 servers."""

from collections.abc import Sequence

from adapters.fhir.bundles import escaped, resources_in, search
from adapters.kit.documents import Document, DocumentSet, all_of
from adapters.kit.documents_check import NobodySearch
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.http_check import Sample, check_samples
from adapters.kit.looking import as_written
from adapters.kit.manifest import FhirRecords, FhirSource
from adapters.kit.mapping import FhirKey
from adapters.kit.nobody import named, ways_to_nobody
from adapters.kit.reader import Finding, Found, Looking, Match

PATIENT = "Patient"
ACCEPT = "application/fhir+json"
SAMPLE_SIZE = {"_count": "5"}


class FhirReader:
    """Reads one server."""

    def __init__(self, source: FhirSource) -> None:
        """Take the source as its manifest describes it."""
        self._records = source.records
        self._http = HttpSource(source.url, api_key=source.api_key, ca=source.ca, accept=ACCEPT)
        self._sets = {
            name: DocumentSet(records=records, related=records.related) for name, records in source.records.items()
        }

    async def open(self) -> None:
        """Make the client."""
        await self._http.open()

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        """Find a person's rows."""
        described, documents = self._records[records], self._sets[records]
        searches = [search(self._http, PATIENT, wanted, deadline) for wanted in _searches(described, match)]
        pages = await all_of(searches)
        patients = documents.only_wanted([patient for page in pages for patient in page], match)

        async def read_related(name: str, patient: Document) -> Sequence[object]:
            return await self._related(described, name, documents.reference(patient), deadline)

        return await documents.found(patients, fields, read_related, with_shielded=match.with_shielded)

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
        return await check_samples(self._http, samples)

    async def close(self) -> None:
        """Close the client."""
        await self._http.close()

    async def _related(self, records: FhirRecords, name: str, reference: str, deadline: float) -> Sequence[object]:
        if not reference:
            raise SourceFault(SourceFaultKind.GARBAGE)
        part = records.related[name]
        wanted = {**part.with_, part.by: f"{PATIENT}/{reference}"}
        return await search(self._http, part.resource, wanted, deadline)


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
