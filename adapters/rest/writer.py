"""Sends sharing events, or items of work, to one path of a REST API that is declared for them."""

import asyncio
from collections.abc import Sequence
from urllib.parse import quote

from adapters.kit.http import HttpTarget
from adapters.kit.http_check import CHECK_SECONDS
from adapters.kit.manifest import RestSource, RestWriteBack
from adapters.kit.reader import Finding, FindingState
from adapters.kit.sharing_events import Written

WRITE_SECONDS = 5.0


class RestWriter:
    """Posts one JSON document for each event, with a name by which the API knows one that it has already."""

    def __init__(self, source: RestSource, write_back: RestWriteBack) -> None:
        """Take where to send."""
        self._http = HttpTarget(source.url, write_back, ca=source.ca)
        self._path = write_back.path

    async def open(self) -> None:
        """Make the client."""
        await self._http.open()

    async def write(self, event: Written) -> None:
        """Post an event; the API takes one that it has already as if it were new, or says 409."""
        document = dict(event.document())
        path = self._path.replace("{reference}", quote(event.reference, safe=""))
        once = quote(event.once, safe="/")
        await self._http.post(path, document, once=once, seconds=WRITE_SECONDS)

    async def check(self) -> Sequence[Finding]:
        """Say where events would be sent; whether they are taken shows with the first, since a check writes nothing."""
        findings = await self._http.prove(asyncio.get_running_loop().time() + CHECK_SECONDS)
        what = f"what is written would be sent to `{self._path}`; a check sends nothing"
        return [*findings, Finding(state=FindingState.NOTE, what=what)]

    async def close(self) -> None:
        """Close the client."""
        await self._http.close()
