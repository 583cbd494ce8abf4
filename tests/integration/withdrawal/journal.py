"""What withdrawals left behind: what clients saw and when, what their sessions held, and what the audit log says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

# An agency, and the fields of it that were shown or disclosed.
Shown = tuple[str, frozenset[str]]

FINISHED = "finished"


class Kind(StrEnum):
    """Is a way in which something that was allowed no longer is."""

    QUESTION = "publish: a question goes"
    AGENCY = "publish: an agency goes"
    FIELD_CLASS = "publish: a class goes"
    AGREEMENT = "publish: an agreement ends early"
    CLOCK = "an agreement ends by the clock"
    DISABLED = "an account is disabled"
    OFFICE = "an office is changed"
    SIGNED_OUT = "signed out everywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What some sessions may no longer see, stated by hand; None stands for all there are."""

    sessions: frozenset[str]
    agency: str | None = None
    fields: frozenset[str] | None = None
    # Whether the question as a whole is refused, and not only a part of its answer.
    is_whole: bool = False

    def takes(self, session: str, shown: Iterable[Shown]) -> bool:
        """Tell whether something that was shown in a session is now gone."""
        return session in self.sessions and any(self._takes(agency, fields) for agency, fields in shown)

    def _takes(self, agency: str, fields: frozenset[str]) -> bool:
        return self.agency in {None, agency} and (self.fields is None or not self.fields.isdisjoint(fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of an answer, at the moment at which its requester had it."""

    at: float
    shown: tuple[Shown, ...]


@dataclass(slots=True, kw_only=True)
class Stream:
    """One question, from the moment before it was put to the end of its stream."""

    session: str
    started_at: float
    request_id: str = ""
    parts: list[Part] = field(default_factory=list)
    is_complete: bool = False
    ended_at: float | None = None
    ended_as: str = ""

    def shown(self, *, since: float = float("-inf"), until: float = float("inf")) -> list[Shown]:
        """Return what its requester was shown after one moment and up to another."""
        return [shown for part in self.parts if since < part.at <= until for shown in part.shown]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one session said that it held, and that was taken back; `viewed` is what showing each once more said."""

    session: str
    held: frozenset[str]
    withdrawn: frozenset[str]
    viewed: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Withdrawal:
    """One withdrawal, from its request to the request that put things back."""

    kind: Kind
    gone: Gone
    requested_at: float
    acknowledged_at: float = 0.0
    restored_at: float = float("inf")
    # What says in the audit log where it took hold: the number of a publication, or the account whose sessions end.
    publication: int = 0
    account: str = ""
    requested_at_ms: int = 0
    # The instant at which an agreement ends by itself, by the wall clock.
    ends_at_ms: int = 0
    # The parts, as request and agency, that the hub had let out by the moment at which a publication took hold.
    let_out: frozenset[tuple[str, str]] = frozenset()
    looks: list[Look] = field(default_factory=list)
    # What became of sign-ins that were under way, once they were tried: a reason, or FINISHED when one was answered.
    raced: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the audit log."""

    position: int
    kind: str
    body: Mapping[str, object]
    at_ms: int


@dataclass(slots=True, kw_only=True)
class Journal:
    """Everything that was written down, by the clients and by the hub; moments are of one clock."""

    streams: list[Stream] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    log: Sequence[Entry] = ()
    # How late this process was at its own turns, at worst: so much of a time is not the hub's.
    disturbance_seconds: float = 0.0
    # Questions that were not begun since too many were under way, and policies that the workshop compiled.
    left_out: int = 0
    by_workshop: int = 0
