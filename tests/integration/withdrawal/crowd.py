"""A crowd that asks without a pause: so many questions a second over many sessions, each written down as it goes."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc
from sharing.v1 import questions_pb2, questions_pb2_grpc

from tests.integration.journey.refusing import said_by
from tests.integration.withdrawal.drafts import PURPOSE, QUESTION
from tests.integration.withdrawal.journal import FINISHED, Journal, Look, Part, Stream
from tests.lib.people import people as invented_people

A_SECOND = 50
# The hub lets a connection have 100 calls at a time; more than this are not begun, and counted.
MOST_IN_FLIGHT = 85
MOST_HELD = 6
PATIENCE_SECONDS = 10.0


@dataclass(slots=True, kw_only=True)
class Asker:
    """One session of one account; `label` names the session in the journal."""

    user_name: str
    token: str
    label: str

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.token}"),)


class Crowd:
    """Asks on behalf of its sessions, one after the other, whatever becomes of the questions before."""

    def __init__(self, channel: grpc.aio.Channel, journal: Journal) -> None:
        """Write everything down in one journal."""
        self.askers: list[Asker] = []
        self.left_out = 0
        self._stub = questions_pb2_grpc.QuestionServiceStub(channel)
        self._journal = journal
        self._people = invented_people()
        self._numbers = itertools.count(1)
        self._running: set[asyncio.Task[None]] = set()
        self._held: dict[str, list[str]] = {}

    def join(self, user_name: str, token: str) -> Asker:
        """Let one more session ask."""
        asker = Asker(user_name=user_name, token=token, label=f"{user_name}/{next(self._numbers)}")
        self.askers.append(asker)
        return asker

    def leave(self, askers: list[Asker]) -> None:
        """Let some sessions ask no more."""
        self.askers = [asker for asker in self.askers if asker not in askers]

    def of(self, user_name: str) -> list[Asker]:
        """Return the sessions of one account."""
        return [asker for asker in self.askers if asker.user_name == user_name]

    def ask_at_once(self, askers: Sequence[Asker], questions: int) -> None:
        """Begin so many questions now, of these sessions in turn."""
        for asker in itertools.islice(itertools.cycle(askers), questions):
            self._begin(asker)

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Keep asking for as long as this is entered, then wait for the last answers."""
        beat = asyncio.create_task(self._keep_asking())
        try:
            yield
        finally:
            beat.cancel()
            await asyncio.gather(beat, return_exceptions=True)
            await asyncio.gather(*self._running)

    async def look(self, asker: Asker, *, view: int = 0) -> Look:
        """Say what a session holds and what was taken back; show so many of the latter once more."""
        metadata = asker.metadata
        try:
            response = await self._stub.ListHeld(
                questions_pb2.ListHeldRequest(), metadata=metadata, timeout=PATIENCE_SECONDS
            )
        except grpc.aio.AioRpcError as error:
            _require(error, "NOT_SIGNED_IN")
            return Look(session=asker.label, held=frozenset(), withdrawn=frozenset())
        own = [stream.request_id for stream in self._journal.streams[-400:] if stream.session == asker.label]
        again = [request_id for request_id in own if request_id in response.withdrawn][:view]
        return Look(
            session=asker.label,
            held=frozenset(answer.request_id for answer in response.held),
            withdrawn=frozenset(response.withdrawn),
            viewed={request_id: await self._view(asker, request_id) for request_id in again},
        )

    async def is_answered(self, token: str) -> str:
        """Say what a token is good for: FINISHED when the hub answers it, else why not."""
        metadata = (("authorization", f"Bearer {token}"),)
        try:
            await self._stub.ListHeld(questions_pb2.ListHeldRequest(), metadata=metadata, timeout=PATIENCE_SECONDS)
        except grpc.aio.AioRpcError as error:
            return said_by(error).reason
        return FINISHED

    async def _view(self, asker: Asker, request_id: str) -> str:
        request = questions_pb2.ViewRequest(request_id=request_id)
        try:
            await self._stub.View(request, metadata=asker.metadata, timeout=PATIENCE_SECONDS)
        except grpc.aio.AioRpcError as error:
            return said_by(error).reason
        return FINISHED

    async def _keep_asking(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        for turn in itertools.count():
            self._begin(self.askers[turn % len(self.askers)])
            due += 1 / A_SECOND
            await asyncio.sleep(max(due - loop.time(), 0))

    def _begin(self, asker: Asker) -> None:
        if len(self._running) >= MOST_IN_FLIGHT:
            self.left_out += 1
            return
        task = asyncio.create_task(self._ask(asker))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _ask(self, asker: Asker) -> None:
        stream = Stream(session=asker.label, started_at=time.monotonic())
        self._journal.streams.append(stream)
        request = questions_pb2.AskRequest(
            question=QUESTION,
            person=next(self._people),
            purpose=PURPOSE,
            lawful_basis="A6_E",
            case_reference="TEST/1",
        )
        try:
            async for response in self._stub.Ask(request, metadata=asker.metadata, timeout=PATIENCE_SECONDS):
                _note(stream, response.part)
            stream.ended_as = FINISHED
        except grpc.aio.AioRpcError as error:
            stream.ended_as = said_by(error).reason or error.code().name
        stream.ended_at = time.monotonic()
        if stream.ended_as == FINISHED:
            await self._close_oldest(asker, stream.request_id)

    async def _close_oldest(self, asker: Asker, request_id: str) -> None:
        """Close the answer that has been held for longest, so that sessions hold a few and not ever more."""
        held = self._held.setdefault(asker.label, [])
        held.append(request_id)
        if len(held) <= MOST_HELD:
            return
        request = questions_pb2.CloseRequest(request_id=held.pop(0))
        try:
            await self._stub.Close(request, metadata=asker.metadata, timeout=PATIENCE_SECONDS)
        except grpc.aio.AioRpcError as error:
            # It was taken back meanwhile, or its session has ended.
            _require(error, "NOT_HELD", "NOT_SIGNED_IN")


def _require(error: grpc.aio.AioRpcError, *reasons: str) -> None:
    """Raise what the hub said unless it is one of these reasons."""
    if said_by(error).reason not in reasons:
        raise error


def _note(stream: Stream, part: questions_pb2.AnswerPart) -> None:
    stream.request_id = stream.request_id or part.opening.request_id
    stream.parts.append(Part(at=time.monotonic(), shown=tuple(_shown(part.agencies))))
    stream.is_complete = stream.is_complete or part.HasField("completeness")


def _shown(agencies: object) -> Iterator[tuple[str, frozenset[str]]]:
    for agency in agencies:  # type: ignore[attr-defined]  # a container of the generated code has no public type
        if agency.HasField("records"):
            yield agency.agency, frozenset(agency.records.columns)
