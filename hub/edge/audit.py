"""The service that opens the record to auditors, and to guardians what concerns their own agency."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

from sharing.v1 import audit_pb2, audit_pb2_grpc

from hub.access.in_force import PolicyInForce
from hub.auditing.rooms import AuditRooms
from hub.edge.audit_messages import (
    broad_message,
    criteria_from,
    found_message,
    reconciled_message,
    span_from,
    subject_message,
)
from hub.edge.callers import Callers, Context
from hub.edge.person import person_from


class AuditService(audit_pb2_grpc.AuditServiceServicer):
    """Looks into the record; who may is decided, and recorded, where it is done."""

    def __init__(self, *, callers: Callers, rooms: AuditRooms, in_force: PolicyInForce) -> None:
        """Take the rooms, and the policy that has people's words."""
        self._callers = callers
        self._rooms = rooms
        self._in_force = in_force

    async def Search(self, request: audit_pb2.SearchRequest, context: Context) -> audit_pb2.SearchResponse:
        """Find entries, a page at a time."""
        actor = self._callers.actor(context)
        page = await self._rooms.searching.search(
            actor,
            lambda: criteria_from(request),
            person=(lambda: person_from(request.person, datetime.now(UTC).date()))
            if request.HasField("person")
            else None,
            before=request.before,
            most=request.most,
        )
        return audit_pb2.SearchResponse(entries=map(found_message, page.found), before=page.before)

    async def Export(
        self, request: audit_pb2.ExportRequest, context: Context
    ) -> AsyncGenerator[audit_pb2.ExportResponse, None]:
        """Stream the log, or a part of it, as a file that can be verified without the hub."""
        actor = self._callers.actor(context)
        async with aclosing(self._rooms.proving.export(actor, request.first, request.count)) as pieces:
            async for piece in pieces:
                yield audit_pb2.ExportResponse(piece=piece)

    async def GetCheckpoint(
        self, request: audit_pb2.GetCheckpointRequest, context: Context
    ) -> audit_pb2.GetCheckpointResponse:
        """Show the newest signed state of the log."""
        signed = await self._rooms.proving.checkpoint(self._callers.actor(context))
        return audit_pb2.GetCheckpointResponse(note=signed.checkpoint, key=signed.public_key)

    async def GetProof(self, request: audit_pb2.GetProofRequest, context: Context) -> audit_pb2.GetProofResponse:
        """Show that an entry is in the log."""
        proven = await self._rooms.proving.proof(self._callers.actor(context), request.position)
        return audit_pb2.GetProofResponse(entry=found_message(proven.found), note=proven.note, proof=proven.proof)

    async def Reconcile(
        self, request: audit_pb2.ReconcileRequest, context: Context
    ) -> AsyncGenerator[audit_pb2.ReconcileResponse, None]:
        """Compare the record with the agencies' journals."""
        actor = self._callers.actor(context)
        async with aclosing(self._rooms.reconciling.reconcile(actor, request.agency, span_from(request))) as compared:
            async for one in compared:
                yield reconciled_message(one, self._in_force.policy)

    async def Subject(
        self, request: audit_pb2.SubjectRequest, context: Context
    ) -> AsyncGenerator[audit_pb2.SubjectResponse, None]:
        """Tell who looked at a person."""
        actor = self._callers.actor(context)
        parts = self._rooms.subjects.looked_at(
            actor,
            lambda: person_from(request.person, datetime.now(UTC).date()),
            agencies=tuple(request.agencies),
            filed_as=request.case_reference,
        )
        async with aclosing(parts):
            async for part in parts:
                yield subject_message(part, self._in_force.policy)

    async def Breadth(self, request: audit_pb2.BreadthRequest, context: Context) -> audit_pb2.BreadthResponse:
        """Find requesters who asked about unusually many people."""
        looked = await self._rooms.breadth.look(self._callers.actor(context), request.days)
        return audit_pb2.BreadthResponse(
            broad=map(broad_message, looked.broad), requesters=looked.requesters, from_ms=looked.from_ms
        )
