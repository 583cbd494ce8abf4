"""The JSON documents that programs read: their shapes are a promise, described in docs/client.md."""

from collections.abc import Iterable
from typing import TypeAlias

from sharing.v1 import questions_pb2, sessions_pb2, status_pb2

from hub.client.answer import AgencyOutcome, Answer, Person, Standing, Value, Withheld
from hub.client.matching_documents import card_document, indicator_document
from hub.client.moments import spell_moment

Document: TypeAlias = dict[str, object]


def answer_document(answer: Answer) -> Document:
    """Spell a whole answer."""
    return {
        "question": answer.question,
        "wording": answer.wording,
        "purpose": answer.purpose,
        "policy_version": answer.policy_version,
        "request_id": answer.request_id,
        "people": [_person(person, answer) for person in answer.people],
        "outcomes": {outcome.agency: _outcome(outcome) for outcome in answer.outcomes},
        "handling": [
            {"title": said.title, "fields": list(said.fields), "words": said.words} for said in answer.handling
        ],
        "break_glass_until": answer.break_glass_until,
        "complete": answer.complete,
        "elapsed_ms": answer.elapsed_ms,
        "indicator": answer.indicator and indicator_document(answer.indicator),
    }


def session_document(session: sessions_pb2.SignInResponse) -> Document:
    """Spell a session that was opened; never with its token."""
    return {
        "display_name": session.display_name,
        "access_level": session.access_level,
        "access_level_title": session.access_level_title,
        "agency": session.agency,
        "idle_seconds": session.idle_seconds,
        "expires_at": spell_moment(session.expires_at_ms),
        "last_signed_in": spell_moment(session.last_signed_in_ms),
        "is_stepped_up": session.is_stepped_up,
        "notices": list(session.notices),
    }


def stepped_up_document(seconds: int) -> Document:
    """Spell for how long a second factor counts as just given."""
    return {"seconds": seconds}


def dropped_document(dropped: sessions_pb2.SignOutResponse | questions_pb2.CloseResponse) -> Document:
    """Spell how many held answers were dropped."""
    return {"dropped_answers": dropped.dropped_answers}


def menu_document(menu: questions_pb2.MenuResponse) -> Document:
    """Spell the menu."""
    return {"policy_version": menu.policy_version, "questions": [_question(question) for question in menu.questions]}


def held_document(held: questions_pb2.ListHeldResponse) -> Document:
    """Spell what the session holds, oldest first."""
    return {
        "held": [
            {
                "request_id": answer.request_id,
                "question": answer.question,
                "case_reference": answer.case_reference,
                "asked_at": spell_moment(answer.asked_at_ms),
            }
            for answer in held.held
        ],
        "withdrawn": list(held.withdrawn),
    }


def status_document(status: status_pb2.GetStatusResponse) -> Document:
    """Spell how the hub is doing."""
    return {
        "hub_version": status.hub_version,
        "policy_version": status.policy_version,
        "started_at": spell_moment(status.started_at_ms),
        "sessions": status.sessions,
        "held_answers": status.held_answers,
        "agencies": [_agency(agency) for agency in status.agencies],
        "publication": status.publication,
        "notices": list(status.notices),
        "hardening": _hardening(status.hardening),
    }


def spell_kind(kind: questions_pb2.QuestionKind.ValueType) -> str:
    """Spell what a question is about: person, register, indicator, or unknown."""
    try:
        found = questions_pb2.QuestionKind.Name(kind).removeprefix("QUESTION_KIND_").lower()
    except ValueError:
        return "unknown"
    return "unknown" if found == "unspecified" else found


def spell_swap(swap: status_pb2.SwapState.ValueType) -> str:
    """Spell whether the system may write memory to a disk: off, on, or unknown."""
    match swap:
        case status_pb2.SWAP_STATE_OFF:
            return "off"
        case status_pb2.SWAP_STATE_ON:
            return "on"
        case _:
            return "unknown"


def spell_breaker(breaker: status_pb2.BreakerState.ValueType) -> str:
    """Spell a circuit breaker's state: closed, open, half_open, or unknown."""
    match breaker:
        case status_pb2.BREAKER_STATE_CLOSED:
            return "closed"
        case status_pb2.BREAKER_STATE_OPEN:
            return "open"
        case status_pb2.BREAKER_STATE_HALF_OPEN:
            return "half_open"
        case _:
            return "unknown"


def _person(person: Person, answer: Answer) -> Document:
    agencies = {outcome.agency: outcome.title for outcome in answer.outcomes}
    return {
        "card": person.card and card_document(person.number, person.card, answer.titles, agencies),
        "identity": dict(person.identity),
        "certain": person.certain,
        "fields": {name: [_value(value) for value in values] for name, values in person.fields.items()},
        "disagreements": [
            {
                "field": disagreement.field,
                "values": [
                    {"value": saying.value, "agencies": list(saying.agencies)} for saying in disagreement.sayings
                ],
            }
            for disagreement in person.disagreements
        ],
    }


def _value(value: Value) -> Document:
    return {
        "value": value.value,
        "agency": value.agency,
        "source": value.source,
        "record": value.record,
        "record_date": value.record_date,
        "retrieved_at": value.retrieved_at,
    }


def _outcome(outcome: AgencyOutcome) -> Document:
    return {
        "outcome": outcome.outcome.value,
        "reason": outcome.reason.value if outcome.reason else None,
        "elapsed_ms": outcome.elapsed_ms,
        "title": outcome.title,
        "unasked_rows": outcome.unasked_rows,
        "unasked_cells": outcome.unasked_cells,
        "unfit_cells": outcome.unfit_cells,
        "withheld": [_withheld(kept) for kept in outcome.withheld],
        "consents": [_standing(standing) for standing in outcome.consents],
    }


def _withheld(kept: Withheld) -> Document:
    return {"class": kept.field_class, "title": kept.title, "reason": kept.reason.value if kept.reason else None}


def _standing(standing: Standing) -> Document:
    return {
        "state": standing.state.value,
        "given_by": standing.given_by.value,
        "decided_on": standing.decided_on or None,
        "until": standing.until or None,
        "review_due": standing.review_due or None,
        "records": standing.records,
    }


def _question(question: questions_pb2.MenuQuestion) -> Document:
    return {
        "id": question.id,
        "wording": question.wording,
        "purposes": _choices(question.purposes),
        "lawful_bases": _choices(question.lawful_bases),
        "agencies": _choices(question.agencies),
        "fields": _choices(question.fields),
        "step_up": question.step_up,
        "less_intrusive": _choices(question.less_intrusive),
        "kind": spell_kind(question.kind),
        "special_conditions": _choices(question.special_conditions),
        "grounds": [
            {"id": ground.id, "title": ground.title, "needs_officer": ground.needs_officer}
            for ground in question.grounds
        ],
    }


def _choices(choices: Iterable[questions_pb2.Choice]) -> list[Document]:
    return [{"id": choice.id, "title": choice.title} for choice in choices]


def _agency(agency: status_pb2.AgencyStatus) -> Document:
    return {
        "agency": agency.agency,
        "title": agency.title,
        "breaker": spell_breaker(agency.breaker),
        "links": [_link(link) for link in agency.links],
        "faults": agency.faults,
        "receipts_outstanding": agency.receipts_outstanding if agency.HasField("receipts_outstanding") else None,
        "disputes_log": agency.disputes_log,
    }


def _hardening(hardening: status_pb2.Hardening) -> Document:
    return {
        "overwrites_freed_memory": hardening.overwrites_freed_memory,
        "core_dumps_are_off": hardening.core_dumps_are_off,
        "memory_is_private": hardening.memory_is_private,
        "swap": spell_swap(hardening.swap),
        "losses": list(hardening.losses),
    }


def _link(link: status_pb2.LinkStatus) -> Document:
    return {
        "instance": link.instance,
        "program": link.program,
        "connected_at": spell_moment(link.connected_at_ms),
        "in_flight": link.in_flight,
        "asked": link.asked,
    }
