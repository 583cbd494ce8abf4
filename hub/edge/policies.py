"""The service of the agreed process, for administrators, guardians and auditors."""

from collections.abc import AsyncGenerator, AsyncIterator

from sharing.v1 import policies_pb2, policies_pb2_grpc

from hub.agreeing.actor import SEEING, SETTING
from hub.agreeing.approving import Approving
from hub.agreeing.proposing import Proposing
from hub.agreeing.publishing import Publishing
from hub.agreeing.showing import Showing
from hub.edge.callers import Callers, Context
from hub.edge.pieces import Draft, cut, pieces_of
from hub.edge.process_messages import change_from, finding_from, number_in, proposal_message, publication_message
from hub.edge.weighings import Weighings
from hub.errors import InvalidRequest


class PolicyService(policies_pb2_grpc.PolicyServiceServicer):
    """Takes the steps of the process; who may take which is decided where the step is."""

    def __init__(
        self,
        *,
        callers: Callers,
        proposing: Proposing,
        approving: Approving,
        publishing: Publishing,
        showing: Showing,
        weighings: Weighings,
    ) -> None:
        """Take the rooms of the process."""
        self._callers = callers
        self._proposing = proposing
        self._approving = approving
        self._publishing = publishing
        self._showing = showing
        self._weighings = weighings

    async def GetPolicy(
        self, request: policies_pb2.GetPolicyRequest, context: Context
    ) -> AsyncGenerator[policies_pb2.GetPolicyResponse, None]:
        """Stream the files of one policy."""
        self._callers.actor(context).require(*SEEING)
        texts = await self._weighings.texts(request.which)
        for piece in pieces_of(texts):
            yield policies_pb2.GetPolicyResponse(piece=piece)

    async def Weigh(
        self, request: policies_pb2.WeighRequest, context: Context
    ) -> AsyncGenerator[policies_pb2.WeighResponse, None]:
        """Work something out about a policy and stream it as JSON."""
        self._callers.actor(context).require(*SEEING)
        for piece in cut(await self._weighings.weigh(request)):
            yield policies_pb2.WeighResponse(json=piece)

    async def Propose(
        self, requests: AsyncIterator[policies_pb2.ProposeRequest], context: Context
    ) -> policies_pb2.ProposeResponse:
        """Take a draft; it is read to its end before anything is said about it."""
        actor = self._callers.actor(context)
        actor.require_to_change(*SETTING)
        draft = Draft()
        await draft.read(requests)
        texts = {name: bytes(content) for name, content in draft.texts.items()}
        proposal = await self._proposing.policy(actor, texts, reason=draft.reason, instead_of=draft.proposal)
        return policies_pb2.ProposeResponse(proposal=proposal_message(proposal))

    async def ProposeRollback(
        self, request: policies_pb2.ProposeRollbackRequest, context: Context
    ) -> policies_pb2.ProposeRollbackResponse:
        """Propose what was in force before."""
        actor = self._callers.actor(context)
        proposal = await self._proposing.rollback(actor, number_in(request.publication), reason=request.reason)
        return policies_pb2.ProposeRollbackResponse(proposal=proposal_message(proposal))

    async def ProposeAccounts(
        self, request: policies_pb2.ProposeAccountsRequest, context: Context
    ) -> policies_pb2.ProposeAccountsResponse:
        """Propose changes of accounts."""
        changes = [change_from(change) for change in request.changes]
        actor = self._callers.actor(context)
        proposal = await self._proposing.accounts(actor, changes, reason=request.reason)
        return policies_pb2.ProposeAccountsResponse(proposal=proposal_message(proposal))

    async def ListProposals(
        self, request: policies_pb2.ListProposalsRequest, context: Context
    ) -> policies_pb2.ListProposalsResponse:
        """List proposals, newest first."""
        self._callers.actor(context).require(*SEEING)
        found = await self._showing.proposals(with_ended=request.all)
        return policies_pb2.ListProposalsResponse(proposals=[proposal_message(proposal) for proposal in found])

    async def Approve(self, request: policies_pb2.ApproveRequest, context: Context) -> policies_pb2.ApproveResponse:
        """Agree to a proposal as its approver has seen it."""
        actor = self._callers.actor(context)
        proposal = await self._approving.approve(actor, request.proposal, request.digest)
        return policies_pb2.ApproveResponse(proposal=proposal_message(proposal))

    async def Withdraw(self, request: policies_pb2.WithdrawRequest, context: Context) -> policies_pb2.WithdrawResponse:
        """Give a proposal up."""
        proposal = await self._approving.withdraw(self._callers.actor(context), request.proposal)
        return policies_pb2.WithdrawResponse(proposal=proposal_message(proposal))

    async def Publish(self, request: policies_pb2.PublishRequest, context: Context) -> policies_pb2.PublishResponse:
        """Put a proposal in force, now or at a moment."""
        actor = self._callers.actor(context)
        if request.at_ms and request.emergency:
            mend = "Leave the moment out, or the emergency."
            raise InvalidRequest("MOMENT_UNFIT", "An emergency does not wait for a moment.", mend=mend, field="at_ms")
        if request.at_ms:
            proposal = await self._publishing.schedule(actor, request.proposal, request.at_ms)
            return policies_pb2.PublishResponse(proposal=proposal_message(proposal))
        published = await self._publishing.publish(actor, request.proposal, emergency=request.emergency)
        return policies_pb2.PublishResponse(
            publication=publication_message(published.publication), withdrawn_answers=published.withdrawn_answers
        )

    async def ListPublications(
        self, request: policies_pb2.ListPublicationsRequest, context: Context
    ) -> policies_pb2.ListPublicationsResponse:
        """List what has been in force, newest first."""
        self._callers.actor(context).require(*SEEING)
        found = await self._showing.publications()
        return policies_pb2.ListPublicationsResponse(publications=[publication_message(one) for one in found])

    async def Review(self, request: policies_pb2.ReviewRequest, context: Context) -> policies_pb2.ReviewResponse:
        """Take the review of an emergency publication."""
        actor = self._callers.actor(context)
        actor.require_to_change(*SEEING)
        reviewed = await self._approving.review(actor, number_in(request.publication), finding_from(request.finding))
        return policies_pb2.ReviewResponse(publication=publication_message(reviewed))
