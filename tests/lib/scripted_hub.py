"""A hub that says what a test has written down: the real contract over real TLS, and no rules of its own.

It remembers every call with its proof and its deadline, so that a test can look at what a client really sends.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

import grpc
from google.protobuf import message_factory
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from sharing.v1 import (
    accounts_pb2,
    agencies_pb2,
    audit_pb2,
    grounds_pb2,
    policies_pb2,
    questions_pb2,
    sessions_pb2,
    status_pb2,
)

from tests.lib.certificates import Authority

DETAILS_KEY = "grpc-status-details-bin"
MODULES = (sessions_pb2, questions_pb2, status_pb2, accounts_pb2, policies_pb2, audit_pb2, grounds_pb2, agencies_pb2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Ends a call with a status; with a reason it carries the hub's ErrorInfo, without one only bare words."""

    code: grpc.StatusCode
    message: str = ""
    reason: str = ""
    mend: str = ""
    field: str = ""
    domain: str = "hub.sharing"

    def metadata(self) -> tuple[tuple[str, bytes], ...]:
        """Spell the trailing metadata."""
        if not self.reason:
            return ()
        particulars = {name: text for name, text in (("mend", self.mend), ("field", self.field)) if text}
        detail = Packed()
        detail.Pack(ErrorInfo(reason=self.reason, domain=self.domain, metadata=particulars))
        status = Status(code=self.code.value[0], message=self.message, details=[detail])
        return ((DETAILS_KEY, status.SerializeToString()),)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRefusal:
    """Ends a call with a status and whatever bytes stand in its details."""

    code: grpc.StatusCode
    message: str
    details: bytes


Line: TypeAlias = Message | Refusal | RawRefusal | asyncio.Event
"""What the hub does next in a call: send, refuse, or wait until the test sets the event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as it came."""

    name: str
    request: Message
    authorization: str
    seconds: float | None
    """Until the deadline; None where the client set none."""


@dataclass(slots=True, kw_only=True)
class Script:
    """What to say to each kind of call: one line, or several in turn. Other calls are refused as unwritten."""

    lines: dict[str, Sequence[Line]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    streamed: dict[str, list[Message]] = field(default_factory=dict)
    """All messages of the last call of a kind that sends several."""

    def say(self, name: str, *lines: Line) -> None:
        """Write down what to say to a kind of call, from now on."""
        self.lines[name] = lines

    def named(self, name: str) -> list[Call]:
        """Give the calls of one kind."""
        return [call for call in self.calls if call.name == name]

    async def play(self, name: str, request: Message, context: Any) -> AsyncIterator[Any]:
        """Remember a call and go through its lines."""
        metadata: Mapping[str, str] = dict(context.invocation_metadata())
        self.calls.append(
            Call(
                name=name,
                request=request,
                authorization=metadata.get("authorization", ""),
                seconds=context.time_remaining(),
            )
        )
        for line in self.lines.get(name, (Refusal(code=grpc.StatusCode.UNIMPLEMENTED, message="unwritten"),)):
            match line:
                case Message():
                    yield line
                case asyncio.Event():
                    await line.wait()
                case Refusal():
                    await context.abort(line.code, line.message, line.metadata())
                case RawRefusal():
                    await context.abort(line.code, line.message, ((DETAILS_KEY, line.details),))

    async def answer(self, name: str, request: Message, context: Any) -> Any:
        """Go through the lines of a call that has one response."""
        async for message in self.play(name, request, context):
            return message
        raise LookupError(name)


def _unary(script: Script, name: str) -> Any:
    async def answer(request: Any, context: Any) -> Any:
        return await script.answer(name, request, context)

    return answer


def _streaming(script: Script, name: str) -> Any:
    async def answer(request: Any, context: Any) -> AsyncIterator[Any]:
        async for message in script.play(name, request, context):
            yield message

    return answer


def _gathering(script: Script, name: str) -> Any:
    """Answer a call that has several requests; what is remembered is the first, and all of them are kept beside it."""

    async def answer(requests: AsyncIterator[Message], context: Any) -> Any:
        sent = [request async for request in requests]
        script.streamed[name] = sent
        return await script.answer(name, sent[0], context)

    return answer


def _play_service(server: grpc.aio.Server, service: ServiceDescriptor, script: Script) -> None:
    """Serve every method of a service of the contract by the script."""
    handlers = {}
    for method in service.methods:
        read = message_factory.GetMessageClass(method.input_type).FromString
        write = message_factory.GetMessageClass(method.output_type).SerializeToString
        if method.client_streaming:
            handlers[method.name] = grpc.stream_unary_rpc_method_handler(_gathering(script, method.name), read, write)
        elif method.server_streaming:
            handlers[method.name] = grpc.unary_stream_rpc_method_handler(_streaming(script, method.name), read, write)
        else:
            handlers[method.name] = grpc.unary_unary_rpc_method_handler(_unary(script, method.name), read, write)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service.full_name, handlers),))


class ScriptedHub:
    """Serves a script on a free port of this machine, with a certificate of an authority of its own."""

    def __init__(self, script: Script | None = None, *, names: Sequence[str] = ("localhost",)) -> None:
        """Take the script, and the names that the certificate is to bear."""
        self.script = script or Script()
        self._authority = Authority.new()
        self._leaf = self._authority.server(names=names, addresses=("127.0.0.1",) if "localhost" in names else ())
        self._server = grpc.aio.server()
        self.port = 0

    @property
    def ca(self) -> bytes:
        """Give the certificate that vouches for this hub, in PEM."""
        return self._authority.certificate

    @property
    def target(self) -> str:
        """Give host and port."""
        return f"127.0.0.1:{self.port}"

    def write_folder(self, folder: Path, *, server_name: str = "") -> Path:
        """Write client.toml and the CA certificate into a folder, as an operator hands them out."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ca.pem").write_bytes(self.ca)
        named = f'server_name = "{server_name}"\n' if server_name else ""
        (folder / "client.toml").write_text(f'address = "{self.target}"\nca = "ca.pem"\n{named}', encoding="utf-8")
        return folder

    async def __aenter__(self) -> Self:
        """Begin to serve."""
        for module in MODULES:
            for service in module.DESCRIPTOR.services_by_name.values():
                _play_service(self._server, service, self.script)
        credentials = grpc.ssl_server_credentials([(self._leaf.key, self._leaf.certificate)])
        self.port = self._server.add_secure_port("127.0.0.1:0", credentials)
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        await self._server.stop(1)
