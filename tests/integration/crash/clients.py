"""Clients that ask one question after the other, look at what is held, and close it, until the hub is gone."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import grpc
from sharing.v1 import questions_pb2, records_pb2

from tests.integration.crash.truth import Truth
from tests.integration.journey.refusing import Said, said_by
from tests.lib.deployment import Deployment, Ports
from tests.lib.requester import PATIENCE_SECONDS, Requester, signed_in

REFUSED = ("child_health", "health_care")
# Who asks what for which purpose; the last is refused.
QUESTIONS = (
    ("n.okafor", "child_services", "safeguarding"),
    ("s.patel", "child_services", "early_help"),
    ("n.okafor", "child_basics", "early_help"),
    ("s.patel", "child_basics", "transition"),
    ("n.okafor", "child_services", "transition"),
    ("a.brown", *REFUSED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one question: how long it took, whether the answer came whole, what was said if it was refused."""

    seconds: float
    is_whole: bool
    said: Said | None

    @property
    def is_unwritable(self) -> bool:
        """Tell whether it was refused because it could not be recorded, in plain words."""
        said = self.said
        return said is not None and said.reason == "AUDIT_UNWRITABLE" and bool(said.words) and not said.leak


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One client with a session of its own, and what it asks."""

    requester: Requester
    question: str
    purpose: str

    def asking_about(self, person: records_pb2.PersonKeys) -> questions_pb2.AskRequest:
        """Word its question."""
        return questions_pb2.AskRequest(
            question=self.question,
            person=person,
            purpose=self.purpose,
            lawful_basis="A6_E",
            case_reference="TEST/1",
        )

    @property
    def is_refused(self) -> bool:
        """Tell whether the policy refuses it its question."""
        return (self.question, self.purpose) == REFUSED

    async def attempt(self, truth: Truth, person: records_pb2.PersonKeys) -> "Attempt":
        """Ask one question, whatever becomes of it."""
        began, request_id, is_whole = time.monotonic(), "", False
        call = self.requester.questions.Ask(
            self.asking_about(person), metadata=self.requester.metadata, timeout=PATIENCE_SECONDS
        )
        try:
            async for response in call:
                request_id = request_id or response.part.opening.request_id
                truth.read(request_id, response.part)
                is_whole = response.part.HasField("completeness")
        except grpc.aio.AioRpcError as error:
            return Attempt(seconds=time.monotonic() - began, is_whole=is_whole, said=said_by(error))
        return Attempt(seconds=time.monotonic() - began, is_whole=is_whole, said=None)

    async def ask_on(self, truth: Truth, people: Iterator[records_pb2.PersonKeys]) -> None:
        """Ask one question after another until the hub is gone."""
        try:
            for turn in itertools.count():
                await self._ask(truth, next(people), is_closed=turn % 2 == 1)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE or said_by(error).reason:
                raise
        truth.cut_off += 1

    async def _ask(self, truth: Truth, person: records_pb2.PersonKeys, *, is_closed: bool) -> None:
        request_id = ""
        call = self.requester.questions.Ask(
            self.asking_about(person), metadata=self.requester.metadata, timeout=PATIENCE_SECONDS
        )
        try:
            async for response in call:
                request_id = request_id or response.part.opening.request_id
                truth.read(request_id, response.part)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.PERMISSION_DENIED:
                raise
            truth.refused += 1
            # A client that is refused thinks before it asks again.
            await asyncio.sleep(0.05)
            return
        truth.read(request_id, await self.requester.view(request_id))
        if is_closed:
            await self.requester.close(request_id)


async def sign_in_all(stack: AsyncExitStack, deployment: Deployment, ports: Ports) -> list[Client]:
    """Open a session for each, over connections of their own."""
    return [
        Client(
            requester=await stack.enter_async_context(signed_in(deployment, ports.requesters, user_name)),
            question=question,
            purpose=purpose,
        )
        for user_name, question, purpose in QUESTIONS
    ]
