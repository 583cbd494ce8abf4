"""Accounts from a CSV file: read whole and refused whole, then made and proposed."""

from dataclasses import dataclass, field
from pathlib import Path

from sharing.v1 import accounts_pb2, policies_pb2

from hub.access.reading import rulebook_from_texts
from hub.accounts.importing import Offices, decoded, read_accounts
from hub.cli.account import screens
from hub.cli.account.proposing import Office, office_change
from hub.cli.calling import with_hub
from hub.cli.errors import CommandError, PartlyDone
from hub.cli.place import Place, open_console
from hub.client import account_documents, policy_documents
from hub.client.client import HubClient
from hub.client.errors import ClientError
from hub.model.account import NewAccount
from hub.model.policy import LevelKind

_MOST_CHANGES = 100
"""As many as one proposal may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """What an import has made so far: invitations, which are shown once, and proposals."""

    invited: dict[str, accounts_pb2.Invitation] = field(default_factory=dict)
    proposals: list[policies_pb2.Proposal] = field(default_factory=list)

    def document(self) -> dict[str, object]:
        """Spell all of it."""
        return {
            "invitations": [account_documents.invitation_document(*one) for one in self.invited.items()],
            "proposals": [policy_documents.proposal_document(proposal) for proposal in self.proposals],
        }


def import_accounts(place: Place, file: Path, reason: str) -> None:
    """Make the accounts that are not there, and propose offices for all who have another one, or none.

    Should it be cut short, what was made is shown all the same, and the same command goes on from there.
    """
    text = _read(file)
    made = _Made()

    async def run(hub: HubClient) -> None:
        wanted = read_accounts(text, await _offices(hub), file=file)
        there = {account.user_name: account for account in await hub.accounts.all()}
        for one in wanted:
            if one.user_name not in there:
                invitation = await hub.accounts.create(one.user_name, one.display_name, one.agency)
                made.invited[one.user_name] = invitation
        changes = [_change(one) for one in wanted if _differs(one, there.get(one.user_name))]
        for start in range(0, len(changes), _MOST_CHANGES):
            part = changes[start : start + _MOST_CHANGES]
            made.proposals.append(await hub.policies.propose_accounts(part, reason))

    try:
        with_hub(place, run)
    except ClientError as error:
        if not (made.invited or made.proposals):
            raise
        if not place.as_json:
            screens.show_imported(open_console(), made.invited, made.proposals)
        said = f"{len(made.invited)} accounts and {len(made.proposals)} proposals are made, and the rest is not."
        raise PartlyDone(said, made.document(), cause=error) from error
    place.show(made.document(), lambda console: screens.show_imported(console, made.invited, made.proposals))


def _read(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandError("NO_FILE", f"{file} cannot be read ({error.strerror}).", mend="Name a CSV file.") from None
    return decoded(content, file)


async def _offices(hub: HubClient) -> Offices:
    """Find out from the policy in force which offices can be held."""
    book = rulebook_from_texts(await hub.policies.texts(policies_pb2.Which()))
    levels = {level.id: level.agency for level in book.levels.values() if level.kind is not LevelKind.ABSTRACT}
    return Offices(agencies=tuple(book.agencies), levels=levels, areas=tuple(book.catalogue.areas))


def _differs(wanted: NewAccount, there: accounts_pb2.Account | None) -> bool:
    """Tell whether an office is wanted that the account does not have."""
    if not wanted.access_level:
        return False
    held = (there.access_level, there.agency, set(there.areas)) if there else None
    return held != (wanted.access_level, wanted.agency, set(wanted.areas))


def _change(wanted: NewAccount) -> policies_pb2.AccountChange:
    return office_change(wanted.user_name, Office(level=wanted.access_level, agency=wanted.agency, areas=wanted.areas))
