"""How a command calls the hub within the session of its folder."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from hub.cli.folder import ClientFolder
from hub.cli.place import Place
from hub.client.client import HubClient
from hub.client.errors import NotSignedIn

_Found = TypeVar("_Found")


def with_hub(place: Place, journey: Callable[[HubClient], Awaitable[_Found]]) -> _Found:
    """Call the hub within the session; forget the token once the hub says that the session is over.

    A call may get the session a new token: it is kept at once, since the old one opens nothing any more.
    """
    folder = ClientFolder(path=place.folder)
    address, token = folder.address(), folder.token()

    async def call() -> _Found:
        async with HubClient(address, token=token) as hub:
            try:
                return await journey(hub)
            finally:
                if hub.token not in {token, ""}:
                    folder.keep(hub.token)

    try:
        return asyncio.run(call())
    except NotSignedIn:
        folder.forget(token)
        raise


def without_session(place: Place, journey: Callable[[HubClient], Awaitable[_Found]]) -> _Found:
    """Call the hub for something that needs no session."""
    address = ClientFolder(path=place.folder).address()

    async def call() -> _Found:
        async with HubClient(address) as hub:
            return await journey(hub)

    return asyncio.run(call())
