"""Rehearsing a draft: past requests judged once more, under the policy in force and under the draft."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.access.authorise import authorise
from hub.access.past_requests import PastRequest
from hub.access.policy import Policy
from hub.errors import RequestError
from hub.model.policy import Office

_ALLOWED = ""
_Asked = tuple[Office, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one policy says of a request: the reason of its refusal, or what may be asked of whom.

    `step_up` says that a second factor is needed first.
    """

    refusal: str
    fields: Mapping[str, tuple[str, ...]]
    step_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyChange:
    """What of one agency's fields a request would get that it did not get before, and what no longer."""

    agency: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestChange:
    """One past request that the draft decides otherwise; a refusal is its reason's name, and empty for none."""

    request_id: str
    position: int
    at_ms: int
    level: str
    agency: str
    question: str
    purpose: str
    refusal_before: str
    refusal_after: str
    step_up_before: bool
    step_up_after: bool
    agencies: tuple[AgencyChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """How many past requests were judged, and which would change.

    `unsure` counts refused ones whose lawful basis is not in the audit log and of which the draft accepts other bases.
    """

    old: str
    new: str
    judged: int
    unsure: int
    changes: tuple[RequestChange, ...]

    @property
    def newly_refused(self) -> int:
        """Count those that are allowed now and would be refused."""
        return sum(bool(change.refusal_after and not change.refusal_before) for change in self.changes)

    @property
    def newly_allowed(self) -> int:
        """Count those that are refused now and would be allowed."""
        return sum(bool(change.refusal_before and not change.refusal_after) for change in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """Judges under one policy at one instant; many past requests are alike, and are judged once."""

    policy: Policy
    at: datetime
    known: dict[_Asked, Judged] = field(default_factory=dict)

    def judge(self, asked: _Asked) -> Judged:
        if asked not in self.known:
            self.known[asked] = self._work_out(*asked)
        return self.known[asked]

    def _work_out(self, office: Office, question: str, purpose: str, basis: str) -> Judged:
        """Ask as if the second factor had just been given, and say by itself whether that is needed."""
        try:
            permits = authorise(
                self.policy,
                office,
                question=question,
                purpose=purpose,
                basis=basis or self._any_basis(question),
                at=self.at,
                is_stepped_up=True,
            )
        except RequestError as refused:
            return Judged(refusal=refused.reason, fields={}, step_up=False)
        fields = {permit.agency: permit.fields for permit in permits if permit.fields}
        return Judged(refusal=_ALLOWED, fields=fields, step_up=self.policy.needs_step_up(permits))

    def bases(self, question: str) -> tuple[str, ...]:
        found = self.policy.catalogue.questions.get(question)
        return found.lawful_bases if found else ()

    def _any_basis(self, question: str) -> str:
        return next(iter(self.bases(question)), "")


def rehearse(past: Iterable[PastRequest], old: Policy, new: Policy, at: datetime) -> Rehearsal:
    """Judge past requests under both policies as of one instant, so that the draft alone makes the difference.

    A request whose lawful basis was not recorded is judged as if the basis were one that the question accepts.
    """
    benches = _Bench(policy=old, at=at), _Bench(policy=new, at=at)
    count: Counter[str] = Counter()
    changes: list[RequestChange] = []
    for request in past:
        asked = _asked(request, old)
        before, after = (bench.judge(asked) for bench in benches)
        count["judged"] += 1
        if not request.lawful_basis and len({frozenset(bench.bases(request.question)) for bench in benches}) > 1:
            count["unsure"] += 1
        if change := _change(request, before, after):
            changes.append(change)
    return Rehearsal(
        old=old.version, new=new.version, judged=count["judged"], unsure=count["unsure"], changes=tuple(changes)
    )


def _asked(request: PastRequest, policy: Policy) -> _Asked:
    """Say what was asked; an office of a time before areas counts for all that its agency has now."""
    areas = request.areas
    if areas is None:
        areas = policy.agencies[request.agency].areas if request.agency in policy.agencies else ()
    return Office(request.level, request.agency, areas), request.question, request.purpose, request.lawful_basis


def _change(request: PastRequest, before: Judged, after: Judged) -> RequestChange | None:
    """Compare two judgements; another reason for the same refusal is no change."""
    agencies = tuple(_agency_changes(before.fields, after.fields))
    is_same = bool(before.refusal) is bool(after.refusal) and before.step_up is after.step_up
    if is_same and not agencies:
        return None
    return RequestChange(
        request_id=request.request_id,
        position=request.position,
        at_ms=request.at_ms,
        level=request.level,
        agency=request.agency,
        question=request.question,
        purpose=request.purpose,
        refusal_before=before.refusal,
        refusal_after=after.refusal,
        step_up_before=before.step_up,
        step_up_after=after.step_up,
        agencies=agencies,
    )


def _agency_changes(
    before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]
) -> Iterator[AgencyChange]:
    for agency in dict.fromkeys((*before, *after)):
        had, will_have = before.get(agency, ()), after.get(agency, ())
        gained = tuple(name for name in will_have if name not in had)
        lost = tuple(name for name in had if name not in will_have)
        if gained or lost:
            yield AgencyChange(agency=agency, gained=gained, lost=lost)
