"""The service that tells how the hub is doing."""

import time
from typing import Any

from grpc.aio import ServicerContext
from sharing.v1 import status_pb2, status_pb2_grpc

from hub import __version__
from hub.access.in_force import PolicyInForce
from hub.agreeing.showing import Showing
from hub.edge.callers import Callers
from hub.links.link import Link
from hub.links.register import Links
from hub.model.policy import Agency


class StatusService(status_pb2_grpc.StatusServiceServicer):
    """Describes one hub process to those who are signed in; never speaks of cases."""

    def __init__(self, *, callers: Callers, links: Links, in_force: PolicyInForce, showing: Showing) -> None:
        """Take the rooms whose state is told."""
        self._callers = callers
        self._showing = showing
        self._links = links
        self._in_force = in_force
        self._started_at_ms = time.time_ns() // 1_000_000

    async def GetStatus(
        self, request: status_pb2.GetStatusRequest, context: ServicerContext[Any, Any]
    ) -> status_pb2.GetStatusResponse:
        """Describe the hub as it is now."""
        actor = self._callers.actor(context)
        policy, sessions = self._in_force.policy, self._callers.sessions
        return status_pb2.GetStatusResponse(
            hub_version=__version__,
            policy_version=policy.version,
            started_at_ms=self._started_at_ms,
            sessions=len(sessions),
            held_answers=sessions.held_answers(),
            agencies=[self._agency(agency) for agency in policy.agencies.values()],
            publication=await self._showing.number(),
            notices=await self._showing.notices(actor.kind),
        )

    def _agency(self, agency: Agency) -> status_pb2.AgencyStatus:
        state, owed = self._links.breaker(agency.id).state, self._links.owed(agency.id)
        return status_pb2.AgencyStatus(
            agency=agency.id,
            title=agency.title,
            breaker=status_pb2.BreakerState.Value(f"BREAKER_STATE_{state.name}"),
            links=[_link(link) for link in self._links.connected(agency.id)],
            faults=self._links.faults(agency.id),
            receipts_outstanding=owed.outstanding if owed else None,
            disputes_log=owed.disputes if owed else False,
        )


def _link(link: Link) -> status_pb2.LinkStatus:
    return status_pb2.LinkStatus(
        instance=link.instance,
        program=link.program,
        connected_at_ms=link.connected_at_ms,
        in_flight=link.in_flight,
        asked=link.asked,
    )
