"""The service of going without consent; who may say what is decided first, before anything else is read."""

from sharing.v1 import grounds_pb2, grounds_pb2_grpc, questions_pb2

from hub.access.in_force import PolicyInForce
from hub.edge.callers import Callers, Context
from hub.edge.ground_messages import (
    choices,
    confirmation_message,
    count_message,
    decision_from,
    duty_message,
    finding_from,
    put_from,
    reason_from,
    use_message,
)
from hub.edge.person import person_from
from hub.grounds.acting import require_fresh
from hub.grounds.contacts import contact_about
from hub.grounds.opening import REVIEW_WITHIN_DAYS
from hub.grounds.reviewing import REVIEWERS
from hub.grounds.room import Grounds
from hub.model.break_glass import Use
from hub.model.policy import LevelKind


class GroundService(grounds_pb2_grpc.GroundServiceServicer):
    """Takes what people say; who may say what is decided where the step is."""

    def __init__(self, *, callers: Callers, grounds: Grounds, in_force: PolicyInForce) -> None:
        """Take the room, and the policy for its words."""
        self._callers = callers
        self._grounds = grounds
        self._around = grounds.surroundings
        self._in_force = in_force

    async def PutToOfficers(
        self, request: grounds_pb2.PutToOfficersRequest, context: Context
    ) -> grounds_pb2.PutToOfficersResponse:
        """Put a ground to the officers of every agency that takes it."""
        actor, requester = self._callers.actor(context), self._callers.session(context).requester
        actor.require(LevelKind.PROFESSIONAL)
        found = await self._grounds.officers.put(actor, requester, put_from(request, self._around.now().date()))
        return grounds_pb2.PutToOfficersResponse(confirmation=confirmation_message(found, self._around.now_ms()))

    async def ListConfirmations(
        self, request: grounds_pb2.ListConfirmationsRequest, context: Context
    ) -> grounds_pb2.ListConfirmationsResponse:
        """List what was put to officers, oldest first."""
        found = await self._grounds.officers.listed(self._callers.actor(context), with_done=request.all)
        now_ms = self._around.now_ms()
        return grounds_pb2.ListConfirmationsResponse(
            confirmations=[confirmation_message(confirmation, now_ms) for confirmation in found]
        )

    async def DecideConfirmation(
        self, request: grounds_pb2.DecideConfirmationRequest, context: Context
    ) -> grounds_pb2.DecideConfirmationResponse:
        """Take an officer's word."""
        actor = self._callers.actor(context)
        require_fresh(actor, LevelKind.OFFICER)
        found = await self._grounds.officers.decide(actor, request.confirmation, decision_from(request))
        return grounds_pb2.DecideConfirmationResponse(confirmation=confirmation_message(found, self._around.now_ms()))

    async def RevokeConfirmation(
        self, request: grounds_pb2.RevokeConfirmationRequest, context: Context
    ) -> grounds_pb2.RevokeConfirmationResponse:
        """Take a confirmation back."""
        found, dropped = await self._grounds.officers.revoke(self._callers.actor(context), request.confirmation)
        message = confirmation_message(found, self._around.now_ms())
        return grounds_pb2.RevokeConfirmationResponse(confirmation=message, dropped_answers=dropped)

    async def PreviewBreakGlass(
        self, request: grounds_pb2.PreviewBreakGlassRequest, context: Context
    ) -> grounds_pb2.PreviewBreakGlassResponse:
        """Say what would be opened, and who would be told."""
        actor, requester = self._callers.actor(context), self._callers.session(context).requester
        preview = self._grounds.opening.preview(actor, requester, request.question)
        fields = {field.id: field.label for field in self._in_force.policy.catalogue.fields.values()}
        return grounds_pb2.PreviewBreakGlassResponse(
            fields=choices(preview.fields, fields),
            told=self._agencies(preview.told),
            reviewed_by=self._agencies((requester.agency,))[0],
            review_days=REVIEW_WITHIN_DAYS,
            minutes=preview.minutes,
        )

    async def BreakGlass(
        self, request: grounds_pb2.BreakGlassRequest, context: Context
    ) -> grounds_pb2.BreakGlassResponse:
        """Open break-glass access."""
        actor, session = self._callers.actor(context), self._callers.session(context)
        self._grounds.opening.preview(actor, session.requester, request.question)
        person = person_from(request.person, self._around.now().date())
        reason = reason_from(request.reason)
        use = await self._grounds.opening.open(actor, session, request.question, person, reason)
        return grounds_pb2.BreakGlassResponse(
            id=use.id, until_ms=use.until_ms, told=self._agencies(use.told), review_due_ms=use.review_due_ms
        )

    async def CloseBreakGlass(
        self, request: grounds_pb2.CloseBreakGlassRequest, context: Context
    ) -> grounds_pb2.CloseBreakGlassResponse:
        """End break-glass access of this session early."""
        closed = self._grounds.opening.close(self._callers.session(context), request.id)
        return grounds_pb2.CloseBreakGlassResponse(closed=closed.closed, dropped_answers=closed.dropped)

    async def ListBreakGlass(
        self, request: grounds_pb2.ListBreakGlassRequest, context: Context
    ) -> grounds_pb2.ListBreakGlassResponse:
        """List uses of break-glass access, oldest first, and count them by user."""
        actor = self._callers.actor(context)
        uses = await self._grounds.reviewing.listed(actor, with_reviewed=request.all)
        counts = await self._grounds.reviewing.counts(actor)
        return grounds_pb2.ListBreakGlassResponse(
            uses=[use_message(use, is_open=self._is_open(use)) for use in uses],
            by_user=[count_message(count) for count in counts],
        )

    async def ReviewBreakGlass(
        self, request: grounds_pb2.ReviewBreakGlassRequest, context: Context
    ) -> grounds_pb2.ReviewBreakGlassResponse:
        """Say what a use is found to have been."""
        actor = self._callers.actor(context)
        require_fresh(actor, *REVIEWERS)
        use = await self._grounds.reviewing.review(actor, request.id, finding_from(request.finding))
        return grounds_pb2.ReviewBreakGlassResponse(use=use_message(use, is_open=self._is_open(use)))

    async def ListDuties(
        self, request: grounds_pb2.ListDutiesRequest, context: Context
    ) -> grounds_pb2.ListDutiesResponse:
        """List what an agency has to do."""
        found = await self._grounds.owing.listed(self._callers.actor(context), with_done=request.all)
        now_ms = self._around.now_ms()
        return grounds_pb2.ListDutiesResponse(duties=[duty_message(duty, now_ms) for duty in found])

    async def FulfilDuty(
        self, request: grounds_pb2.FulfilDutyRequest, context: Context
    ) -> grounds_pb2.FulfilDutyResponse:
        """Note that a duty is done."""
        duty = await self._grounds.owing.fulfil(self._callers.actor(context), request.duty, request.evidence)
        return grounds_pb2.FulfilDutyResponse(duty=duty_message(duty, self._around.now_ms()))

    async def RequestContact(
        self, request: grounds_pb2.RequestContactRequest, context: Context
    ) -> grounds_pb2.RequestContactResponse:
        """Pass a request for contact on; the response is the same for everybody."""
        actor, requester = self._callers.actor(context), self._callers.session(context).requester
        actor.require(LevelKind.PROFESSIONAL)
        person = person_from(request.person, self._around.now().date())
        contact = contact_about(person, requester, purpose=request.purpose, typed_reference=request.case_reference)
        await self._grounds.contacts.request(actor, request.agency, contact)
        return grounds_pb2.RequestContactResponse()

    def _agencies(self, ids: tuple[str, ...]) -> list[questions_pb2.Choice]:
        return choices(ids, {agency.id: agency.title for agency in self._in_force.policy.agencies.values()})

    def _is_open(self, use: Use) -> bool:
        return any(window.id == use.id for window in self._grounds.opening.open_now(use.requester))
