"""The services for requesters: sessions and questions; each method says what is asked of which room."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

from grpc.aio import ServicerContext
from sharing.v1 import questions_pb2, questions_pb2_grpc, sessions_pb2, sessions_pb2_grpc

from hub.access.in_force import PolicyInForce
from hub.accounts.sign_in import SignIn
from hub.asking.ask import Asked, Asking
from hub.audit import entries
from hub.audit.log import AuditLog
from hub.edge.messages import Wording, answer_part, whole_answer
from hub.errors import NotReady, SignInRefused
from hub.sessions.registry import Sessions
from hub.sessions.session import Session, not_signed_in

# What the hub keeps back of the time that a client gives it, so that the answer's last part still gets through.
MARGIN_SECONDS = 0.1
BEARER = "Bearer "

Context = ServicerContext[Any, Any]


def token_in(context: Context) -> str:
    """Return the session's token from a call's metadata; raise NotSignedIn when there is none."""
    for key, value in context.invocation_metadata() or ():
        if key == "authorization" and isinstance(value, str) and value.startswith(BEARER):
            return value.removeprefix(BEARER)
    raise not_signed_in()


class SessionService(sessions_pb2_grpc.SessionServiceServicer):
    """Opens and ends sessions."""

    def __init__(self, *, sign_in: SignIn, sessions: Sessions, in_force: PolicyInForce, audit: AuditLog) -> None:
        """Take the rooms that signing in and out passes through."""
        self._sign_in = sign_in
        self._sessions = sessions
        self._in_force = in_force
        self._audit = audit

    async def SignIn(self, request: sessions_pb2.SignInRequest, context: Context) -> sessions_pb2.SignInResponse:
        """Match user name and password to an access level and open a session, once that is recorded."""
        try:
            requester = await self._sign_in.sign_in(request.user_name, request.password)
        except SignInRefused as refused:
            await self._audit.record(entries.sign_in_refused(_now_ms(), account=refused.account))
            raise
        await self._audit.record(entries.signed_in(requester, _now_ms()))
        token = self._sessions.open(requester)
        level = self._in_force.policy.levels[requester.access_level]
        rules = self._sessions.rules
        return sessions_pb2.SignInResponse(
            token=token,
            display_name=requester.display_name,
            access_level=level.id,
            access_level_title=level.title,
            agency=requester.agency,
            idle_seconds=rules.idle_seconds,
            expires_at_ms=_now_ms() + rules.absolute_seconds * 1_000,
        )

    async def SignOut(self, request: sessions_pb2.SignOutRequest, context: Context) -> sessions_pb2.SignOutResponse:
        """End the session and drop all that it holds."""
        return sessions_pb2.SignOutResponse(dropped_answers=self._sessions.sign_out(token_in(context)))


class QuestionService(questions_pb2_grpc.QuestionServiceServicer):
    """Takes questions and shows what the session holds."""

    def __init__(self, *, asking: Asking, sessions: Sessions, in_force: PolicyInForce) -> None:
        """Take the rooms; a hub that is draining takes no further questions."""
        self._asking = asking
        self._sessions = sessions
        self._in_force = in_force
        self._words = Wording(in_force.policy)
        self.is_draining = False

    async def Menu(self, request: questions_pb2.MenuRequest, context: Context) -> questions_pb2.MenuResponse:
        """List exactly the questions that the requester may ask."""
        session = self._session(context)
        return self._wording().menu(session.requester, datetime.now(UTC))

    async def Ask(
        self, request: questions_pb2.AskRequest, context: Context
    ) -> AsyncGenerator[questions_pb2.AskResponse, None]:
        """Put one question and stream the answer as it arrives."""
        session = self._session(context)
        if self.is_draining:
            raise NotReady("DRAINING", "This hub is going away. Ask again in a moment.")
        remaining = context.time_remaining()
        # The stubs leave out that a client need not give a deadline.
        seconds = None if remaining is None else max(remaining - MARGIN_SECONDS, 0.0)  # type: ignore[redundant-expr]
        async with aclosing(self._asking.ask(session, _asked(request), seconds=seconds)) as parts:
            async for part in parts:
                yield questions_pb2.AskResponse(part=answer_part(part, self._wording()))

    async def ListHeld(
        self, request: questions_pb2.ListHeldRequest, context: Context
    ) -> questions_pb2.ListHeldResponse:
        """List the open answers without their content."""
        held = [
            questions_pb2.HeldAnswer(
                request_id=answer.request.request_id,
                question=answer.request.question,
                case_reference=answer.request.case_reference,
                asked_at_ms=answer.request.asked_at_ms,
            )
            for answer in self._session(context).held()
        ]
        return questions_pb2.ListHeldResponse(held=held)

    async def View(self, request: questions_pb2.ViewRequest, context: Context) -> questions_pb2.ViewResponse:
        """Show one open answer again; no agency is asked."""
        held = self._session(context).view(request.request_id)
        return questions_pb2.ViewResponse(answer=whole_answer(held.parts, self._wording()))

    async def Close(self, request: questions_pb2.CloseRequest, context: Context) -> questions_pb2.CloseResponse:
        """Drop one open answer, or all."""
        return questions_pb2.CloseResponse(dropped_answers=self._session(context).close(request.request_id))

    def _wording(self) -> Wording:
        """Return the words of the policy in force."""
        if self._words.version != self._in_force.policy.version:
            self._words = Wording(self._in_force.policy)
        return self._words

    def _session(self, context: Context) -> Session:
        return self._sessions.require(token_in(context))


def _asked(request: questions_pb2.AskRequest) -> Asked:
    return Asked(
        question=request.question,
        nhs_number=request.person.nhs_number,
        upn=request.person.upn,
        given_name=request.person.given_name,
        family_name=request.person.family_name,
        date_of_birth=request.person.date_of_birth,
        purpose=request.purpose,
        lawful_basis=request.lawful_basis,
        case_reference=request.case_reference,
    )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
