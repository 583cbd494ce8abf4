"""The JSON documents of looking into the record; their shapes are a promise, described in docs/auditing.md."""

import json
from collections.abc import Iterable
from typing import Any

from sharing.v1 import audit_pb2, records_pb2

from hub.client.documents import Document
from hub.client.errors import BadAnswer
from hub.client.moments import spell_moment
from hub.client.told import Told, read_reason

_KIND_PREFIX = "DISCREPANCY_KIND_"


def found_document(found: audit_pb2.SearchResponse) -> Document:
    """Spell what a search has found; `before` is null when everything has been looked through."""
    return {"entries": [entry_document(entry) for entry in found.entries], "before": found.before or None}


def entry_document(found: audit_pb2.FoundEntry) -> Document:
    """Spell one entry, whole."""
    return {"position": found.position, "entry": said_in(found)}


def said_in(found: audit_pb2.FoundEntry) -> dict[str, Any]:
    """Read what an entry says; raise BadAnswer where it is none."""
    try:
        said = json.loads(found.entry)
    except (ValueError, RecursionError):
        raise BadAnswer("an entry is not a JSON document") from None
    if not isinstance(said, dict):
        raise BadAnswer("an entry is not a JSON object")
    return said


def proof_document(proven: audit_pb2.GetProofResponse) -> Document:
    """Spell one entry with the proof that it is in the log; bytes are hexadecimal."""
    proof = [one.hex() for one in proven.proof]
    return {**entry_document(proven.entry), "checkpoint": proven.note, "proof": proof}


def checkpoint_document(signed: audit_pb2.GetCheckpointResponse) -> Document:
    """Spell a signed state of the log."""
    return {"checkpoint": signed.note, "key": signed.key.hex()}


def reconciled_document(compared: Iterable[audit_pb2.ReconcileResponse]) -> Document:
    """Spell how the agencies' journals stand to the record."""
    return {"agencies": [_reconciled(one) for one in compared]}


def told_document(told: Told) -> Document:
    """Spell who looked at a person."""
    return {
        "request_id": told.request_id,
        "complete": told.is_complete,
        "agencies": [
            {
                "agency": one.id,
                "title": one.title,
                "answered": one.reason is None,
                "reason": one.reason,
                "looks": one.looks,
            }
            for one in told.agencies
        ],
        "looks": [
            {
                "at": spell_moment(look.at_ms),
                "agency": look.agency,
                "office": look.office,
                "kinds": list(look.kinds),
                "purpose": look.purpose,
                "lawful_basis": look.lawful_basis,
                "sources": list(look.sources),
            }
            for look in told.looks
        ],
    }


def breadth_document(found: audit_pb2.BreadthResponse) -> Document:
    """Spell who asked about unusually many people."""
    return {
        "from": spell_moment(found.from_ms),
        "requesters": found.requesters,
        "broad": [
            {
                "requester": broad.requester,
                "agency": broad.agency,
                "access_level": broad.access_level,
                "people": broad.people,
                "usual": broad.usual,
                "requests": broad.requests,
                "searches": broad.searches,
                "people_of_one_case": broad.people_of_one_case,
            }
            for broad in found.broad
        ],
    }


def spell_discrepancy(kind: audit_pb2.DiscrepancyKind.ValueType) -> str:
    """Spell what is wrong: outstanding, missing, unknown, different or gap; unheard_of for what this client lacks."""
    if kind not in audit_pb2.DiscrepancyKind.values() or kind == audit_pb2.DISCREPANCY_KIND_UNSPECIFIED:
        return "unheard_of"
    return audit_pb2.DiscrepancyKind.Name(kind).removeprefix(_KIND_PREFIX).lower()


def _reconciled(one: audit_pb2.ReconcileResponse) -> Document:
    is_compared = one.reason == records_pb2.OUTCOME_REASON_UNSPECIFIED
    return {
        "agency": one.agency.id,
        "title": one.agency.title,
        "reason": None if is_compared else read_reason(one.reason)[0],
        "first": one.first,
        "last": one.last,
        "same": one.same,
        "discrepancies": [
            {
                "kind": spell_discrepancy(found.kind),
                "first": found.first,
                "last": found.last,
                "says": found.says,
                "mend": found.mend,
            }
            for found in one.discrepancies
        ],
        "has_more": one.has_more,
    }
