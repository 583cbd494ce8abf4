"""What administrators do with accounts without asking anybody; offices and the like are proposed."""

from sharing.v1 import accounts_pb2, accounts_pb2_grpc

from hub.client.calls import Calls


class Accounts:
    """Makes, lists, disables and resets accounts."""

    def __init__(self, calls: Calls) -> None:
        """Take the connection."""
        self._calls = calls
        self._stub = accounts_pb2_grpc.AccountServiceStub(calls.channel)

    async def all(self) -> tuple[accounts_pb2.Account, ...]:
        """List the accounts that the caller may see, by user name."""
        return tuple((await self._calls.answer(self._stub.ListAccounts, accounts_pb2.ListAccountsRequest())).accounts)

    async def create(self, user_name: str, display_name: str, agency: str) -> accounts_pb2.Invitation:
        """Make an account without an office; return the invitation, which is shown once."""
        request = accounts_pb2.CreateAccountRequest(user_name=user_name, display_name=display_name, agency=agency)
        return (await self._calls.answer(self._stub.CreateAccount, request)).invitation

    async def disable(self, user_name: str) -> int:
        """Let an account sign in no more; return how many of its sessions ended."""
        request = accounts_pb2.DisableAccountRequest(user_name=user_name)
        return (await self._calls.answer(self._stub.DisableAccount, request)).ended_sessions

    async def reset(self, user_name: str) -> accounts_pb2.Invitation:
        """Make an invitation to set a new password, which is shown once; second factors stay."""
        request = accounts_pb2.ResetPasswordRequest(user_name=user_name)
        return (await self._calls.answer(self._stub.ResetPassword, request)).invitation
