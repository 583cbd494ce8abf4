"""The two servers: one port for requesters, one that admits agencies' certificates only."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from sharing.v1 import (
    accounts_pb2,
    accounts_pb2_grpc,
    agencies_pb2,
    agencies_pb2_grpc,
    audit_pb2,
    audit_pb2_grpc,
    grounds_pb2,
    grounds_pb2_grpc,
    links_pb2,
    policies_pb2,
    policies_pb2_grpc,
    questions_pb2,
    questions_pb2_grpc,
    sessions_pb2,
    sessions_pb2_grpc,
    status_pb2,
)
from sharing.v1 import status_pb2_grpc as status_grpc

from hub.edge.accounts import AccountService
from hub.edge.agencies import LinkService
from hub.edge.audit import AuditService
from hub.edge.border import Border
from hub.edge.credentials import CredentialService
from hub.edge.enrolment import EnrolmentService
from hub.edge.grounds import GroundService
from hub.edge.members import MemberService
from hub.edge.patience import PATIENCE, Patience
from hub.edge.policies import PolicyService
from hub.edge.questions import QuestionService
from hub.edge.sessions import SessionService
from hub.edge.status import StatusService

MAX_REQUEST_BYTES = 16 * 1024
MAX_LINK_MESSAGE_BYTES = 1024 * 1024
MAX_METADATA_BYTES = 8 * 1024

_SHARED_OPTIONS = (
    ("grpc.enable_retries", 0),
    ("grpc.so_reuseport", 0),
    ("grpc.max_metadata_size", MAX_METADATA_BYTES),
    # Without it the limit above is a hint: what is half as large again gets through by chance.
    ("grpc.absolute_max_metadata_size", MAX_METADATA_BYTES),
    ("grpc.max_concurrent_streams", 100),
)
_REQUESTERS_OPTIONS = (
    *_SHARED_OPTIONS,
    ("grpc.max_receive_message_length", MAX_REQUEST_BYTES),
)
_LINKS_OPTIONS = (
    *_SHARED_OPTIONS,
    ("grpc.max_receive_message_length", MAX_LINK_MESSAGE_BYTES),
    # Adapters ping every 30 s while nothing is asked; the default would call that a flood.
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 20_000),
)


class Keys(Protocol):
    """The hub's certificate chain and key, and the authorities that sign agencies' certificates, as PEM."""

    @property
    def certificate(self) -> bytes:
        """Return the certificate chain."""
        ...

    @property
    def key(self) -> bytes:
        """Return the key of the certificate."""
        ...

    @property
    def authority(self) -> bytes:
        """Return the certificates of the authorities."""
        ...


class Health:
    """Says whether this hub takes questions."""

    def __init__(self) -> None:
        """Start as not serving."""
        self.servicer = health.aio.HealthServicer()

    async def set_serving(self, *, is_serving: bool) -> None:
        """Tell whoever asks, and whoever watches."""
        status = health_pb2.HealthCheckResponse.SERVING if is_serving else health_pb2.HealthCheckResponse.NOT_SERVING
        await self.servicer.set("", status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What requesters are offered."""

    sessions: SessionService
    questions: QuestionService
    accounts: AccountService
    credentials: CredentialService
    policies: PolicyService
    grounds: GroundService
    status: StatusService
    audit: AuditService
    members: MemberService
    enrolment: EnrolmentService
    health: Health


# Returns the keys that count now: they may change while the hub serves.
ReadKeys = Callable[[], Keys]


def requesters_server(
    address: str, keys: ReadKeys, services: Services, patience: Patience = PATIENCE
) -> tuple[grpc.aio.Server, int]:
    """Make the server for requesters; return it with its port."""
    server = grpc.aio.server(interceptors=[Border()], options=(*_REQUESTERS_OPTIONS, *patience.with_requesters()))
    sessions_pb2_grpc.add_SessionServiceServicer_to_server(services.sessions, server)
    questions_pb2_grpc.add_QuestionServiceServicer_to_server(services.questions, server)
    accounts_pb2_grpc.add_AccountServiceServicer_to_server(services.accounts, server)
    accounts_pb2_grpc.add_CredentialServiceServicer_to_server(services.credentials, server)
    policies_pb2_grpc.add_PolicyServiceServicer_to_server(services.policies, server)
    grounds_pb2_grpc.add_GroundServiceServicer_to_server(services.grounds, server)
    status_grpc.add_StatusServiceServicer_to_server(services.status, server)
    audit_pb2_grpc.add_AuditServiceServicer_to_server(services.audit, server)
    agencies_pb2_grpc.add_AgencyServiceServicer_to_server(services.members, server)
    agencies_pb2_grpc.add_EnrolmentServiceServicer_to_server(services.enrolment, server)
    health_pb2_grpc.add_HealthServicer_to_server(services.health.servicer, server)
    files = (
        sessions_pb2,
        questions_pb2,
        accounts_pb2,
        policies_pb2,
        grounds_pb2,
        status_pb2,
        audit_pb2,
        agencies_pb2,
        health_pb2,
    )
    _reflect(server, [service.full_name for file in files for service in file.DESCRIPTOR.services_by_name.values()])
    return server, server.add_secure_port(address, _credentials(keys, with_certificates=False))


def links_server(
    address: str, keys: ReadKeys, links: LinkService, patience: Patience = PATIENCE
) -> tuple[grpc.aio.Server, int]:
    """Make the server for agencies' adapters; return it with its port."""
    server = grpc.aio.server(interceptors=[Border()], options=(*_LINKS_OPTIONS, *patience.with_links()))
    server.add_generic_rpc_handlers((links.handlers(),))
    _reflect(server, [service.full_name for service in links_pb2.DESCRIPTOR.services_by_name.values()])
    return server, server.add_secure_port(address, _credentials(keys, with_certificates=True))


def _credentials(read: ReadKeys, *, with_certificates: bool) -> grpc.ServerCredentials:
    """Make credentials that take other keys up with the next handshake; connections that are open keep theirs."""
    last = read()

    def changed() -> grpc.ServerCertificateConfiguration | None:
        nonlocal last
        keys = read()
        if keys is last:
            return None
        last = keys
        return _configuration(keys, with_certificates=with_certificates)

    initial = _configuration(last, with_certificates=with_certificates)
    return grpc.dynamic_ssl_server_credentials(initial, changed, with_certificates)  # type: ignore[arg-type]  # its stubs forget None


def _configuration(keys: Keys, *, with_certificates: bool) -> grpc.ServerCertificateConfiguration:
    roots = keys.authority if with_certificates else None
    return grpc.ssl_server_certificate_configuration([(keys.key, keys.certificate)], root_certificates=roots)


def _reflect(server: grpc.aio.Server, services: Iterable[str]) -> None:
    names: Sequence[str] = [*services, reflection.SERVICE_NAME]
    reflection.enable_server_reflection(names, server)
