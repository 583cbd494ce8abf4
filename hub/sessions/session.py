"""One session: the only place where an answer is ever held, and only until somebody or something ends it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from hub.errors import NotHeld, NotSignedIn, TooMuch
from hub.model.answer import AnswerPart
from hub.model.break_glass import Window
from hub.model.found_people import FoundPeople
from hub.model.request import Request, Requester
from hub.sessions.held import Behind, Held
from hub.sessions.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRules:
    """How long a session lives, how much it may hold, and for how long a second factor counts as just given."""

    idle_seconds: int = 15 * 60
    absolute_seconds: int = 12 * 60 * 60
    step_up_seconds: int = 15 * 60
    most_held: int = 20
    most_running: int = 10


class EndedBy(StrEnum):
    """Is what ended a session."""

    SIGN_OUT = "sign_out"
    IDLE = "idle"
    EXPIRY = "expiry"
    REVOKED = "revoked"
    SHUTDOWN = "shutdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One question that has not been answered yet, and how it is cut."""

    request: Request
    cut: Callable[[], None]


class Session:
    """What one signed-in requester holds; times are seconds of the clock, which never goes back."""

    __slots__ = (
        "_clock",
        "_held",
        "_let_go",
        "_limits",
        "_rules",
        "_running",
        "_stepped_up_at",
        "_stepped_up_until",
        "_withdrawn",
        "ended_by",
        "expires_at",
        "last_used",
        "requester",
        "windows",
        "words",
    )

    def __init__(self, requester: Requester, rules: SessionRules, clock: Callable[[], float]) -> None:
        """Open a session under rules on how long it lives and how much it may hold."""
        self.requester = requester
        self.last_used = clock()
        self.expires_at = self.last_used + rules.absolute_seconds
        self.ended_by: EndedBy | None = None
        self._clock = clock
        self._rules = rules
        self._held: dict[str, Held] = {}
        self._limits: dict[str, datetime] = {}
        self._let_go: dict[str, Callable[[], None]] = {}
        self._running: dict[str, Running] = {}
        self._withdrawn: set[str] = set()
        self._stepped_up_until = self.last_used
        # When a second factor was given that has not been spent; None when there is none.
        self._stepped_up_at: float | None = None
        # Break-glass access that this session has opened, by its name; what has ended may still be among it.
        self.windows = dict[str, Window]()
        # What its requester has said of people in answers.
        self.words = Words()

    @property
    def rules(self) -> SessionRules:
        """Return how long this session lives and how much it may hold."""
        return self._rules

    @property
    def over(self) -> EndedBy | None:
        """Say why the session's time is up, if it is."""
        now = self._clock()
        if now >= self.expires_at:
            return EndedBy.EXPIRY
        return EndedBy.IDLE if now - self.last_used >= self._rules.idle_seconds else None

    def shorten(self, idle_seconds: int | None, absolute_seconds: int | None) -> None:
        """Hold the session to limits that have become shorter since it was opened; it is never lengthened."""
        idle = min(self._rules.idle_seconds, idle_seconds or self._rules.idle_seconds)
        absolute = min(self._rules.absolute_seconds, absolute_seconds or self._rules.absolute_seconds)
        self.expires_at -= self._rules.absolute_seconds - absolute
        self._rules = replace(self._rules, idle_seconds=idle, absolute_seconds=absolute)

    def use(self) -> None:
        """Count the session as used now."""
        self.last_used = self._clock()

    @property
    def is_stepped_up(self) -> bool:
        """Tell whether the requester has given a second factor a short while ago."""
        return self._clock() < self._stepped_up_until

    def step_up(self) -> None:
        """Note that the requester has just given a second factor."""
        self._stepped_up_at = self._clock()
        self._stepped_up_until = self._stepped_up_at + self._rules.step_up_seconds

    def has_fresh_factor(self, seconds: float) -> bool:
        """Tell whether a second factor was given within so many seconds, and has not been spent."""
        return self._stepped_up_at is not None and self._clock() - self._stepped_up_at < seconds

    def spend_factor(self) -> None:
        """Let what was given count for one emergency and not for the next; it opens delicate fields as before."""
        self._stepped_up_at = None

    @property
    def now(self) -> float:
        """Return what the session's clock says: seconds that never go back."""
        return self._clock()

    def begin(self, request: Request, cut: Callable[[], None], let_go: Callable[[], None] = lambda: None) -> None:
        """Count a question as running; `cut` is called when the session ends before the question does.

        `let_go` is called once nothing of the question runs or is held any more.
        """
        self.require_open()
        if len(self._running) >= self._rules.most_running:
            raise TooMuch(
                "TOO_MANY_QUESTIONS",
                "Too many of your questions are running.",
                mend="Wait until one has been answered.",
            )
        if len(self._held.keys() | self._running.keys()) >= self._rules.most_held:
            raise TooMuch(
                "TOO_MANY_ANSWERS", "You hold too many open answers.", mend="Close those that you have finished with."
            )
        self._running[request.request_id] = Running(request=request, cut=cut)
        self._let_go[request.request_id] = let_go

    def finish(self, request_id: str) -> None:
        """Count a question as no longer running."""
        self._running.pop(request_id, None)
        self._settle([request_id])

    def hold(self, request: Request, part: AnswerPart, behind: Sequence[Behind] = ()) -> AnswerPart:
        """Keep a part of an answer until the answer is closed or the session ends, and return it.

        `behind` is what stays behind of agencies of which not all is shown; it is kept, and goes, with what is shown.
        A session that has ended keeps nothing, nor is anything kept of an answer that was closed: both raise.
        """
        self.require_wanted(request.request_id)
        if request.request_id not in self._held:
            self._held[request.request_id] = Held(request=request)
        held = self._held[request.request_id]
        held.take(part, behind)
        if any(answer.holds_until for answer in part.agencies) and (limit := held.limit):
            self._limits[request.request_id] = limit
        return part

    def hold_found(self, request_id: str, found: FoundPeople) -> None:
        """Keep all that a search has found, shown or not, with what is shown of it; raises as `view` does.

        The search itself has ended by the time that its second page is shown.
        """
        self.require_open()
        held = self.view(request_id)
        held.found = found
        if limit := held.limit:
            self._limits[request_id] = limit

    @property
    def limit(self) -> datetime | None:
        """Return the first moment at which something that is held may no longer be shown, if there is one."""
        return min(self._limits.values(), default=None)

    def running(self) -> tuple[Request, ...]:
        """Return the questions that are running, oldest first."""
        return tuple(running.request for running in self._running.values())

    def held(self) -> tuple[Held, ...]:
        """Return the open answers, oldest first."""
        return tuple(self._held.values())

    def find_running(self, request_id: str) -> Request | None:
        """Return a question that is running, by its name."""
        running = self._running.get(request_id)
        return None if running is None else running.request

    def find_held(self, request_id: str) -> Held | None:
        """Return an open answer, by its name."""
        return self._held.get(request_id)

    def view(self, request_id: str) -> Held:
        """Return one open answer; raise NotHeld when there is none of that name."""
        if request_id not in self._held:
            raise withdrawn() if request_id in self._withdrawn else _not_held()
        return self._held[request_id]

    def withdrawn(self) -> tuple[str, ...]:
        """Name the answers that were taken back because the rules no longer allow them."""
        return tuple(sorted(self._withdrawn))

    def withdraw(self, request_id: str) -> None:
        """Take an answer back that may no longer be shown: drop it, cut its question, and remember that it was so."""
        if request_id in self._held or request_id in self._running:
            self._withdrawn.add(request_id)
        self._cut([request_id])
        if held := self._held.pop(request_id, None):
            held.empty()
        self._settle([request_id])

    def close(self, request_id: str) -> int:
        """Drop one open answer, or all when the name is empty; return how many were dropped.

        A question that still runs is cut with its answer: what arrives afterwards belongs to nobody.
        """
        if not request_id:
            self._cut(list(self._running))
            return self._drop_all()
        if request_id not in self._held:
            raise _not_held()
        self._cut([request_id])
        self._held.pop(request_id).empty()
        self._settle([request_id])
        return 1

    def end(self, by: EndedBy) -> int:
        """End the session: cut what runs, drop what is held, return how many answers that were. Idempotent."""
        if self.ended_by is None:
            self.ended_by = by
        self._cut(list(self._running))
        self.words.forget()
        return self._drop_all()

    def require_open(self) -> None:
        """Raise NotSignedIn when the session has ended."""
        if self.ended_by is not None:
            raise not_signed_in()

    def require_wanted(self, request_id: str) -> None:
        """Raise NotSignedIn when the session has ended, NotHeld when this question's answer was closed."""
        self.require_open()
        if request_id in self._withdrawn:
            raise withdrawn()
        if request_id not in self._running:
            raise NotHeld(
                "CLOSED", "You closed this answer before it was complete.", mend="Ask again if you still need it."
            )

    def _cut(self, request_ids: Iterable[str]) -> None:
        for request_id in request_ids:
            if running := self._running.pop(request_id, None):
                running.cut()

    def _drop_all(self) -> int:
        dropped = len(self._held)
        for held in self._held.values():
            held.empty()
        self._held.clear()
        self._settle(list(self._let_go))
        return dropped

    def _settle(self, request_ids: Iterable[str]) -> None:
        """Forget what else is known of questions of which nothing runs or is held any more."""
        for request_id in request_ids:
            if request_id in self._held:
                continue
            self._limits.pop(request_id, None)
            if request_id not in self._running and (let_go := self._let_go.pop(request_id, None)):
                let_go()


def not_signed_in() -> NotSignedIn:
    """Make the error for a missing, wrong or ended session: all three read alike."""
    return NotSignedIn("NOT_SIGNED_IN", "You are not signed in, or your session has ended.", mend="Sign in again.")


def withdrawn() -> NotHeld:
    """Make the error for an answer that the rules no longer allow."""
    return NotHeld(
        "WITHDRAWN",
        "This answer was taken back: what you may see has changed since you asked, an agreement or a consent has ended,"
        " or a source could no longer say whether it has.",
        mend="See what you may ask now with: hub menu",
        field="request_id",
    )


def _not_held() -> NotHeld:
    return NotHeld(
        "NOT_HELD",
        "Your session holds no such answer.",
        mend="List what it holds, or ask the question again.",
        field="request_id",
    )
