"""How the hub is called: with a deadline and the session's proof, nothing retried, every failure translated."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import grpc

from hub.client.translating import translate

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")

# A whole held answer comes in one message: 64 agencies of at most 256 KiB each.
_LARGEST_ANSWER = 64 * 256 * 1024
# A connection keeps the last question and the last answer in its buffers, here as in the hub; unused, it is closed.
_IDLE_CONNECTION_MS = 2_000
# Overwrites what the connection still holds of the questions, in the hub too, which takes 16 KiB at most.
PADDING = bytes(15 * 1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAddress:
    """Where a hub is, and how to know that it is the right one."""

    target: str
    """Name or number of the machine, a colon, and the port."""
    ca: bytes
    """Certificates, in PEM, of the authorities that may vouch for the hub."""
    server_name: str = ""
    """The name that the hub's certificate bears, where it is not the one in the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long to wait for the hub, in seconds."""

    call: float = 10.0
    ask: float = 60.0
    """The hub ends each question itself, and much sooner; this bounds the wait for a hub that hangs."""
    weigh: float = 180.0
    """A policy of 100,000 rules takes up to a minute to be checked and compiled, and a difference needs two of them."""
    export: float = 600.0
    """A log of a million entries is half a gigabyte."""


class Calls:
    """One connection to one hub, and the token of the one session that it is used for."""

    def __init__(self, address: HubAddress, *, token: str = "", deadlines: Deadlines | None = None) -> None:
        """Take the token of a session that is open already, where there is one."""
        self.token = token
        self.deadlines = deadlines or Deadlines()
        self.channel = _open_channel(address)

    async def answer(
        self,
        method: Callable[..., Awaitable[_Response]],
        request: _Request,
        *,
        seconds: float | None = None,
        signing_in: bool = False,
    ) -> _Response:
        """Call a method that has one response; whoever signs in shows no session."""
        proof = () if signing_in else self._proof
        try:
            return await method(request, timeout=seconds or self.deadlines.call, metadata=proof)
        except grpc.aio.AioRpcError as error:
            raise translate(error, signing_in=signing_in) from None

    async def stream(
        self, method: Callable[..., AsyncIterable[_Response]], request: _Request, *, seconds: float
    ) -> AsyncIterator[_Response]:
        """Call a method that has several responses, and give them as they arrive; read it to its end."""
        try:
            async for response in method(request, timeout=seconds, metadata=self._proof):
                yield response
        except grpc.aio.AioRpcError as error:
            raise translate(error) from None

    async def close(self) -> None:
        """Close the connection; closing twice does no harm."""
        await self.channel.close()

    @property
    def _proof(self) -> tuple[tuple[str, str], ...]:
        """Give the metadata that proves the session."""
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()


def _open_channel(address: HubAddress) -> grpc.aio.Channel:
    """Make a channel that retries nothing and goes through no proxy that the environment may name."""
    options: list[tuple[str, str | int]] = [
        ("grpc.enable_retries", 0),
        ("grpc.enable_http_proxy", 0),
        ("grpc.max_receive_message_length", _LARGEST_ANSWER),
        # Before the hub does it: a call that is begun in that very moment would fail.
        ("grpc.client_idle_timeout_ms", _IDLE_CONNECTION_MS),
    ]
    if address.server_name:
        options.append(("grpc.ssl_target_name_override", address.server_name))
    credentials = grpc.ssl_channel_credentials(root_certificates=address.ca)
    return grpc.aio.secure_channel(address.target, credentials, options=options)
