"""Changes of accounts that nobody makes alone: they are proposed, approved and published like any policy."""

from collections.abc import Sequence
from dataclasses import dataclass

from sharing.v1 import policies_pb2

from hub.cli.account import screens
from hub.cli.calling import with_hub
from hub.cli.place import Place
from hub.client import policy_documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What somebody is to ask as; without a level, nothing."""

    level: str
    agency: str
    areas: tuple[str, ...]


def propose(place: Place, changes: Sequence[policies_pb2.AccountChange], reason: str) -> None:
    """Propose changes, and show the proposal."""
    proposal = with_hub(place, lambda hub: hub.policies.propose_accounts(changes, reason))
    place.show(policy_documents.proposal_document(proposal), lambda console: screens.show_proposed(console, [proposal]))


def office_change(user: str, office: Office) -> policies_pb2.AccountChange:
    """Give an account an office, or take it away."""
    return policies_pb2.AccountChange(
        user_name=user, access_level=office.level, agency=office.agency, areas=office.areas
    )


def enabling(user: str) -> policies_pb2.AccountChange:
    """Let a disabled account sign in again."""
    return policies_pb2.AccountChange(user_name=user, keep_office=True, enable=True)


def removing_factors(user: str) -> policies_pb2.AccountChange:
    """Remove every second factor of an account."""
    return policies_pb2.AccountChange(user_name=user, keep_office=True, remove_factors=True)


def tying(user: str, issuer: str, subject: str) -> policies_pb2.AccountChange:
    """Tie an account to a provider's user."""
    return policies_pb2.AccountChange(user_name=user, keep_office=True, issuer=issuer, subject=subject)
