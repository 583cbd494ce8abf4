"""A small hub's port for requesters that gives out certificates for tokens, signed by the authority of a LinkHub."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import grpc
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from grpc import aio
from sharing.v1 import agencies_pb2
from sharing.v1.agencies_pb2_grpc import EnrolmentServiceServicer, add_EnrolmentServiceServicer_to_server

from tests.lib.link_hub import LinkHub

SECRET = "a-token-of-the-test"
DAYS = 14


@dataclass(eq=False, kw_only=True)
class EnrollingHub(EnrolmentServiceServicer):
    """Gives an agency its certificate once it shows the token."""

    hub: LinkHub
    agency: str
    port: int = 0

    @property
    def token(self) -> str:
        """Spell the token as `hub agency add` does."""
        fingerprint = x509.load_pem_x509_certificate(self.hub.authority.certificate).fingerprint(SHA256())
        return ".".join(("enrol1", self.agency, _text(fingerprint), SECRET, _text(f"localhost:{self.port}".encode())))

    async def GetAuthority(
        self,
        request: agencies_pb2.GetAuthorityRequest,  # noqa: ARG002  gRPC hands over both
        context: aio.ServicerContext[object, object],  # noqa: ARG002  as above
    ) -> agencies_pb2.GetAuthorityResponse:
        return agencies_pb2.GetAuthorityResponse(authorities=self.hub.authority.certificate)

    async def Enrol(
        self, request: agencies_pb2.EnrolRequest, context: aio.ServicerContext[object, object]
    ) -> agencies_pb2.EnrolResponse:
        if request.token != SECRET:
            await context.abort(grpc.StatusCode.PERMISSION_DENIED)
        key = x509.load_der_x509_csr(request.certificate_request).public_key()
        public = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        certificate = self.hub.authority.certify(public, self.agency, lifetime=timedelta(days=DAYS))
        return agencies_pb2.EnrolResponse(certificate=certificate, authorities=self.hub.authority.certificate)


@asynccontextmanager
async def enrolling(hub: LinkHub, agency: str) -> AsyncIterator[EnrollingHub]:
    """Listen on a free port for as long as the context lasts."""
    enrolling_hub = EnrollingHub(hub=hub, agency=agency)
    leaf = hub.authority.server()
    server = aio.server()
    add_EnrolmentServiceServicer_to_server(enrolling_hub, server)
    credentials = grpc.ssl_server_credentials([(leaf.key, leaf.certificate)])
    enrolling_hub.port = server.add_secure_port("localhost:0", credentials)
    await server.start()
    try:
        yield enrolling_hub
    finally:
        await server.stop(0.5)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
