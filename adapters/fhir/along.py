"""Takes what came with the search for a Patient, and asks for what did not come."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from adapters.fhir.belonging import is_of, names_of
from adapters.fhir.bundles import Searched
from adapters.kit.documents import MOST_PEOPLE, Document, DocumentSet, all_of
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.mapping import FhirRelated, Take

Ask = Callable[[str, Document], Awaitable[Sequence[Document]]]


@dataclass(slots=True, kw_only=True)
class Along:
    """The parts that come along, for the Patients of one question."""

    documents: DocumentSet
    parts: Mapping[str, FhirRelated]
    searched: Sequence[Searched]
    ask: Ask
    base: str
    _things: dict[str, Mapping[str, Sequence[Document]]] = field(default_factory=dict)

    async def put_into(self, patients: Sequence[Document], *, with_shielded: bool) -> list[Document]:
        """Put what came along into each Patient, where the paths look for it.

        That nothing came may mean that the server passes over `_revinclude`: it is asked for, unless nothing is told
        of these Patients anyhow. So nothing more is asked about somebody kept silent about than about somebody unknown.
        """
        if not self.parts:
            return list(patients)
        if len(patients) > MOST_PEOPLE:
            raise SourceFault(SourceFaultKind.TOO_MUCH)
        came: list[Mapping[str, Sequence[Document]]] = [
            {name: self._came(patient, part) for name, part in self.parts.items()} for patient in patients
        ]
        whole = list(map(self._with, patients, came))
        if not self.documents.keeps_silent(whole, with_shielded=with_shielded):
            came = await all_of(list(map(self._completed, patients, came)))
            whole = list(map(self._with, patients, came))
        self._things |= dict(zip(map(self.documents.reference, patients), came, strict=True))
        return whole

    def of(self, patient: Document, name: str) -> Sequence[Document]:
        """Give what there is of one part of a Patient."""
        return self._things[self.documents.reference(patient)][name]

    async def _completed(
        self, patient: Document, came: Mapping[str, Sequence[Document]]
    ) -> Mapping[str, Sequence[Document]]:
        missing = [name for name, things in came.items() if not things]
        asked = await all_of([self._asked(name, patient) for name in missing])
        return {**came, **dict(zip(missing, asked, strict=True))}

    async def _asked(self, name: str, patient: Document) -> Sequence[Document]:
        return await self.ask(name, patient)

    def _came(self, patient: Document, part: FhirRelated) -> Sequence[Document]:
        reference = self.documents.reference(patient)
        addresses = [page.addresses.get(reference) for page in self.searched]
        names = frozenset().union(*(names_of(reference, self.base, address) for address in addresses))
        included = [one for page in self.searched for one in page.included if one["resourceType"] == part.resource]
        return [one for one in included if is_of(one, names)]

    def _with(self, patient: Document, things_of: Mapping[str, Sequence[Document]]) -> Document:
        whole = dict(patient)
        for name, things in things_of.items():
            if self.parts[name].take is not Take.FIRST:
                whole[name] = list(things)
            elif things:
                whole[name] = things[0]
        return whole
