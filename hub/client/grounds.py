"""Going without consent: officers' confirmations, break-glass access, duties and brokered contact."""

from collections.abc import Sequence
from dataclasses import dataclass

from sharing.v1 import grounds_pb2, grounds_pb2_grpc

from hub.client.calls import Calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """Uses of break-glass access, and how often each user has used it."""

    uses: tuple[grounds_pb2.BreakGlassUse, ...]
    by_user: tuple[grounds_pb2.BreakGlassCount, ...]


class Grounds:
    """Puts, decides and takes back; opens and reviews; does what is owed; asks for contact."""

    def __init__(self, calls: Calls) -> None:
        """Take the connection."""
        self._calls = calls
        self._stub = grounds_pb2_grpc.GroundServiceStub(calls.channel)

    async def put(self, request: grounds_pb2.PutToOfficersRequest) -> grounds_pb2.Confirmation:
        """Ask the officers of the source agencies to confirm a ground."""
        return (await self._calls.answer(self._stub.PutToOfficers, request)).confirmation

    async def confirmations(self, *, everything: bool = False) -> tuple[grounds_pb2.Confirmation, ...]:
        """List what was put to officers, oldest first; that too which is over, if everything is wanted."""
        request = grounds_pb2.ListConfirmationsRequest(all=everything)
        return tuple((await self._calls.answer(self._stub.ListConfirmations, request)).confirmations)

    async def decide(self, request: grounds_pb2.DecideConfirmationRequest) -> grounds_pb2.Confirmation:
        """Give an officer's word."""
        return (await self._calls.answer(self._stub.DecideConfirmation, request)).confirmation

    async def revoke(self, confirmation: str) -> grounds_pb2.RevokeConfirmationResponse:
        """Take a confirmation back; what rests on it is dropped."""
        request = grounds_pb2.RevokeConfirmationRequest(confirmation=confirmation)
        return await self._calls.answer(self._stub.RevokeConfirmation, request)

    async def preview(self, question: str) -> grounds_pb2.PreviewBreakGlassResponse:
        """Say what break-glass access would open, and who would be told."""
        request = grounds_pb2.PreviewBreakGlassRequest(question=question)
        return await self._calls.answer(self._stub.PreviewBreakGlass, request)

    async def open(self, request: grounds_pb2.BreakGlassRequest) -> grounds_pb2.BreakGlassResponse:
        """Open break-glass access."""
        return await self._calls.answer(self._stub.BreakGlass, request)

    async def close(self, access: str = "") -> grounds_pb2.CloseBreakGlassResponse:
        """End break-glass access of this session early; all of it where none is named."""
        request = grounds_pb2.CloseBreakGlassRequest(id=access)
        return await self._calls.answer(self._stub.CloseBreakGlass, request)

    async def uses(self, *, everything: bool = False) -> Uses:
        """List uses of break-glass access, oldest first; those too that are reviewed, if everything is wanted."""
        request = grounds_pb2.ListBreakGlassRequest(all=everything)
        found = await self._calls.answer(self._stub.ListBreakGlass, request)
        return Uses(uses=tuple(found.uses), by_user=tuple(found.by_user))

    async def review(self, access: str, finding: grounds_pb2.ReviewFinding.ValueType) -> grounds_pb2.BreakGlassUse:
        """Say what a use is found to have been."""
        request = grounds_pb2.ReviewBreakGlassRequest(id=access, finding=finding)
        return (await self._calls.answer(self._stub.ReviewBreakGlass, request)).use

    async def duties(self, *, everything: bool = False) -> Sequence[grounds_pb2.Duty]:
        """List what an agency has to do; that too which is done, if everything is wanted."""
        request = grounds_pb2.ListDutiesRequest(all=everything)
        return (await self._calls.answer(self._stub.ListDuties, request)).duties

    async def fulfil(self, duty: str, evidence: str) -> grounds_pb2.Duty:
        """Note that a duty is done, and where that can be seen."""
        request = grounds_pb2.FulfilDutyRequest(duty=duty, evidence=evidence)
        return (await self._calls.answer(self._stub.FulfilDuty, request)).duty

    async def contact(self, request: grounds_pb2.RequestContactRequest) -> None:
        """Ask an agency to get in touch about a person; whether it knows the person is not told."""
        await self._calls.answer(self._stub.RequestContact, request)
