"""Signing in through an OpenID Connect provider: its page is opened in a browser, which comes back to this machine."""

import asyncio
import sys
import webbrowser
from urllib.parse import parse_qs, urlsplit

from sharing.v1 import sessions_pb2

from hub.cli.calling import without_session
from hub.cli.folder import ClientFolder
from hub.cli.place import Place
from hub.cli.printable import printable
from hub.cli.signing import journeys, screens
from hub.cli.signing.loopback import Loopback
from hub.client import account_documents, documents
from hub.client.client import HubClient
from hub.client.errors import BadAnswer

_PATIENCE_SECONDS = 300.0


def list_issuers(place: Place) -> None:
    """Show the providers through which one may sign in."""
    issuers = without_session(place, lambda hub: hub.sessions.issuers())
    place.show(account_documents.issuers_document(issuers), lambda console: screens.show_issuers(console, issuers))


def sign_in(place: Place, issuer: str, *, no_browser: bool) -> None:
    """Open a session for the account that is tied to the provider's user, and keep its token."""
    folder = ClientFolder(path=place.folder)
    session = journeys.open_session(folder, folder.address(), lambda hub: _through(hub, issuer, no_browser=no_browser))
    place.show(
        documents.session_document(session),
        # Nobody can guess at a password here, so that it does not matter whether the folder is known.
        lambda console: screens.show_session(console, session, is_remembered=True),
    )


async def _through(hub: HubClient, issuer: str, *, no_browser: bool) -> sessions_pb2.SignInResponse:
    """Send the user to the provider, and wait for them to come back."""
    async with Loopback() as loopback:
        begun = await hub.sessions.begin_external(issuer, loopback.redirect_uri)
        state = _state(begun.url)
        sys.stderr.write(f"Sign in with your browser at:\n{printable(begun.url)}\n")
        sys.stderr.flush()
        if not no_browser:
            await asyncio.to_thread(webbrowser.open, begun.url)
        sent_back = await loopback.sent_back(state, _PATIENCE_SECONDS)
    return await hub.sessions.finish_external(begun.handle, sent_back)


def _state(url: str) -> str:
    """Return the state that the provider will send back; refuse what is not a page to be opened in a browser."""
    split = urlsplit(url)
    states = parse_qs(split.query).get("state", [])
    is_here = split.scheme == "http" and split.hostname in {"127.0.0.1", "::1", "localhost"}
    if not (split.scheme == "https" or is_here) or not split.hostname or len(states) != 1:
        raise BadAnswer("the provider's address is not one to open in a browser")
    return states[0]
