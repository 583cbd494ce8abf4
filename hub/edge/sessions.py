"""The service that opens and ends sessions, by whichever way somebody signs in."""

import time

from sharing.v1 import sessions_pb2, sessions_pb2_grpc

from hub.access.in_force import PolicyInForce
from hub.accounts.credentials import Credentials, SignedIn
from hub.accounts.desk import Desk
from hub.accounts.oidc.issuers import Issuers
from hub.accounts.refusing import refused
from hub.accounts.throttle import source_key
from hub.audit import agreed, entries
from hub.audit.log import AuditLog
from hub.edge.callers import Callers, Context, source_of, token_in
from hub.errors import InvalidRequest, SignInRefused
from hub.grounds.telling import Telling
from hub.links.padding import PADDING
from hub.sessions.registry import Sessions


class SessionService(sessions_pb2_grpc.SessionServiceServicer):
    """Opens and ends sessions; what is refused, and what succeeds, is recorded before anybody is told."""

    def __init__(  # the rooms that signing in passes through
        self,
        *,
        callers: Callers,
        desk: Desk,
        issuers: Issuers,
        in_force: PolicyInForce,
        telling: Telling,
        audit: AuditLog,
    ) -> None:
        """Take the rooms that signing in and out passes through."""
        self._callers = callers
        self._desk = desk
        self._issuers = issuers
        self._in_force = in_force
        self._telling = telling
        self._audit = audit

    async def SignIn(self, request: sessions_pb2.SignInRequest, context: Context) -> sessions_pb2.SignInResponse:
        """Match user name, password and code to an access level and open a session, once that is recorded."""
        revocations = self._sessions.revocations(request.user_name)
        credentials = Credentials(
            user_name=request.user_name,
            password=request.password,
            code=request.code,
            device=request.device,
            source=source_of(context),
        )
        try:
            signed_in = await self._desk.sign_in.sign_in(credentials)
        except SignInRefused as error:
            raise await self._recorded(error) from None
        return await self._open(signed_in, revocations)

    async def SignOut(self, request: sessions_pb2.SignOutRequest, context: Context) -> sessions_pb2.SignOutResponse:
        """End the session, or all of the account's, and drop all that they hold."""
        if request.everywhere:
            user_name = self._callers.session(context).requester.user_name
            dropped = self._sessions.sign_out_everywhere(user_name)
        else:
            dropped = self._sessions.sign_out(token_in(context))
        return sessions_pb2.SignOutResponse(dropped_answers=dropped, padding=PADDING)

    async def StepUp(self, request: sessions_pb2.StepUpRequest, context: Context) -> sessions_pb2.StepUpResponse:
        """Take a second factor within a session, and give the session another token."""
        session = self._callers.session(context)
        user_name = session.requester.user_name
        try:
            await self._confirm(user_name, request)
        except SignInRefused:
            await self._audit.record(agreed.stepped_up(user_name, _now_ms(), was_right=False))
            raise
        await self._audit.record(agreed.stepped_up(user_name, _now_ms(), was_right=True))
        token = self._sessions.step_up(token_in(context))
        return sessions_pb2.StepUpResponse(token=token, seconds=session.rules.step_up_seconds)

    async def BeginStepUp(
        self, request: sessions_pb2.BeginStepUpRequest, context: Context
    ) -> sessions_pb2.BeginStepUpResponse:
        """Return what a browser needs to show one of the account's passkeys."""
        user_name = self._callers.session(context).requester.user_name
        options = await self._desk.passkeys.begin_confirmation(user_name)
        return sessions_pb2.BeginStepUpResponse(options_json=options)

    async def BeginPasskeySignIn(
        self, request: sessions_pb2.BeginPasskeySignInRequest, context: Context
    ) -> sessions_pb2.BeginPasskeySignInResponse:
        """Return what a browser needs to show a passkey."""
        options = await self._desk.passkeys.begin_sign_in(source_key(source_of(context)))
        return sessions_pb2.BeginPasskeySignInResponse(options_json=options)

    async def FinishPasskeySignIn(
        self, request: sessions_pb2.FinishPasskeySignInRequest, context: Context
    ) -> sessions_pb2.FinishPasskeySignInResponse:
        """Open a session for the account to which a passkey belongs."""
        before = self._sessions.all_revocations()
        try:
            signed_in = await self._desk.passkeys.finish_sign_in(request.credential_json)
        except SignInRefused as error:
            raise await self._recorded(error) from None
        session = await self._open(signed_in, before.get(signed_in.requester.user_name, 0))
        return sessions_pb2.FinishPasskeySignInResponse(session=session)

    async def ListIssuers(
        self, request: sessions_pb2.ListIssuersRequest, context: Context
    ) -> sessions_pb2.ListIssuersResponse:
        """List the providers through which one may sign in."""
        offered = self._issuers.offered()
        return sessions_pb2.ListIssuersResponse(issuers=[sessions_pb2.Issuer(id=id_, title=to) for id_, to in offered])

    async def BeginExternalSignIn(
        self, request: sessions_pb2.BeginExternalSignInRequest, context: Context
    ) -> sessions_pb2.BeginExternalSignInResponse:
        """Say where a provider asks its user to sign in."""
        source = source_key(source_of(context))
        begun = await self._issuers.begin(request.issuer, request.redirect_uri, source=source)
        return sessions_pb2.BeginExternalSignInResponse(url=begun.url, handle=begun.handle)

    async def FinishExternalSignIn(
        self, request: sessions_pb2.FinishExternalSignInRequest, context: Context
    ) -> sessions_pb2.FinishExternalSignInResponse:
        """Open a session for the account that is tied to a provider's user."""
        before = self._sessions.all_revocations()
        try:
            identity = await self._issuers.finish(request.handle, request.state, request.code, request.iss or None)
            signed_in = await self._desk.sign_in.sign_in_external(identity)
        except SignInRefused as error:
            raise await self._recorded(error) from None
        session = await self._open(signed_in, before.get(signed_in.requester.user_name, 0))
        return sessions_pb2.FinishExternalSignInResponse(session=session)

    @property
    def _sessions(self) -> Sessions:
        return self._callers.sessions

    async def _confirm(self, user_name: str, request: sessions_pb2.StepUpRequest) -> None:
        if request.credential_json and not request.code:
            await self._desk.passkeys.finish_confirmation(user_name, request.credential_json)
        elif request.code and not request.credential_json:
            await self._desk.second_factor.confirm(user_name, request.code)
        else:
            mend = "Give the code that your authenticator shows, or a passkey."
            raise InvalidRequest("CODE_MISSING", "One second factor is needed.", mend=mend, field="code")

    async def _recorded(self, error: SignInRefused) -> SignInRefused:
        await self._audit.record(entries.sign_in_refused(_now_ms(), account=error.account))
        return error

    async def _open(self, signed_in: SignedIn, revocations: int) -> sessions_pb2.SignInResponse:
        """Record that somebody has signed in, open the session, and say all that its requester should know."""
        requester = signed_in.requester
        level = self._in_force.policy.levels.get(requester.access_level)
        if level is None:
            # The level has left the policy since the account was looked at.
            raise await self._recorded(refused(requester.user_name))
        await self._audit.record(entries.signed_in(requester, _now_ms()))
        notices = await self._telling.notices(requester.user_name, requester.agency, level.kind)
        # Nothing runs between this look and the opening: the session lives under what is in force then.
        level = self._in_force.policy.levels.get(requester.access_level)
        if level is None or self._sessions.revocations(requester.user_name) != revocations:
            raise await self._recorded(refused(requester.user_name))
        token = self._sessions.open(
            requester,
            idle_seconds=level.idle_seconds,
            absolute_seconds=level.absolute_seconds,
            is_strong=signed_in.is_strong,
            revocations=revocations,
        )
        rules = self._sessions.require(token).rules
        return sessions_pb2.SignInResponse(
            token=token,
            display_name=requester.display_name,
            access_level=level.id,
            access_level_title=level.title,
            agency=requester.agency,
            idle_seconds=rules.idle_seconds,
            expires_at_ms=_now_ms() + rules.absolute_seconds * 1_000,
            device=signed_in.device,
            last_signed_in_ms=signed_in.last_signed_in_ms or 0,
            is_stepped_up=signed_in.is_strong,
            notices=notices,
        )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
