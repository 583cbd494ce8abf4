"""The three ways in which the load generator puts the question, each checking what comes back."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import grpc
from sharing.v1 import links_pb2, questions_pb2, questions_pb2_grpc, records_pb2

from tests.bench import agency_server, bare
from tests.bench.question import REPLY_BYTES, ask_request, people, sample_ask
from tests.bench.tls import CHANNEL_OPTIONS, channel_credentials

TIMEOUT_SECONDS = 10
# A session may hold a limited number of answers; it drops them all every so often, which costs the hub what it costs.
ANSWERS_BEFORE_CLOSING = 15


class WrongAnswerError(Exception):
    """An answer that does not hold what every agency was sure to send: the measurement is worth nothing."""


class Asking(Protocol):
    """Puts the question; `place` says which of those in flight it is."""

    async def ask(self, place: int) -> int:
        """Put the question once, check the answer, and return in how many messages it came."""
        ...

    async def tidy(self, place: int) -> None:
        """Do between two questions what is not part of one."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class HubAsking:
    """Asks the hub with a session for each place."""

    def __init__(self, address: str, tls: Path, *, agencies: int, tokens: Sequence[str]) -> None:
        self._channel = grpc.aio.secure_channel(address, channel_credentials(tls), options=CHANNEL_OPTIONS)
        self._questions = questions_pb2_grpc.QuestionServiceStub(self._channel)
        self._agencies = agencies
        self._metadata = [(("authorization", f"Bearer {token}"),) for token in tokens]
        self._requests = [ask_request(place) for place in range(len(tokens))]
        self._asked = [0] * len(tokens)

    async def ask(self, place: int) -> int:
        held = messages = 0
        complete = False
        call = self._questions.Ask(self._requests[place], metadata=self._metadata[place], timeout=TIMEOUT_SECONDS)
        while (response := await call.read()) is not grpc.aio.EOF:
            part: questions_pb2.AnswerPart = response.part
            messages += 1
            for agency in part.agencies:
                held += _is_whole(agency)
                if not self._asked[place]:
                    _require_person(agency, place)
            complete = complete or part.completeness.complete
        if await call.code() is not grpc.StatusCode.OK:
            raise WrongAnswerError(f"the hub answered {await call.code()}: {await call.details()}")
        if held != self._agencies or not complete:
            raise WrongAnswerError(f"{held} of {self._agencies} agencies held something; complete: {complete}")
        self._asked[place] += 1
        return messages

    async def tidy(self, place: int) -> None:
        if self._asked[place] >= ANSWERS_BEFORE_CLOSING:
            self._asked[place] = 0
            await self._questions.Close(
                questions_pb2.CloseRequest(), metadata=self._metadata[place], timeout=TIMEOUT_SECONDS
            )

    async def close(self) -> None:
        await self._channel.close()


def _is_whole(agency: questions_pb2.AgencyPart) -> bool:
    """Tell whether an agency's part is all that the agency sent."""
    faults = agency.unasked_cells + agency.unasked_rows
    return agency.outcome == records_pb2.OUTCOME_HELD and not faults and bool(agency.records.record_dates)


def _require_person(agency: questions_pb2.AgencyPart, place: int) -> None:
    column = list(agency.records.columns).index("nhs_number")
    if set(agency.records.cells[column :: len(agency.records.columns)]) != {people()[place].nhs_number}:
        raise WrongAnswerError("an answer is about somebody else")


class BareAsking:
    """Asks the bare transport."""

    def __init__(self, address: str, tls: Path, *, agencies: int) -> None:
        self._channel = grpc.aio.secure_channel(address, channel_credentials(tls), options=CHANNEL_OPTIONS)
        self._ask = self._channel.unary_unary(f"/{bare.SERVICE}/Ask")
        self._answer_bytes = agencies * REPLY_BYTES
        self._request = ask_request(0).SerializeToString()

    async def ask(self, _place: int) -> int:
        received = len(await self._ask(self._request, timeout=TIMEOUT_SECONDS))
        if received != self._answer_bytes:
            raise WrongAnswerError(f"{received} bytes came back instead of {self._answer_bytes}")
        return 1

    async def tidy(self, place: int) -> None:
        del place

    async def close(self) -> None:
        await self._channel.close()


class GatherAsking:
    """Asks every agency itself, without a hub, and waits for all."""

    def __init__(self, addresses: Sequence[str], tls: Path) -> None:
        credentials = channel_credentials(tls)
        self._channels = [
            grpc.aio.secure_channel(address, credentials, options=CHANNEL_OPTIONS) for address in addresses
        ]
        self._calls = [
            channel.unary_unary(
                f"/{agency_server.SERVICE}/Answer",
                request_serializer=links_pb2.Ask.SerializeToString,
                response_deserializer=links_pb2.Reply.FromString,
            )
            for channel in self._channels
        ]

    async def ask(self, place: int) -> int:
        ask = sample_ask(place)
        replies = await asyncio.gather(*(call(ask, timeout=TIMEOUT_SECONDS) for call in self._calls))
        if not all(reply.status == links_pb2.REPLY_STATUS_ANSWERED and len(reply.records.cells) for reply in replies):
            raise WrongAnswerError("an agency called directly did not answer")
        return len(replies)

    async def tidy(self, place: int) -> None:
        del place

    async def close(self) -> None:
        await asyncio.gather(*(channel.close() for channel in self._channels))
