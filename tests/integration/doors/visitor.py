"""Somebody at the hub's door with nothing but the contract: what they may try, and every byte of what they are told."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import grpc
import pytest
from sharing.v1 import accounts_pb2, accounts_pb2_grpc, questions_pb2, questions_pb2_grpc, sessions_pb2
from sharing.v1.sessions_pb2_grpc import SessionServiceStub

from tests.integration.journey.refusing import said_by
from tests.lib.authenticator import Authenticator
from tests.lib.deployment import PASSWORD, Deployment
from tests.lib.requester import PATIENCE_SECONDS, requesters_channel

REDIRECT = "http://127.0.0.1:49152/back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that a refused call has told its caller; two are equal when nothing tells them apart."""

    code: grpc.StatusCode
    details: str
    initial: tuple[tuple[str, str | bytes], ...]
    trailing: tuple[tuple[str, str | bytes], ...]


@dataclass(slots=True)
class Visitor:
    """Has a connection and, once signed in, a token, which goes with every call."""

    channel: grpc.aio.Channel
    token: str = ""

    @property
    def sessions(self) -> SessionServiceStub:
        return SessionServiceStub(self.channel)

    @property
    def credentials(self) -> accounts_pb2_grpc.CredentialServiceStub:
        return accounts_pb2_grpc.CredentialServiceStub(self.channel)

    @property
    def accounts(self) -> accounts_pb2_grpc.AccountServiceStub:
        return accounts_pb2_grpc.AccountServiceStub(self.channel)

    async def call(self, method: Callable[..., Awaitable[Any]], request: object) -> Any:
        """Call a method with the token that there is."""
        proof = (("authorization", f"Bearer {self.token}"),) if self.token else ()
        return await method(request, metadata=proof, timeout=PATIENCE_SECONDS)

    async def is_let_in(self, token: str | None = None) -> bool:
        """Tell whether a token opens a session: that of the visitor, or another."""
        asked = Visitor(self.channel, self.token if token is None else token)
        menu = questions_pb2_grpc.QuestionServiceStub(self.channel).Menu
        try:
            await asked.call(menu, questions_pb2.MenuRequest())
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.UNAUTHENTICATED:
                raise
            return False
        return True

    async def sign_in(
        self, user_name: str = "n.okafor", password: str = PASSWORD, *, code: str = "", device: str = ""
    ) -> sessions_pb2.SignInResponse:
        """Sign in with a name and a password, and keep the token."""
        request = sessions_pb2.SignInRequest(user_name=user_name, password=password, code=code, device=device)
        return self._keep(await self.call(self.sessions.SignIn, request))

    async def sign_out(self, *, everywhere: bool = False) -> None:
        """Sign out; the token is kept, so that it can be tried again."""
        await self.call(self.sessions.SignOut, sessions_pb2.SignOutRequest(everywhere=everywhere))

    async def step_up(self, code: str) -> str:
        """Show a code within the session, and keep the new token."""
        self.token = (await self.call(self.sessions.StepUp, sessions_pb2.StepUpRequest(code=code))).token
        return self.token

    async def step_up_with(self, passkey: Authenticator) -> str:
        """Show a passkey within the session, and keep the new token."""
        request = sessions_pb2.StepUpRequest(credential_json=passkey.sign_in(await self.step_up_options()))
        self.token = (await self.call(self.sessions.StepUp, request)).token
        return self.token

    async def step_up_options(self) -> str:
        """Return what a browser is given to show a passkey within the session."""
        return str((await self.call(self.sessions.BeginStepUp, sessions_pb2.BeginStepUpRequest())).options_json)

    async def register(self, passkey: Authenticator, label: str = "Telephone") -> accounts_pb2.Factor:
        """Have a passkey made within the session."""
        options = (await self.call(self.credentials.BeginPasskey, accounts_pb2.BeginPasskeyRequest())).options_json
        request = accounts_pb2.FinishPasskeyRequest(credential_json=passkey.register(options), label=label)
        factor: accounts_pb2.Factor = (await self.call(self.credentials.FinishPasskey, request)).factor
        return factor

    async def factors(self) -> list[str]:
        """Return the labels of the account's second factors."""
        request = accounts_pb2.ListFactorsRequest()
        return [factor.label for factor in (await self.call(self.credentials.ListFactors, request)).factors]

    async def remove(self, factor: str, *, password: str = "", code: str = "") -> None:
        """Remove a second factor."""
        request = accounts_pb2.RemoveFactorRequest(id=factor, password=password, code=code)
        await self.call(self.credentials.RemoveFactor, request)

    async def passkey_options(self) -> str:
        """Return what a browser is given to sign in with a passkey."""
        request = sessions_pb2.BeginPasskeySignInRequest()
        return str((await self.call(self.sessions.BeginPasskeySignIn, request)).options_json)

    async def finish_passkey(self, response: str) -> sessions_pb2.SignInResponse:
        """Bring what a browser has made of a passkey, and keep the token."""
        request = sessions_pb2.FinishPasskeySignInRequest(credential_json=response)
        return self._keep((await self.call(self.sessions.FinishPasskeySignIn, request)).session)

    async def sign_in_with(self, passkey: Authenticator) -> sessions_pb2.SignInResponse:
        """Sign in with a passkey."""
        return await self.finish_passkey(passkey.sign_in(await self.passkey_options()))

    async def begin_external(
        self, issuer: str, redirect: str = REDIRECT
    ) -> tuple[sessions_pb2.BeginExternalSignInResponse, Mapping[str, str]]:
        """Begin to sign in at an issuer; return also the parameters of the address."""
        request = sessions_pb2.BeginExternalSignInRequest(issuer=issuer, redirect_uri=redirect)
        begun = await self.call(self.sessions.BeginExternalSignIn, request)
        return begun, dict(parse_qsl(urlsplit(begun.url).query))

    async def finish_external(
        self, handle: str, state: str, code: str = "a-code", iss: str = ""
    ) -> sessions_pb2.SignInResponse:
        """Bring what an issuer has sent back, and keep the token."""
        request = sessions_pb2.FinishExternalSignInRequest(handle=handle, state=state, code=code, iss=iss)
        return self._keep((await self.call(self.sessions.FinishExternalSignIn, request)).session)

    def _keep(self, session: sessions_pb2.SignInResponse) -> sessions_pb2.SignInResponse:
        self.token = session.token
        return session


@asynccontextmanager
async def visiting(deployment: Deployment, port: int) -> AsyncIterator[Visitor]:
    """Come to a hub with a connection of one's own."""
    async with requesters_channel(deployment, port) as channel:
        yield Visitor(channel)


async def told(attempt: Awaitable[object]) -> Told:
    """Await what must be refused, and return all that is told."""
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await attempt
    error = refused.value
    return Told(
        code=error.code(),
        details=error.details() or "",
        initial=tuple(error.initial_metadata() or ()),
        trailing=tuple(error.trailing_metadata() or ()),
    )


async def reason(attempt: Awaitable[object]) -> str:
    """Await what must be refused, and return the machine-readable reason."""
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await attempt
    return said_by(refused.value).reason
