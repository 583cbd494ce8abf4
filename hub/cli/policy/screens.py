"""Proposals and publications, for people."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from sharing.v1 import policies_pb2

from hub.cli.tables import cell, heading, make_table, sentence
from hub.client.moments import spell_for_people
from hub.client.policy_documents import spell_kind, spell_state

if TYPE_CHECKING:
    from hub.cli.policy.checking import Checked


def show_checked(console: Console, checked: "Checked") -> None:
    """Paint that a draft has no faults."""
    sentence(console, f"No faults. Version {checked.version}.", "green")
    tests = f"{checked.tests} sentences of its own tests hold" if checked.tests else "it brings no tests of its own"
    sentence(
        console,
        f"{checked.levels} levels, {checked.questions} questions, {checked.agreements} agreements; {tests}.",
    )


def show_proposal(console: Console, proposal: policies_pb2.Proposal) -> None:
    """Paint a proposal, who has agreed, and what is still missing."""
    made = spell_for_people(proposal.made_at_ms)
    sentence(console, f"Proposal {proposal.id} by {proposal.proposer}, {made}: {spell_state(proposal.state)}.", "bold")
    sentence(console, f"Because: {proposal.reason}")
    for change in proposal.changes:
        sentence(console, f"- {change_words(change)}")
    for approval in proposal.approvals:
        agency = f" for {approval.agency}" if approval.agency else ""
        sentence(console, f"Agreed: {approval.approver}{agency}, {spell_for_people(approval.at_ms)}.")
    for missing in proposal.missing:
        sentence(console, f"Missing: {missing}", "yellow")
    if proposal.publish_at_ms:
        sentence(console, f"It will be published at {spell_for_people(proposal.publish_at_ms)} (UTC).")
    elif proposal.state == policies_pb2.PROPOSAL_STATE_OPEN and not proposal.missing:
        sentence(console, f"Nothing is missing: hub policy publish {proposal.id}")


def show_proposals(console: Console, proposals: Sequence[policies_pb2.Proposal]) -> None:
    """Paint proposals, newest first."""
    if not proposals:
        sentence(console, "Nothing is proposed.")
        return
    table = make_table(("Proposal", "What", "State", "By", "Because", "Missing"))
    table.columns[0].no_wrap = True  # it is there to be copied
    for proposal in proposals:
        table.add_row(
            cell(proposal.id),
            cell(spell_kind(proposal.kind)),
            cell(spell_state(proposal.state)),
            cell(proposal.proposer),
            cell(proposal.reason),
            cell(str(len(proposal.missing)), "yellow" if proposal.missing else ""),
        )
    console.print(table)
    console.print()
    sentence(console, "See one whole: hub policy diff PROPOSAL.")


def show_published(console: Console, published: policies_pb2.PublishResponse) -> None:
    """Paint what is in force now, or when it will be."""
    if not published.HasField("publication"):
        show_proposal(console, published.proposal)
        return
    publication = published.publication
    sentence(
        console, f"Publication {publication.number} is in force: policy {publication.policy_version}.", "bold green"
    )
    if published.withdrawn_answers:
        sentence(console, f"{published.withdrawn_answers} answers were taken back: they may no longer be shown.")
    if publication.emergency:
        show_emergency(console, publication)


def show_emergency(console: Console, publication: policies_pb2.Publication) -> None:
    """Paint that an emergency publication awaits its review, or what that found."""
    if publication.review:
        sentence(console, f"The review by {publication.reviewer} found it {publication.review.replace('_', ' ')}.")
        return
    due = spell_for_people(publication.review_due_ms)
    sentence(console, f"It was an emergency and must be reviewed by {due} (UTC), by somebody else.", "bold yellow")


def show_publication(console: Console, publication: policies_pb2.Publication) -> None:
    """Paint one publication."""
    by = publication.publisher or "the deployment's folder"
    heading(console, f"{publication.number}, {spell_for_people(publication.at_ms)} (UTC), by {by}")
    sentence(console, f"{spell_kind(publication.kind).capitalize()}; policy version {publication.policy_version}.")
    sentence(console, f"Because: {publication.reason}")
    if publication.emergency:
        sentence(console, f"EMERGENCY: {publication.emergency}", "bold yellow")
        show_emergency(console, publication)


def show_history(console: Console, publications: Iterable[policies_pb2.Publication]) -> None:
    """Paint what has been in force, newest first."""
    for publication in publications:
        show_publication(console, publication)


def change_words(change: policies_pb2.AccountChange) -> str:
    """Say what becomes of an account."""
    said = []
    if not change.keep_office and change.access_level:
        areas = f" in {', '.join(change.areas)}" if change.areas else ""
        said.append(f"is given the office {change.access_level}, {change.agency}{areas}")
    elif not change.keep_office:
        said.append("loses its office")
    if change.enable:
        said.append("may sign in again")
    if change.remove_factors:
        said.append("loses every second factor, and the password with them")
    if change.issuer:
        said.append(f"is tied to {change.subject} of {change.issuer}")
    return f"{change.user_name} {' and '.join(said) or 'stays as it is'}"
