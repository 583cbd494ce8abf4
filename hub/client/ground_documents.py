"""The JSON documents of going without consent; their shapes are a promise, described in docs/grounds.md."""

from collections.abc import Iterable

from sharing.v1 import grounds_pb2, questions_pb2

from hub.client.documents import Document
from hub.client.grounds import Uses
from hub.client.moments import spell_moment

UNKNOWN = "unknown"


def confirmation_document(confirmation: grounds_pb2.Confirmation) -> Document:
    """Spell what was put to officers."""
    return {
        "id": confirmation.id,
        "requester": confirmation.requester,
        "requester_agency": confirmation.requester_agency,
        "question": confirmation.question,
        "purpose": confirmation.purpose,
        "lawful_basis": confirmation.lawful_basis,
        "ground": confirmation.ground,
        "override_reason": confirmation.override_reason,
        "case_reference": confirmation.case_reference,
        "put_at": spell_moment(confirmation.put_at_ms),
        "decide_by": spell_moment(confirmation.decide_by_ms),
        "words": [_word(word) for word in confirmation.words],
    }


def confirmations_document(confirmations: Iterable[grounds_pb2.Confirmation]) -> Document:
    """Spell several of them, oldest first."""
    return {"confirmations": [confirmation_document(confirmation) for confirmation in confirmations]}


def revoked_document(revoked: grounds_pb2.RevokeConfirmationResponse) -> Document:
    """Spell what was taken back, and how many answers went with it."""
    return {"confirmation": confirmation_document(revoked.confirmation), "dropped_answers": revoked.dropped_answers}


def preview_document(preview: grounds_pb2.PreviewBreakGlassResponse) -> Document:
    """Spell what break-glass access would open, and who would be told."""
    return {
        "fields": _choices(preview.fields),
        "told": _choices(preview.told),
        "reviewed_by": preview.reviewed_by.id,
        "review_days": preview.review_days,
        "minutes": preview.minutes,
    }


def opened_document(opened: grounds_pb2.BreakGlassResponse) -> Document:
    """Spell the access that is open."""
    return {
        "id": opened.id,
        "until": spell_moment(opened.until_ms),
        "told": _choices(opened.told),
        "review_due": spell_moment(opened.review_due_ms),
    }


def closed_document(closed: grounds_pb2.CloseBreakGlassResponse) -> Document:
    """Spell what ended early."""
    return {"closed": closed.closed, "dropped_answers": closed.dropped_answers}


def use_document(use: grounds_pb2.BreakGlassUse) -> Document:
    """Spell one use; what there is none of yet is null."""
    return {
        "id": use.id,
        "requester": use.requester,
        "requester_agency": use.requester_agency,
        "access_level": use.access_level,
        "question": use.question,
        "reason": spell_emergency(use.reason),
        "told": list(use.told),
        "opened_at": spell_moment(use.opened_at_ms),
        "until": spell_moment(use.until_ms),
        "is_open": use.is_open,
        "review_due": spell_moment(use.review_due_ms),
        "finding": spell_finding(use.finding),
        "reviewer": use.reviewer or None,
    }


def uses_document(found: Uses) -> Document:
    """Spell several uses, oldest first, and how often each user has used it."""
    return {
        "uses": [use_document(use) for use in found.uses],
        "by_user": [
            {
                "requester": count.requester,
                "requester_agency": count.requester_agency,
                "uses": count.uses,
                "unreviewed": count.unreviewed,
                "not_justified": count.not_justified,
            }
            for count in found.by_user
        ],
    }


def duty_document(duty: grounds_pb2.Duty) -> Document:
    """Spell one duty; what there is none of yet is null."""
    return {
        "id": duty.id,
        "kind": spell_duty(duty.kind),
        "agency": duty.agency,
        "requester": duty.requester,
        "about": duty.about,
        "case_reference": duty.case_reference or None,
        "made_at": spell_moment(duty.made_at_ms),
        "due": spell_moment(duty.due_ms),
        "is_overdue": duty.is_overdue,
        "fulfilled_at": spell_moment(duty.fulfilled_at_ms),
        "fulfilled_by": duty.fulfilled_by or None,
        "evidence": duty.evidence or None,
    }


def duties_document(duties: Iterable[grounds_pb2.Duty]) -> Document:
    """Spell several duties."""
    return {"duties": [duty_document(duty) for duty in duties]}


def contact_document(agency: str) -> Document:
    """Spell that a contact was passed on, which is all that anybody is told."""
    return {"agency": agency, "passed_on": True}


def spell_state(state: grounds_pb2.ConfirmationState.ValueType) -> str:
    """Spell how an agency's word stands: waiting, confirmed, declined, undecided, ended, revoked, or unknown."""
    return _spell(grounds_pb2.ConfirmationState.items(), state, "CONFIRMATION_STATE_") or UNKNOWN


def spell_because(because: grounds_pb2.Because.ValueType) -> str:
    """Spell why an officer decided so, or unknown."""
    return _spell(grounds_pb2.Because.items(), because, "BECAUSE_") or UNKNOWN


def spell_emergency(reason: grounds_pb2.BreakGlassReason.ValueType) -> str:
    """Spell why there was an emergency, or unknown."""
    return _spell(grounds_pb2.BreakGlassReason.items(), reason, "BREAK_GLASS_REASON_") or UNKNOWN


def spell_finding(finding: grounds_pb2.ReviewFinding.ValueType) -> str | None:
    """Spell what a review found; None while there is none."""
    if finding == grounds_pb2.REVIEW_FINDING_UNSPECIFIED:
        return None
    return _spell(grounds_pb2.ReviewFinding.items(), finding, "REVIEW_FINDING_") or UNKNOWN


def spell_duty(kind: grounds_pb2.DutyKind.ValueType) -> str:
    """Spell what is to be done: consent_form, inform, break_glass_review, or unknown."""
    return _spell(grounds_pb2.DutyKind.items(), kind, "DUTY_KIND_") or UNKNOWN


def _spell(items: Iterable[tuple[str, int]], number: int, prefix: str) -> str:
    """Spell a number of an enumeration; nothing for zero, and for one of a newer contract."""
    return next((name.removeprefix(prefix).lower() for name, value in items if value == number != 0), "")


def _word(word: grounds_pb2.OfficerWord) -> Document:
    return {
        "agency": word.agency,
        "state": spell_state(word.state),
        "grounds": list(word.grounds),
        "because": [spell_because(because) for because in word.because],
        "own_reference": word.own_reference or None,
        "officer": word.officer or None,
        "decided_at": spell_moment(word.decided_at_ms),
        "valid_until": spell_moment(word.valid_until_ms),
        "revoked_by": word.revoked_by or None,
    }


def _choices(choices: Iterable[questions_pb2.Choice]) -> list[Document]:
    return [{"id": choice.id, "title": choice.title} for choice in choices]
