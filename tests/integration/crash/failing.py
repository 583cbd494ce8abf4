"""Have the hub's disk fail while clients ask, and see what they are told meanwhile and afterwards."""

import asyncio
from collections.abc import Sequence

import grpc
from sharing.v1 import sessions_pb2, sessions_pb2_grpc

from tests.integration.crash.clients import Attempt, Client
from tests.integration.crash.partnership import Partnership
from tests.integration.crash.tracer import Fate, Injection, Step, held, store_files
from tests.integration.journey.refusing import Said, said_by
from tests.lib.deployment import PASSWORD
from tests.lib.requester import PATIENCE_SECONDS, requesters_channel

# What an unwritable record may cost whoever waits for it, by the threat model's battery c.
LONGEST_REFUSAL_SECONDS = 1.0
LONGEST_RECOVERY_SECONDS = 5.0
LOOK_SECONDS = 0.1
# The store says so first where more than the record is written: when somebody signed in, for example.
UNUSABLE = {(grpc.StatusCode.UNAVAILABLE, reason) for reason in ("AUDIT_UNWRITABLE", "STORE_UNUSABLE")}


def disk(on: Partnership, step: Step, fate: Fate, nth: int | None = None) -> Injection:
    """Describe a disk that fails at every such step on the hub's store, or at one of them."""
    return Injection(step=step, fate=fate, nth=nth, files=store_files(on.data, "hub.sqlite"))


async def all_attempt(on: Partnership, clients: Sequence[Client]) -> list[Attempt]:
    """Have every client ask one question, all at one time."""
    return await asyncio.gather(*(client.attempt(on.truth, next(on.people)) for client in clients))


async def attempt_on(on: Partnership, clients: Sequence[Client], injection: Injection) -> list[Attempt]:
    """Have every client ask one question while the disk fails."""
    with held(on.hub.pid, injection):
        return await all_attempt(on, clients)


async def get_well(on: Partnership, clients: Sequence[Client]) -> None:
    """Ask until every client gets its answer whole, by a hub that nobody has started anew."""
    async with asyncio.timeout(LONGEST_RECOVERY_SECONDS):
        while not all(attempt.is_whole for attempt in await all_attempt(on, clients)):  # noqa: ASYNC110  (a program's)
            await asyncio.sleep(LOOK_SECONDS)


async def refused_sign_in(on: Partnership) -> Said:
    """Try to sign in, rightly, and return what the refusal says."""
    async with requesters_channel(on.deployment, on.ports.requesters) as channel:
        request = sessions_pb2.SignInRequest(user_name="n.okafor", password=PASSWORD)
        try:
            await sessions_pb2_grpc.SessionServiceStub(channel).SignIn(request, timeout=PATIENCE_SECONDS)
        except grpc.aio.AioRpcError as error:
            return said_by(error)
    raise AssertionError("somebody was signed in without a record of it")
