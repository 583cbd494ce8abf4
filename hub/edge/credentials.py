"""The service by which the holder of an account looks after its password and its second factors."""

import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sharing.v1 import accounts_pb2, accounts_pb2_grpc

from hub.accounts.before import Before
from hub.accounts.desk import Desk
from hub.accounts.own_password import Redeemed
from hub.agreeing.carrying import carried_through
from hub.audit import agreed
from hub.audit.log import AuditLog
from hub.edge.callers import Callers, Context, token_in
from hub.errors import NotAllowed, NotHeld, SignInRefused
from hub.model.account import Passkey
from hub.sessions.session import Session

TOTP = "totp"


class CredentialService(accounts_pb2_grpc.CredentialServiceServicer):
    """Changes what an account is signed in to with; both the changes and what is refused are recorded first."""

    def __init__(self, *, callers: Callers, desk: Desk, audit: AuditLog) -> None:
        """Take the rooms that these changes pass through."""
        self._callers = callers
        self._desk = desk
        self._audit = audit

    async def AcceptInvitation(
        self, request: accounts_pb2.AcceptInvitationRequest, context: Context
    ) -> accounts_pb2.AcceptInvitationResponse:
        """Set a password by means of an invitation; sessions that are open end."""
        redeemed = await carried_through(self._accept(request))
        return accounts_pb2.AcceptInvitationResponse(user_name=redeemed.user_name, device=redeemed.device)

    async def ChangePassword(
        self, request: accounts_pb2.ChangePasswordRequest, context: Context
    ) -> accounts_pb2.ChangePasswordResponse:
        """Set another password; every other session of the account ends."""
        session = self._callers.session(context)
        ended = await carried_through(self._change_password(session, request))
        return accounts_pb2.ChangePasswordResponse(ended_sessions=ended)

    async def ListFactors(
        self, request: accounts_pb2.ListFactorsRequest, context: Context
    ) -> accounts_pb2.ListFactorsResponse:
        """List the second factors of the account."""
        user_name = self._callers.session(context).requester.user_name
        factors = [_factor(passkey) for passkey in await self._desk.passkeys.of(user_name)]
        if await self._desk.second_factor.is_confirmed(user_name):
            factors.insert(0, accounts_pb2.Factor(id=TOTP, label="Codes of an authenticator"))
        return accounts_pb2.ListFactorsResponse(factors=factors)

    async def BeginTotp(
        self, request: accounts_pb2.BeginTotpRequest, context: Context
    ) -> accounts_pb2.BeginTotpResponse:
        """Make a seed for codes."""
        session = self._callers.session(context)
        await self._require_fresh_unless_first(session)
        enrolment = await self._desk.second_factor.enrol(session.requester.user_name)
        return accounts_pb2.BeginTotpResponse(uri=enrolment.uri, seed=enrolment.seed)

    async def ConfirmTotp(
        self, request: accounts_pb2.ConfirmTotpRequest, context: Context
    ) -> accounts_pb2.ConfirmTotpResponse:
        """Make the seed count, and the session's second factor with it."""
        session = self._callers.session(context)
        # Another factor may have been added since the seed was made: what was the first then, is it no longer.
        await self._require_fresh_unless_first(session)
        await carried_through(self._add_codes(session.requester.user_name, request.code))
        return accounts_pb2.ConfirmTotpResponse(token=self._callers.sessions.step_up(token_in(context)))

    async def BeginPasskey(
        self, request: accounts_pb2.BeginPasskeyRequest, context: Context
    ) -> accounts_pb2.BeginPasskeyResponse:
        """Return what a browser needs to make a passkey."""
        session = self._callers.session(context)
        await self._require_fresh_unless_first(session)
        options = await self._desk.passkeys.begin_registration(session.requester.user_name)
        return accounts_pb2.BeginPasskeyResponse(options_json=options)

    async def FinishPasskey(
        self, request: accounts_pb2.FinishPasskeyRequest, context: Context
    ) -> accounts_pb2.FinishPasskeyResponse:
        """Keep the passkey that was made."""
        session = self._callers.session(context)
        await self._require_fresh_unless_first(session)
        passkey = await carried_through(self._add_passkey(session.requester.user_name, request))
        return accounts_pb2.FinishPasskeyResponse(factor=_factor(passkey))

    async def RemoveFactor(
        self, request: accounts_pb2.RemoveFactorRequest, context: Context
    ) -> accounts_pb2.RemoveFactorResponse:
        """Remove one second factor."""
        session = self._callers.session(context)
        _require_fresh(session)
        await carried_through(self._remove(session.requester.user_name, request))
        return accounts_pb2.RemoveFactorResponse()

    async def _accept(self, request: accounts_pb2.AcceptInvitationRequest) -> Redeemed:
        redeemed = await self._desk.own_password.set_password_by_invitation(
            request.token, request.password, before=self._recording("password_set")
        )
        self._callers.sessions.revoke(redeemed.user_name)
        return redeemed

    async def _change_password(self, session: Session, request: accounts_pb2.ChangePasswordRequest) -> int:
        user_name = session.requester.user_name
        async with self._refusals("password", user_name):
            await self._desk.own_password.change_password(
                user_name,
                current=request.present,
                new=request.password,
                before=self._recording("password_changed"),
            )
        return self._callers.sessions.revoke_others(session)

    async def _add_codes(self, user_name: str, code: str) -> None:
        async with self._refusals("codes", user_name):
            await self._desk.second_factor.finish_enrolment(user_name, code, before=self._recording("codes_added"))

    async def _add_passkey(self, user_name: str, request: accounts_pb2.FinishPasskeyRequest) -> Passkey:
        return await self._desk.passkeys.finish_registration(
            user_name, request.credential_json, request.label, before=self._recording("passkey_added")
        )

    async def _remove(self, user_name: str, request: accounts_pb2.RemoveFactorRequest) -> None:
        removed = self._recording("factor_removed")
        if request.id == TOTP:
            async with self._refusals("codes", user_name):
                await self._desk.second_factor.remove(
                    user_name, password=request.password, code=request.code, before=removed
                )
        elif not await self._desk.passkeys.remove(user_name, _credential_id(request.id), before=removed):
            raise _no_such_factor()

    async def _require_fresh_unless_first(self, session: Session) -> None:
        """Let a session that somebody has got hold of add no factor to an account that has one."""
        user_name = session.requester.user_name
        has_one = await self._desk.second_factor.is_confirmed(user_name) or await self._desk.passkeys.of(user_name)
        if has_one:
            _require_fresh(session)

    @asynccontextmanager
    async def _refusals(self, what: str, user_name: str) -> AsyncIterator[None]:
        """Record a refusal before it is told: whoever has got hold of a session may be guessing."""
        try:
            yield
        except SignInRefused:
            await self._audit.record(agreed.account_change_refused(what, user_name, _now_ms()))
            raise

    def _recording(self, what: str) -> Before:
        """Record a change before it is kept: where that cannot be done, nothing changes."""

        async def record(user_name: str) -> None:
            await self._audit.record(agreed.account_changed(what, user_name, _now_ms(), actor=user_name))

        return record


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _require_fresh(session: Session) -> None:
    if not session.is_stepped_up:
        mend = "Give a code with: hub stepup"
        raise NotAllowed("STEP_UP_NEEDED", "Show anew that it is you before you change how you sign in.", mend=mend)


def _factor(passkey: Passkey) -> accounts_pb2.Factor:
    spelt = base64.urlsafe_b64encode(passkey.credential_id).decode().rstrip("=")
    return accounts_pb2.Factor(id=spelt, label=passkey.label, added_at_ms=passkey.added_at_ms)


def _credential_id(spelt: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(spelt + "=" * (-len(spelt) % 4))
    except ValueError:
        raise _no_such_factor() from None


def _no_such_factor() -> NotHeld:
    return NotHeld("NO_SUCH_FACTOR", "The account has no such factor.", mend="See: hub factor list", field="id")
