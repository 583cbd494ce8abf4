"""What administrators do with accounts alone: list, create, disable, reset."""

from hub.cli.account import screens
from hub.cli.calling import with_hub
from hub.cli.place import Place
from hub.client import account_documents


def list_accounts(place: Place) -> None:
    """Show the accounts."""
    found = with_hub(place, lambda hub: hub.accounts.all())
    place.show(account_documents.accounts_document(found), lambda console: screens.show_accounts(console, found))


def create(place: Place, user: str, name: str, agency: str) -> None:
    """Make an account, and show its invitation."""
    invitation = with_hub(place, lambda hub: hub.accounts.create(user, name, agency))
    place.show(
        account_documents.invitation_document(user, invitation),
        lambda console: screens.show_invitation(console, user, invitation),
    )


def disable(place: Place, user: str) -> None:
    """Disable an account."""
    ended = with_hub(place, lambda hub: hub.accounts.disable(user))
    place.show(account_documents.ended_document(ended), lambda console: screens.show_disabled(console, user, ended))


def reset(place: Place, user: str) -> None:
    """Show an invitation to choose a new password."""
    invitation = with_hub(place, lambda hub: hub.accounts.reset(user))
    place.show(
        account_documents.invitation_document(user, invitation),
        lambda console: screens.show_invitation(console, user, invitation),
    )
