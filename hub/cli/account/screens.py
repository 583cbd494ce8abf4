"""Accounts, for people."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from sharing.v1 import accounts_pb2, policies_pb2

from hub.cli.policy.screens import show_proposal
from hub.cli.tables import cell, lines, make_table, sentence
from hub.client.moments import spell_for_people


def show_accounts(console: Console, accounts: Sequence[accounts_pb2.Account]) -> None:
    """Paint accounts, by user name."""
    if not accounts:
        sentence(console, "There is no account that you may see.")
        return
    table = make_table(("User", "Name", "Office", "Sign-in", "Last signed in (UTC)"), widths=(3, 3, 4, 4, 4))
    for account in accounts:
        last = account.last_signed_in_ms
        table.add_row(
            cell(account.user_name),
            cell(account.display_name),
            cell(_office(account)),
            lines(_sign_in(account)),
            cell(spell_for_people(last) if last else "never"),
        )
    console.print(table)


def show_invitation(console: Console, user: str, invitation: accounts_pb2.Invitation) -> None:
    """Paint an invitation, which is shown once."""
    sentence(console, f"Invitation for {user}, which works once and until {_until(invitation)}:")
    console.print(cell(invitation.token), soft_wrap=True)
    sentence(console, "It is shown once. Hand it over in person; its holder says: hub accept")


def show_disabled(console: Console, user: str, ended: int) -> None:
    """Paint what ended."""
    sessions = "1 session" if ended == 1 else f"{ended} sessions"
    sentence(console, f"{user} cannot sign in any more; {sessions} ended.")


def show_proposed(console: Console, proposals: Sequence[policies_pb2.Proposal]) -> None:
    """Paint proposals about accounts."""
    for proposal in proposals:
        show_proposal(console, proposal)
        console.print()
        sentence(console, f"Others agree with: hub policy approve {proposal.id}")


def show_imported(
    console: Console, invited: Mapping[str, accounts_pb2.Invitation], proposals: Sequence[policies_pb2.Proposal]
) -> None:
    """Paint the invitations of an import, and what it proposed."""
    if invited:
        sentence(console, "Invitations, each shown once; hand them over in person:")
        for user, invitation in invited.items():
            console.print(cell(f"{user}  {invitation.token}  until {_until(invitation)}"), soft_wrap=True)
        console.print()
    show_proposed(console, proposals)
    if not (invited or proposals):
        sentence(console, "Everybody is there already, with that office.")


def _office(account: accounts_pb2.Account) -> str:
    if not account.access_level:
        return f"none ({account.agency})"
    return f"{account.access_level} ({', '.join([account.agency, *account.areas])})"


def _sign_in(account: accounts_pb2.Account) -> list[str]:
    """Say whether somebody can sign in, and how."""
    said = ["DISABLED"] if account.disabled else []
    said.append("password" if account.has_password else "no password yet")
    said.append("second factor" if account.has_second_factor else "no second factor")
    return said


def _until(invitation: accounts_pb2.Invitation) -> str:
    return f"{spell_for_people(invitation.expires_at_ms)} (UTC)"
