"""The service for agencies' adapters: one stream each, named by its certificate."""

import asyncio
import re
import time
from typing import Any

import grpc
import structlog
from google.protobuf.message import DecodeError
from grpc import StatusCode
from grpc.aio import EOF, ServicerContext
from sharing.v1 import links_pb2

from hub.accounts.buckets import Allowance, Buckets
from hub.agreeing.carrying import carried_through
from hub.edge.certificates import NotAnAgency, agency_certificate
from hub.edge.unbroken import Unbroken
from hub.enrolling.enrolling import Enrolling
from hub.links.link import Link
from hub.links.padding import Padding
from hub.links.register import Links
from hub.model.membership import AgencyCertificate

CONTRACT = 1
HELLO_SECONDS = 10
_INSTANCE = re.compile(r"[A-Za-z0-9-]{16,64}")
_MOST_QUESTIONS = 1_000
_MAX_HELLO_BYTES = 64 * 1024
_LONGEST_PROGRAM = 100

# Who it is that is refused learns no more than this; why stands in the hub's log.
_REFUSED = (StatusCode.PERMISSION_DENIED, "The certificate opens no link of this hub.")
# Of each agency and reason: whoever is refused may try all day long, and does not fill the log.
_REFUSALS_LOGGED = Allowance(at_once=5, an_hour=60)

_log = structlog.get_logger(__name__)

Context = ServicerContext[Any, Any]


class LinkService:
    """Admits adapters and hands their streams to links."""

    def __init__(self, links: Links, enrolling: Enrolling) -> None:
        """Take the register of links, and what says which certificates count and issues the next."""
        self._links = links
        self._enrolling = enrolling
        self._unbroken = Unbroken()
        self._said = Buckets(_REFUSALS_LOGGED, time.monotonic)

    def handlers(self) -> grpc.GenericRpcHandler:
        """Return the service's handlers.

        Messages pass as bytes: what cannot be read must be laid at the agency's door, and the generated code would end
        the call before anyone could tell whose it was.
        """
        connect: Any = grpc.stream_stream_rpc_method_handler(self._connect)
        renew: Any = grpc.unary_unary_rpc_method_handler(
            self._renew,
            request_deserializer=links_pb2.RenewRequest.FromString,
            response_serializer=links_pb2.RenewResponse.SerializeToString,
        )
        return grpc.method_handlers_generic_handler("sharing.v1.LinkService", {"Connect": connect, "Renew": renew})

    async def _renew(self, request: links_pb2.RenewRequest, context: Context) -> links_pb2.RenewResponse:
        """Issue the next certificate to the agency that the present one names."""
        certificate = self._certificate(context)
        if certificate is None:
            await context.abort(*_REFUSED)
        renewed = await carried_through(self._enrolling.renew(certificate, request.certificate_request))
        return links_pb2.RenewResponse(certificate=renewed, authorities=self._enrolling.authorities)

    async def _connect(self, _requests: object, context: Context) -> None:
        certificate = self._certificate(context)
        if certificate is None:
            await context.abort(*_REFUSED)
        agency = certificate.agency
        if not self._links.admits(agency):
            await context.abort(
                StatusCode.RESOURCE_EXHAUSTED, "The agency's adapters connect too often. Wait a second."
            )
        hello = await self._hello(context)
        if hello is None:
            await context.abort(StatusCode.INVALID_ARGUMENT, "A link begins with a hello of contract 1.")
        if self._enrolling.membership.fault(certificate):
            # Withdrawn while the hello was on its way.
            await context.abort(*_REFUSED)
        link = Link(agency, hello, self._links, owed=self._links.owed(agency), certificate=certificate)
        if not self._links.add(link):
            await context.abort(StatusCode.RESOURCE_EXHAUSTED, "The agency has as many links as it may.")
        padding = Padding(lambda: self._read(context), lambda content: self._unbroken(context.write(content)))
        try:
            await link.serve(padding.read, padding.write)
        finally:
            padding.close()
            self._links.remove(link)

    def _certificate(self, context: Context) -> AgencyCertificate | None:
        """Return the certificate of a connection if it counts at this moment, however old the connection is."""
        try:
            certificate = agency_certificate(context.auth_context(), self._enrolling.authorities)
        except NotAnAgency as wrong:
            self._say_refused("", str(wrong))
            return None
        fault = self._enrolling.membership.fault(certificate)
        if fault is not None:
            self._say_refused(certificate.agency, fault.value)
        return None if fault else certificate

    def _say_refused(self, agency: str, why: str) -> None:
        """Log that a connection was refused, unless that has been said often of late."""
        if self._said.has_one((agency, why)):
            self._said.take((agency, why))
            _log.warning("link.refused", agency=agency, why=why)

    async def _hello(self, context: Context) -> links_pb2.Hello | None:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                received = await self._read(context)
            message = links_pb2.ConnectRequest.FromString(received or b"")
        except (TimeoutError, DecodeError):
            return None
        hello = message.hello
        in_form = (
            hello.contract == CONTRACT
            and _INSTANCE.fullmatch(hello.instance)
            and hello.program.isprintable()
            and len(hello.program) <= _LONGEST_PROGRAM
            and len(hello.questions) <= _MOST_QUESTIONS
            and hello.ByteSize() <= _MAX_HELLO_BYTES
            and [field.name for field, _ in message.ListFields()] == ["hello"]
        )
        return hello if in_form else None

    async def _read(self, context: Context) -> bytes | None:
        """Read one message; None when the adapter has gone, in whatever way."""
        try:
            received = await self._unbroken(context.read())
        except grpc.aio.BaseError:
            return None
        return None if received is EOF else bytes(received)
