"""Past requests, as the audit log has them: who asked what, for what; nothing of any case."""

from dataclasses import dataclass
from typing import Any

import orjson

from hub.model.entry import Entry

_INTENT, _REFUSAL = "intent", "refusal"
PAST_KINDS = (_INTENT, _REFUSAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRequest:
    """One request of the past, as far as a policy decides on it; neither about whom nor under which reference.

    `position` is its place in the audit log, and 0 where that is not known. A refusal has no request id. The areas are
    None in entries that were written before offices had any, the lawful basis is empty where it was not recorded, as
    question and purpose are if they were no words of the vocabulary.
    """

    request_id: str
    position: int
    at_ms: int
    level: str
    agency: str
    areas: tuple[str, ...] | None
    question: str
    purpose: str
    lawful_basis: str
    was_refused: bool


def past_request(entry: Entry, position: int = 0) -> PastRequest | None:
    """Read a past request out of an intent or a refusal; None for entries of any other kind.

    Raises KeyError when an entry lacks what every one of its kind has.
    """
    if entry.kind not in PAST_KINDS:
        return None
    body: dict[str, Any] = orjson.loads(entry.body)
    was_refused = entry.kind == _REFUSAL
    return PastRequest(
        request_id="" if was_refused else body["request"],
        position=position,
        at_ms=entry.at_ms,
        level=body["access_level"],
        agency=body["requester_agency"],
        areas=tuple(body["areas"]) if "areas" in body else None,
        question=body["question"],
        purpose=body["purpose"],
        lawful_basis=body.get("lawful_basis", "") if was_refused else body["lawful_basis"],
        was_refused=was_refused,
    )
