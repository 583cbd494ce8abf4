"""What is recorded on the journey of one question: who asked what, why, of whom, and what was disclosed to them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from hub.audit.leaves import entry
from hub.audit.pseudonyms import Pseudonym
from hub.model.answer import AgencyAnswer
from hub.model.entry import Entry
from hub.model.request import Request, Requester


def intent(
    request: Request,
    *,
    person: Pseudonym,
    policy_version: str,
    asked: Mapping[str, Sequence[str]],
    not_permitted: Sequence[str],
    agreements: Mapping[str, Sequence[str]],
) -> Entry:
    """Record, before any agency is asked, that a question is about to be.

    `asked` maps agencies to fields, `agreements` to those in force that cover it.
    """
    return entry(
        "intent",
        request.asked_at_ms,
        **_asked(request, person, policy_version),
        areas=request.requester.areas,
        asked=asked,
        not_permitted=not_permitted,
        confirmation=request.confirmation,
        confirmed_by=_officers(request),
        needs_more=request.needs_more,
        agreements=agreements,
    )


def disclosure(  # noqa: PLR0913 - each is a particular of the entry
    request: Request,
    answer: AgencyAnswer,
    *,
    at_ms: int,
    person: Pseudonym,
    policy_version: str,
    agreements: Sequence[str],
    apart: int = 0,
    confirms: bool = False,
) -> Entry:
    """Record, before the requester sees it, what one agency's records disclose; the agency gets a receipt of it.

    Of so many of the records as `apart` says only what tells one person from another is shown. `confirms` says that the
    requester has confirmed to need the details of somebody who is only possibly the person asked about.

    Of the records there are the names of fields and their number; not the name of their source: the agency chose it,
    and could write a person's into it. `until` is the last day of the consent on which it rests, where that has one:
    what was refused, or had ended by then, is nothing on which it rests.
    """
    more: dict[str, object] = {"apart": apart} if apart else {}
    if confirms:
        more["confirms"] = True
    records, today = answer.records, datetime.fromtimestamp(at_ms / 1_000, UTC).date().isoformat()
    return entry(
        "disclosure",
        at_ms,
        answer.agency,
        **_asked(request, person, policy_version),
        agency=answer.agency,
        confirmed_by=_officers(request).get(answer.agency, ""),
        agreements=agreements,
        fields=() if records is None else records.columns,
        records=0 if records is None else len(records),
        withheld=dict(answer.withheld),
        until=min((one.until for one in answer.consents if one.until and one.holds_on(today)), default=""),
        dropped=answer.dropped,
        **more,
    )


def asked_again(
    request: Request, at_ms: int, *, person: Pseudonym, agency: str, receivers: Mapping[str, Sequence[str]]
) -> Entry:
    """Record, before it is done, that others are asked again by numbers which an agency's records have told.

    `receivers` maps who is asked to the kinds of number. The agency that told them gets a receipt of it.
    """
    return entry(
        "asked_again",
        at_ms,
        agency,
        request=request.request_id,
        requester=request.requester.user_name,
        requester_agency=request.requester.agency,
        purpose=request.purpose,
        case_reference=request.case_reference,
        epoch=person.epoch,
        person=person.ways,
        agency=agency,
        receivers=receivers,
    )


def judgement(request: Request, at_ms: int, *, person: Pseudonym, agency: str, records: int, is_same: bool) -> Entry:
    """Record the requester's word on whether an agency's records are about the person asked about.

    The agency gets a receipt of it. Whom the records are about is not recorded: their agency is told.
    """
    return entry(
        "judgement",
        at_ms,
        agency,
        request=request.request_id,
        requester=request.requester.user_name,
        requester_agency=request.requester.agency,
        case_reference=request.case_reference,
        epoch=person.epoch,
        person=person.ways,
        agency=agency,
        records=records,
        is_same=is_same,
    )


def outcomes(request_id: str, at_ms: int, answers: Iterable[AgencyAnswer]) -> Entry:
    """Record, before the requester sees it, what became of the agencies of which nothing is disclosed."""
    return entry("outcomes", at_ms, request=request_id, agencies=[_outcome(answer) for answer in answers])


def searched(request_id: str, at_ms: int, *, people: int, more: int) -> Entry:
    """Record, before the requester sees it, how many people a page of a search shows, and how many it leaves."""
    return entry("searched", at_ms, request=request_id, people=people, more=more)


def ended_early(request_id: str, at_ms: int, *, without: Sequence[str]) -> Entry:
    """Record that a question ended before these agencies' answers could be shown."""
    return entry("ended_early", at_ms, request=request_id, without=without)


def refusal(  # noqa: PLR0913 - each is a particular of the entry
    requester: Requester,
    at_ms: int,
    *,
    question: str,
    purpose: str,
    lawful_basis: str,
    reason: str,
    special_condition: str = "",
    ground: str = "",
) -> Entry:
    """Record that a question was refused before anything was asked, why, and what it would have rested on."""
    return entry(
        "refusal",
        at_ms,
        requester=requester.user_name,
        requester_agency=requester.agency,
        access_level=requester.access_level,
        areas=requester.areas,
        question=question,
        purpose=purpose,
        lawful_basis=lawful_basis,
        special_condition=special_condition,
        ground=ground,
        reason=reason,
    )


def _asked(request: Request, person: Pseudonym, policy_version: str) -> dict[str, object]:
    """Say what was asked by whom, why and on what ground; the person as a pseudonym."""
    searched = {"criteria": request.criteria.given} if request.is_search else {}
    return {
        "request": request.request_id,
        "requester": request.requester.user_name,
        "requester_agency": request.requester.agency,
        "access_level": request.requester.access_level,
        "question": request.question,
        "purpose": request.purpose,
        "lawful_basis": request.lawful_basis,
        "special_condition": request.special_condition,
        "ground": request.ground,
        "override_reason": request.override_reason,
        "informed": request.informed,
        "informed_by": request.informed_by,
        "break_glass": request.break_glass,
        "case_reference": request.case_reference,
        "policy_version": policy_version,
        "epoch": person.epoch,
        "person": person.ways,
        **searched,
    }


def _officers(request: Request) -> dict[str, str]:
    return {confirmed.agency: confirmed.officer for confirmed in request.confirmed}


def _outcome(answer: AgencyAnswer) -> dict[str, object]:
    outcome: dict[str, object] = {"agency": answer.agency, "outcome": answer.outcome, "reason": answer.reason}
    if answer.withheld:
        outcome["withheld"] = dict(answer.withheld)
    return outcome | {"dropped": answer.dropped} if answer.dropped else outcome
