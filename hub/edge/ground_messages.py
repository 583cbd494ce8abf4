"""Going without consent in the contract's words."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sharing.v1 import grounds_pb2, questions_pb2

from hub.edge.person import person_from
from hub.errors import InvalidRequest
from hub.grounds.deciding import Decision
from hub.grounds.taking import Put
from hub.model.break_glass import BreakGlassReason, ReviewFinding, Use, UseCount
from hub.model.confirmation import Because, Confirmation, OfficerWord, Verdict, WordState
from hub.model.duty import Duty
from hub.model.grounds import DutyKind

_Word = TypeVar("_Word", bound=StrEnum)

_STATES = {state: grounds_pb2.ConfirmationState.Value(f"CONFIRMATION_STATE_{state.name}") for state in WordState}
_BECAUSE = {because: grounds_pb2.Because.Value(f"BECAUSE_{because.name}") for because in Because}
_VERDICTS = {verdict: grounds_pb2.Verdict.Value(f"VERDICT_{verdict.name}") for verdict in Verdict}
_REASONS = {
    reason: grounds_pb2.BreakGlassReason.Value(f"BREAK_GLASS_REASON_{reason.name}") for reason in BreakGlassReason
}
_FINDINGS = {finding: grounds_pb2.ReviewFinding.Value(f"REVIEW_FINDING_{finding.name}") for finding in ReviewFinding}
_DUTIES = {kind: grounds_pb2.DutyKind.Value(f"DUTY_KIND_{kind.name}") for kind in DutyKind}


def put_from(message: grounds_pb2.PutToOfficersRequest, today: date) -> Put:
    """Read what is put to officers."""
    return Put(
        question=message.question,
        person=person_from(message.person, today),
        purpose=message.purpose,
        lawful_basis=message.lawful_basis,
        ground=message.ground,
        override_reason=message.override_reason,
        case_reference=message.case_reference,
    )


def decision_from(message: grounds_pb2.DecideConfirmationRequest) -> Decision:
    """Read what an officer decides; raise InvalidRequest for a number that stands for nothing."""
    return Decision(
        verdict=_read(_VERDICTS, message.verdict, "verdict"),
        grounds=tuple(message.grounds),
        because=tuple(_read(_BECAUSE, because, "because") for because in message.because),
        own_reference=message.own_reference,
        valid_days=message.valid_days,
    )


def reason_from(number: int) -> BreakGlassReason:
    """Read why there is an emergency."""
    return _read(_REASONS, number, "reason")


def finding_from(number: int) -> ReviewFinding:
    """Read what a review found."""
    return _read(_FINDINGS, number, "finding")


def confirmation_message(confirmation: Confirmation, now_ms: int) -> grounds_pb2.Confirmation:
    """Spell what was put to officers; whom it is about is not in it, not even as a pseudonym."""
    return grounds_pb2.Confirmation(
        id=confirmation.id,
        requester=confirmation.requester,
        requester_agency=confirmation.requester_agency,
        question=confirmation.question,
        purpose=confirmation.purpose,
        lawful_basis=confirmation.lawful_basis,
        ground=confirmation.ground,
        override_reason=confirmation.override_reason,
        case_reference=confirmation.case_reference,
        put_at_ms=confirmation.put_at_ms,
        decide_by_ms=confirmation.decide_by_ms,
        words=[_word_message(confirmation, word, now_ms) for word in confirmation.words],
    )


def use_message(use: Use, *, is_open: bool) -> grounds_pb2.BreakGlassUse:
    """Spell a use of break-glass access."""
    return grounds_pb2.BreakGlassUse(
        id=use.id,
        requester=use.requester,
        requester_agency=use.requester_agency,
        access_level=use.access_level,
        question=use.question,
        reason=_REASONS[use.reason],
        told=use.told,
        opened_at_ms=use.opened_at_ms,
        until_ms=use.until_ms,
        is_open=is_open,
        review_due_ms=use.review_due_ms,
        finding=_FINDINGS[use.finding] if use.finding else grounds_pb2.REVIEW_FINDING_UNSPECIFIED,
        reviewer=use.reviewer,
    )


def count_message(count: UseCount) -> grounds_pb2.BreakGlassCount:
    """Spell how often somebody has used it."""
    return grounds_pb2.BreakGlassCount(
        requester=count.requester,
        requester_agency=count.requester_agency,
        uses=count.uses,
        unreviewed=count.unreviewed,
        not_justified=count.not_justified,
    )


def duty_message(duty: Duty, now_ms: int) -> grounds_pb2.Duty:
    """Spell a duty."""
    return grounds_pb2.Duty(
        id=duty.id,
        kind=_DUTIES[duty.kind],
        agency=duty.agency,
        requester=duty.requester,
        about=duty.about,
        case_reference=duty.case_reference,
        made_at_ms=duty.made_at_ms,
        due_ms=duty.due_ms,
        is_overdue=duty.is_overdue(now_ms),
        fulfilled_at_ms=duty.fulfilled_at_ms or 0,
        fulfilled_by=duty.fulfilled_by,
        evidence=duty.evidence,
    )


def choices(ids: Iterable[str], titles: Mapping[str, str]) -> list[questions_pb2.Choice]:
    """Spell identifiers with what people call them."""
    return [questions_pb2.Choice(id=id_, title=titles.get(id_, id_)) for id_ in ids]


def _word_message(confirmation: Confirmation, word: OfficerWord, now_ms: int) -> grounds_pb2.OfficerWord:
    return grounds_pb2.OfficerWord(
        agency=word.agency,
        state=_STATES[confirmation.state_of(word, now_ms)],
        grounds=word.grounds,
        because=[_BECAUSE[because] for because in word.because],
        own_reference=word.own_reference,
        officer=word.officer,
        decided_at_ms=word.decided_at_ms or 0,
        valid_until_ms=word.valid_until_ms or 0,
        revoked_by=word.revoked_by,
    )


def _read(words: Mapping[_Word, int], number: int, field: str) -> _Word:
    """Read a number of the contract; raise InvalidRequest for one that stands for nothing."""
    for word, known in words.items():
        if known == number:
            return word
    mend = f"Choose from: {', '.join(words)}."
    what = f"It is not said, or not in the contract's words: {field}."
    raise InvalidRequest("CODE_UNKNOWN", what, mend=mend, field=field)
