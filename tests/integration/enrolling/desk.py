"""What an administrator and an agency do about certificates, over the wire."""

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
from cryptography import x509
from sharing.v1 import agencies_pb2, agencies_pb2_grpc, links_pb2

from adapters.kit.credential_files import CredentialFiles
from adapters.kit.enrolling import Enrolment, Token
from hub.client.agency_documents import spell_token
from tests.integration.journey.refusing import said_by
from tests.lib.administration import Administration, Seat
from tests.lib.agency_stream import AgencyStream, dialled
from tests.lib.good_adapter import hello_of
from tests.lib.requester import PATIENCE_SECONDS

AGENCY = "schools"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """How a call was refused: status, reason and words."""

    code: grpc.StatusCode
    reason: str
    words: str


@dataclass(slots=True, kw_only=True)
class Desk:
    """An administrator's seat, the hub in this process, and a folder for an agency's files."""

    administration: Administration
    seat: Seat
    folder: Path

    @property
    def address(self) -> str:
        return f"localhost:{self.administration.hub.requesters_port}"

    @property
    def links(self) -> str:
        return f"localhost:{self.administration.hub.links_port}"

    async def add(self, agency: str = AGENCY) -> str:
        """Have a token made, and spell it as `hub agency add` does."""
        made = await self.seat.call(self.seat.agencies.AddAgency, agencies_pb2.AddAgencyRequest(agency=agency))
        return spell_token(agency, made, self.address)

    async def suspend(self, agency: str = AGENCY) -> int:
        request = agencies_pb2.SuspendAgencyRequest(agency=agency)
        return int((await self.seat.call(self.seat.agencies.SuspendAgency, request)).ended_links)

    async def resume(self, agency: str = AGENCY) -> None:
        await self.seat.call(self.seat.agencies.ResumeAgency, agencies_pb2.ResumeAgencyRequest(agency=agency))

    async def revoke(self, agency: str = AGENCY) -> int:
        request = agencies_pb2.RevokeAgencyRequest(agency=agency)
        return int((await self.seat.call(self.seat.agencies.RevokeAgency, request)).ended_links)

    async def member(self, agency: str = AGENCY) -> agencies_pb2.AgencyMember:
        found = await self.seat.call(self.seat.agencies.ListAgencies, agencies_pb2.ListAgenciesRequest())
        (member,) = (one for one in found.agencies if one.agency == agency)
        return member

    def files(self, name: str = "tls") -> CredentialFiles:
        folder = self.folder / name
        return CredentialFiles(ca=folder / "ca.pem", certificate=folder / "own.pem", key=folder / "own.key")

    def enrolment(self, token: str, *, agency: str = AGENCY, name: str = "tls") -> Enrolment:
        read = Token.read(token)
        return Enrolment(token=read, agency=agency, files=self.files(name), address=read.address)

    async def enrolled(self, agency: str = AGENCY, *, name: str = "tls") -> CredentialFiles:
        """Go the whole way from the token to the files."""
        await self.enrolment(await self.add(agency), agency=agency, name=name).run()
        return self.files(name)

    async def try_token(self, secret: str, request: bytes) -> Refused | bytes:
        """Show a token as no adapter of ours would; return the certificate, or how that was refused."""
        stub = agencies_pb2_grpc.EnrolmentServiceStub(await self.administration.channel())
        asked = agencies_pb2.EnrolRequest(token=secret, certificate_request=request)
        try:
            given = await stub.Enrol(asked, timeout=PATIENCE_SECONDS)
        except grpc.aio.AioRpcError as error:
            return Refused(code=error.code(), reason=said_by(error).reason, words=error.details() or "")
        return bytes(given.certificate)

    async def renew(self, files: CredentialFiles, request: bytes) -> links_pb2.RenewResponse:
        """Ask for the next certificate by the present one; raises AioRpcError."""
        async with grpc.aio.secure_channel(self.links, credentials_of(files)) as channel:
            call = channel.unary_unary(
                "/sharing.v1.LinkService/Renew",
                request_serializer=links_pb2.RenewRequest.SerializeToString,
                response_deserializer=links_pb2.RenewResponse.FromString,
            )
            return await call(links_pb2.RenewRequest(certificate_request=request), timeout=PATIENCE_SECONDS)

    @asynccontextmanager
    async def linked(self, credentials: grpc.ChannelCredentials, instance: str) -> AsyncIterator[AgencyStream]:
        """Hold a link that has been welcomed."""
        async with dialled(self.links, credentials) as stream, asyncio.timeout(PATIENCE_SECONDS):
            await stream.write(hello_of(instance))
            welcome = await stream.read()
            assert welcome is not None
            assert welcome.HasField("welcome")
            yield stream

    async def code_of_linking(self, credentials: grpc.ChannelCredentials) -> grpc.StatusCode:
        """Dial and return the status with which the hub refuses the link."""
        async with dialled(self.links, credentials) as stream, asyncio.timeout(PATIENCE_SECONDS):
            try:
                received = await stream.read()
            except grpc.RpcError:
                return await stream.call.code()
        raise AssertionError(f"the link was not refused but told {received}")


def credentials_of(files: CredentialFiles) -> grpc.ChannelCredentials:
    read = files.read()
    return grpc.ssl_channel_credentials(read.ca, read.key, read.certificate)


def certificate_of(files: CredentialFiles) -> x509.Certificate:
    return x509.load_pem_x509_certificate(files.certificate.read_bytes())


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)
