"""A requester who can also send bytes as they are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from sharing.v1 import sessions_pb2, sessions_pb2_grpc

from tests.lib.deployment import PASSWORD, Deployment
from tests.lib.requester import PATIENCE_SECONDS, Requester, requesters_channel


class RawRequester(Requester):
    """One signed-in session whose channel is at hand."""

    def __init__(self, channel: grpc.aio.Channel, token: str) -> None:
        super().__init__(channel, token)
        self.channel = channel


@asynccontextmanager
async def signed_in(deployment: Deployment, port: int, user_name: str = "n.okafor") -> AsyncIterator[RawRequester]:
    """Open a session of one user, over a connection of its own."""
    async with requesters_channel(deployment, port) as channel:
        request = sessions_pb2.SignInRequest(user_name=user_name, password=PASSWORD)
        response = await sessions_pb2_grpc.SessionServiceStub(channel).SignIn(request, timeout=PATIENCE_SECONDS)
        yield RawRequester(channel, response.token)
