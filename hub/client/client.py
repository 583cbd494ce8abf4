"""The client of one hub: every call with a deadline, nothing retried, every failure a client error."""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from sharing.v1 import questions_pb2, questions_pb2_grpc, sessions_pb2, status_pb2, status_pb2_grpc

from hub.client.accounts import Accounts
from hub.client.agencies import Agencies
from hub.client.audit import Audit
from hub.client.calls import PADDING, Calls, Deadlines, HubAddress
from hub.client.credentials import Credentials
from hub.client.errors import InvalidRequest
from hub.client.grounds import Grounds
from hub.client.policies import Policies
from hub.client.sessions import Sessions

__all__ = ["Deadlines", "HubAddress", "HubClient"]


class HubClient:
    """Speaks to one hub for one session; made inside a running event loop, and closed or used with `async with`."""

    def __init__(self, address: HubAddress, *, token: str = "", deadlines: Deadlines | None = None) -> None:
        """Take the token of a session that is open already, where there is one."""
        self._calls = Calls(address, token=token, deadlines=deadlines)
        self._questions = questions_pb2_grpc.QuestionServiceStub(self._calls.channel)
        self._status = status_pb2_grpc.StatusServiceStub(self._calls.channel)
        self.sessions = Sessions(self._calls)
        self.credentials = Credentials(self._calls)
        self.accounts = Accounts(self._calls)
        self.policies = Policies(self._calls)
        self.grounds = Grounds(self._calls)
        self.audit = Audit(self._calls)
        self.agencies = Agencies(self._calls)

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
        await self._calls.close()

    @property
    def token(self) -> str:
        """Give the token of the open session; empty where there is none."""
        return self._calls.token

    @token.setter
    def token(self, token: str) -> None:
        self._calls.token = token

    async def sign_in(self, user_name: str, password: str) -> sessions_pb2.SignInResponse:
        """Open a session with a password alone; `sessions` knows the other ways."""
        return await self.sessions.sign_in(user_name, password)

    async def sign_out(self) -> sessions_pb2.SignOutResponse:
        """End the session; the hub drops everything that it holds."""
        return await self.sessions.sign_out()

    async def menu(self) -> questions_pb2.MenuResponse:
        """List the questions that this session may ask."""
        return await self._calls.answer(self._questions.Menu, questions_pb2.MenuRequest())

    async def ask(self, request: questions_pb2.AskRequest) -> AsyncIterator[questions_pb2.AnswerPart]:
        """Ask one question and give the parts of the answer as they arrive; read it to its end.

        Leaving early cancels the call, and the bytes of a cancelled call stay in the hub's memory.
        """
        async for response in self._calls.stream(self._questions.Ask, request, seconds=self._calls.deadlines.ask):
            yield response.part

    async def held(self) -> questions_pb2.ListHeldResponse:
        """List the open answers that the session holds."""
        return await self._calls.answer(self._questions.ListHeld, questions_pb2.ListHeldRequest())

    async def view(self, request_id: str) -> questions_pb2.AnswerPart:
        """Give one held answer again; no agency is asked."""
        request = questions_pb2.ViewRequest(request_id=_named(request_id))
        return (await self._calls.answer(self._questions.View, request)).answer

    async def show_details(self, request_id: str, person: int) -> questions_pb2.AnswerPart:
        """Have all shown that may be seen of somebody, whose number is from 0; it is recorded that it was needed."""
        request = questions_pb2.ShowDetailsRequest(request_id=_named(request_id), person=person)
        return (await self._calls.answer(self._questions.ShowDetails, request)).answer

    async def judge(
        self, request_id: str, person: int, word: questions_pb2.RequesterWord.ValueType
    ) -> questions_pb2.AnswerPart:
        """Say of somebody, whose number is from 0, whether he or she is the person asked about; for this case only."""
        request = questions_pb2.JudgeRequest(request_id=_named(request_id), person=person, word=word)
        return (await self._calls.answer(self._questions.Judge, request)).answer

    async def more(self, request_id: str) -> questions_pb2.AnswerPart:
        """Give the next page of a search of the register; `view` then gives all that has been shown."""
        request = questions_pb2.ShowMoreRequest(request_id=_named(request_id))
        return (await self._calls.answer(self._questions.ShowMore, request)).page

    async def close_answer(self, request_id: str) -> questions_pb2.CloseResponse:
        """Drop one held answer."""
        return await self._drop(_named(request_id))

    async def close_all(self) -> questions_pb2.CloseResponse:
        """Drop every answer that the session holds."""
        return await self._drop("")

    async def status(self) -> status_pb2.GetStatusResponse:
        """Describe how the hub is doing."""
        return await self._calls.answer(self._status.GetStatus, status_pb2.GetStatusRequest())

    async def _drop(self, request_id: str) -> questions_pb2.CloseResponse:
        """Ask the hub to drop one answer, or all where none is named."""
        request = questions_pb2.CloseRequest(request_id=request_id, padding=PADDING)
        return await self._calls.answer(self._questions.Close, request)


def _named(request_id: str) -> str:
    """Refuse an empty name: on the wire it would mean every answer."""
    if not request_id:
        raise InvalidRequest(
            "NO_REQUEST_ID", "The answer is not named.", mend="Give its request id.", field="request_id"
        )
    return request_id
