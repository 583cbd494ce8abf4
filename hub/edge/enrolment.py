"""The service by which an adapter that has no certificate yet gets its first, against a token."""

from sharing.v1 import agencies_pb2, agencies_pb2_grpc

from hub.agreeing.carrying import carried_through
from hub.edge.callers import Context, source_of
from hub.enrolling.enrolling import Enrolling


class EnrolmentService(agencies_pb2_grpc.EnrolmentServiceServicer):
    """Is open to whoever reaches the requesters' port: it gives nothing away but to the bearer of a token."""

    def __init__(self, enrolling: Enrolling) -> None:
        """Take the room that issues certificates."""
        self._enrolling = enrolling

    async def GetAuthority(
        self, request: agencies_pb2.GetAuthorityRequest, context: Context
    ) -> agencies_pb2.GetAuthorityResponse:
        """Return the authorities' certificates, which are public."""
        return agencies_pb2.GetAuthorityResponse(authorities=self._enrolling.authorities)

    async def Enrol(self, request: agencies_pb2.EnrolRequest, context: Context) -> agencies_pb2.EnrolResponse:
        """Exchange a token for a certificate."""
        certificate = await carried_through(
            self._enrolling.enrol(request.token, request.certificate_request, source_of(context))
        )
        return agencies_pb2.EnrolResponse(certificate=certificate, authorities=self._enrolling.authorities)
