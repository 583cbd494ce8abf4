"""The checker: names whatever was served, released, held or left open that had been withdrawn."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.integration.withdrawal.journal import FINISHED, Entry, Journal, Kind, Stream, Withdrawal
from tests.lib.measuring import percentile

P99_SECONDS = 0.25
LONGEST_SECONDS = 1.0
# What was written just before may be read a moment after: a client reads one part, and then asks for the next. Of a
# publication it is known what had been let out by then; of the rest nothing else tells the two apart.
TRANSIT_SECONDS = 0.1
# A disclosure is decided upon, and then dated: the clock may go on by a millisecond in between.
DATED_LATER_MS = 1
REFUSALS = frozenset({"NOT_ON_MENU", "NOT_SIGNED_IN"})
TAKEN_BACK = frozenset({"WITHDRAWN", "NOT_SIGNED_IN"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """How long open streams went on after a withdrawal of one kind was acknowledged, and after it was asked for."""

    kind: Kind
    trials: int
    asked_after: int
    since_acknowledged: tuple[float, ...]
    since_requested: tuple[float, ...]


def faults_in(journal: Journal) -> list[str]:
    """Name everything that should not have been; nothing when every withdrawal took hold."""
    return [*_faults_of_each(journal), *_slow(journal), *_disturbed(journal)]


def effects(journal: Journal) -> list[Effect]:
    """Return, kind by kind, how soon the streams that had to end have ended."""
    return [_effect(journal, kind) for kind in Kind if any(found.kind is kind for found in journal.withdrawals)]


def _faults_of_each(journal: Journal) -> Iterator[str]:
    log = _Log(journal.log)
    for number, withdrawal in enumerate(journal.withdrawals):
        concerned = [stream for stream in journal.streams if stream.session in withdrawal.gone.sessions]
        for fault in (
            *_served(withdrawal, concerned),
            *_released(withdrawal, concerned, transit=TRANSIT_SECONDS + journal.disturbance_seconds),
            *_disclosed_anew(withdrawal, concerned, log),
            *_still_held(withdrawal, concerned),
            *_still_open(withdrawal, concerned),
            *_signed_in_meanwhile(withdrawal),
        ):
            yield f"{number} ({withdrawal.kind}): {fault}"


def _served(withdrawal: Withdrawal, streams: Sequence[Stream]) -> Iterator[str]:
    """Yield what was asked after the acknowledgement and answered as before."""
    for stream in _asked_after(withdrawal, streams):
        if withdrawal.gone.takes(stream.session, stream.shown(until=withdrawal.restored_at)):
            yield "a question was served under the old rules"
        elif withdrawal.gone.is_whole and stream.ended_as not in REFUSALS:
            yield f"a question was not refused: {stream.ended_as or 'it goes on'}"


def _released(withdrawal: Withdrawal, streams: Sequence[Stream], *, transit: float) -> Iterator[str]:
    """Yield what arrived after the acknowledgement and was not under way before."""
    is_published = withdrawal.publication and withdrawal.kind is not Kind.CLOCK
    since = withdrawal.acknowledged_at + (0.0 if is_published else transit)
    for stream in streams:
        late = [
            (agency, fields)
            for agency, fields in stream.shown(since=since, until=withdrawal.restored_at)
            if (stream.request_id, agency) not in withdrawal.let_out
        ]
        if stream.started_at <= withdrawal.acknowledged_at and withdrawal.gone.takes(stream.session, late):
            yield "a part arrived after the acknowledgement"


def _disclosed_anew(withdrawal: Withdrawal, streams: Sequence[Stream], log: "_Log") -> Iterator[str]:
    """Yield what was disclosed, by the log, after the withdrawal took hold."""
    sessions = {stream.request_id: stream.session for stream in streams if stream.request_id}
    for entry in log.disclosed_under(withdrawal):
        session = sessions.get(str(entry.body["request"]), "")
        if withdrawal.gone.takes(session, _disclosed(entry)):
            yield f"entry {entry.position} discloses what was withdrawn"


def _still_held(withdrawal: Withdrawal, streams: Sequence[Stream]) -> Iterator[str]:
    """Yield what sessions still held, or showed once more, a moment after the acknowledgement."""
    shown = {stream.request_id: stream.shown(until=withdrawal.restored_at) for stream in streams if stream.request_id}
    for look in withdrawal.looks:
        for request_id in look.held:
            if withdrawal.gone.takes(look.session, shown.get(request_id, ())):
                yield "an answer is still held"
        for request_id, said in look.viewed.items():
            if withdrawal.gone.takes(look.session, shown.get(request_id, ())) and said not in TAKEN_BACK:
                yield f"an answer is shown again: {said}"


def _still_open(withdrawal: Withdrawal, streams: Sequence[Stream]) -> Iterator[str]:
    """Yield streams that had shown what is withdrawn and went on, or ended as if nothing were."""
    for stream in must_end(withdrawal, streams):
        if stream.ended_at is None or stream.ended_at > withdrawal.acknowledged_at + LONGEST_SECONDS:
            yield "a stream stays open"
        elif stream.ended_as not in TAKEN_BACK and not _ended_meanwhile(withdrawal, stream):
            yield f"a stream ends as {stream.ended_as}"


def _signed_in_meanwhile(withdrawal: Withdrawal) -> Iterator[str]:
    """Yield sign-ins that had been under way and open the hub all the same."""
    yield from ("a sign-in that was under way got in" for said in withdrawal.raced if said == FINISHED)


def must_end(withdrawal: Withdrawal, streams: Sequence[Stream]) -> list[Stream]:
    """Return the streams that were open and had shown something, or were asking for it, that is withdrawn."""
    found = []
    for stream in streams:
        if stream.started_at > withdrawal.requested_at or stream.session not in withdrawal.gone.sessions:
            continue
        before = stream.shown(until=withdrawal.acknowledged_at)
        was_open = not _was_complete(stream, withdrawal.acknowledged_at) and (
            stream.ended_at is None or stream.ended_at > withdrawal.requested_at
        )
        # A stream that has shown nothing yet may not have been begun by the hub either, and is refused then.
        concerned = withdrawal.gone.takes(stream.session, before) or (withdrawal.gone.is_whole and stream.request_id)
        if was_open and concerned:
            found.append(stream)
    return found


def _ended_meanwhile(withdrawal: Withdrawal, stream: Stream) -> bool:
    """Tell whether an answer was completed, with what is still allowed, just as what had been shown of it went.

    By the clock, in the few milliseconds until the hub notices; otherwise when all of it had been let out before.
    """
    if not stream.is_complete:
        return False
    if withdrawal.kind is Kind.CLOCK:
        return stream.ended_at is not None and stream.ended_at <= withdrawal.acknowledged_at + P99_SECONDS
    agencies = {agency for agency, _ in stream.shown()}
    return all((stream.request_id, agency) in withdrawal.let_out for agency in agencies)


def _was_complete(stream: Stream, at: float) -> bool:
    """Tell whether a requester had the whole answer by a moment."""
    return stream.is_complete and stream.parts[-1].at <= at


def _slow(journal: Journal) -> Iterator[str]:
    ends = [seconds for effect in effects(journal) for seconds in effect.since_acknowledged]
    if ends and (found := percentile(ends, 99)) > P99_SECONDS + journal.disturbance_seconds:
        yield f"open streams take {found * 1_000:.0f} ms (p99) to end"


def _disturbed(journal: Journal) -> Iterator[str]:
    """Yield what befell those whom no withdrawal concerns."""
    concerned = {session for withdrawal in journal.withdrawals for session in withdrawal.gone.sessions}
    for stream in journal.streams:
        if stream.session not in concerned and stream.ended_as != FINISHED:
            yield f"somebody who is not concerned was not answered: {stream.ended_as or 'it goes on'}"


def _effect(journal: Journal, kind: Kind) -> Effect:
    of_kind = [found for found in journal.withdrawals if found.kind is kind]
    ended = [
        (stream.ended_at, withdrawal)
        for withdrawal in of_kind
        for stream in must_end(withdrawal, journal.streams)
        if stream.ended_at is not None
    ]
    return Effect(
        kind=kind,
        trials=len(of_kind),
        asked_after=sum(len(list(_asked_after(withdrawal, journal.streams))) for withdrawal in of_kind),
        since_acknowledged=tuple(max(at - withdrawal.acknowledged_at, 0.0) for at, withdrawal in ended),
        since_requested=tuple(at - withdrawal.requested_at for at, withdrawal in ended),
    )


def _asked_after(withdrawal: Withdrawal, streams: Sequence[Stream]) -> Iterator[Stream]:
    """Yield the questions that were put while it held, and of which it is known what became of them meanwhile."""
    for stream in streams:
        is_meant = withdrawal.acknowledged_at < stream.started_at < withdrawal.restored_at
        had_ended = stream.ended_at is not None and stream.ended_at < withdrawal.restored_at
        if is_meant and stream.session in withdrawal.gone.sessions and (had_ended or stream.parts):
            yield stream


def _disclosed(entry: Entry) -> list[tuple[str, frozenset[str]]]:
    fields = entry.body["fields"]
    assert isinstance(fields, list)
    return [(str(entry.body["agency"]), frozenset(fields))]


class _Log:
    """Finds in the audit log what was disclosed while a withdrawal held."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._disclosures = [entry for entry in entries if entry.kind == "disclosure"]
        self._positions = [entry.position for entry in self._disclosures]
        self._turns = [entry for entry in entries if entry.kind in {"policy_in_force", "session_ended"}]

    def disclosed_under(self, withdrawal: Withdrawal) -> list[Entry]:
        """Return the disclosures from where it took hold to where the next publication did."""
        begin = self._begin(withdrawal)
        end = self._next_publication(begin) if withdrawal.publication else float("inf")
        found = self._disclosures[bisect(self._positions, begin) : bisect(self._positions, end)]
        return [entry for entry in found if entry.at_ms > withdrawal.ends_at_ms + DATED_LATER_MS]

    def _begin(self, withdrawal: Withdrawal) -> int:
        for entry in self._turns:
            if withdrawal.publication and entry.body.get("publication") == withdrawal.publication:
                return entry.position
            is_of_account = withdrawal.account and entry.body.get("requester") == withdrawal.account
            if is_of_account and entry.at_ms >= withdrawal.requested_at_ms:
                return entry.position
        raise ValueError(f"the log does not say where a withdrawal took hold ({withdrawal.kind})")

    def _next_publication(self, position: int) -> float:
        later = (entry.position for entry in self._turns if entry.kind == "policy_in_force")
        return min((found for found in later if found > position), default=float("inf"))
