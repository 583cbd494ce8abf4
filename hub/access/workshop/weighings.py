"""What the workshop works out about policies beside compiling them: pieces of documents that JSON can spell."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.access.allowances import Allowance
from hub.access.difference import Change, Difference, difference
from hub.access.explain import explain
from hub.access.explanation import Explanation
from hub.access.matrix import matrix_rows
from hub.access.past_requests import PastRequest
from hub.access.reading import rulebook_from_texts
from hub.access.rehearse import RequestChange, rehearse
from hub.access.spans import FOREVER, Spans
from hub.access.written import WrittenPolicy, compile_written
from hub.model.policy import Office

Draft = Mapping[str, bytes]
Parameters = Mapping[str, Any]


def weigh(drafts: Sequence[Draft], parameters: Parameters) -> Iterator[object]:
    """Say whose records the second policy opens against the first, and for whom it loosens anything else."""
    found = _difference(drafts, parameters)
    yield {"opens": sorted(found.opens | found.loosens), "loosens": any(other.is_looser for other in found.others)}


def matrix_of(drafts: Sequence[Draft], parameters: Parameters) -> Iterator[object]:
    """Yield the rows of a policy's access matrix, of one level if one is named."""
    (policy,) = map(_policy, drafts)
    at, level = _instant(parameters), parameters.get("level")
    for row in matrix_rows(policy, at):
        if level in {None, "", row.level}:
            yield _row(row, policy, at)


def difference_of(drafts: Sequence[Draft], parameters: Parameters) -> Iterator[object]:
    """Yield who gains, who loses and what else changes by the second policy, each with the name of its list."""
    found, at = _difference(drafts, parameters), _instant(parameters)
    yield from (("gains", _change(change, at)) for change in found.gains)
    yield from (("losses", _change(change, at)) for change in found.losses)
    for other in found.others:
        said = {"place": other.path, "old": other.old, "new": other.new, "is_looser": other.is_looser}
        yield "others", said
    yield from (("opens", agency) for agency in sorted(found.opens))
    yield from (("loosens", agency) for agency in sorted(found.loosens))


def explanation_of(drafts: Sequence[Draft], parameters: Parameters) -> Iterator[object]:
    """Yield the one document that explains a decision."""
    (policy,) = map(_policy, drafts)
    agency = policy.agencies.get(parameters["requester"])
    areas = tuple(parameters["areas"]) or (agency.areas if agency else ())
    found = explain(
        policy,
        Office(parameters["level"], parameters["requester"], areas),
        question=parameters["question"],
        agency=parameters["source"],
        purpose=parameters["purpose"],
        at=_instant(parameters),
    )
    yield _explained(found)


def rehearsal_of(drafts: Sequence[Draft], parameters: Parameters) -> Iterator[object]:
    """Yield which of the past requests would come out otherwise under the second policy, then how many there were."""
    old, new = map(_policy, drafts)
    past = [PastRequest(**{**said, "areas": _areas(said["areas"])}) for said in parameters["past"]]
    found = rehearse(past, old, new, _instant(parameters))
    yield from (_request_change(change) for change in found.changes)
    yield {"put_again": found.judged, "unsure": found.unsure, "changed": len(found.changes)}


def _policy(draft: Draft) -> WrittenPolicy:
    return compile_written(rulebook_from_texts(draft))


def _difference(drafts: Sequence[Draft], parameters: Parameters) -> Difference:
    old, new = map(_policy, drafts)
    return difference(old, new, _instant(parameters))


def _instant(parameters: Parameters) -> datetime:
    return datetime.fromisoformat(parameters["at"])


def _areas(said: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if said is None else tuple(said)


def _row(row: Allowance, policy: WrittenPolicy, at: datetime) -> dict[str, object]:
    return {"level_title": policy.levels[row.level].title, **_allowance(row, at)}


def _allowance(row: Allowance, at: datetime) -> dict[str, object]:
    return {
        "level": row.level,
        "requester": row.requester,
        "areas": row.areas,
        "question": row.question,
        "source": row.source,
        "purposes": row.purposes,
        "classes": row.classes,
        "fields": row.fields,
        "spans": _spans(row.spans, at),
    }


def _spans(spans: Spans, at: datetime) -> list[dict[str, str | None]]:
    """Spell spans; null stands for now, and for no end."""
    return [
        {
            "from": None if starts <= at else starts.isoformat(),
            "until": None if ends == FOREVER else ends.isoformat(),
        }
        for starts, ends in spans
    ]


def _change(change: Change, at: datetime) -> dict[str, object]:
    return {"sentence": change.sentence, **_allowance(change.allowance, at)}


def _explained(found: Explanation) -> dict[str, object]:
    return {
        "may": found.failed is None,
        "failed": found.failed,
        "refusal": found.refusal,
        "verdict": found.summary,
        "fields": found.fields,
        "sentences": [
            *(rule.told for rule in found.rules),
            *(agreement.told for agreement in found.agreements),
        ],
        "classes": {
            one.field_class: {"allowed": one.verdict == "shown", "verdict": one.verdict, "because": one.told}
            for one in found.classes
        },
    }


def _request_change(change: RequestChange) -> dict[str, object]:
    return {
        "request": change.request_id,
        "position": change.position,
        "level": change.level,
        "agency": change.agency,
        "question": change.question,
        "purpose": change.purpose,
        "refusal_before": change.refusal_before,
        "refusal_after": change.refusal_after,
        "gains": {agency.agency: agency.gained for agency in change.agencies if agency.gained},
        "losses": {agency.agency: agency.lost for agency in change.agencies if agency.lost},
        "sentence": _told(change),
    }


def _told(change: RequestChange) -> str:
    """Say what becomes of a whole question, where it is not only fields that come and go."""
    if change.refusal_after and not change.refusal_before:
        return "It would be refused."
    if change.refusal_before and not change.refusal_after:
        return "It would no longer be refused."
    if change.step_up_after and not change.step_up_before:
        return "It would need a second factor."
    if change.step_up_before and not change.step_up_after:
        return "It would no longer need a second factor."
    return ""
