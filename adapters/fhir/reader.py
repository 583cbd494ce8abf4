"""The reader of FHIR R4 servers."""

import asyncio
from collections.abc import Mapping, Sequence

from adapters.fhir.belonging import is_of, names_of
from adapters.fhir.bundles import REVINCLUDE, Searched, escaped, resources_in, search
from adapters.fhir.checking import check_elements
from adapters.kit.documents import MOST_PEOPLE, Document, DocumentSet, all_of
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.http_check import CHECK_SECONDS, Sample, check_samples
from adapters.kit.looking import as_written
from adapters.kit.manifest import FhirRecords, FhirSource
from adapters.kit.mapping import FhirKey, FhirRelated, Take
from adapters.kit.reader import Finding, FindingState, Found, Looking, Match

PATIENT = "Patient"
ACCEPT = "application/fhir+json"
SAMPLE_SIZE = {"_count": "5"}
ALWAYS = ("id", "meta")
"""Elements that are asked for whatever is: who it is, and what its labels say."""

Along = Mapping[str, Mapping[str, Sequence[Document]]]


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
        beside = self._beside(documents, fields, together)
        wanted = [{**pairs, **beside} for pairs in _searches(described, match)]
        searched = await all_of([search(self._http, PATIENT, parameters, deadline) for parameters in wanted])
        patients = documents.only_wanted([patient for page in searched for patient in page.matches], match)
        addresses = {identity: address for page in searched for identity, address in page.addresses.items()}
        along = await self._along(documents, patients, together, searched, deadline) if patients else {}

        async def read_related(name: str, patient: Document) -> Sequence[object]:
            reference = documents.reference(patient)
            if name in together:
                return along[reference][name]
            return await self._related(described.related[name], reference, addresses.get(reference), deadline)

        whole = [_with_along(patient, along.get(documents.reference(patient), {}), together) for patient in patients]
        return await documents.found(whole, fields, read_related, with_shielded=match.with_shielded)

    async def check(self) -> Sequence[Finding]:
        """Look whether the server answers, and whether every path finds something in a few Patients."""
        samples = [
            Sample(records=name, path=PATIENT, parameters=SAMPLE_SIZE, find_rows=_patients, documents=documents)
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
            return {REVINCLUDE: sorted({_inclusion(part) for part in together.values()})}
        elements = self._elements(documents, fields) if self._source.elements else ()
        return {"_elements": ",".join(elements)} if elements else {}

    def _elements(self, documents: DocumentSet, fields: tuple[str, ...]) -> tuple[str, ...]:
        """List the elements of a Patient that are needed; none where a path may read any."""
        begins = documents.begins(fields)
        return () if begins is None else tuple(sorted({*ALWAYS, *begins}))

    async def _along(
        self,
        documents: DocumentSet,
        patients: Sequence[Document],
        together: Mapping[str, FhirRelated],
        searched: Sequence[Searched],
        deadline: float,
    ) -> Along:
        """Give what came along with each Patient; what the server does not say that it has sent is asked for."""
        if not together:
            return {}
        if len(patients) > MOST_PEOPLE:
            raise SourceFault(SourceFaultKind.TOO_MUCH)
        addresses = {identity: address for page in searched for identity, address in page.addresses.items()}

        async def of_part(part: FhirRelated, reference: str) -> Sequence[Document]:
            names = names_of(reference, self._source.url, addresses.get(reference))
            if all(_came(page, part) for page in searched if page.matches):
                ours = [one for page in searched for one in page.included if one["resourceType"] == part.resource]
                return [one for one in ours if is_of(one, names)]
            return await self._related(part, reference, addresses.get(reference), deadline)

        async def of_patient(reference: str) -> tuple[str, Mapping[str, Sequence[Document]]]:
            things = await all_of([of_part(part, reference) for part in together.values()])
            return reference, dict(zip(together, things, strict=True))

        return dict(await all_of([of_patient(documents.reference(patient)) for patient in patients]))

    async def _related(
        self, part: FhirRelated, reference: str, address: str | None, deadline: float
    ) -> Sequence[Document]:
        """Search what refers to a Patient; a server that answers with somebody else's is not believed at all."""
        if not reference:
            raise SourceFault(SourceFaultKind.GARBAGE)
        wanted = {**part.with_, part.by: f"{PATIENT}/{reference}"}
        found = await search(self._http, part.resource, wanted, deadline)
        names = names_of(reference, self._source.url, address)
        theirs = [one for one in found.matches if isinstance(one, dict) and is_of(one, names)]
        if len(theirs) < len(found.matches):
            raise SourceFault(SourceFaultKind.GARBAGE)
        return theirs


def _patients(bundle: object) -> list[object]:
    return list(resources_in(bundle, PATIENT))


def _inclusion(part: FhirRelated) -> str:
    return f"{part.resource}:{part.by}"


def _came(page: Searched, part: FhirRelated) -> bool:
    """Tell whether a search brought what was to come along: the server says so, or something of it is there."""
    said = any(one == _inclusion(part) or one.startswith(f"{_inclusion(part)}:") for one in page.came_along)
    return said or any(one["resourceType"] == part.resource for one in page.included)


def _with_along(
    patient: Document, along: Mapping[str, Sequence[Document]], together: Mapping[str, FhirRelated]
) -> Document:
    """Put what came along into the Patient, where the paths look for it."""
    whole = dict(patient)
    for name, things in along.items():
        if together[name].take is Take.FIRST:
            whole |= {name: things[0]} if things else {}
        else:
            whole[name] = list(things)
    return whole


def _searches(records: FhirRecords, match: Match) -> list[dict[str, str]]:
    """List the parameters of each search: one for each strong identifier, or one for all names together."""
    keys = records.keys.mapped()
    pairs = [(keys[name].parameter, _value(keys[name], value)) for name, value in match.wanted]
    return [{name: value} for name, value in pairs] if match.looking is Looking.ANY else [dict(pairs)]


def _value(key: FhirKey, value: str) -> str:
    written = escaped(as_written(key, value))
    return f"{key.system}|{written}" if key.system is not None else written
