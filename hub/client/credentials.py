"""What the holder of an account does with its own password and second factors."""

from sharing.v1 import accounts_pb2, accounts_pb2_grpc

from hub.client.calls import Calls


class Credentials:
    """Changes the password and the second factors of the account that is signed in."""

    def __init__(self, calls: Calls) -> None:
        """Take the connection."""
        self._calls = calls
        self._stub = accounts_pb2_grpc.CredentialServiceStub(calls.channel)

    async def accept(self, token: str, password: str) -> accounts_pb2.AcceptInvitationResponse:
        """Set a password by means of an invitation, without a session."""
        request = accounts_pb2.AcceptInvitationRequest(token=token, password=password)
        return await self._calls.answer(self._stub.AcceptInvitation, request, signing_in=True)

    async def change_password(self, present: str, password: str) -> int:
        """Set another password; return how many other sessions of the account ended."""
        request = accounts_pb2.ChangePasswordRequest(present=present, password=password)
        return (await self._calls.answer(self._stub.ChangePassword, request)).ended_sessions

    async def factors(self) -> tuple[accounts_pb2.Factor, ...]:
        """List the second factors."""
        request = accounts_pb2.ListFactorsRequest()
        return tuple((await self._calls.answer(self._stub.ListFactors, request)).factors)

    async def begin_totp(self) -> accounts_pb2.BeginTotpResponse:
        """Make a seed for codes that change with time; it counts once a code of it has been confirmed."""
        return await self._calls.answer(self._stub.BeginTotp, accounts_pb2.BeginTotpRequest())

    async def confirm_totp(self, code: str) -> str:
        """Make the seed count; return the token that replaces the session's."""
        response = await self._calls.answer(self._stub.ConfirmTotp, accounts_pb2.ConfirmTotpRequest(code=code))
        self._calls.token = response.token
        return response.token

    async def begin_passkey(self) -> str:
        """Return what a browser needs to make a passkey, as JSON."""
        return (await self._calls.answer(self._stub.BeginPasskey, accounts_pb2.BeginPasskeyRequest())).options_json

    async def finish_passkey(self, credential_json: str, label: str) -> accounts_pb2.Factor:
        """Keep the passkey that a browser made."""
        request = accounts_pb2.FinishPasskeyRequest(credential_json=credential_json, label=label)
        return (await self._calls.answer(self._stub.FinishPasskey, request)).factor

    async def remove_factor(self, factor_id: str, *, password: str = "", code: str = "") -> None:
        """Remove one second factor; for codes, with one of them and the password that stands alone from then on."""
        request = accounts_pb2.RemoveFactorRequest(id=factor_id, password=password, code=code)
        await self._calls.answer(self._stub.RemoveFactor, request)
