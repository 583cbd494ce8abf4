import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import grpc
import pytest
import structlog
from grpc import StatusCode
from sharing.v1 import questions_pb2

from hub.edge.border import Border
from hub.errors import ConfigurationError, NotAllowed

SECRET = "Qwertina"
Menu, Response = questions_pb2.MenuRequest, questions_pb2.MenuResponse


class Failing:
    """A service each of whose methods fails in a way of its own, all of them with case data in the text."""

    def __init__(self) -> None:
        self.was_let_go = asyncio.Event()

    async def unknown(self, _request: object, _context: object) -> Response:
        raise ValueError(SECRET)

    async def configured(self, _request: object, _context: object) -> Response:
        raise ConfigurationError([])

    async def cancelled(self, _request: object, _context: object) -> Response:
        raise asyncio.CancelledError(SECRET)

    async def refused(self, _request: object, _context: object) -> Response:
        raise NotAllowed("NO", "Not this.", mend="Ask another.")

    async def grouped(self, _request: object, _context: object) -> Response:
        raise ExceptionGroup(SECRET, [ValueError(SECRET)])

    async def fine(self, _request: object, _context: object) -> Response:
        return Response(policy_version="1")

    async def yielding(self, _request: object, _context: object) -> AsyncGenerator[Response, None]:
        yield Response(policy_version="1")
        raise ValueError(SECRET)

    async def writing(self, _request: object, context: grpc.aio.ServicerContext) -> None:
        await context.write(Response(policy_version="1"))
        raise ValueError(SECRET)

    async def flooding(self, _request: object, _context: object) -> AsyncGenerator[Response, None]:
        """Yield more than any connection takes that nobody reads from."""
        try:
            while True:
                yield Response(policy_version="x" * 1_000_000)
        finally:
            self.was_let_go.set()


class Service(grpc.GenericRpcHandler):
    def __init__(self, failing: Failing) -> None:
        self._failing = failing

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        failing, name = self._failing, handler_call_details.method.rpartition("/")[2]
        method = getattr(failing, name, None)
        if method is None:
            return None
        streams = name in ("yielding", "writing", "flooding")
        make = grpc.unary_stream_rpc_method_handler if streams else grpc.unary_unary_rpc_method_handler
        return make(method, request_deserializer=Menu.FromString, response_serializer=Response.SerializeToString)


@asynccontextmanager
async def border(failing: Failing | None = None, **patience: float) -> AsyncIterator[grpc.aio.Channel]:
    server = grpc.aio.server(interceptors=[Border(**patience)])
    server.add_generic_rpc_handlers((Service(failing or Failing()),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.enable_http_proxy", 0)]) as channel:
            yield channel
    finally:
        await server.stop(None)


async def call(name: str, request: bytes = b"") -> tuple[StatusCode, str, bytes]:
    async with border() as channel:
        try:
            await channel.unary_unary(f"/x/{name}")(request, timeout=10)
        except grpc.aio.AioRpcError as error:
            return error.code(), error.details() or "", b"".join(bytes(value) for _, value in error.trailing_metadata())
    return StatusCode.OK, "", b""


async def read_to_the_end(stream: grpc.aio.UnaryStreamCall) -> None:
    while await stream.read() is not grpc.aio.EOF:
        pass


@pytest.mark.parametrize("name", ["unknown", "configured", "grouped"])
async def test_an_unknown_error_becomes_internal_with_a_number_and_none_of_its_text(name: str) -> None:
    with structlog.testing.capture_logs() as logged:
        code, words, trailing = await call(name)
    assert code is StatusCode.INTERNAL
    assert SECRET not in words
    assert SECRET.encode() not in trailing
    (event,) = logged
    assert event["correlation"] in words
    assert SECRET not in str(event)
    assert "border.py" not in str(event)


async def test_a_cancelled_call_leaves_a_status_behind() -> None:
    code, words, _ = await call("cancelled")
    assert code is StatusCode.UNAVAILABLE
    assert SECRET not in words


async def test_an_error_of_the_table_is_told_as_the_table_says() -> None:
    code, words, trailing = await call("refused")
    assert (code, words) == (StatusCode.PERMISSION_DENIED, "Not this.")
    assert b"Ask another." in trailing


@pytest.mark.parametrize("name", ["fine", "yielding", "writing"])
async def test_a_request_that_is_no_message_is_refused_before_anything_reads_it(name: str) -> None:
    code, words, trailing = await call(name, b"\xff\xff\xff")
    assert code is StatusCode.INVALID_ARGUMENT
    assert "DecodeError" not in words
    assert b"UNREADABLE" in trailing


@pytest.mark.parametrize("name", ["yielding", "writing"])
async def test_a_stream_that_fails_half_way_ends_with_a_status_whether_it_yields_or_writes(name: str) -> None:
    async with border() as channel:
        stream = channel.unary_stream(f"/x/{name}", response_deserializer=Response.FromString)(b"", timeout=10)
        assert (await stream.read()).policy_version == "1"
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await stream.read()
    assert ended.value.code() is StatusCode.INTERNAL
    assert SECRET not in str(ended.value)


async def test_whoever_reads_no_more_keeps_nobody_waiting_and_is_told_why() -> None:
    failing = Failing()
    async with border(failing, unread_seconds=0.2) as channel:
        stream = channel.unary_stream("/x/flooding", response_deserializer=Response.FromString)(b"", timeout=20)
        async with asyncio.timeout(10):
            await failing.was_let_go.wait()
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await read_to_the_end(stream)
    assert ended.value.code() is StatusCode.RESOURCE_EXHAUSTED
    assert "not read" in (ended.value.details() or "")


async def test_what_goes_well_passes_unchanged_and_what_does_not_exist_is_not_made_up() -> None:
    assert (await call("fine"))[0] is StatusCode.OK
    assert (await call("no_such_method"))[0] is StatusCode.UNIMPLEMENTED
