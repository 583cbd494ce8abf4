"""Signing in and out: by password and second factor, by passkey, or through an OpenID Connect provider."""

from dataclasses import dataclass, field

from sharing.v1 import sessions_pb2, sessions_pb2_grpc

from hub.client.calls import PADDING, Calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """What a provider sent back with its user, as it stood in the address."""

    state: str = field(repr=False)
    code: str = field(repr=False)
    iss: str = ""


class Sessions:
    """Opens sessions and ends them; the token of the one that is open goes with every other call."""

    def __init__(self, calls: Calls) -> None:
        """Take the connection."""
        self._calls = calls
        self._stub = sessions_pb2_grpc.SessionServiceStub(calls.channel)

    async def sign_in(
        self, user_name: str, password: str, *, code: str = "", device: str = ""
    ) -> sessions_pb2.SignInResponse:
        """Open a session; `device` is what an earlier sign-in from here was given to keep."""
        request = sessions_pb2.SignInRequest(user_name=user_name, password=password, code=code, device=device)
        return self._keep(await self._calls.answer(self._stub.SignIn, request, signing_in=True))

    async def sign_out(self, *, everywhere: bool = False) -> sessions_pb2.SignOutResponse:
        """End the session, or all of the account's; the hub drops everything that they hold."""
        request = sessions_pb2.SignOutRequest(everywhere=everywhere, padding=PADDING)
        response = await self._calls.answer(self._stub.SignOut, request)
        self._calls.token = ""
        return response

    async def begin_step_up(self) -> str:
        """Return what a browser needs to show a passkey within the session, as JSON."""
        request = sessions_pb2.BeginStepUpRequest()
        return (await self._calls.answer(self._stub.BeginStepUp, request)).options_json

    async def step_up(self, *, code: str = "", credential_json: str = "") -> sessions_pb2.StepUpResponse:
        """Show a second factor within the session, which gets a new token."""
        request = sessions_pb2.StepUpRequest(code=code, credential_json=credential_json)
        response = await self._calls.answer(self._stub.StepUp, request)
        self._calls.token = response.token
        return response

    async def begin_passkey(self) -> str:
        """Return what a browser needs to show a passkey, as JSON."""
        request = sessions_pb2.BeginPasskeySignInRequest()
        return (await self._calls.answer(self._stub.BeginPasskeySignIn, request, signing_in=True)).options_json

    async def finish_passkey(self, credential_json: str) -> sessions_pb2.SignInResponse:
        """Open a session for the account to which a passkey belongs."""
        request = sessions_pb2.FinishPasskeySignInRequest(credential_json=credential_json)
        return self._keep((await self._calls.answer(self._stub.FinishPasskeySignIn, request, signing_in=True)).session)

    async def issuers(self) -> tuple[sessions_pb2.Issuer, ...]:
        """List the providers through which one may sign in."""
        request = sessions_pb2.ListIssuersRequest()
        return tuple((await self._calls.answer(self._stub.ListIssuers, request, signing_in=True)).issuers)

    async def begin_external(self, issuer: str, redirect_uri: str) -> sessions_pb2.BeginExternalSignInResponse:
        """Ask for the address at which a provider asks its user to sign in."""
        request = sessions_pb2.BeginExternalSignInRequest(issuer=issuer, redirect_uri=redirect_uri)
        return await self._calls.answer(self._stub.BeginExternalSignIn, request, signing_in=True)

    async def finish_external(self, handle: str, sent_back: Redirect) -> sessions_pb2.SignInResponse:
        """Open a session for the account that is tied to the provider's user."""
        request = sessions_pb2.FinishExternalSignInRequest(
            handle=handle, state=sent_back.state, code=sent_back.code, iss=sent_back.iss
        )
        return self._keep((await self._calls.answer(self._stub.FinishExternalSignIn, request, signing_in=True)).session)

    def _keep(self, session: sessions_pb2.SignInResponse) -> sessions_pb2.SignInResponse:
        self._calls.token = session.token
        return session
