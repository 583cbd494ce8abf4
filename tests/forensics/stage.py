"""Where a run takes place: the hub's ports, the office, people nobody has asked about, and connections."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from types import MappingProxyType
from typing import Self

import grpc
from sharing.v1 import records_pb2, sessions_pb2, sessions_pb2_grpc

from hub.client.client import HubAddress, HubClient
from tests.forensics.canaries import Canaries, values_in
from tests.forensics.office import Habit, Office
from tests.lib.deployment import PASSWORD, Deployment, Ports
from tests.lib.people import nhs_numbers
from tests.lib.requester import PATIENCE_SECONDS, Answer, Requester, requesters_channel

SHARED_CHANNELS = 3
SIGN_INS_AT_ONCE = 6
NO_HABITS: Mapping[str, Habit] = MappingProxyType({})


class Stage:
    """Knows what visits need; connections that it keeps stay open, unused, until it is left."""

    def __init__(self, deployment: Deployment, ports: Ports, office: Office, canaries: Canaries) -> None:
        """Take what runs."""
        self.office = office
        self.canaries = canaries
        self.shown: set[str] = set()
        self.refused = 0
        self._deployment = deployment
        self._ports = ports
        self._people = nhs_numbers()
        self._kept = AsyncExitStack()
        self._shared: list[grpc.aio.Channel] = []
        self._turn = itertools.count()
        # A hub evaluates only so many attempts at one account that nobody has been signed in to from here.
        self._signing_in = asyncio.Semaphore(SIGN_INS_AT_ONCE)

    async def __aenter__(self) -> Self:
        self._shared = [await self.kept_channel() for _ in range(SHARED_CHANNELS)]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._kept.aclose()

    def person(self, habits: Mapping[str, Habit] = NO_HABITS) -> records_pb2.PersonKeys:
        """Return somebody nobody has asked about, of whom the agencies answer in these ways."""
        number = next(self._people)
        for agency, habit in habits.items():
            self.office.habits[agency, number] = habit
        return records_pb2.PersonKeys(
            nhs_number=self.canaries.number(number, number, "asked for"),
            given_name=self.canaries.short(number, "given name asked for"),
            family_name=self.canaries.short(number, "family name asked for"),
            date_of_birth="2015-01-02",
        )

    async def kept_channel(self) -> grpc.aio.Channel:
        """Open a connection that stays open."""
        return await self._kept.enter_async_context(requesters_channel(self._deployment, self._ports.requesters))

    async def kept_client(self) -> HubClient:
        """Open a connection that stays open, as the commands do it."""
        address = HubAddress(target=f"localhost:{self._ports.requesters}", ca=self._deployment.authority.certificate)
        return await self._kept.enter_async_context(HubClient(address))

    def shared_channel(self) -> grpc.aio.Channel:
        """Return a connection that other visits use too."""
        return self._shared[next(self._turn) % SHARED_CHANNELS]

    @asynccontextmanager
    async def channel(self) -> AsyncIterator[grpc.aio.Channel]:
        """Open a connection for one visit."""
        async with requesters_channel(self._deployment, self._ports.requesters) as channel:
            yield channel

    async def sign_in(self, channel: grpc.aio.Channel, user_name: str = "n.okafor") -> Requester:
        """Open a session over a connection."""
        request = sessions_pb2.SignInRequest(user_name=user_name, password=PASSWORD)
        stub = sessions_pb2_grpc.SessionServiceStub(channel)
        async with self._signing_in:
            return Requester(channel, (await stub.SignIn(request, timeout=PATIENCE_SECONDS)).token)

    def note(self, answer: Answer) -> set[str]:
        """Remember which planted values reached a requester; return those of this answer."""
        cells = (cell for part in answer.said for cell in part.records.cells)
        shown = {value for cell in cells for value in values_in(cell)}
        self.shown |= shown
        return shown
