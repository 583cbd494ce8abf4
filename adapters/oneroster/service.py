"""Speaks the rostering binding 1.2: collections page after page, and single records, out of their envelopes."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpPage, HttpSource
from adapters.kit.oneroster_mapping import RosterSource

ID, STATUS, DELETED = "sourcedId", "status", "tobedeleted"
SINGLE: Mapping[str, str] = {
    "users": "user",
    "orgs": "org",
    "classes": "class",
    "courses": "course",
    "demographics": "demographics",
}
_NEXT = re.compile(r""";\s*rel\s*=\s*(?:"[^"]*\bnext\b[^"]*"|next\b)""", re.IGNORECASE)

RosterRecord = Mapping[str, Any]


class RosterService:
    """One service; asks for no more than what is filtered for, and for no more of it than is selected."""

    def __init__(self, http: HttpSource, source: RosterSource) -> None:
        """Take the client, and how the service pages."""
        self._http = http
        self._size = source.page_size
        self._most = source.max_pages

    async def all(
        self,
        path: str,
        deadline: float,
        *,
        envelope: str,
        wanted: str | None = None,
        selection: Iterable[str] | None = None,
    ) -> list[RosterRecord]:
        """Read a collection to its last page; raises SourceFault where it has no end, or ends before it says."""
        parameters = {"limit": str(self._size)}
        parameters |= {"filter": wanted} if wanted is not None else {}
        parameters |= {"fields": ",".join(sorted({ID, STATUS, *selection}))} if selection is not None else {}
        records: list[RosterRecord] = []
        for _ in range(self._most):
            page = await self._http.page(path, {**parameters, "offset": str(len(records))}, deadline)
            found = records_in(page.content, envelope)
            records += found
            if not self._goes_on(page, len(found), len(records)):
                return [record for record in records if record.get(STATUS) != DELETED]
        raise SourceFault(SourceFaultKind.TOO_MUCH)

    async def one(self, collection: str, sourced_id: str, deadline: float) -> RosterRecord | None:
        """Read a single record; None where there is none, or none any longer."""
        path = f"{collection}/{quote(sourced_id, safe='')}"
        held = await self._http.get(path, {}, deadline, may_miss=True)
        if held is None:
            return None
        record = held.get(SINGLE[collection]) if isinstance(held, dict) else None
        if not isinstance(record, dict):
            raise SourceFault(SourceFaultKind.GARBAGE)
        return record if record.get(ID) == sourced_id and record.get(STATUS) != DELETED else None

    def _goes_on(self, page: HttpPage, found: int, passed: int) -> bool:
        """Tell whether a page is not the last: by the count that the service gives, by its link, or by being full."""
        total = page.total.strip()
        if total.isascii() and total.isdecimal():
            if passed < int(total[:9]) and not found:
                raise SourceFault(SourceFaultKind.GARBAGE)
            return passed < int(total[:9])
        return found > 0 and (found >= self._size or _NEXT.search(page.links) is not None)


def records_in(content: object, envelope: str) -> list[RosterRecord]:
    """Take records out of their envelope; raises SourceFault where it is none, as an error in disguise."""
    found = content.get(envelope) if isinstance(content, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise SourceFault(SourceFaultKind.GARBAGE)
    return found


def id_in(reference: object) -> str | None:
    """Take the id out of a reference (GUIDRef), or out of the text that stands in its place."""
    held = reference.get(ID) if isinstance(reference, dict) else reference
    return held if isinstance(held, str) and held else None
