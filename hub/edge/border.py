"""The outermost interceptor: whatever happens inside, the peer gets a status of the table and nothing else.

An exception that escapes a handler of grpc.aio reaches the peer word for word, and a cancelled handler leaves it
without any status at all; both end here.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import grpc
import structlog
from grpc import StatusCode
from grpc.aio import AbortError, ServerInterceptor, ServicerContext

from hub.edge.statuses import Refusal, refusal, refusal_for
from hub.errors import HubError

_log = structlog.get_logger(__name__)

Handler = grpc.RpcMethodHandler
Context = ServicerContext[Any, Any]


class Border(ServerInterceptor):
    """Turns every error into a status, for all kinds of calls."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        """Wrap the handler of one call."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return handler
        coding = {
            "request_deserializer": handler.request_deserializer,
            "response_serializer": handler.response_serializer,
        }
        if handler.unary_unary is not None:
            return grpc.unary_unary_rpc_method_handler(_guard_call(handler.unary_unary), **coding)
        if handler.unary_stream is not None:
            return grpc.unary_stream_rpc_method_handler(_guard_stream(handler.unary_stream), **coding)
        if handler.stream_stream is not None:
            return grpc.stream_stream_rpc_method_handler(_guard_call(handler.stream_stream), **coding)
        return handler


def _guard_call(inner: Callable[[Any, Context], Awaitable[Any]]) -> Callable[[Any, Context], Awaitable[Any]]:
    async def guarded(request: Any, context: Context) -> Any:
        try:
            return await inner(request, context)
        except (Exception, asyncio.CancelledError) as error:
            refused = _refusal(error, context)
        await context.abort(*refused)

    return guarded


def _guard_stream(
    inner: Callable[[Any, Context], AsyncIterator[Any]],
) -> Callable[[Any, Context], AsyncIterator[Any]]:
    async def guarded(request: Any, context: Context) -> AsyncIterator[Any]:
        try:
            async with aclosing(inner(request, context)) as responses:  # type: ignore[type-var]  # ours are generators
                async for response in responses:
                    yield response
        except GeneratorExit:
            raise
        except (Exception, asyncio.CancelledError) as error:
            refused = _refusal(error, context)
        else:
            return
        await context.abort(*refused)

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
    frames = _places(error)
    _log.error("call.failed", correlation=correlation, error=type(error).__name__, at=frames)
    message = f"The hub failed. Tell its operator this number: {correlation}."
    return refusal(StatusCode.INTERNAL, "INTERNAL", message, {"correlation": correlation})


def _places(error: BaseException) -> list[str]:
    """Name the functions and lines through which an error came, without its text."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_qualname if hasattr(code, 'co_qualname') else code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-6:]
