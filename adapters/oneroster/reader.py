"""The reader of OneRoster 1.2 rostering services."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from adapters.kit.documents import Document, DocumentSet
from adapters.kit.http import HttpSource
from adapters.kit.oneroster_mapping import RosterRecords, RosterSource
from adapters.kit.reader import Finding, Found, Match
from adapters.kit.searching import Search
from adapters.oneroster.belonging import BelongingReader
from adapters.oneroster.checking import check_roster
from adapters.oneroster.searching import UserSearch
from adapters.oneroster.service import RosterService


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """A record set with everything parsed."""

    documents: DocumentSet
    search: UserSearch
    belonging: dict[str, BelongingReader]

    @classmethod
    def of(cls, records: RosterRecords, service: RosterService) -> Self:
        """Parse what a record set says."""
        documents = DocumentSet(records=records, related=records.related)
        return cls(
            documents=documents,
            search=UserSearch(service, records, documents),
            belonging={name: BelongingReader(service, part) for name, part in records.related.items()},
        )


class RosterReader:
    """Reads one service."""

    def __init__(self, source: RosterSource) -> None:
        """Take the source as its manifest describes it."""
        self._source = source
        self._http = HttpSource(source)
        service = RosterService(self._http, source)
        self._sets = {name: _Prepared.of(records, service) for name, records in source.records.items()}

    async def open(self) -> None:
        """Make the client."""
        await self._http.open()

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        """Find a person's rows."""
        prepared = self._sets[records]
        users = await prepared.search.users(match, fields, deadline)
        wanted = prepared.documents.only_wanted(users, match)

        async def read_related(name: str, user: Document) -> Sequence[object]:
            return await prepared.belonging[name].read(user, deadline)

        return await prepared.documents.found_for(wanted, fields, read_related, match)

    async def search(self, records: str, search: Search, deadline: float) -> Found:
        """Search for whoever fits criteria."""
        prepared = self._sets[records]
        users = await prepared.search.fitting(search, deadline)

        async def read_related(name: str, user: Document) -> Sequence[object]:
            return await prepared.belonging[name].read(user, deadline)

        return await prepared.documents.searched(users, search, read_related)

    async def check(self) -> Sequence[Finding]:
        """Look whether the service gives tokens and users, filters by every key, and has what is mapped."""
        parts = {name: (prepared.search, prepared.documents) for name, prepared in self._sets.items()}
        return await check_roster(self._http, self._source, parts)

    async def close(self) -> None:
        """Close the client."""
        await self._http.close()
