"""The desk of those who withdraw: each step is a call to the hub, on the connection over which the crowd asks.

On one connection what was written first arrives first, so nothing may arrive after an acknowledgement that was written
before it.
"""

import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from sharing.v1 import accounts_pb2, accounts_pb2_grpc, policies_pb2, policies_pb2_grpc, sessions_pb2, sessions_pb2_grpc

from hub.edge.pieces import pieces_of
from tests.integration.journey.refusing import said_by
from tests.integration.withdrawal.crowd import PATIENCE_SECONDS, Asker
from tests.lib.deployment import PASSWORD

REASON = "It is tried out what this takes away."
NAME, GUARDIANS_OF = "p.osei", "guardian."
Metadata = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A step that took something away, or gave it back: when it was asked for, and when it was acknowledged."""

    requested_at: float
    acknowledged_at: float
    publication: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session that a sign-in opened."""

    token: str
    access_level: str


class Desk:
    """Proposes, has approved, publishes and disables, with the tokens of an administrator and of every guardian."""

    def __init__(self, channel: grpc.aio.Channel, tokens: Mapping[str, str]) -> None:
        """Take the connection, and the tokens by user name."""
        self._policies = policies_pb2_grpc.PolicyServiceStub(channel)
        self._accounts = accounts_pb2_grpc.AccountServiceStub(channel)
        self._sessions = sessions_pb2_grpc.SessionServiceStub(channel)
        self._tokens = tokens

    async def propose(self, texts: Mapping[str, bytes]) -> policies_pb2.Proposal:
        """Propose a policy and have it approved by all who must, so that only publishing it is left."""
        response = await self._policies.Propose(_draft(texts), metadata=self._as(NAME), timeout=PATIENCE_SECONDS)
        return await self._approved(response.proposal)

    async def propose_account(self, change: policies_pb2.AccountChange) -> policies_pb2.Proposal:
        """Propose a change of one account and have it approved."""
        request = policies_pb2.ProposeAccountsRequest(reason=REASON, changes=[change])
        response = await self._policies.ProposeAccounts(request, metadata=self._as(NAME), timeout=PATIENCE_SECONDS)
        return await self._approved(response.proposal)

    async def publish(self, proposal: policies_pb2.Proposal) -> Done:
        """Put what has been approved in force."""
        requested_at = time.monotonic()
        response = await self.publishing(proposal)
        return Done(
            requested_at=requested_at, acknowledged_at=time.monotonic(), publication=response.publication.number
        )

    def publishing(self, proposal: policies_pb2.Proposal) -> "grpc.aio.UnaryUnaryCall[Any, Any]":
        """Begin to put in force what has been approved."""
        request = policies_pb2.PublishRequest(proposal=proposal.id)
        return self._policies.Publish(request, metadata=self._as(NAME), timeout=PATIENCE_SECONDS)

    def disabling(self, user_name: str) -> "grpc.aio.UnaryUnaryCall[Any, Any]":
        """Begin to disable an account."""
        request = accounts_pb2.DisableAccountRequest(user_name=user_name)
        return self._accounts.DisableAccount(request, metadata=self._as(NAME), timeout=PATIENCE_SECONDS)

    async def disable(self, user_name: str) -> Done:
        """Let nobody in with an account any more."""
        requested_at = time.monotonic()
        await self.disabling(user_name)
        return Done(requested_at=requested_at, acknowledged_at=time.monotonic())

    async def sign_out_everywhere(self, asker: Asker) -> Done:
        """End every session of an account from one of them."""
        request = sessions_pb2.SignOutRequest(everywhere=True)
        requested_at = time.monotonic()
        await self._sessions.SignOut(request, metadata=asker.metadata, timeout=PATIENCE_SECONDS)
        return Done(requested_at=requested_at, acknowledged_at=time.monotonic())

    async def sign_in(self, user_name: str) -> SignedIn:
        """Open a session with a password; raise AioRpcError when the hub lets nobody in."""
        request = sessions_pb2.SignInRequest(user_name=user_name, password=PASSWORD)
        response = await self._sessions.SignIn(request, timeout=PATIENCE_SECONDS)
        return SignedIn(token=response.token, access_level=response.access_level)

    async def try_to_sign_in(self, user_name: str) -> SignedIn | str:
        """Open a session, or say why not."""
        try:
            return await self.sign_in(user_name)
        except grpc.aio.AioRpcError as error:
            return said_by(error).reason

    async def _approved(self, proposal: policies_pb2.Proposal) -> policies_pb2.Proposal:
        # A second person from another agency than the administrator's, and whoever guards what is opened.
        for agency in dict.fromkeys(("health", *proposal.opens)):
            request = policies_pb2.ApproveRequest(proposal=proposal.id, digest=proposal.digest)
            metadata = self._as(f"{GUARDIANS_OF}{agency.replace('_', '-')}")
            await self._policies.Approve(request, metadata=metadata, timeout=PATIENCE_SECONDS)
        return proposal

    def _as(self, user_name: str) -> Metadata:
        return (("authorization", f"Bearer {self._tokens[user_name]}"),)


async def _draft(texts: Mapping[str, bytes]) -> AsyncIterator[policies_pb2.ProposeRequest]:
    for request in _requests(texts):
        yield request


def _requests(texts: Mapping[str, bytes]) -> Iterator[policies_pb2.ProposeRequest]:
    reasons: Sequence[str] = (REASON,)
    for piece in pieces_of(texts):
        yield policies_pb2.ProposeRequest(reason=next(iter(reasons), ""), piece=piece)
        reasons = ()
