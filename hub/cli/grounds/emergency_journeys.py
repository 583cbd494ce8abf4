"""What the commands of `hub break-glass` do once their words are understood."""

from datetime import UTC, datetime

from sharing.v1 import grounds_pb2

from hub.cli import typed
from hub.cli.calling import with_hub
from hub.cli.errors import CommandError
from hub.cli.grounds import screens
from hub.cli.person import Whom, make_person
from hub.cli.place import Place, open_console
from hub.client import ground_documents
from hub.client.client import HubClient


def preview(place: Place, question: str) -> None:
    """Say what would be opened, and who would be told."""
    found = with_hub(place, lambda hub: hub.grounds.preview(question))
    place.show(ground_documents.preview_document(found), lambda console: screens.show_preview(console, found))


def open_access(place: Place, question: str, whom: Whom, reason: str, *, is_sure: bool) -> None:
    """Show what would happen, and open emergency access if that is wanted."""
    if not reason:
        raise CommandError("NO_EMERGENCY", "It is not said what the emergency is.", mend="Give --because.")
    if not is_sure and (place.as_json or not typed.on_terminal()):
        mend = "Look at it with --preview, then say --yes."
        raise CommandError("NOT_SURE", "There is nobody to ask whether it is to be opened.", mend=mend)
    request = grounds_pb2.BreakGlassRequest(
        question=question,
        person=make_person(whom, datetime.now(UTC).date()),
        reason=grounds_pb2.BreakGlassReason.Value(f"BREAK_GLASS_REASON_{reason.upper()}"),
    )

    async def look_and_open(hub: HubClient) -> grounds_pb2.BreakGlassResponse:
        if not place.as_json:
            screens.show_preview(open_console(), await hub.grounds.preview(question))
        if not is_sure and typed.shown("Do you open it? Type yes") != "yes":
            raise CommandError("NOT_SURE", "Nothing was opened.", mend="Ask without it, or put it to officers.")
        return await hub.grounds.open(request)

    opened = with_hub(place, look_and_open)
    place.show(ground_documents.opened_document(opened), lambda console: screens.show_opened(console, opened))


def close(place: Place, access: str) -> None:
    """End emergency access early."""
    closed = with_hub(place, lambda hub: hub.grounds.close(access))
    place.show(ground_documents.closed_document(closed), lambda console: screens.show_closed(console, closed))


def list_uses(place: Place, *, everything: bool, by_user: bool) -> None:
    """List uses, or count them by user."""
    found = with_hub(place, lambda hub: hub.grounds.uses(everything=everything))
    show = screens.show_counts if by_user else screens.show_uses
    place.show(ground_documents.uses_document(found), lambda console: show(console, found))


def review(place: Place, access: str, finding: str) -> None:
    """Say what a use is found to have been."""
    number = grounds_pb2.ReviewFinding.Value(f"REVIEW_FINDING_{finding.upper()}")
    use = with_hub(place, lambda hub: hub.grounds.review(access, number))
    place.show(ground_documents.use_document(use), lambda console: screens.show_reviewed(console, use))
