"""What is recorded where consent is gone without: confirmations, break-glass access, duties, contacts passed on.

The words of a reason that somebody typed are kept where they are decided upon, and never here: they may be of a case.
"""

from hub.audit.leaves import entry
from hub.audit.pseudonyms import Pseudonym
from hub.model.break_glass import Use
from hub.model.confirmation import Confirmation, OfficerWord
from hub.model.duty import Duty
from hub.model.entry import Entry
from hub.model.request import Requester


def confirmation_put(confirmation: Confirmation, agency: str) -> Entry:
    """Record that an agency's officer is asked to confirm a ground; the agency gets a receipt of it."""
    return entry(
        "confirmation_put",
        confirmation.put_at_ms,
        agency,
        confirmation=confirmation.id,
        agency=agency,
        requester=confirmation.requester,
        requester_agency=confirmation.requester_agency,
        question=confirmation.question,
        purpose=confirmation.purpose,
        lawful_basis=confirmation.lawful_basis,
        ground=confirmation.ground,
        override_reason=confirmation.override_reason,
        case_reference=confirmation.case_reference,
        decide_by_ms=confirmation.decide_by_ms,
        epoch=confirmation.epoch,
        person=confirmation.person,
    )


def confirmation_decided(confirmation: Confirmation, word: OfficerWord, at_ms: int) -> Entry:
    """Record what an officer decided, and until when it holds; the officer's agency gets a receipt of it."""
    return entry(
        "confirmation_decided",
        at_ms,
        word.agency,
        confirmation=confirmation.id,
        officer=word.officer,
        agency=word.agency,
        ground=confirmation.ground,
        verdict=word.verdict,
        grounds=word.grounds,
        because=word.because,
        own_reference=word.own_reference,
        until_ms=word.valid_until_ms,
    )


def confirmation_revoked(confirmation: Confirmation, agency: str, officer: str, at_ms: int) -> Entry:
    """Record that a confirmation is taken back; the officer's agency gets a receipt of it."""
    return entry(
        "confirmation_revoked",
        at_ms,
        agency,
        confirmation=confirmation.id,
        officer=officer,
        agency=agency,
        ground=confirmation.ground,
    )


def break_glass_opened(use: Use, agency: str) -> Entry:
    """Record that emergency access to one person is opened: an entry and a receipt for each agency that it reaches."""
    return entry(
        "break_glass_opened",
        use.opened_at_ms,
        agency,
        access=use.id,
        agency=agency,
        requester=use.requester,
        requester_agency=use.requester_agency,
        access_level=use.access_level,
        question=use.question,
        reason=use.reason,
        until_ms=use.until_ms,
        review_due_ms=use.review_due_ms,
        epoch=use.epoch,
        person=use.person,
    )


def break_glass_closed(access: str, user_name: str, at_ms: int, *, why: str) -> Entry:
    """Record that emergency access has ended before its time."""
    return entry("break_glass_closed", at_ms, access=access, requester=user_name, why=why)


def break_glass_reviewed(use: Use, reviewer: str, at_ms: int, *, finding: str) -> Entry:
    """Record what the review of an emergency access found."""
    return entry(
        "break_glass_reviewed", at_ms, access=use.id, requester=use.requester, reviewer=reviewer, finding=finding
    )


def duty_made(duty: Duty) -> Entry:
    """Record that an agency has to do something by a moment; `follows` names what it follows from."""
    return entry(
        "duty_made",
        duty.made_at_ms,
        duty=duty.id,
        about=duty.kind,
        owed_by=duty.agency,
        requester=duty.requester,
        follows=duty.about,
        due_ms=duty.due_ms,
    )


def duty_fulfilled(duty: Duty, user_name: str, at_ms: int, *, evidence: str) -> Entry:
    """Record who said that a duty was done, and where that can be seen."""
    return entry(
        "duty_fulfilled",
        at_ms,
        duty=duty.id,
        about=duty.kind,
        owed_by=duty.agency,
        requester=user_name,
        evidence=evidence,
    )


def contact_passed_on(  # noqa: PLR0913 - each is a particular of the entry
    request: str, requester: Requester, at_ms: int, *, agency: str, purpose: str, case_reference: str, person: Pseudonym
) -> Entry:
    """Record that an agency is asked to get in touch with a requester; whether it knows the person is nowhere told."""
    return entry(
        "contact_passed_on",
        at_ms,
        agency,
        request=request,
        agency=agency,
        requester=requester.user_name,
        requester_agency=requester.agency,
        access_level=requester.access_level,
        purpose=purpose,
        case_reference=case_reference,
        epoch=person.epoch,
        person=person.ways,
    )
