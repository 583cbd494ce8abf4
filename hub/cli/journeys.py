"""What each command does once its words are understood: call the hub, then show what it says."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sharing.v1 import questions_pb2, sessions_pb2

from hub.cli import screens
from hub.cli.errors import CommandError
from hub.cli.folder import ClientFolder
from hub.cli.person import Whom, Why, make_request
from hub.cli.place import Place, open_console
from hub.cli.progress import show_progress
from hub.cli.showing import show_answer
from hub.client import documents
from hub.client.answer import Answer
from hub.client.assembling import assemble
from hub.client.client import HubAddress, HubClient
from hub.client.errors import ClientError, NotSignedIn

_Found = TypeVar("_Found")


def sign_in(place: Place, user: str, password_file: str | None) -> None:
    """Open a session and keep its token; a session that was open before is ended."""
    folder = ClientFolder(path=place.folder)
    address = folder.address()
    former = _former(folder)
    session = asyncio.run(_sign_in(address, user, _password(user, password_file), folder, former))
    place.show(documents.session_document(session), lambda console: screens.show_session(console, session))


def sign_out(place: Place) -> None:
    """End the session and remove its token."""
    folder = ClientFolder(path=place.folder)
    token = folder.token()
    dropped = _with_hub(place, lambda hub: hub.sign_out())
    folder.forget(token)
    place.show(
        documents.dropped_document(dropped),
        lambda console: screens.show_signed_out(console, dropped.dropped_answers),
    )


def menu(place: Place) -> None:
    """Show the questions that may be asked."""
    found = _with_hub(place, lambda hub: hub.menu())
    place.show(documents.menu_document(found), lambda console: screens.show_menu(console, found))


def ask(place: Place, question: str, whom: Whom, why: Why) -> None:
    """Ask one question, show the agencies as they answer, then the whole answer."""
    request = make_request(question, whom, why, datetime.now(UTC).date())
    answer = _with_hub(place, lambda hub: _ask(hub, request, place))
    place.show(documents.answer_document(answer), lambda console: show_answer(console, answer))


def view(place: Place, request_id: str) -> None:
    """Show one held answer again."""

    async def look(hub: HubClient) -> Answer:
        return assemble([await hub.view(request_id)])

    answer = _with_hub(place, look)
    place.show(documents.answer_document(answer), lambda console: show_answer(console, answer))


def list_held(place: Place) -> None:
    """Show which answers the hub holds."""
    held = _with_hub(place, lambda hub: hub.held())
    place.show(documents.held_document(held), lambda console: screens.show_held(console, held))


def close(place: Place, request_id: str | None) -> None:
    """Drop one held answer, or all of them."""

    def drop(hub: HubClient) -> Awaitable[questions_pb2.CloseResponse]:
        return hub.close_all() if request_id is None else hub.close_answer(request_id)

    dropped = _with_hub(place, drop)
    place.show(
        documents.dropped_document(dropped), lambda console: screens.show_closed(console, dropped.dropped_answers)
    )


def status(place: Place) -> None:
    """Show how the hub is doing."""
    found = _with_hub(place, lambda hub: hub.status())
    place.show(documents.status_document(found), lambda console: screens.show_status(console, found))


def _with_hub(place: Place, journey: Callable[[HubClient], Awaitable[_Found]]) -> _Found:
    """Call the hub within the session; forget the token once the hub says that the session is over."""
    folder = ClientFolder(path=place.folder)
    address, token = folder.address(), folder.token()

    async def call() -> _Found:
        async with HubClient(address, token=token) as hub:
            return await journey(hub)

    try:
        return asyncio.run(call())
    except NotSignedIn:
        folder.forget(token)
        raise


async def _sign_in(
    address: HubAddress, user: str, password: str, folder: ClientFolder, former: str
) -> sessions_pb2.SignInResponse:
    async with HubClient(address) as hub:
        session = await hub.sign_in(user, password)
        folder.keep(session.token)
        if former:
            hub.token = former
            await _end_quietly(hub)
    return session


async def _end_quietly(hub: HubClient) -> None:
    """End a session that has been replaced, so that the hub holds nothing for it; it may be over already."""
    try:
        await hub.sign_out()
    except ClientError:
        return


async def _ask(hub: HubClient, request: questions_pb2.AskRequest, place: Place) -> Answer:
    parts = []
    with show_progress(None if place.as_json else open_console()) as progress:
        async for part in hub.ask(request):
            parts.append(part)
            progress.add(part)
    return assemble(parts)


def _former(folder: ClientFolder) -> str:
    """Find the token of a session that is still open; empty where there is none."""
    try:
        return folder.token()
    except NotSignedIn:
        return ""


def _password(user: str, password_file: str | None) -> str:
    """Read the password: its file's first line, or typed without being shown."""
    if password_file is None:
        if not sys.stdin.isatty():
            raise CommandError(
                "NO_PASSWORD",
                "There is no terminal to type the password on.",
                mend="Give --password-file FILE, or '-'.",
            )
        password = getpass.getpass(f"Password of {user}: ")
    else:
        password = _first_line(password_file)
    if not password:
        raise CommandError("NO_PASSWORD", "The password is empty.", mend="Type it again, or look at the file.")
    return password


def _first_line(password_file: str) -> str:
    try:
        if password_file == "-":  # noqa: S105 - a file's name, not a password
            return sys.stdin.readline().rstrip("\r\n")
        with Path(password_file).open(encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise CommandError(
            "NO_PASSWORD", "The password file cannot be read.", mend="Look at --password-file again."
        ) from None
