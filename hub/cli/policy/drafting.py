"""What the commands do that take a draft from a folder: check it here, and propose it once it has no faults."""

from pathlib import Path

from sharing.v1 import policies_pb2

from hub.cli.calling import with_hub
from hub.cli.place import Place
from hub.cli.policy import screens
from hub.cli.policy.checking import check_folder
from hub.cli.policy.process import difference_after, show_made
from hub.cli.policy.weighed import Document
from hub.client.client import HubClient


def check(place: Place, folder: Path) -> None:
    """Say how much is in a draft that has no faults."""
    checked = check_folder(folder)
    names = ("version", "levels", "questions", "agreements", "tests")
    place.show({name: getattr(checked, name) for name in names}, lambda console: screens.show_checked(console, checked))


def propose(place: Place, folder: Path, reason: str, edited: str) -> None:
    """Check a draft here, propose it, and show what it would change."""
    checked = check_folder(folder)

    async def put(hub: HubClient) -> tuple[policies_pb2.Proposal, Document | None]:
        proposal = await hub.policies.propose(checked.texts, reason=reason, proposal=edited)
        return proposal, await difference_after(hub, proposal)

    show_made(place, *with_hub(place, put))
