"""What auditors ask and are told, in the contract's words."""

from collections.abc import Mapping
from typing import assert_never

from sharing.v1 import audit_pb2, questions_pb2, records_pb2

from hub.access.policy import Policy
from hub.auditing.breadth import Broad
from hub.auditing.comparing import Discrepancy
from hub.auditing.criteria import Criteria
from hub.auditing.reading import Found
from hub.auditing.reconciling import Reconciled, Span
from hub.auditing.subject import SubjectOpening, SubjectOutcome
from hub.auditing.telling import Look
from hub.model.outcome import Reason


def criteria_from(request: audit_pb2.SearchRequest) -> Criteria:
    """Read what is searched for; raise InvalidRequest for what no entry could have."""
    return Criteria(
        requester=request.requester,
        agency=request.agency,
        question=request.question,
        purpose=request.purpose,
        kind=request.kind,
        request_id=request.request_id,
        from_ms=request.from_ms,
        until_ms=request.until_ms,
    )


def span_from(request: audit_pb2.ReconcileRequest) -> Span:
    """Read what is compared."""
    receipts = request.receipts
    return Span(first=receipts.first, last=receipts.last, from_ms=request.from_ms, until_ms=request.until_ms)


def found_message(found: Found) -> audit_pb2.FoundEntry:
    """Spell one entry."""
    return audit_pb2.FoundEntry(position=found.position, entry=found.leaf)


def reconciled_message(reconciled: Reconciled, policy: Policy) -> audit_pb2.ReconcileResponse:
    """Spell how one agency's journal stands to the record."""
    return audit_pb2.ReconcileResponse(
        agency=_agency(reconciled.agency, policy),
        reason=_reason(reconciled.reason),
        first=reconciled.first,
        last=reconciled.last,
        same=reconciled.same,
        discrepancies=map(_discrepancy, reconciled.discrepancies),
        has_more=reconciled.has_more,
    )


def subject_message(part: SubjectOpening | SubjectOutcome | Look, policy: Policy) -> audit_pb2.SubjectResponse:
    """Spell one part of what a person may be told."""
    match part:
        case SubjectOpening():
            planned = [_agency(agency, policy) for agency in part.planned]
            opening = audit_pb2.SubjectOpening(request_id=part.request_id, planned=planned)
            return audit_pb2.SubjectResponse(opening=opening)
        case SubjectOutcome():
            outcome = audit_pb2.SubjectOutcome(
                agency=part.agency,
                outcome=records_pb2.Outcome.Value(f"OUTCOME_{part.outcome.name}"),
                reason=_reason(part.reason),
                looks=part.looks,
            )
            return audit_pb2.SubjectResponse(outcome=outcome)
        case Look():
            return audit_pb2.SubjectResponse(look=_look(part))
    assert_never(part)


def broad_message(broad: Broad) -> audit_pb2.Broad:
    """Spell a requester who stands out."""
    return audit_pb2.Broad(
        requester=broad.requester,
        agency=broad.agency,
        access_level=broad.access_level,
        people=broad.people,
        usual=broad.usual,
        requests=broad.requests,
        searches=broad.searches,
        people_of_one_case=broad.people_of_one_case,
    )


def _look(look: Look) -> audit_pb2.Look:
    return audit_pb2.Look(
        at_ms=look.at_ms,
        agency=look.agency,
        office=look.office,
        kinds=look.kinds,
        purpose=look.purpose,
        lawful_basis=look.lawful_basis,
        sources=look.sources,
    )


def _discrepancy(found: Discrepancy) -> audit_pb2.Discrepancy:
    kind = audit_pb2.DiscrepancyKind.Value(f"DISCREPANCY_KIND_{found.wrong.name}")
    return audit_pb2.Discrepancy(kind=kind, first=found.first, last=found.last, says=found.says, mend=found.mend)


def _agency(agency: str, policy: Policy) -> questions_pb2.Choice:
    found = policy.agencies.get(agency)
    return questions_pb2.Choice(id=agency, title=found.title if found is not None else agency)


_REASONS: Mapping[Reason | None, records_pb2.OutcomeReason.ValueType] = {
    None: records_pb2.OUTCOME_REASON_UNSPECIFIED,
    **{reason: records_pb2.OutcomeReason.Value(f"OUTCOME_REASON_{reason.name}") for reason in Reason},
}


def _reason(reason: Reason | None) -> records_pb2.OutcomeReason.ValueType:
    return _REASONS[reason]
