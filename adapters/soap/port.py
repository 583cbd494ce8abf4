"""The port that is called: its WSDL is read when it is first needed, and again later where that failed.

What knows the library is imported with the first WSDL, since the library is an extra.
"""

import asyncio
import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import REFUSALS
from adapters.kit.pacing import Clock, loop_time
from adapters.kit.soap_mapping import SoapSource, is_heard
from adapters.kit.wire import OK, Wire
from adapters.soap.faults import SoapBecause

if TYPE_CHECKING:
    from adapters.soap.service import SoapService

HTTP = ("http://", "https://")
PAUSE_SECONDS = 30.0
"""How long a WSDL that could not be read is not tried again."""
OPEN_SECONDS = 10.0
LARGEST_WAIT_SECONDS = 30.0


class SoapPort:
    """Calls one port for an adapter's whole life."""

    def __init__(self, source: SoapSource, clock: Clock = loop_time) -> None:
        """Take the source as its manifest describes it."""
        self._source = source
        self._clock = clock
        self._reading = asyncio.Lock()
        self._service: SoapService | None = None
        self._wire: Wire | None = None
        self._failed: SourceFault | None = None
        self._again_at = 0.0

    async def open(self) -> None:
        """Read the WSDL; where that fails it is read again when somebody asks."""
        try:
            await self.service(self._clock() + OPEN_SECONDS)
        except SourceFault:
            # It is kept, and whoever asks is told.
            return

    async def service(self, deadline: float) -> "SoapService":
        """Give the service, reading its WSDL where need be; raises SourceFault."""
        if self._service is None:
            try:
                async with asyncio.timeout_at(deadline), self._reading:
                    await self._read(deadline)
            except TimeoutError:
                raise SourceFault(SourceFaultKind.LATE) from None
        if self._service is None:
            raise self._failed or SourceFault(SourceFaultKind.UNREACHABLE)
        return self._service

    async def call(self, operation: str, parameters: Mapping[str, object], deadline: float) -> object:
        """Call an operation and give its response; raises SourceFault."""
        service = await self.service(deadline)
        if self._wire is None:
            raise SourceFault(SourceFaultKind.UNREACHABLE)
        return await service.call(self._wire, "", operation, parameters, deadline)

    async def close(self) -> None:
        """Close the connections and forget the WSDL; may be called again."""
        wire, self._wire, self._service, self._again_at = self._wire, None, None, 0.0
        if wire is not None:
            await wire.close()

    async def _read(self, deadline: float) -> None:
        if self._service is not None or self._clock() < self._again_at:
            return
        try:
            service = await self._described(deadline)
            address = self._source.url or service.address
            self._require_safe(address)
            wire = self._wire_to(address)
            await wire.open()
            self._wire, self._service = wire, service
        except SourceFault as fault:
            self._failed, self._again_at = fault, self._clock() + PAUSE_SECONDS

    async def _described(self, deadline: float) -> "SoapService":
        """Read the WSDL in a thread; what it needs from its host is fetched on the loop, with the source's account."""
        try:
            from adapters.soap.service import SoapService  # noqa: PLC0415  see the module's docstring
            from adapters.soap.wsdl import read_wsdl  # noqa: PLC0415  as above
        except ModuleNotFoundError:
            raise SourceFault(SourceFaultKind.UNREACHABLE, SoapBecause.NO_LIBRARY) from None
        loop = asyncio.get_running_loop()
        wire = self._wire_to(self._source.wsdl) if self._source.wsdl.startswith(HTTP) else None

        async def fetched(url: str) -> bytes:
            if wire is None:
                raise SourceFault(SourceFaultKind.ELSEWHERE, SoapBecause.FOREIGN)
            reply = await wire.get(url, {}, deadline, headers={})
            if reply.status != OK:
                raise SourceFault(SourceFaultKind.REFUSED, REFUSALS.get(reply.status, SoapBecause.NO_WSDL))
            return reply.body

        def fetch(url: str) -> bytes:
            return asyncio.run_coroutine_threadsafe(fetched(url), loop).result(LARGEST_WAIT_SECONDS)

        try:
            if wire is not None:
                await wire.open()
            client = await asyncio.to_thread(read_wsdl, self._source, fetch)
        finally:
            if wire is not None:
                await wire.close()
        return SoapService(client, service=self._source.service, port=self._source.port)

    def _require_safe(self, address: str) -> None:
        """Refuse an address that a WSDL gives where the manifest would not have been allowed to."""
        source = self._source
        if not address.startswith(HTTP):
            raise SourceFault(SourceFaultKind.GARBAGE, SoapBecause.NO_PORT)
        if (source.basic or source.username_token) and is_heard(address):
            raise SourceFault(SourceFaultKind.ELSEWHERE, SoapBecause.HEARD)
        is_fetched = source.url is None and source.wsdl.startswith(HTTP)
        if is_fetched and _origin(address) != _origin(source.wsdl):
            raise SourceFault(SourceFaultKind.ELSEWHERE, SoapBecause.LEADS_ELSEWHERE)

    def _wire_to(self, address: str) -> Wire:
        basic = self._source.basic
        headers = {}
        if basic is not None:
            pair = f"{basic.username}:{basic.password.get_secret_value()}"
            headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        return Wire(address, headers=headers, ca=self._source.ca, certificate=self._source.client_certificate)


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port
