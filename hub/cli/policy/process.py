"""What the commands do that carry a proposal from the draft to what is in force."""

from datetime import datetime, timedelta

from rich.console import Console
from sharing.v1 import policies_pb2

from hub.cli import typed
from hub.cli.calling import with_hub
from hub.cli.errors import CommandError, PartlyDone
from hub.cli.place import Place, open_console
from hub.cli.policy import screens
from hub.cli.policy.weighed import Document
from hub.cli.policy.weighed_screens import show_difference
from hub.cli.tables import cell, sentence
from hub.client import policy_documents
from hub.client.client import HubClient
from hub.client.errors import ClientError, NotHeld

_START = datetime.fromisoformat("1970-01-01T00:00:00Z")


def roll_back(place: Place, publication: int, reason: str) -> None:
    """Propose what was in force before, and show what that would change."""

    async def put(hub: HubClient) -> tuple[policies_pb2.Proposal, Document | None]:
        proposal = await hub.policies.propose_rollback(publication, reason)
        return proposal, await difference_after(hub, proposal)

    show_made(place, *with_hub(place, put))


def approve(place: Place, proposal_id: str, *, is_sure: bool) -> None:
    """Show what a proposal changes, and agree to exactly that.

    The digest that is sent is one that was read before the difference was: if the proposal is edited meanwhile, the
    hub refuses it.
    """
    if not is_sure and (place.as_json or not typed.on_terminal()):
        mend = "Look at it with `hub policy diff`, then say --yes."
        raise CommandError("NOT_SURE", "There is nobody to ask whether it is agreed to.", mend=mend)

    async def agree(hub: HubClient) -> tuple[policies_pb2.Proposal, Document | None]:
        seen = await find_proposal(hub, proposal_id)
        difference = await difference_of(hub, seen)
        if not place.as_json:
            show_proposed(open_console(), seen, difference)
        if not is_sure and typed.shown("Do you agree to exactly this? Type yes") != "yes":
            raise CommandError("NOT_SURE", "Nothing was approved.", mend="Ask its proposer, or propose an edit.")
        return await hub.policies.approve(seen.id, seen.digest), difference

    proposal, difference = with_hub(place, agree)
    place.show(proposed_document(proposal, difference), lambda console: screens.show_proposal(console, proposal))


def withdraw(place: Place, proposal_id: str) -> None:
    """End a proposal."""
    proposal = with_hub(place, lambda hub: hub.policies.withdraw(proposal_id))
    place.show(policy_documents.proposal_document(proposal), lambda console: screens.show_proposal(console, proposal))


def publish(place: Place, proposal_id: str, at: str, emergency: str) -> None:
    """Put a proposal in force."""
    at_ms = _milliseconds(at) if at else 0
    published = with_hub(place, lambda hub: hub.policies.publish(proposal_id, at_ms=at_ms, emergency=emergency))
    place.show(
        policy_documents.published_document(published), lambda console: screens.show_published(console, published)
    )


def review(place: Place, publication: int, finding: str) -> None:
    """Say what an emergency is found to have been."""
    reviewed = with_hub(place, lambda hub: hub.policies.review(publication, finding))
    place.show(
        policy_documents.publication_document(reviewed), lambda console: screens.show_publication(console, reviewed)
    )


async def find_proposal(hub: HubClient, proposal_id: str) -> policies_pb2.Proposal:
    """Find one proposal, whether it is open or done with; raise NotHeld."""
    for proposal in await hub.policies.proposals(everything=True):
        if proposal.id == proposal_id:
            return proposal
    raise NotHeld("NO_PROPOSAL", "There is no such proposal.", mend="See: hub policy proposals --all")


async def difference_of(hub: HubClient, proposal: policies_pb2.Proposal) -> Document | None:
    """Have the difference worked out that a proposal makes; None for one about accounts, which lists its changes."""
    if proposal.kind != policies_pb2.PROPOSAL_KIND_POLICY:
        return None
    which = policies_pb2.Which(proposal=proposal.id)
    return await hub.policies.weigh(policies_pb2.WeighRequest(weighing=policies_pb2.WEIGHING_DIFFERENCE, which=which))


def proposed_document(proposal: policies_pb2.Proposal, difference: Document | None) -> dict[str, object]:
    """Spell a proposal with the difference that it makes; null for one about accounts."""
    return {**policy_documents.proposal_document(proposal), "difference": difference}


def show_proposed(console: Console, proposal: policies_pb2.Proposal, difference: Document | None) -> None:
    """Paint a proposal with the difference that it makes."""
    if difference is not None:
        show_difference(console, difference)
        console.print()
    screens.show_proposal(console, proposal)


async def difference_after(hub: HubClient, proposal: policies_pb2.Proposal) -> Document | None:
    """Have the difference worked out; should that fail, the proposal is there all the same, and is named."""
    try:
        return await difference_of(hub, proposal)
    except ClientError as error:
        done = policy_documents.proposal_document(proposal)
        said = f"Proposal {proposal.id} is made; what it changes could not be shown."
        raise PartlyDone(said, done, cause=error) from error


def show_made(place: Place, proposal: policies_pb2.Proposal, difference: Document | None) -> None:
    """Show a proposal that was just made, and what comes next."""

    def paint(console: Console) -> None:
        show_proposed(console, proposal, difference)
        console.print()
        sentence(console, "Next, to put past questions again, and for others to agree:")
        for command in ("rehearse", "approve"):
            console.print(cell(f"  hub policy {command} {proposal.id}"), soft_wrap=True)

    place.show(proposed_document(proposal, difference), paint)


def _milliseconds(moment: str) -> int:
    """Read a moment, which must say its zone."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise CommandError(
            "MOMENT_INVALID",
            f"“{moment}” is not a moment with its zone.",
            mend="Write it like 2027-01-01T06:00:00+00:00.",
        )
    return (found - _START) // timedelta(milliseconds=1)
