"""A requester who trusts nothing: signs in, asks, and keeps every message as it came, with the time it took."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc
from sharing.v1 import (
    questions_pb2,
    questions_pb2_grpc,
    records_pb2,
    sessions_pb2,
    sessions_pb2_grpc,
    status_pb2,
    status_pb2_grpc,
)

from tests.lib.deployment import PASSWORD, Deployment

PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer, in the parts in which it came; `seconds` is what its requester waited for the whole."""

    person: records_pb2.PersonKeys
    parts: tuple[questions_pb2.AnswerPart, ...]
    seconds: float

    @property
    def request_id(self) -> str:
        return self.parts[0].opening.request_id

    @property
    def planned(self) -> list[str]:
        return [choice.id for choice in self.parts[0].opening.planned]

    @property
    def said(self) -> list[questions_pb2.AgencyPart]:
        """Return what was said of each agency, in the order in which it was said."""
        return [agency for part in self.parts for agency in part.agencies]

    @property
    def completeness(self) -> questions_pb2.Completeness:
        return self.parts[-1].completeness

    def of(self, agency: str) -> questions_pb2.AgencyPart:
        """Return the one outcome of an agency."""
        (found,) = (part for part in self.said if part.agency == agency)
        return found

    def outcome(self, agency: str) -> tuple[str, str]:
        """Return an agency's outcome and reason, in small letters; the reason is empty when there is none."""
        part = self.of(agency)
        outcome = records_pb2.Outcome.Name(part.outcome).removeprefix("OUTCOME_").lower()
        reason = records_pb2.OutcomeReason.Name(part.reason).removeprefix("OUTCOME_REASON_").lower()
        return outcome, "" if reason == "unspecified" else reason

    def column(self, agency: str, field: str) -> list[str]:
        """Return an agency's values of one field."""
        records = self.of(agency).records
        if field not in records.columns:
            return []
        return list(records.cells[list(records.columns).index(field) :: len(records.columns)])

    def wire(self) -> bytes:
        """Return everything that reached the requester."""
        return b"".join(part.SerializeToString() for part in self.parts)


class Requester:
    """One signed-in session."""

    def __init__(self, channel: grpc.aio.Channel, token: str) -> None:
        """Take an open channel and the session's token."""
        self.metadata = (("authorization", f"Bearer {token}"),)
        self.sessions = sessions_pb2_grpc.SessionServiceStub(channel)
        self.questions = questions_pb2_grpc.QuestionServiceStub(channel)
        self._status = status_pb2_grpc.StatusServiceStub(channel)

    async def ask(
        self,
        person: records_pb2.PersonKeys,
        *,
        question: str = "child_services",
        purpose: str = "safeguarding",
        special_condition: str = "",
        needs_more: bool = False,
        timeout: float = PATIENCE_SECONDS,  # noqa: ASYNC109  (becomes the call's deadline)
    ) -> Answer:
        """Ask and read the answer to its end."""
        request = questions_pb2.AskRequest(
            question=question,
            person=person,
            purpose=purpose,
            lawful_basis="A6_E",
            case_reference="TEST/1",
            special_condition=special_condition,
            needs_more=needs_more,
        )
        began = time.monotonic()
        call = self.questions.Ask(request, metadata=self.metadata, timeout=timeout)
        parts = [response.part async for response in call]
        return Answer(person=person, parts=tuple(parts), seconds=time.monotonic() - began)

    async def view(self, request_id: str) -> questions_pb2.AnswerPart:
        """Show a held answer again."""
        request = questions_pb2.ViewRequest(request_id=request_id)
        return (await self.questions.View(request, metadata=self.metadata, timeout=PATIENCE_SECONDS)).answer

    async def close(self, request_id: str) -> None:
        """Drop a held answer."""
        request = questions_pb2.CloseRequest(request_id=request_id)
        await self.questions.Close(request, metadata=self.metadata, timeout=PATIENCE_SECONDS)

    async def status(self) -> dict[str, status_pb2.AgencyStatus]:
        """Return how each agency is doing."""
        request = status_pb2.GetStatusRequest()
        response = await self._status.GetStatus(request, metadata=self.metadata, timeout=PATIENCE_SECONDS)
        return {agency.agency: agency for agency in response.agencies}

    async def sign_out(self) -> int:
        """End the session; return how many answers it dropped."""
        request = sessions_pb2.SignOutRequest()
        response = await self.sessions.SignOut(request, metadata=self.metadata, timeout=PATIENCE_SECONDS)
        return response.dropped_answers


@asynccontextmanager
async def requesters_channel(deployment: Deployment, port: int) -> AsyncIterator[grpc.aio.Channel]:
    """Open a connection of its own to the requesters' port."""
    options = (("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0))
    credentials = deployment.requesters_credentials()
    async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials, options=options) as channel:
        yield channel


@asynccontextmanager
async def signed_in(deployment: Deployment, port: int, user_name: str = "n.okafor") -> AsyncIterator[Requester]:
    """Open a session of one user, over a connection of its own."""
    async with requesters_channel(deployment, port) as channel:
        request = sessions_pb2.SignInRequest(user_name=user_name, password=PASSWORD)
        response = await sessions_pb2_grpc.SessionServiceStub(channel).SignIn(request, timeout=PATIENCE_SECONDS)
        yield Requester(channel, response.token)
