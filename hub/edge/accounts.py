"""The service by which administrators make, list, disable and reset accounts."""

import asyncio
import time
from collections.abc import Iterable
from typing import Protocol

from sharing.v1 import accounts_pb2, accounts_pb2_grpc

from hub.access.in_force import PolicyInForce
from hub.accounts.own_password import LIFETIMES, OwnPassword
from hub.agreeing.actor import SEEING, Actor
from hub.agreeing.carrying import carried_through
from hub.audit import agreed
from hub.audit.log import AuditLog
from hub.edge.callers import Callers, Context
from hub.errors import InvalidRequest, NotAllowed, NotHeld
from hub.model.account import LONGEST_DISPLAY_NAME, USER_NAME, Account, InvitationKind
from hub.model.policy import LevelKind


class AccountStore(Protocol):
    """Keeps accounts; calls block for the time of one database access."""

    def find(self, user_name: str) -> Account | None:
        """Return the account with exactly this user name."""
        ...

    def all(self) -> tuple[Account, ...]:
        """Return every account, in the order of their user names."""
        ...

    def add_new(self, account: Account) -> bool:
        """Add an account; False when the user name is taken."""
        ...

    def disable(self, user_name: str) -> bool:
        """Keep the account and let nobody in with it; False when there is none."""
        ...

    def with_second_factor(self) -> frozenset[str]:
        """Return the user names of the accounts that have a second factor."""
        ...


class AccountService(accounts_pb2_grpc.AccountServiceServicer):
    """Makes and closes accounts; none of it gives anybody an office."""

    def __init__(
        self,
        *,
        callers: Callers,
        accounts: AccountStore,
        passwords: OwnPassword,
        in_force: PolicyInForce,
        audit: AuditLog,
    ) -> None:
        """Take the rooms that these changes pass through."""
        self._callers = callers
        self._accounts = accounts
        self._passwords = passwords
        self._in_force = in_force
        self._audit = audit

    async def ListAccounts(
        self, request: accounts_pb2.ListAccountsRequest, context: Context
    ) -> accounts_pb2.ListAccountsResponse:
        """List accounts: all of them, or to a guardian those of the own agency."""
        actor = self._callers.actor(context)
        actor.require(*SEEING)
        found = await asyncio.to_thread(self._accounts.all)
        strong = await asyncio.to_thread(self._accounts.with_second_factor)
        return accounts_pb2.ListAccountsResponse(accounts=_visible(found, strong, actor))

    async def CreateAccount(
        self, request: accounts_pb2.CreateAccountRequest, context: Context
    ) -> accounts_pb2.CreateAccountResponse:
        """Make an account without an office, and an invitation for its holder."""
        actor = self._administrator(context)
        account = self._new(request)
        if await asyncio.to_thread(self._accounts.find, account.user_name):
            raise _taken()
        await self._record("created", account.user_name, actor)
        if not await asyncio.to_thread(self._accounts.add_new, account):
            raise _taken()
        invitation = await self._invite(account.user_name, InvitationKind.FIRST_PASSWORD)
        return accounts_pb2.CreateAccountResponse(invitation=invitation)

    async def DisableAccount(
        self, request: accounts_pb2.DisableAccountRequest, context: Context
    ) -> accounts_pb2.DisableAccountResponse:
        """Let nobody in with an account any more, and end its sessions now."""
        actor = self._administrator(context)
        await self._require(request.user_name)
        ended = await carried_through(self._disable(request.user_name, actor))
        return accounts_pb2.DisableAccountResponse(ended_sessions=ended)

    async def ResetPassword(
        self, request: accounts_pb2.ResetPasswordRequest, context: Context
    ) -> accounts_pb2.ResetPasswordResponse:
        """Make an invitation for somebody who has forgotten the password."""
        actor = self._administrator(context)
        self._require_resettable(await self._require(request.user_name), await self._has_factor(request.user_name))
        await self._record("reset", request.user_name, actor)
        invitation = await self._invite(request.user_name, InvitationKind.NEW_PASSWORD)
        return accounts_pb2.ResetPasswordResponse(invitation=invitation)

    async def _disable(self, user_name: str, actor: Actor) -> int:
        await self._record("disabled", user_name, actor)
        await asyncio.to_thread(self._accounts.disable, user_name)
        return self._callers.sessions.revoke(user_name)

    def _administrator(self, context: Context) -> Actor:
        actor = self._callers.actor(context)
        actor.require_to_change(LevelKind.ADMINISTRATOR)
        return actor

    async def _require(self, user_name: str) -> Account:
        account = await asyncio.to_thread(self._accounts.find, user_name)
        if account is None:
            mend = "See which there are with: hub account list"
            raise NotHeld("NO_ACCOUNT", "There is no such account.", mend=mend, field="user_name")
        return account

    async def _has_factor(self, user_name: str) -> bool:
        return user_name in await asyncio.to_thread(self._accounts.with_second_factor)

    def _require_resettable(self, account: Account, has_factor: bool) -> None:  # noqa: FBT001  (one of two things looked at)
        """Let nobody alone become somebody who sets or reviews the rules, by resetting what has no second factor."""
        level = self._in_force.policy.levels.get(account.access_level)
        if level is not None and level.kind in SEEING and account.password_hash and not has_factor:
            raise NotAllowed(
                "NEEDS_AGREEMENT",
                f"{account.user_name} sets or reviews the rules and has no second factor, so nobody resets it alone.",
                mend="Propose it with: hub account lost-factor. Once that is published, reset the password.",
            )

    async def _invite(self, user_name: str, kind: InvitationKind) -> accounts_pb2.Invitation:
        token = await self._passwords.invite(user_name, kind)
        expires_at_ms = _now_ms() + int(LIFETIMES[kind].total_seconds() * 1_000)
        return accounts_pb2.Invitation(token=token, expires_at_ms=expires_at_ms)

    def _new(self, request: accounts_pb2.CreateAccountRequest) -> Account:
        name = " ".join(request.display_name.split())
        if not USER_NAME.fullmatch(request.user_name):
            mend = "Take 2 to 64 small letters, digits, '.' or '-', a letter first."
            raise InvalidRequest("USER_NAME_UNFIT", "That cannot be a user name.", mend=mend, field="user_name")
        if not name or len(name) > LONGEST_DISPLAY_NAME or not name.isprintable():
            mend = f"Give the person's name, in at most {LONGEST_DISPLAY_NAME} characters."
            raise InvalidRequest("NAME_UNFIT", "The name cannot be shown.", mend=mend, field="display_name")
        if request.agency not in self._in_force.policy.agencies:
            mend = f"There are: {', '.join(self._in_force.policy.agencies)}."
            raise InvalidRequest("NO_AGENCY", "There is no such agency.", mend=mend, field="agency")
        return Account(
            user_name=request.user_name, display_name=name, access_level="", agency=request.agency, password_hash=""
        )

    async def _record(self, what: str, user_name: str, actor: Actor) -> None:
        await self._audit.record(agreed.account_changed(what, user_name, _now_ms(), actor=actor.user_name))


def _taken() -> InvalidRequest:
    mend = "Choose another one."
    return InvalidRequest("ACCOUNT_EXISTS", "This user name is taken.", mend=mend, field="user_name")


def _visible(accounts: Iterable[Account], strong: frozenset[str], actor: Actor) -> list[accounts_pb2.Account]:
    return [
        accounts_pb2.Account(
            user_name=account.user_name,
            display_name=account.display_name,
            access_level=account.access_level,
            agency=account.agency,
            areas=account.areas,
            disabled=account.disabled,
            has_password=bool(account.password_hash),
            has_second_factor=account.user_name in strong,
            last_signed_in_ms=account.last_signed_in_ms or 0,
        )
        for account in accounts
        if account.agency == actor.guards or not actor.guards
    ]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
