"""The client of one hub: every call with a deadline, nothing retried, every failure a client error."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

import grpc
from sharing.v1 import (
    questions_pb2,
    questions_pb2_grpc,
    sessions_pb2,
    sessions_pb2_grpc,
    status_pb2,
    status_pb2_grpc,
)

from hub.client.errors import InvalidRequest
from hub.client.translating import translate

_Response = TypeVar("_Response")

# A whole held answer comes in one message: 64 agencies of at most 256 KiB each.
_LARGEST_ANSWER = 64 * 256 * 1024


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


class HubClient:
    """Speaks to one hub for one session; made inside a running event loop, and closed or used with `async with`."""

    def __init__(self, address: HubAddress, *, token: str = "", deadlines: Deadlines | None = None) -> None:
        """Take the token of a session that is open already, where there is one."""
        self.token = token
        self._deadlines = deadlines or Deadlines()
        self._channel = _open_channel(address)
        self._sessions = sessions_pb2_grpc.SessionServiceStub(self._channel)
        self._questions = questions_pb2_grpc.QuestionServiceStub(self._channel)
        self._status = status_pb2_grpc.StatusServiceStub(self._channel)

    async def __aenter__(self) -> Self:
        """Give the client itself; the connection is made with the first call."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        await self.close()

    async def close(self) -> None:
        """Close the connection; closing twice does no harm. The session stays open until signed out."""
        await self._channel.close()

    async def sign_in(self, user_name: str, password: str) -> sessions_pb2.SignInResponse:
        """Open a session and keep its token for the calls that follow."""
        request = sessions_pb2.SignInRequest(user_name=user_name, password=password)
        try:
            response = await self._sessions.SignIn(request, timeout=self._deadlines.call)
        except grpc.aio.AioRpcError as error:
            raise translate(error, signing_in=True) from None
        self.token = response.token
        return response

    async def sign_out(self) -> sessions_pb2.SignOutResponse:
        """End the session; the hub drops everything that it holds."""
        request = sessions_pb2.SignOutRequest()
        response = await _answered(self._sessions.SignOut(request, timeout=self._deadlines.call, metadata=self._proof))
        self.token = ""
        return response

    async def menu(self) -> questions_pb2.MenuResponse:
        """List the questions that this session may ask."""
        request = questions_pb2.MenuRequest()
        return await _answered(self._questions.Menu(request, timeout=self._deadlines.call, metadata=self._proof))

    async def ask(self, request: questions_pb2.AskRequest) -> AsyncIterator[questions_pb2.AnswerPart]:
        """Ask one question and give the parts of the answer as they arrive; read it to its end.

        Leaving early cancels the call, and the bytes of a cancelled call stay in the hub's memory.
        """
        try:
            call = self._questions.Ask(request, timeout=self._deadlines.ask, metadata=self._proof)
            async for response in call:
                yield response.part
        except grpc.aio.AioRpcError as error:
            raise translate(error) from None

    async def held(self) -> questions_pb2.ListHeldResponse:
        """List the open answers that the session holds."""
        request = questions_pb2.ListHeldRequest()
        return await _answered(self._questions.ListHeld(request, timeout=self._deadlines.call, metadata=self._proof))

    async def view(self, request_id: str) -> questions_pb2.AnswerPart:
        """Give one held answer again; no agency is asked."""
        request = questions_pb2.ViewRequest(request_id=_named(request_id))
        call = self._questions.View(request, timeout=self._deadlines.call, metadata=self._proof)
        return (await _answered(call)).answer

    async def close_answer(self, request_id: str) -> questions_pb2.CloseResponse:
        """Drop one held answer."""
        return await self._drop(_named(request_id))

    async def close_all(self) -> questions_pb2.CloseResponse:
        """Drop every answer that the session holds."""
        return await self._drop("")

    async def status(self) -> status_pb2.GetStatusResponse:
        """Describe how the hub is doing."""
        request = status_pb2.GetStatusRequest()
        return await _answered(self._status.GetStatus(request, timeout=self._deadlines.call, metadata=self._proof))

    async def _drop(self, request_id: str) -> questions_pb2.CloseResponse:
        """Ask the hub to drop one answer, or all where none is named."""
        request = questions_pb2.CloseRequest(request_id=request_id)
        return await _answered(self._questions.Close(request, timeout=self._deadlines.call, metadata=self._proof))

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
    ]
    if address.server_name:
        options.append(("grpc.ssl_target_name_override", address.server_name))
    credentials = grpc.ssl_channel_credentials(root_certificates=address.ca)
    return grpc.aio.secure_channel(address.target, credentials, options=options)


async def _answered(call: Awaitable[_Response]) -> _Response:
    """Wait for a call's response and translate its failure."""
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise translate(error) from None


def _named(request_id: str) -> str:
    """Refuse an empty name: on the wire it would mean every answer."""
    if not request_id:
        raise InvalidRequest(
            "NO_REQUEST_ID", "The answer is not named.", mend="Give its request id.", field="request_id"
        )
    return request_id
