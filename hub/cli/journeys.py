"""What each command for questions does once its words are understood: call the hub, then show what it says."""

from collections.abc import Awaitable
from datetime import UTC, datetime

from sharing.v1 import questions_pb2

from hub.cli import screens
from hub.cli.calling import with_hub
from hub.cli.person import Whom, Why, make_request
from hub.cli.place import Place, open_console
from hub.cli.progress import show_progress
from hub.cli.showing import show_answer
from hub.client import documents
from hub.client.answer import Answer
from hub.client.assembling import assemble
from hub.client.client import HubClient


def menu(place: Place) -> None:
    """Show the questions that may be asked."""
    found = with_hub(place, lambda hub: hub.menu())
    place.show(documents.menu_document(found), lambda console: screens.show_menu(console, found))


def ask(place: Place, question: str, whom: Whom, why: Why) -> None:
    """Ask one question, show the agencies as they answer, then the whole answer."""
    request = make_request(question, whom, why, datetime.now(UTC).date())
    answer = with_hub(place, lambda hub: _ask(hub, request, place))
    place.show(documents.answer_document(answer), lambda console: show_answer(console, answer))


def view(place: Place, request_id: str) -> None:
    """Show one held answer again."""

    async def look(hub: HubClient) -> Answer:
        return assemble([await hub.view(request_id)])

    answer = with_hub(place, look)
    place.show(documents.answer_document(answer), lambda console: show_answer(console, answer))


def details(place: Place, request_id: str, card: int) -> None:
    """Show all that may be seen of somebody who is only possibly the person asked about."""

    async def look(hub: HubClient) -> Answer:
        return assemble([await hub.show_details(request_id, card - 1)])

    answer = with_hub(place, look)
    place.show(documents.answer_document(answer), lambda console: show_answer(console, answer))


def judge(place: Place, request_id: str, card: int, word: questions_pb2.RequesterWord.ValueType) -> None:
    """Say whether somebody is the person asked about, and show the answer as it stands then."""

    async def say(hub: HubClient) -> Answer:
        return assemble([await hub.judge(request_id, card - 1, word)])

    answer = with_hub(place, say)
    place.show(documents.answer_document(answer), lambda console: show_answer(console, answer))


def list_held(place: Place) -> None:
    """Show which answers the hub holds."""
    held = with_hub(place, lambda hub: hub.held())
    place.show(documents.held_document(held), lambda console: screens.show_held(console, held))


def close(place: Place, request_id: str | None) -> None:
    """Drop one held answer, or all of them."""

    def drop(hub: HubClient) -> Awaitable[questions_pb2.CloseResponse]:
        return hub.close_all() if request_id is None else hub.close_answer(request_id)

    dropped = with_hub(place, drop)
    place.show(
        documents.dropped_document(dropped), lambda console: screens.show_closed(console, dropped.dropped_answers)
    )


def status(place: Place) -> None:
    """Show how the hub is doing."""
    found = with_hub(place, lambda hub: hub.status())
    place.show(documents.status_document(found), lambda console: screens.show_status(console, found))


async def _ask(hub: HubClient, request: questions_pb2.AskRequest, place: Place) -> Answer:
    parts = []
    with show_progress(None if place.as_json else open_console()) as progress:
        async for part in hub.ask(request):
            parts.append(part)
            progress.add(part)
    return assemble(parts)
