"""What the commands of the sign-in do: read the secrets, call the hub, keep what it gives, show what it says."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sharing.v1 import sessions_pb2

from hub.cli import typed
from hub.cli.calling import with_hub, without_session
from hub.cli.folder import ClientFolder
from hub.cli.place import Place
from hub.cli.signing import screens
from hub.client import account_documents, documents
from hub.client.client import HubAddress, HubClient
from hub.client.errors import ClientError, NotSignedIn

_OPENS = Callable[[HubClient], Awaitable[sessions_pb2.SignInResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options say of the secrets."""

    password_file: str | None
    code: str = field(repr=False)
    code_file: str | None


def sign_in(place: Place, user: str, given: Given) -> None:
    """Open a session and keep its token, and what makes this folder known; a session that was open before is ended."""
    folder = ClientFolder(path=place.folder)
    address = folder.address()
    password = typed.secret(f"Password of {user}", given.password_file, "--password-file", "password")
    code = _code(given)
    device = folder.devices.token(user)
    session = open_session(folder, address, lambda hub: hub.sessions.sign_in(user, password, code=code, device=device))
    is_remembered = folder.devices.keep(user, session.device) if session.device else bool(device)
    place.show(
        documents.session_document(session),
        lambda console: screens.show_session(console, session, is_remembered=is_remembered),
    )


def open_session(folder: ClientFolder, address: HubAddress, opens: _OPENS) -> sessions_pb2.SignInResponse:
    """Open a session in one way or another, keep its token, and end the one that was open before."""
    former = _former(folder)

    async def call() -> sessions_pb2.SignInResponse:
        async with HubClient(address) as hub:
            session = await opens(hub)
            folder.keep(session.token)
            if former:
                hub.token = former
                await _end_quietly(hub)
        return session

    return asyncio.run(call())


def step_up(place: Place, code: str, code_file: str | None) -> None:
    """Show a second factor within the session, which gets a new token."""
    if not code:
        code = typed.secret("Code of your second factor", code_file, "--code-file", "code").strip()
    stepped = with_hub(place, lambda hub: hub.sessions.step_up(code=code))
    place.show(
        documents.stepped_up_document(stepped.seconds),
        lambda console: screens.show_stepped_up(console, stepped.seconds),
    )


def sign_out(place: Place, *, everywhere: bool) -> None:
    """End the session, or all of the account's, and remove the token."""
    folder = ClientFolder(path=place.folder)
    token = folder.token()
    dropped = with_hub(place, lambda hub: hub.sessions.sign_out(everywhere=everywhere))
    folder.forget(token)
    place.show(
        documents.dropped_document(dropped),
        lambda console: screens.show_signed_out(console, dropped.dropped_answers, everywhere=everywhere),
    )


def change_password(place: Place, present_file: str | None, new_file: str | None) -> None:
    """Set another password."""
    present = typed.secret("Your present password", present_file, "--present-file", "password")
    new = typed.twice("Your new password", new_file, "--new-file")
    ended = with_hub(place, lambda hub: hub.credentials.change_password(present, new))
    place.show(account_documents.ended_document(ended), lambda console: screens.show_password_changed(console, ended))


def accept(place: Place, token_file: str | None, password_file: str | None) -> None:
    """Set a password by means of an invitation; no session is needed, and none is opened."""
    token = typed.secret("Your invitation", token_file, "--token-file", "invitation").strip()
    password = typed.twice("The password that you choose", password_file, "--password-file")
    accepted = without_session(place, lambda hub: hub.credentials.accept(token, password))
    if accepted.device:
        ClientFolder(path=place.folder).devices.keep(accepted.user_name, accepted.device)
    place.show(
        account_documents.accepted_document(accepted.user_name),
        lambda console: screens.show_accepted(console, accepted.user_name),
    )


def _code(given: Given) -> str:
    """Find the code of the second factor: as given, or asked of whoever typed the password.

    It is asked for before the hub knows the password, so that the question tells nobody whether it was right.
    """
    if given.code:
        return given.code
    if given.code_file is not None:
        return typed.first_line(given.code_file, "--code-file", "code").strip()
    if given.password_file is None:
        return typed.shown("Code of your second factor (Enter if you have none)")
    return ""


def _former(folder: ClientFolder) -> str:
    """Find the token of a session that is still open; empty where there is none."""
    try:
        return folder.token()
    except NotSignedIn:
        return ""


async def _end_quietly(hub: HubClient) -> None:
    """End a session that has been replaced, so that the hub holds nothing for it; it may be over already."""
    try:
        await hub.sign_out()
    except ClientError:
        return
