"""The service for agencies' adapters: one stream each, named by its certificate."""

import asyncio
import re
from typing import Any

import grpc
import structlog
from google.protobuf.message import DecodeError
from grpc import StatusCode
from grpc.aio import EOF, ServicerContext
from sharing.v1 import links_pb2

from hub.access.in_force import PolicyInForce
from hub.links.link import Link
from hub.links.register import Links

CONTRACT = 1
AGENCY_URI = "urn:sharing:agency:"
HELLO_SECONDS = 10
_INSTANCE = re.compile(r"[A-Za-z0-9-]{16,64}")
_MOST_QUESTIONS = 1_000
_MAX_HELLO_BYTES = 64 * 1024
_LONGEST_PROGRAM = 100

_log = structlog.get_logger(__name__)

Context = ServicerContext[Any, Any]


class LinkService:
    """Admits adapters and hands their streams to links."""

    def __init__(self, links: Links, in_force: PolicyInForce) -> None:
        """Take the register of links, and the policy that names the agencies."""
        self._links = links
        self._in_force = in_force

    def handlers(self) -> grpc.GenericRpcHandler:
        """Return the service's handlers.

        Messages pass as bytes: what cannot be read must be laid at the agency's door, and the generated code would end
        the call before anyone could tell whose it was.
        """
        connect: Any = grpc.stream_stream_rpc_method_handler(self._connect)
        return grpc.method_handlers_generic_handler("sharing.v1.LinkService", {"Connect": connect})

    async def _connect(self, _requests: object, context: Context) -> None:
        agency = self._agency(context)
        if agency is None:
            await context.abort(StatusCode.PERMISSION_DENIED, "The certificate names no agency of this hub.")
        if not self._links.admits(agency):
            await context.abort(
                StatusCode.RESOURCE_EXHAUSTED, "The agency's adapters connect too often. Wait a second."
            )
        hello = await self._hello(context)
        if hello is None:
            await context.abort(StatusCode.INVALID_ARGUMENT, "A link begins with a hello of contract 1.")
        link = Link(agency, hello, self._links, owed=self._links.owed(agency))
        if not self._links.add(link):
            await context.abort(StatusCode.RESOURCE_EXHAUSTED, "The agency has as many links as it may.")
        try:
            await link.serve(lambda: _read(context), context.write)
        finally:
            self._links.remove(link)

    def _agency(self, context: Context) -> str | None:
        """Return the one agency that the client certificate names, if the policy knows it."""
        names = context.auth_context().get("x509_subject_alternative_name", ())
        agencies = [name.decode().removeprefix(AGENCY_URI) for name in names if name.startswith(AGENCY_URI.encode())]
        if len(agencies) != 1 or agencies[0] not in self._in_force.policy.agencies:
            _log.warning("link.refused", agencies_named=len(agencies))
            return None
        return agencies[0]

    async def _hello(self, context: Context) -> links_pb2.Hello | None:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                received = await _read(context)
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


async def _read(context: Context) -> bytes | None:
    """Read one message; None when the adapter has gone, in whatever way."""
    try:
        received = await context.read()
    except grpc.aio.BaseError:
        return None
    return None if received is EOF else bytes(received)
