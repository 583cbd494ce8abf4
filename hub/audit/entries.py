"""What is recorded, kind by kind: who asked what, why, of whom, and what was disclosed; never a value of a case."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import orjson

from hub.model.answer import AgencyAnswer
from hub.model.entry import Entry
from hub.model.request import Request, Requester


def intent(
    request: Request,
    *,
    person: Sequence[str],
    policy_version: str,
    asked: Mapping[str, Sequence[str]],
    not_permitted: Sequence[str],
    agreements: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Entry:
    """Record, before any agency is asked, that a question is about to be.

    `asked` maps agencies to fields, and `agreements` to those in force that cover it.
    """
    return entry(
        "intent",
        request.asked_at_ms,
        request=request.request_id,
        requester=request.requester.user_name,
        agency=request.requester.agency,
        access_level=request.requester.access_level,
        areas=request.requester.areas,
        question=request.question,
        purpose=request.purpose,
        lawful_basis=request.lawful_basis,
        special_condition=request.special_condition,
        ground=request.ground,
        override_reason=request.override_reason,
        informed=request.informed,
        informed_by=request.informed_by,
        confirmation=request.confirmation,
        confirmed_by={confirmed.agency: confirmed.officer for confirmed in request.confirmed},
        break_glass=request.break_glass,
        needs_more=request.needs_more,
        agreements=dict(agreements),
        case_reference=request.case_reference,
        person=person,
        policy_version=policy_version,
        asked=asked,
        not_permitted=not_permitted,
    )


def disclosure(request_id: str, at_ms: int, answers: Iterable[AgencyAnswer]) -> Entry:
    """Record, before the requester sees it, what each agency's outcome is and which fields are disclosed."""
    return entry("disclosure", at_ms, request=request_id, agencies=[_outcome(answer) for answer in answers])


def ended_early(request_id: str, at_ms: int, *, without: Sequence[str]) -> Entry:
    """Record that a question ended before these agencies' answers could be shown."""
    return entry("ended_early", at_ms, request=request_id, without=without)


def refusal(  # all that was refused
    requester: Requester, at_ms: int, *, question: str, purpose: str, lawful_basis: str, reason: str
) -> Entry:
    """Record that a question was refused before anything was asked."""
    return entry(
        "refusal",
        at_ms,
        requester=requester.user_name,
        agency=requester.agency,
        access_level=requester.access_level,
        areas=requester.areas,
        question=question,
        purpose=purpose,
        lawful_basis=lawful_basis,
        reason=reason,
    )


def signed_in(requester: Requester, at_ms: int) -> Entry:
    """Record that a session was opened."""
    return entry("signed_in", at_ms, requester=requester.user_name, access_level=requester.access_level)


def sign_in_refused(at_ms: int, *, account: str) -> Entry:
    """Record that a sign-in failed; `account` is empty when there is none: what was typed may be a password."""
    return entry("sign_in_refused", at_ms, account=account)


def session_ended(user_name: str, at_ms: int, *, why: str, dropped: int) -> Entry:
    """Record that a session ended and how many held answers were dropped with it."""
    return entry("session_ended", at_ms, requester=user_name, why=why, dropped=dropped)


def policy_in_force(version: str, at_ms: int, *, publication: int) -> Entry:
    """Record which policy decides from here on: when the hub begins to serve, and when another comes into force."""
    return entry("policy_in_force", at_ms, policy_version=version, publication=publication)


def entry(kind: str, at_ms: int, **particulars: object) -> Entry:
    """Encode particulars in one canonical way: keys sorted, no white space."""
    return Entry(kind=kind, at_ms=at_ms, body=orjson.dumps(particulars, option=orjson.OPT_SORT_KEYS).decode())


def _outcome(answer: AgencyAnswer) -> dict[str, object]:
    outcome: dict[str, object] = {"agency": answer.agency, "outcome": answer.outcome, "reason": answer.reason}
    if answer.records is not None:
        # Not the source's name: the agency chose it, and could write a person's into it.
        outcome |= {"fields": answer.records.columns, "records": len(answer.records)}
    return outcome | {"dropped": answer.dropped} if answer.dropped else outcome
