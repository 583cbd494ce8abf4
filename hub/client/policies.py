"""The agreed process: reading policies, weighing them, and what becomes of a proposal."""

from collections.abc import Mapping, Sequence

from sharing.v1 import policies_pb2, policies_pb2_grpc

from hub.client import pieces
from hub.client.calls import Calls

_Weighing = policies_pb2.Weighing.ValueType


class Policies:
    """Reads, weighs, proposes, approves and publishes."""

    def __init__(self, calls: Calls) -> None:
        """Take the connection."""
        self._calls = calls
        self._stub = policies_pb2_grpc.PolicyServiceStub(calls.channel)

    async def texts(self, which: policies_pb2.Which) -> dict[str, bytes]:
        """Return the files of a policy: path below its folder → content."""
        request = policies_pb2.GetPolicyRequest(which=which)
        seconds = self._calls.deadlines.weigh
        return await pieces.joined(self._calls.stream(self._stub.GetPolicy, request, seconds=seconds))

    async def weigh(self, request: policies_pb2.WeighRequest) -> dict[str, object]:
        """Have something worked out about a policy; return the document that docs/administering.md describes."""
        seconds = self._calls.deadlines.weigh
        return await pieces.document(self._calls.stream(self._stub.Weigh, request, seconds=seconds))

    async def propose(self, texts: Mapping[str, bytes], *, reason: str, proposal: str = "") -> policies_pb2.Proposal:
        """Propose a policy, or replace the texts of an open proposal, which voids its approvals."""
        request = pieces.cut(texts, reason=reason, proposal=proposal)
        seconds = self._calls.deadlines.weigh
        return (await self._calls.answer(self._stub.Propose, request, seconds=seconds)).proposal

    async def propose_rollback(self, publication: int, reason: str) -> policies_pb2.Proposal:
        """Propose the texts of an earlier publication."""
        request = policies_pb2.ProposeRollbackRequest(publication=publication, reason=reason)
        seconds = self._calls.deadlines.weigh
        return (await self._calls.answer(self._stub.ProposeRollback, request, seconds=seconds)).proposal

    async def propose_accounts(
        self, changes: Sequence[policies_pb2.AccountChange], reason: str
    ) -> policies_pb2.Proposal:
        """Propose changes of accounts, at most 100."""
        request = policies_pb2.ProposeAccountsRequest(reason=reason, changes=changes)
        return (await self._calls.answer(self._stub.ProposeAccounts, request)).proposal

    async def proposals(self, *, everything: bool = False) -> tuple[policies_pb2.Proposal, ...]:
        """List proposals, newest first; those too that are done with, if everything is wanted."""
        request = policies_pb2.ListProposalsRequest(all=everything)
        return tuple((await self._calls.answer(self._stub.ListProposals, request)).proposals)

    async def approve(self, proposal: str, digest: str) -> policies_pb2.Proposal:
        """Agree to a proposal as it was when its digest was read."""
        request = policies_pb2.ApproveRequest(proposal=proposal, digest=digest)
        return (await self._calls.answer(self._stub.Approve, request)).proposal

    async def withdraw(self, proposal: str) -> policies_pb2.Proposal:
        """End a proposal that has not been published."""
        request = policies_pb2.WithdrawRequest(proposal=proposal)
        return (await self._calls.answer(self._stub.Withdraw, request)).proposal

    async def publish(self, proposal: str, *, at_ms: int = 0, emergency: str = "") -> policies_pb2.PublishResponse:
        """Put a proposal in force, now or at a moment."""
        request = policies_pb2.PublishRequest(proposal=proposal, at_ms=at_ms, emergency=emergency)
        return await self._calls.answer(self._stub.Publish, request, seconds=self._calls.deadlines.weigh)

    async def publications(self) -> tuple[policies_pb2.Publication, ...]:
        """List what has been in force, newest first."""
        request = policies_pb2.ListPublicationsRequest()
        return tuple((await self._calls.answer(self._stub.ListPublications, request)).publications)

    async def review(self, publication: int, finding: str) -> policies_pb2.Publication:
        """Say what an emergency publication is found to have been."""
        request = policies_pb2.ReviewRequest(publication=publication, finding=finding)
        return (await self._calls.answer(self._stub.Review, request)).publication
