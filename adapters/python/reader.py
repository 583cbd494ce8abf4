"""The reader that asks a class of an agency's own, and believes it no more than any other source."""

import asyncio
from collections.abc import Sequence

from structlog.typing import FilteringBoundLogger

from adapters.kit.documents import Document, DocumentSet
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.looking import as_written
from adapters.kit.plain import plain
from adapters.kit.python_mapping import PythonRecords, PythonSource
from adapters.kit.reader import Finding, FindingState, Found, Match
from adapters.python.interface import FindsRecords, Sought
from adapters.python.loading import Unusable, make_finder

MOST_DOCUMENTS = 10_000


class PythonReader:
    """Asks one object; what becomes of its documents stands in the manifest."""

    def __init__(self, source: PythonSource, log: FilteringBoundLogger) -> None:
        """Take the source as its manifest describes it, and where to say that its class is of no use."""
        self._source = source
        self._log = log
        self._finder: FindsRecords | Unusable | None = None
        self._sets = {name: DocumentSet(records=records, related={}) for name, records in source.records.items()}

    async def open(self) -> None:
        """Import the class, make its object, and have that make ready."""
        made = await asyncio.to_thread(make_finder, self._source.class_, self._source.settings)
        self._finder = made
        if isinstance(made, Unusable):
            self._log.error("class_unusable", source=self._source.name, reason=made.what)
        else:
            await made.open()

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        """Find a person's rows."""
        if self._finder is None or isinstance(self._finder, Unusable):
            raise SourceFault(SourceFaultKind.UNREACHABLE)
        described, documents = self._source.records[records], self._sets[records]
        sought = _sought(records, described, match, fields)
        try:
            async with asyncio.timeout_at(deadline):
                found = await self._finder.find(sought, deadline)
        except TimeoutError:
            raise SourceFault(SourceFaultKind.LATE) from None
        wanted = documents.only_wanted(_plain_documents(found), match)
        return await documents.found_for(wanted, fields, _nothing_related, match)

    async def check(self) -> Sequence[Finding]:
        """Look whether the class can be used, and have it look for itself."""
        if self._finder is None or isinstance(self._finder, Unusable):
            unusable = self._finder or Unusable(what="it is not open", mend="Report this.")
            return [Finding(state=FindingState.FAULT, what=unusable.what, mend=unusable.mend)]
        usable = Finding(state=FindingState.OK, what=f"`{self._source.class_}` has all that it needs")
        told = "only the class knows whether its source can be written to"
        return [usable, *await self._finder.check(), Finding(state=FindingState.NOTE, what=told)]

    async def close(self) -> None:
        """Close the object; may be called again."""
        finder, self._finder = self._finder, None
        if finder is not None and not isinstance(finder, Unusable):
            await finder.close()


def _sought(name: str, records: PythonRecords, match: Match, fields: tuple[str, ...]) -> Sought:
    keys = records.keys.mapped()
    wanted = {keys[key].place: as_written(keys[key], value) for key, value in match.wanted}
    return Sought(records=name, looking=match.looking, wanted=wanted, fields=fields)


def _plain_documents(found: object) -> list[object]:
    """Write documents as JSON would hold them; raises SourceFault where they are none, or too many."""
    if not isinstance(found, list | tuple):
        raise SourceFault(SourceFaultKind.GARBAGE)
    if len(found) > MOST_DOCUMENTS:
        raise SourceFault(SourceFaultKind.TOO_MUCH)
    return [plain(document) for document in found]


async def _nothing_related(_name: str, _document: Document) -> Sequence[object]:
    """Give nothing: the class itself brings all that hangs on a record."""
    return ()
