"""Confirmations, uses of break-glass access and duties, for people."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from sharing.v1 import grounds_pb2, questions_pb2

from hub.cli.grounds.banner import show_banner
from hub.cli.tables import cell, heading, lines, make_table, sentence
from hub.client.ground_documents import (
    spell_because,
    spell_duty,
    spell_emergency,
    spell_finding,
    spell_state,
)
from hub.client.grounds import Uses
from hub.client.moments import spell_for_people


def show_put(console: Console, confirmation: grounds_pb2.Confirmation) -> None:
    """Paint what was put to officers, and what comes next."""
    agencies = ", ".join(word.agency for word in confirmation.words)
    sentence(console, f"{confirmation.id} was put to the designated officers of: {agencies}.", "bold")
    sentence(console, f"They can decide until {spell_for_people(confirmation.decide_by_ms)} (UTC).")
    sentence(
        console, f"They see your case reference and not the person: expect a call about {confirmation.case_reference}."
    )
    sentence(console, f"Once it is confirmed: hub ask {confirmation.question} … --confirmation {confirmation.id}")


def show_queue(console: Console, confirmations: Sequence[grounds_pb2.Confirmation]) -> None:
    """Paint what was put to officers, oldest first."""
    if not confirmations:
        sentence(console, "Nothing was put to officers that is not done with.")
    for found in confirmations:
        heading(
            console, f"{found.id}, put by {found.requester} ({found.requester_agency}), case {found.case_reference}"
        )
        sentence(console, f"{found.question} for {found.purpose}, on {found.lawful_basis}.")
        sentence(console, f"Ground: {found.ground}; consent was not asked for because: {found.override_reason}.")
        put, until = spell_for_people(found.put_at_ms), spell_for_people(found.decide_by_ms)
        sentence(console, f"Put at {put}, to be decided until {until} (UTC).")
        for word in found.words:
            sentence(console, f"- {_word(word)}")


def show_decided(console: Console, confirmation: grounds_pb2.Confirmation) -> None:
    """Paint what an officer has decided."""
    for word in confirmation.words:
        sentence(console, f"{confirmation.id}: {_word(word)}.", "bold")
        sentence(console, f"Because: {', '.join(map(spell_because, word.because)).replace('_', ' ')}.")
        if word.valid_until_ms:
            sentence(console, f"It counts until {spell_for_people(word.valid_until_ms)} (UTC).")


def show_revoked(console: Console, revoked: grounds_pb2.RevokeConfirmationResponse) -> None:
    """Paint that a confirmation was taken back, and what went with it."""
    sentence(console, f"{revoked.confirmation.id} was taken back.", "bold")
    sentence(console, f"Answers that rested on it and were dropped: {revoked.dropped_answers}.")


def show_preview(console: Console, preview: grounds_pb2.PreviewBreakGlassResponse) -> None:
    """Paint what break-glass access would open, and who would be told."""
    sentence(console, "Break-glass opens what consent or a protected address would otherwise keep back.", "bold red")
    sentence(console, f"Of one person, for {preview.minutes} minutes at most: {_titles(preview.fields)}.")
    sentence(console, "What an agency protects absolutely stays closed.")
    sentence(console, f"Told at once that you opened it, and why: {_titles(preview.told)}.")
    by = preview.reviewed_by.title or preview.reviewed_by.id
    days = preview.review_days
    sentence(console, f"Reviewed within {days} days by a data guardian of {by}, or an auditor; never by you.")


def show_opened(console: Console, opened: grounds_pb2.BreakGlassResponse) -> None:
    """Paint that break-glass access is open, and what to type."""
    show_banner(console, spell_for_people(opened.until_ms), opened.id)
    sentence(
        console, f"Told: {_titles(opened.told)}. The review is due {spell_for_people(opened.review_due_ms)} (UTC)."
    )
    sentence(console, f"Ask with: hub ask … --break-glass {opened.id}")


def show_closed(console: Console, closed: grounds_pb2.CloseBreakGlassResponse) -> None:
    """Paint what ended early."""
    sentence(console, f"Closed: {closed.closed}. Answers that were dropped: {closed.dropped_answers}.")


def show_uses(console: Console, found: Uses) -> None:
    """Paint uses of break-glass access, oldest first."""
    if not found.uses:
        sentence(console, "No use of break-glass access awaits a review.")
        return
    for use in found.uses:
        heading(console, f"{use.id}, opened by {use.requester} ({use.requester_agency}, {use.access_level})")
        if use.is_open:
            show_banner(console, spell_for_people(use.until_ms), use.id)
        because = spell_emergency(use.reason).replace("_", " ")
        opened, until = spell_for_people(use.opened_at_ms), spell_for_people(use.until_ms)
        sentence(console, f"{use.question}, because: {because}. Opened at {opened}, until {until} (UTC) at most.")
        sentence(console, f"Told: {', '.join(use.told)}.")
        sentence(console, f"Review: {_review(use)}.", "" if spell_finding(use.finding) else "yellow")
    console.print()
    sentence(console, "Review one: hub break-glass review ACCESS FINDING. Count them: hub break-glass list --by-user.")


def show_counts(console: Console, found: Uses) -> None:
    """Paint how often each user has used break-glass access."""
    if not found.by_user:
        sentence(console, "Nobody has used break-glass access.")
        return
    table = make_table(("User", "Agency", "Uses", "Not reviewed", "Not justified"))
    for count in found.by_user:
        numbers = (str(count.uses), str(count.unreviewed), str(count.not_justified))
        table.add_row(cell(count.requester), cell(count.requester_agency), *map(cell, numbers))
    console.print(table)


def show_reviewed(console: Console, use: grounds_pb2.BreakGlassUse) -> None:
    """Paint what a review found."""
    sentence(console, f"{use.id}, opened by {use.requester}: {_review(use)}.", "bold")


def show_duties(console: Console, duties: Sequence[grounds_pb2.Duty]) -> None:
    """Paint what is to be done, what is due first first."""
    if not duties:
        sentence(console, "Nothing is to be done.")
        return
    table = make_table(("Duty", "What", "Whose", "Case", "Due (UTC)", "Done"))
    table.columns[0].no_wrap = True  # it is there to be copied
    for duty in duties:
        table.add_row(
            cell(duty.id),
            cell(spell_duty(duty.kind).replace("_", " ")),
            lines([duty.agency, duty.requester]),
            cell(duty.case_reference or duty.about),
            cell(spell_for_people(duty.due_ms), "bold red" if duty.is_overdue else ""),
            cell(f"{duty.fulfilled_by}, {duty.evidence}" if duty.fulfilled_by else "no"),
        )
    console.print(table)


def show_done(console: Console, duty: grounds_pb2.Duty) -> None:
    """Paint that a duty is done."""
    what = spell_duty(duty.kind).replace("_", " ")
    sentence(console, f"{duty.id} ({what}) is done; it can be seen at {duty.evidence}.")


def show_contact(console: Console, agency: str) -> None:
    """Paint that a contact was passed on: the same words for everybody."""
    sentence(console, f"Passed on to {agency}. Whether the agency knows the person, it does not say.")
    sentence(console, "If there is something to speak about, somebody there will get in touch with you.")


def _word(word: grounds_pb2.OfficerWord) -> str:
    by = f" by {word.officer}" if word.officer else ""
    back = f", taken back by {word.revoked_by}" if word.revoked_by else ""
    return f"{word.agency}: {spell_state(word.state)}{by}{back}"


def _review(use: grounds_pb2.BreakGlassUse) -> str:
    finding = spell_finding(use.finding)
    if finding:
        return f"{finding.replace('_', ' ')}, by {use.reviewer}"
    return f"due {spell_for_people(use.review_due_ms)}"


def _titles(choices: Iterable[questions_pb2.Choice]) -> str:
    return ", ".join(choice.title or choice.id for choice in choices)
