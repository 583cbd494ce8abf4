"""One port of a service: writes envelopes, sends them within their time, and reads replies as their WSDL has them."""

import asyncio
from collections.abc import Mapping
from typing import Any

from zeep import AsyncClient
from zeep.helpers import serialize_object
from zeep.loader import parse_xml
from zeep.wsdl.messages import RpcMessage
from zeep.wsdl.utils import etree_to_string

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import REDIRECTS, REFUSALS
from adapters.kit.pacing import TOO_MANY
from adapters.kit.plain import plain
from adapters.kit.wire import OK, HttpReply, Wire
from adapters.soap.faults import SoapBecause
from adapters.soap.schema import Missed, type_of_rows
from adapters.soap.wsdl import Prepared

XML_TYPES = frozenset({"text/xml", "application/soap+xml", "application/xml"})
FAULT = "Fault"
LARGE_REPLY = 32 * 1024
"""Bytes from which on a reply is read in a thread, so that other questions do not wait for it."""

Parameters = Mapping[str, object]


class SoapService:
    """Calls operations; knows what they take and give."""

    def __init__(self, client: AsyncClient, *, service: str | None, port: str | None) -> None:
        """Take a WSDL that has been read, and which of its services and ports is meant; raises SourceFault."""
        self._client = client
        try:
            proxy = client.bind(service, port)
            self._proxy, self._binding = proxy, proxy._binding  # noqa: SLF001  the library has no other way to it
            self.address = str(proxy._binding_options["address"] or "")  # noqa: SLF001  as above
        except (ValueError, AttributeError, KeyError, TypeError):
            raise SourceFault(SourceFaultKind.GARBAGE, SoapBecause.NO_PORT) from None

    @property
    def operations(self) -> list[str]:
        """List the names of what can be called."""
        return list(self._binding.all())

    def operation(self, name: str) -> Any:  # noqa: ANN401  the library has no types
        """Find what the WSDL says of an operation; raises SourceFault."""
        if name not in self._binding.all():
            raise SourceFault(SourceFaultKind.GARBAGE, SoapBecause.NO_OPERATION)
        return self._binding.get(name)

    def missed_rows(self, name: str, path: str) -> Missed | None:
        """Give the name in a path of rows that no reply of an operation has, if there is one."""
        found = type_of_rows(self.operation(name), path)
        return found if isinstance(found, Missed) else None

    async def envelope(self, name: str, parameters: Parameters) -> Prepared:
        """Write the envelope of a call; nothing is sent. Raises SourceFault where the WSDL does not allow it."""
        self.operation(name)
        try:
            prepared = await self._proxy[name](**parameters)
        except Exception:  # noqa: BLE001  the library's words may hold a parameter's value
            raise SourceFault(SourceFaultKind.GARBAGE, SoapBecause.NO_PARAMETER) from None
        if not isinstance(prepared, Prepared):
            raise SourceFault(SourceFaultKind.GARBAGE, SoapBecause.UNUSABLE)
        return prepared

    async def call(self, wire: Wire, path: str, name: str, parameters: Parameters, deadline: float) -> object:
        """Call an operation and give its response as JSON would hold it; raises SourceFault, without its words."""
        prepared = await self.envelope(name, parameters)
        content: bytes = etree_to_string(prepared.envelope)  # type: ignore[no-untyped-call]  # it has no types
        reply = await wire.post(path, content, deadline, headers=prepared.headers, is_read=True)
        _require_xml(reply)
        if len(reply.body) < LARGE_REPLY:
            return self._read(name, reply.body)
        async with asyncio.timeout_at(deadline):
            return await asyncio.to_thread(self._read, name, reply.body)

    def _read(self, name: str, content: bytes) -> object:
        try:
            response = self._response(content)
            parsed = None if _local(response.tag) == FAULT else self._parsed(name, response)
        except Exception:  # noqa: BLE001  whatever a reply makes the library do, its words may hold case data
            raise SourceFault(SourceFaultKind.GARBAGE) from None
        if _local(response.tag) == FAULT:
            raise SourceFault(SourceFaultKind.REFUSED, SoapBecause.FAULT)
        return parsed

    def _response(self, content: bytes) -> Any:  # noqa: ANN401  as above
        """Find the one element in the body of an envelope."""
        envelope = parse_xml(content, self._client.transport, settings=self._client.settings)  # type: ignore[arg-type]  # it takes bytes
        (response,) = envelope.find("soap-env:Body", namespaces=self._binding.nsmap)
        return response

    def _parsed(self, name: str, response: Any) -> object:  # noqa: ANN401  as above
        message = self.operation(name).output
        # In RPC style the element is named for the operation (WSDL 1.1, 3.5).
        expected = f"{name}Response" if isinstance(message, RpcMessage) else _local(str(message.body.qname))
        if _local(response.tag) != expected:
            raise SourceFault(SourceFaultKind.GARBAGE)
        held = message.body.parse(response, self._client.wsdl.types)
        return plain(serialize_object(held, dict))  # type: ignore[no-untyped-call]  # it has no types


def _require_xml(reply: HttpReply) -> None:
    """Refuse whatever is no reply: a status of refusal, whose words nobody needs, or another kind of content."""
    if reply.status == TOO_MANY:
        raise SourceFault(SourceFaultKind.BUSY)
    if reply.status != OK:
        is_fault = reply.status not in REDIRECTS and _media_type(reply) in XML_TYPES
        raise SourceFault(SourceFaultKind.REFUSED, SoapBecause.FAULT if is_fault else REFUSALS.get(reply.status))
    if _media_type(reply) not in XML_TYPES:
        raise SourceFault(SourceFaultKind.GARBAGE)


def _media_type(reply: HttpReply) -> str:
    return reply.headers.get("Content-Type", "").partition(";")[0].strip().casefold()


def _local(name: str) -> str:
    """Give a name without its namespace."""
    return name.rpartition("}")[2]
