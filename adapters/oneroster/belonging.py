"""Reads what belongs to a user: demographics, enrolments, classes, orgs, other users; with what those refer to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never
from urllib.parse import quote

from adapters.kit.documents import Document, all_of
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.json_paths import compile_path, spread
from adapters.kit.oneroster_mapping import Belonging, RosterRelated
from adapters.oneroster.filters import filter_of
from adapters.oneroster.service import RosterRecord, RosterService, id_in

COLLECTION_OF: Mapping[str, str] = {
    "class": "classes",
    "school": "orgs",
    "org": "orgs",
    "parent": "orgs",
    "course": "courses",
}
MOST_REFERENCES = 50
"""Single records that are read for one user; who has more is no person."""


class BelongingReader:
    """Reads one part of what belongs to users."""

    def __init__(self, service: RosterService, part: RosterRelated) -> None:
        """Take the service, and the part as the manifest describes it."""
        self._service = service
        self._part = part
        self._find_references = compile_path(part.references).find

    async def read(self, user: Document, deadline: float) -> Sequence[object]:
        """Read what belongs to a user, and in full what it refers to."""
        found = await self._read(user, deadline)
        return await self._followed(found, deadline) if self._part.follow else found

    async def _read(self, user: Document, deadline: float) -> list[RosterRecord]:
        sourced_id = id_in(user)
        if sourced_id is None:
            raise SourceFault(SourceFaultKind.GARBAGE)
        match self._part.resource:
            case Belonging.DEMOGRAPHICS:
                return await self._singles("demographics", [sourced_id], deadline)
            case Belonging.ENROLLMENTS:
                wanted = filter_of([("user.sourcedId", sourced_id)])
                enrolments = await self._service.all("enrollments", deadline, envelope="enrollments", wanted=wanted)
                # A service that does not know this filter gives everybody's.
                return [one for one in enrolments if id_in(one.get("user")) == sourced_id]
            case Belonging.CLASSES:
                path = f"users/{quote(sourced_id, safe='')}/classes"
                return await self._service.all(path, deadline, envelope="classes")
            case Belonging.ORGS | Belonging.USERS as resource:
                references = [id_in(one) for one in spread(self._find_references(user))]
                return await self._singles(resource.value, filter(None, references), deadline)
            case _:
                assert_never(self._part.resource)

    async def _singles(self, collection: str, ids: Iterable[str], deadline: float) -> list[RosterRecord]:
        wanted = list(dict.fromkeys(ids))
        return [one for one in await self._each(collection, wanted, deadline) if one is not None]

    async def _each(self, collection: str, ids: Sequence[str], deadline: float) -> list[RosterRecord | None]:
        if len(ids) > MOST_REFERENCES:
            raise SourceFault(SourceFaultKind.TOO_MUCH)
        return await all_of([self._service.one(collection, sourced_id, deadline) for sourced_id in ids])

    async def _followed(self, found: Sequence[RosterRecord], deadline: float) -> list[RosterRecord]:
        """Put into records, in place of what they refer to, that itself; each is read once."""
        for name in self._part.follow:
            ids = [id_in(record.get(name)) for record in found]
            wanted = list(dict.fromkeys(filter(None, ids)))
            held = dict(zip(wanted, await self._each(COLLECTION_OF[name], wanted, deadline), strict=True))
            found = [
                {**record, name: held[one]} if one is not None and held[one] is not None else record
                for record, one in zip(found, ids, strict=True)
            ]
        return list(found)
