"""The outermost interceptor: whatever happens inside, the peer gets a status of the table and nothing else.

An exception that escapes a handler of grpc.aio reaches the peer word for word, and a cancelled handler leaves it
without any status at all; both end here.
"""

import asyncio
import inspect
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeAlias

import grpc
import structlog
from google.protobuf.message import DecodeError
from grpc import StatusCode
from grpc.aio import AbortError, ServerInterceptor, ServicerContext

from hub.edge.statuses import Refusal, refusal, refusal_for
from hub.edge.unbroken import Unbroken
from hub.errors import HubError, InvalidRequest, TooMuch, places

# Whoever reads no more keeps what was written for them, and a place among those who are answered: for so long.
UNREAD_SECONDS = 30.0

_log = structlog.get_logger(__name__)

Context = ServicerContext[Any, Any]
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
MaybeHandler: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"
Call = Callable[[Any, Context], Awaitable[Any]]
Stream = Callable[[Any, Context], AsyncGenerator[Any, None]]


class Border(ServerInterceptor):
    """Turns every error into a status, for all kinds of calls that this hub offers."""

    def __init__(self, *, unread_seconds: float = UNREAD_SECONDS) -> None:
        """Start without calls; `unread_seconds` is how long one that streams waits until its peer reads on."""
        self._unbroken = Unbroken()
        self._unread_seconds = unread_seconds

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[MaybeHandler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> MaybeHandler:
        """Wrap the handler of one call; a method that does not exist has none."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        # The stubs describe the handlers of synchronous servers; ours are coroutines and asynchronous generators.
        inner: Any = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
        # A call that streams its responses either yields them or writes them itself; the guard always writes.
        guarded: Any = self._guard_stream(inner) if inspect.isasyncgenfunction(inner) else _guard_call(inner)
        deserializer: Any = handler.request_deserializer
        if handler.stream_stream is None:
            deserializer = _reading(deserializer)
        wrapped: Handler = _wrapper(handler)(
            guarded,
            request_deserializer=deserializer,
            response_serializer=handler.response_serializer,
        )
        return wrapped

    def _guard_stream(self, inner: Stream) -> Call:
        """Write what is yielded: whoever hangs up cancels the call at any moment, but never a write half-way."""

        async def guarded(request: object, context: Context) -> None:
            try:
                _require_readable(request)
                async with aclosing(inner(request, context)) as responses:
                    async for response in responses:
                        await self._write(context, response)
            except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  (the last resort: nothing may escape)
                refused = _refusal(error, context)
            else:
                return
            await context.abort(*refused)

        return guarded

    async def _write(self, context: Context, response: object) -> None:
        """Write one response; raise TooMuch when the peer has not made room for it in time.

        The write itself goes on, and ends with the connection; what is behind the call does not wait for that.
        """
        try:
            async with asyncio.timeout(self._unread_seconds):
                await self._unbroken(context.write(response))
        except TimeoutError:
            raise TooMuch("UNREAD", "You have not read what was sent.", mend="Ask again, and read on.") from None


def _wrapper(handler: Handler) -> Any:  # noqa: ANN401  (each of gRPC's four functions has a type of its own)
    """Choose what makes a handler of the same kind as this one."""
    if handler.unary_unary:
        return grpc.unary_unary_rpc_method_handler
    if handler.unary_stream:
        return grpc.unary_stream_rpc_method_handler
    return grpc.stream_unary_rpc_method_handler if handler.stream_unary else grpc.stream_stream_rpc_method_handler


class _Unreadable:
    """Is put in the place of a request that is no message."""


def _reading(deserialize: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """Make reading a request never raise: it happens outside every handler, where nothing would catch it."""

    def read(received: bytes) -> object:
        try:
            return deserialize(received)
        except DecodeError:
            return _Unreadable()

    return read


def _require_readable(request: object) -> None:
    if isinstance(request, _Unreadable):
        raise InvalidRequest(
            "UNREADABLE",
            "The request is no message of this contract.",
            mend="Write it with code that is generated from the hub's .proto files.",
        )


async def _readable(requests: AsyncIterator[object]) -> AsyncGenerator[object, None]:
    """Yield the requests of a stream; raise InvalidRequest at the first that is no message."""
    async for request in requests:
        _require_readable(request)
        yield request


def _guard_call(inner: Call) -> Call:
    async def guarded(request: object, context: Context) -> object:
        try:
            _require_readable(request)
            return await inner(_readable(request) if isinstance(request, AsyncIterator) else request, context)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  (the last resort: nothing may escape)
            refused = _refusal(error, context)
        return await context.abort(*refused)

    return guarded


def _refusal(error: BaseException, context: Context) -> Refusal:
    """Return what to tell the peer; re-raise what belongs to the call itself."""
    if isinstance(error, asyncio.CancelledError):
        if context.cancelled():
            raise error
        return refusal(StatusCode.UNAVAILABLE, "STOPPED", "The hub stopped working on this. Try again.", {})
    if isinstance(error, AbortError):
        raise error
    if isinstance(error, HubError) and (refused := refusal_for(error)) is not None:
        return refused
    # The text of an unknown error may hold anything, also a value of a case: only its type is written down.
    correlation = secrets.token_hex(6)
    _log.error("call.failed", correlation=correlation, error=type(error).__name__, at=places(error))
    message = f"The hub failed. Tell its operator this number: {correlation}."
    return refusal(StatusCode.INTERNAL, "INTERNAL", message, {"correlation": correlation})
