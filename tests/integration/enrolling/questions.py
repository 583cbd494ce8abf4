"""Questions that go on while certificates change: not one may fail, and not one may lack an agency."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import grpc
from sharing.v1.records_pb2 import PersonKeys

from hub.links.register import Links
from tests.integration.journey.waiting import until
from tests.lib.administration import Administration
from tests.lib.deployment import AGENCIES
from tests.lib.enrolled_adapter import KNOWN
from tests.lib.requester import PATIENCE_SECONDS, Answer, Requester

PAUSE_SECONDS = 0.02


@dataclass(slots=True, kw_only=True)
class Asked:
    """What came of the questions, and how many there were of each kind of end."""

    answers: list[Answer] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def lacking(self) -> list[Answer]:
        """Return the answers in which an agency did not answer."""
        return [answer for answer in self.answers if not answer.completeness.complete]


@asynccontextmanager
async def asking_on(administration: Administration, ca: Callable[[], bytes]) -> AsyncIterator[Asked]:
    """Ask again and again, each question over a connection of its own, by the authorities known at that moment."""
    asked, stop = Asked(), asyncio.Event()
    token = (await administration.sign_in("s.patel")).token

    async def ask_on() -> None:
        while not stop.is_set():
            credentials = grpc.ssl_channel_credentials(ca())
            address = f"localhost:{administration.hub.requesters_port}"
            options = (("grpc.use_local_subchannel_pool", 1),)
            async with grpc.aio.secure_channel(address, credentials, options=options) as channel:
                requester = Requester(channel, token)
                try:
                    answer = await requester.ask(PersonKeys(nhs_number=KNOWN))
                    asked.answers.append(answer)
                    await requester.close(answer.request_id)
                except grpc.aio.AioRpcError as error:
                    asked.failures.append(f"{error.code().name}: {error.details()}")
            await asyncio.sleep(PAUSE_SECONDS)

    task = asyncio.create_task(ask_on())
    try:
        yield asked
    finally:
        stop.set()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await task


async def all_linked(links: Links, agencies: tuple[str, ...] = AGENCIES) -> None:
    """Wait until each of these agencies has a link that takes questions."""
    await until(lambda: all(any(not link.is_draining for link in links.connected(agency)) for agency in agencies))
