"""Looking into the record: searching, exporting, proving, reconciling, and who looked at a person."""

from collections.abc import AsyncIterator

from sharing.v1 import audit_pb2, audit_pb2_grpc

from hub.client.calls import Calls

_LONGEST_PAGE = 200


class Audit:
    """Reads the hub's record, as far as the session's office lets it."""

    def __init__(self, calls: Calls) -> None:
        """Take the connection."""
        self._calls = calls
        self._stub = audit_pb2_grpc.AuditServiceStub(calls.channel)

    async def search(self, request: audit_pb2.SearchRequest, most: int) -> audit_pb2.SearchResponse:
        """Search until so many entries are found or everything is looked through; one answer of all the pages."""
        whole = audit_pb2.SearchResponse()
        page = audit_pb2.SearchRequest()
        page.CopyFrom(request)
        while True:
            page.most = min(most - len(whole.entries), _LONGEST_PAGE)
            found = await self._calls.answer(self._stub.Search, page, seconds=self._calls.deadlines.ask)
            whole.entries.extend(found.entries)
            whole.before = page.before = found.before
            if not found.before or len(whole.entries) >= most:
                return whole

    async def export(self, first: int = 0, count: int = 0) -> AsyncIterator[bytes]:
        """Give the log, or a part of it, as the pieces of a file; read it to its end."""
        request = audit_pb2.ExportRequest(first=first, count=count)
        async for response in self._calls.stream(self._stub.Export, request, seconds=self._calls.deadlines.export):
            yield response.piece

    async def checkpoint(self) -> audit_pb2.GetCheckpointResponse:
        """Return the newest signed state of the log."""
        return await self._calls.answer(self._stub.GetCheckpoint, audit_pb2.GetCheckpointRequest())

    async def proof(self, position: int) -> audit_pb2.GetProofResponse:
        """Return one entry with the proof that it is in the log."""
        return await self._calls.answer(self._stub.GetProof, audit_pb2.GetProofRequest(position=position))

    async def reconcile(self, request: audit_pb2.ReconcileRequest) -> AsyncIterator[audit_pb2.ReconcileResponse]:
        """Compare the record with the agencies' journals, agency after agency."""
        async for response in self._calls.stream(self._stub.Reconcile, request, seconds=self._calls.deadlines.export):
            yield response

    async def subject(self, request: audit_pb2.SubjectRequest) -> AsyncIterator[audit_pb2.SubjectResponse]:
        """Ask who looked at a person, and give the parts as they arrive."""
        async for response in self._calls.stream(self._stub.Subject, request, seconds=self._calls.deadlines.ask):
            yield response

    async def breadth(self, days: int) -> audit_pb2.BreadthResponse:
        """Find requesters who asked about unusually many people."""
        request = audit_pb2.BreadthRequest(days=days)
        return await self._calls.answer(self._stub.Breadth, request, seconds=self._calls.deadlines.weigh)
