"""What is recorded of going without consent: who asked what of whose officers, who decided, opened or did it."""

from collections.abc import Sequence

from hub.audit.entries import entry
from hub.grounds.needs import Passed
from hub.model.break_glass import ReviewFinding, Use
from hub.model.confirmation import Confirmation, OfficerWord
from hub.model.duty import Duty
from hub.model.entry import Entry


def put_to_officers(confirmation: Confirmation) -> Entry:
    """Record that officers are asked to confirm a ground."""
    return entry(
        "confirmation_put",
        confirmation.put_at_ms,
        confirmation=confirmation.id,
        requester=confirmation.requester,
        requester_agency=confirmation.requester_agency,
        question=confirmation.question,
        purpose=confirmation.purpose,
        lawful_basis=confirmation.lawful_basis,
        ground=confirmation.ground,
        override_reason=confirmation.override_reason,
        case_reference=confirmation.case_reference,
        person=confirmation.person,
        put_to=[word.agency for word in confirmation.words],
        decide_by_ms=confirmation.decide_by_ms,
    )


def decided(confirmation: str, word: OfficerWord, at_ms: int) -> Entry:
    """Record an officer's word before it counts."""
    return entry(
        "confirmation_decided",
        at_ms,
        confirmation=confirmation,
        agency=word.agency,
        officer=word.officer,
        verdict=word.verdict,
        grounds=word.grounds,
        because=word.because,
        own_reference=word.own_reference,
        valid_until_ms=word.valid_until_ms,
    )


def revoked(confirmation: str, agency: str, officer: str, at_ms: int) -> Entry:
    """Record that a confirmation is taken back."""
    return entry("confirmation_revoked", at_ms, confirmation=confirmation, agency=agency, officer=officer)


def opened(use: Use, agency: str) -> Entry:
    """Record, for one source agency, that break-glass access is about to be opened."""
    return entry(
        "break_glass_opened",
        use.opened_at_ms,
        break_glass=use.id,
        agency=agency,
        requester=use.requester,
        requester_agency=use.requester_agency,
        access_level=use.access_level,
        question=use.question,
        reason=use.reason,
        person=use.person,
        until_ms=use.until_ms,
        review_due_ms=use.review_due_ms,
    )


def closed(use: str, requester: str, at_ms: int, *, why: str) -> Entry:
    """Record that break-glass access ended before its time."""
    return entry("break_glass_closed", at_ms, break_glass=use, requester=requester, why=why)


def reviewed(use: Use, reviewer: str, finding: ReviewFinding, at_ms: int) -> Entry:
    """Record what a review found."""
    return entry(
        "break_glass_reviewed", at_ms, break_glass=use.id, requester=use.requester, reviewer=reviewer, finding=finding
    )


def arisen(duty: Duty) -> Entry:
    """Record that an agency has something to do."""
    return entry(
        "duty_made",
        duty.made_at_ms,
        duty=duty.id,
        about=duty.kind,
        agency=duty.agency,
        requester=duty.requester,
        follows=duty.about,
        due_ms=duty.due_ms,
    )


def fulfilled(duty: Duty, by: str, evidence: str, at_ms: int) -> Entry:
    """Record that it was done."""
    return entry("duty_fulfilled", at_ms, duty=duty.id, agency=duty.agency, by=by, evidence=evidence)


def contact(passed: Passed, person: Sequence[str], at_ms: int) -> Entry:
    """Record that an agency is asked to get in touch about a person."""
    return entry(
        "contact_requested",
        at_ms,
        request=passed.request_id,
        agency=passed.agency,
        requester=passed.requester.user_name,
        requester_agency=passed.requester.agency,
        purpose=passed.purpose,
        case_reference=passed.case_reference,
        person=person,
    )
