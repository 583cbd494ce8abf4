"""What administrators do with agencies' certificates: add, suspend, resume, revoke."""

from sharing.v1 import agencies_pb2, agencies_pb2_grpc

from hub.client.calls import Calls


class Agencies:
    """Says how agencies stand, and changes it."""

    def __init__(self, calls: Calls) -> None:
        """Take the connection."""
        self._calls = calls
        self._stub = agencies_pb2_grpc.AgencyServiceStub(calls.channel)

    async def all(self) -> tuple[agencies_pb2.AgencyMember, ...]:
        """List the agencies of the policy."""
        found = await self._calls.answer(self._stub.ListAgencies, agencies_pb2.ListAgenciesRequest())
        return tuple(found.agencies)

    async def add(self, agency: str) -> agencies_pb2.AddAgencyResponse:
        """Make a token for one enrolment, which is shown once."""
        return await self._calls.answer(self._stub.AddAgency, agencies_pb2.AddAgencyRequest(agency=agency))

    async def suspend(self, agency: str) -> int:
        """End an agency's links and admit none; return how many ended."""
        request = agencies_pb2.SuspendAgencyRequest(agency=agency)
        return (await self._calls.answer(self._stub.SuspendAgency, request)).ended_links

    async def resume(self, agency: str) -> None:
        """Let a suspended agency connect again."""
        await self._calls.answer(self._stub.ResumeAgency, agencies_pb2.ResumeAgencyRequest(agency=agency))

    async def revoke(self, agency: str) -> int:
        """End an agency's links and make its certificates useless; return how many links ended."""
        request = agencies_pb2.RevokeAgencyRequest(agency=agency)
        return (await self._calls.answer(self._stub.RevokeAgency, request)).ended_links
