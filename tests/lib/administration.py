"""A deployment with everybody who sets rules, and the seats at which they call its hub over TLS."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import grpc
import pyotp
from sharing.v1 import (
    accounts_pb2,
    accounts_pb2_grpc,
    agencies_pb2_grpc,
    grounds_pb2_grpc,
    policies_pb2,
    policies_pb2_grpc,
    sessions_pb2,
    sessions_pb2_grpc,
)

from hub.accounts.passwords import Passwords
from hub.main import Hub
from hub.model.account import Account
from hub.model.request import Requester as Who
from hub.store.accounts import Accounts
from hub.store.engine import open_store
from tests.integration.journey.refusing import said_by
from tests.integration.journey.waiting import until
from tests.lib.deployment import AGENCIES, PASSWORD, Deployment, hub_in_process, make_deployment
from tests.lib.requester import PATIENCE_SECONDS, Requester, requesters_channel

FIRST, SECOND, COLLEAGUE, AUDITOR = "first.admin", "second.admin", "colleague.admin", "an.auditor"
# One for each: access level, agency. FIRST and COLLEAGUE belong to one agency.
OFFICES: Mapping[str, tuple[str, str]] = {
    FIRST: ("policy_administrator", "social_care"),
    COLLEAGUE: ("policy_administrator", "social_care"),
    SECOND: ("policy_administrator", "connexions"),
    AUDITOR: ("auditor", "connexions"),
    **{f"guardian.{agency}": ("data_guardian", agency) for agency in AGENCIES},
    **{f"officer.{agency}": ("designated_officer", agency) for agency in AGENCIES},
}
REASON = "The partnership's board has wished for this."
PIECE_BYTES = 12 * 1024


def guardian(agency: str) -> str:
    """Name the guardian of an agency."""
    return f"guardian.{agency}"


def officer(agency: str) -> str:
    """Name the designated officer of an agency."""
    return f"officer.{agency}"


def make_administration(folder: Path, *, settings: str = "") -> Deployment:
    """Make a deployment with an account for each of OFFICES beside those of the professionals."""
    deployment = make_deployment(folder / "deployment", settings=settings)
    passwords = Passwords()
    kept = passwords.hash(PASSWORD)
    passwords.close()
    engine = open_store(deployment.settings().store_url())
    for user_name, (level, agency) in OFFICES.items():
        account = Account(
            user_name=user_name,
            display_name=user_name.title(),
            access_level=level,
            agency=agency,
            areas=("bolton",),
            password_hash=kept,
        )
        Accounts(engine).add(account)
    engine.dispose()
    return deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a weighing worked out, and the bytes that came."""

    wire: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.wire)


class Seat(Requester):
    """One signed-in person who calls every service that has to do with setting rules."""

    def __init__(self, channel: grpc.aio.Channel, token: str, *, user_name: str) -> None:
        """Take an open channel and the session's token."""
        super().__init__(channel, token)
        self.channel = channel
        self.user_name = user_name
        self.policies = policies_pb2_grpc.PolicyServiceStub(channel)
        self.accounts = accounts_pb2_grpc.AccountServiceStub(channel)
        self.credentials = accounts_pb2_grpc.CredentialServiceStub(channel)
        self.grounds = grounds_pb2_grpc.GroundServiceStub(channel)
        self.agencies = agencies_pb2_grpc.AgencyServiceStub(channel)

    def hold(self, token: str) -> None:
        """Go on with the token that replaces the session's."""
        self.metadata = (("authorization", f"Bearer {token}"),)

    @property
    def token(self) -> str:
        return self.metadata[0][1].removeprefix("Bearer ")

    async def call(self, method: grpc.aio.UnaryUnaryMultiCallable, request: object) -> Any:
        """Make one call as this person."""
        return await method(request, metadata=self.metadata, timeout=PATIENCE_SECONDS)

    async def propose(
        self, texts: Mapping[str, bytes], *, reason: str = REASON, proposal: str = ""
    ) -> policies_pb2.Proposal:
        """Propose a draft, in pieces as long as they may be."""
        messages = [policies_pb2.ProposeRequest(reason=reason, proposal=proposal), *map(_message, pieces(texts))]
        call = self.policies.Propose(iter(messages), metadata=self.metadata, timeout=PATIENCE_SECONDS)
        return (await call).proposal

    async def propose_accounts(
        self, *changes: policies_pb2.AccountChange, reason: str = REASON
    ) -> policies_pb2.Proposal:
        """Propose changes of accounts."""
        request = policies_pb2.ProposeAccountsRequest(reason=reason, changes=changes)
        return (await self.call(self.policies.ProposeAccounts, request)).proposal

    async def approve(self, proposal: policies_pb2.Proposal) -> policies_pb2.Proposal:
        """Agree to a proposal as it was shown."""
        request = policies_pb2.ApproveRequest(proposal=proposal.id, digest=proposal.digest)
        return (await self.call(self.policies.Approve, request)).proposal

    async def publish(
        self, proposal: policies_pb2.Proposal, *, at_ms: int = 0, emergency: str = ""
    ) -> policies_pb2.PublishResponse:
        """Put a proposal in force, now or at a moment."""
        request = policies_pb2.PublishRequest(proposal=proposal.id, at_ms=at_ms, emergency=emergency)
        return await self.call(self.policies.Publish, request)

    async def proposals(self, *, ended: bool = False) -> Sequence[policies_pb2.Proposal]:
        """List proposals."""
        return (await self.call(self.policies.ListProposals, policies_pb2.ListProposalsRequest(all=ended))).proposals

    async def history(self) -> Sequence[policies_pb2.Publication]:
        """List publications."""
        request = policies_pb2.ListPublicationsRequest()
        return (await self.call(self.policies.ListPublications, request)).publications

    async def policy(self, which: policies_pb2.Which | None = None) -> dict[str, bytes]:
        """Read the texts of a policy."""
        request = policies_pb2.GetPolicyRequest(which=which)
        texts: dict[str, bytes] = {}
        async for response in self.policies.GetPolicy(request, metadata=self.metadata, timeout=PATIENCE_SECONDS):
            texts[response.piece.name] = texts.get(response.piece.name, b"") + response.piece.content
        return texts

    async def weigh(self, **request: Any) -> Document:
        """Have something worked out."""
        asked = policies_pb2.WeighRequest(**request)
        call = self.policies.Weigh(asked, metadata=self.metadata, timeout=PATIENCE_SECONDS)
        return Document(wire=b"".join([response.json async for response in call]))


class Administration:
    """A deployment's hub in this process, and the way to its seats."""

    def __init__(self, deployment: Deployment, hub: Hub, stack: AsyncExitStack) -> None:
        """Take the running hub; `stack` closes the connections of the seats."""
        self.deployment = deployment
        self.hub = hub
        self._stack = stack
        self._channel: grpc.aio.Channel | None = None

    async def channel(self) -> grpc.aio.Channel:
        """Return the connection that all seats share."""
        if self._channel is None:
            opened = requesters_channel(self.deployment, self.hub.requesters_port)
            self._channel = await self._stack.enter_async_context(opened)
        return self._channel

    async def sign_in(self, user_name: str, *, code: str = "") -> sessions_pb2.SignInResponse:
        """Sign in, and return all that is said then."""
        request = sessions_pb2.SignInRequest(user_name=user_name, password=PASSWORD, code=code)
        stub = sessions_pb2_grpc.SessionServiceStub(await self.channel())
        return await stub.SignIn(request, timeout=PATIENCE_SECONDS)

    async def seat(self, user_name: str, *, fresh: bool = True) -> Seat:
        """Open a session of one person, signed in as the account is now; how people sign in is not tested by this.

        A second factor counts as just given, unless it is said otherwise.
        """
        account = self.hub.rooms.accounts.find(user_name)
        assert account is not None
        requester = Who(
            user_name=user_name,
            display_name=account.display_name,
            access_level=account.access_level,
            agency=account.agency,
            areas=account.areas,
        )
        revocations = self.hub.sessions.revocations(user_name)
        token = self.hub.sessions.open(requester, is_strong=fresh, revocations=revocations)
        return Seat(await self.channel(), token, user_name=user_name)

    async def signed_in(self, user_name: str, *, code: str = "") -> Seat:
        """Sign in as people do, and take a seat with the session's token."""
        said = await self.sign_in(user_name, code=code)
        return Seat(await self.channel(), said.token, user_name=user_name)

    async def seats(self, *user_names: str) -> list[Seat]:
        """Open a session of each of several people."""
        return [await self.seat(user_name) for user_name in user_names]

    def change_process(self, **parts: Any) -> None:
        """Give every room of the process another clock, or another store."""
        rooms = self.hub.rooms
        for room in (rooms.proposing, rooms.approving, rooms.publishing, rooms.showing, rooms.weighing):
            room._process = replace(room._process, **parts)

    async def until_published(self) -> None:
        """Wait until another policy is put in force."""
        put = asyncio.Event()
        self.hub.in_force.listen(lambda _policy: put.set())
        async with asyncio.timeout(PATIENCE_SECONDS):
            await put.wait()

    def turn_codes(self, seconds: float) -> float:
        """Let the hub's clock for one-time codes be ahead, so that a later code is due; return what it says now."""
        self.hub.rooms.desk.second_factor._codes._clock = lambda: time.time() + seconds
        return time.time() + seconds

    async def until_ended(self, user_name: str) -> None:
        """Wait until no session of an account is open."""
        await until(lambda: all(session.requester.user_name != user_name for session in self.hub.sessions))

    async def enrol(self, seat: Seat) -> pyotp.TOTP:
        """Give an account an authenticator, by its first code; the seat goes on with its new token."""
        begun = await seat.call(seat.credentials.BeginTotp, accounts_pb2.BeginTotpRequest())
        codes = pyotp.TOTP(begun.seed)
        request = accounts_pb2.ConfirmTotpRequest(code=codes.now())
        seat.hold((await seat.call(seat.credentials.ConfirmTotp, request)).token)
        return codes

    def write(self, statement: str, *values: str) -> None:
        """Change the store behind the hub's back, as somebody could who can write to its file."""
        engine = open_store(self.deployment.settings().store_url())
        with engine.begin() as connection:
            connection.exec_driver_sql(statement, values)
        engine.dispose()

    def audited(self) -> list[dict[str, Any]]:
        """Return what the audit log has on disk, oldest first, each with its position."""
        engine = open_store(self.deployment.settings().store_url())
        with engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT position, body FROM audit_entry ORDER BY position").all()
        engine.dispose()
        return [{"position": position, **json.loads(body)} for position, body in rows]

    def receipts(self, agency: str) -> list[int]:
        """Return the positions of the entries of which an agency gets a receipt, in the order of their numbers."""
        engine = open_store(self.deployment.settings().store_url())
        with engine.connect() as connection:
            query = "SELECT position FROM receipt WHERE agency = ? ORDER BY number"
            rows = connection.exec_driver_sql(query, (agency,)).all()
        engine.dispose()
        return [position for (position,) in rows]


@asynccontextmanager
async def administration_of(deployment: Deployment) -> AsyncIterator[Administration]:
    """Run a deployment's hub in this process."""
    async with hub_in_process(deployment) as hub, AsyncExitStack() as stack:
        yield Administration(deployment, hub, stack)


async def refusal_of(call: Awaitable[object]) -> str:
    """Return the reason for which a call is refused; raise AssertionError when it is not."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return said_by(error).reason
    raise AssertionError("the call was not refused")


def pieces(texts: Mapping[str, bytes]) -> list[policies_pb2.FilePiece]:
    """Cut files into pieces."""
    return [
        policies_pb2.FilePiece(name=name, content=content[start : start + PIECE_BYTES])
        for name, content in texts.items()
        for start in range(0, max(len(content), 1), PIECE_BYTES)
    ]


def office(user_name: str, level: str, agency: str, *areas: str) -> policies_pb2.AccountChange:
    """Give an account an office; one without a level takes it away."""
    return policies_pb2.AccountChange(
        user_name=user_name, access_level=level, agency=agency, areas=areas or (("bolton",) if level else ())
    )


def _message(piece: policies_pb2.FilePiece) -> policies_pb2.ProposeRequest:
    return policies_pb2.ProposeRequest(piece=piece)
