"""The service by which administrators add agencies, suspend and resume them, and revoke their certificates."""

from sharing.v1 import agencies_pb2, agencies_pb2_grpc

from hub.access.in_force import PolicyInForce
from hub.agreeing.actor import SEEING, Actor
from hub.agreeing.carrying import carried_through
from hub.edge.callers import Callers, Context
from hub.enrolling.enrolling import Enrolling
from hub.errors import InvalidRequest
from hub.links.register import Links
from hub.model.policy import Agency, LevelKind


class MemberService(agencies_pb2_grpc.AgencyServiceServicer):
    """Decides nothing about what an agency is asked: that is for agreements, and these need several people."""

    def __init__(self, *, callers: Callers, enrolling: Enrolling, links: Links, in_force: PolicyInForce) -> None:
        """Take the rooms that these changes pass through."""
        self._callers = callers
        self._enrolling = enrolling
        self._links = links
        self._in_force = in_force

    async def ListAgencies(
        self, request: agencies_pb2.ListAgenciesRequest, context: Context
    ) -> agencies_pb2.ListAgenciesResponse:
        """List the agencies of the policy."""
        self._callers.actor(context).require(*SEEING)
        return agencies_pb2.ListAgenciesResponse(
            agencies=[self._member(agency) for agency in self._in_force.policy.agencies.values()]
        )

    async def AddAgency(
        self, request: agencies_pb2.AddAgencyRequest, context: Context
    ) -> agencies_pb2.AddAgencyResponse:
        """Make a token."""
        actor = self._administrator(context, request.agency)
        made = await carried_through(self._enrolling.invite(request.agency, actor.user_name))
        return agencies_pb2.AddAgencyResponse(
            token=made.token, expires_at_ms=made.expires_at_ms, authority_fingerprint=made.fingerprint
        )

    async def SuspendAgency(
        self, request: agencies_pb2.SuspendAgencyRequest, context: Context
    ) -> agencies_pb2.SuspendAgencyResponse:
        """End an agency's links and admit none."""
        actor = self._administrator(context, request.agency)
        ended = await carried_through(self._enrolling.suspend(request.agency, actor.user_name))
        return agencies_pb2.SuspendAgencyResponse(ended_links=ended)

    async def ResumeAgency(
        self, request: agencies_pb2.ResumeAgencyRequest, context: Context
    ) -> agencies_pb2.ResumeAgencyResponse:
        """Let a suspended agency connect again."""
        actor = self._administrator(context, request.agency)
        await carried_through(self._enrolling.resume(request.agency, actor.user_name))
        return agencies_pb2.ResumeAgencyResponse()

    async def RevokeAgency(
        self, request: agencies_pb2.RevokeAgencyRequest, context: Context
    ) -> agencies_pb2.RevokeAgencyResponse:
        """End an agency's links and make its certificates useless."""
        actor = self._administrator(context, request.agency)
        ended = await carried_through(self._enrolling.revoke(request.agency, actor.user_name))
        return agencies_pb2.RevokeAgencyResponse(ended_links=ended)

    def _administrator(self, context: Context, agency: str) -> Actor:
        """Return who acts, and refuse an agency that the policy does not have."""
        actor = self._callers.actor(context)
        actor.require_to_change(LevelKind.ADMINISTRATOR)
        if agency not in self._in_force.policy.agencies:
            mend = f"There are: {', '.join(self._in_force.policy.agencies)}."
            raise InvalidRequest("NO_AGENCY", "There is no such agency.", mend=mend, field="agency")
        return actor

    def _member(self, agency: Agency) -> agencies_pb2.AgencyMember:
        membership = self._enrolling.membership
        member = membership.of(agency.id)
        certificates = [one.certificate for one in self._links.connected(agency.id) if one.certificate]
        return agencies_pb2.AgencyMember(
            agency=agency.id,
            title=agency.title,
            state=agencies_pb2.AgencyState.Value(f"AGENCY_STATE_{member.state.name}"),
            changed_at_ms=member.changed_at_ms,
            changed_by=member.changed_by,
            links=len(certificates),
            links_end_at_ms=min((one.ends_at_ms for one in certificates), default=0),
            certificates=membership.certificates(agency.id),
            token_until_ms=membership.token_until_ms(agency.id),
            links_of_old_authority=self._enrolling.links_of_old_authority(certificates),
        )
