"""Break-glass: emergency access to one person for one question, opened by one requester in one session for an hour."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from hub.access.policy import Policy, Standing
from hub.agreeing.actor import Actor
from hub.agreeing.carrying import carried_through
from hub.audit import grounds as recorded
from hub.audit.pseudonyms import Pseudonym
from hub.errors import InvalidRequest, NotAllowed
from hub.grounds.acting import not_known
from hub.grounds.deciding import DAY_MS
from hub.grounds.needs import ID_BYTES, Surroundings, UseStore, milliseconds
from hub.model.break_glass import BreakGlassReason, Use, Window
from hub.model.duty import Duty
from hub.model.grounds import DutyKind
from hub.model.person import PersonKeys
from hub.model.policy import LevelKind
from hub.model.request import Request, Requester
from hub.sessions.registry import Sessions
from hub.sessions.session import EndedBy, Session

# Much shorter than for delicate fields: whoever finds a session open must not find an emergency in it.
FACTOR_SECONDS = 120.0
LONGEST_MINUTES = 60
REVIEW_WITHIN_DAYS = 7
# With so many uses that nobody has reviewed, one of them overdue, no other is opened.
MOST_UNREVIEWED = 3

TakeBack = Callable[[Callable[[Request], bool]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be opened, who would be told, and for how many minutes."""

    fields: tuple[str, ...]
    told: tuple[str, ...]
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """How many accesses ended early, and how many answers that rested on them were dropped."""

    closed: int
    dropped: int


class Opening:
    """Opens break-glass access and closes it; what is open is known to its session and to nothing else."""

    def __init__(self, surroundings: Surroundings, uses: UseStore, sessions: Sessions, take_back: TakeBack) -> None:
        """Take the store of uses, and what takes answers back; a new policy may end what is open."""
        self._around = surroundings
        self._uses = uses
        self._sessions = sessions
        self._take_back = take_back
        surroundings.policies.listen(self._follow)

    def preview(self, actor: Actor, requester: Requester, question: str) -> Preview:
        """Say what would be opened and who would be told; raise NotAllowed when the requester may not open it."""
        actor.require(LevelKind.PROFESSIONAL)
        policy = self._around.policy
        _require_level(policy, requester)
        if policy.may_ask(requester.office, question=question) is not Standing.MAY_ASK:
            mend = "Choose one from your menu: break-glass opens nothing that your access level does not reach."
            raise NotAllowed("NOT_ON_MENU", "This question is not on your menu.", mend=mend, field="question")
        return Preview(
            fields=_fields(policy, requester, question, self._around.now()),
            told=policy.catalogue.questions[question].agencies,
            minutes=_minutes(policy),
        )

    async def open(
        self, actor: Actor, session: Session, question: str, person: PersonKeys, reason: BreakGlassReason
    ) -> Use:
        """Open access, once it is recorded for every source agency and somebody has the duty to review it.

        A second factor opens one access only, so that none is ever renewed without a new one.
        """
        preview = self.preview(actor, session.requester, question)
        named = self._around.person(person)
        _require_one_way(named)
        _require_factor(session)
        await self._require_reviewed(session.requester)
        # Once more, for it may have been spent meanwhile; and nothing runs between the look and the spending.
        _require_factor(session)
        session.spend_factor()
        now = self._around.now()
        until = now + timedelta(minutes=preview.minutes)
        now_ms = milliseconds(now)
        use = Use(
            id=secrets.token_hex(ID_BYTES),
            requester=session.requester.user_name,
            requester_agency=session.requester.agency,
            access_level=session.requester.access_level,
            question=question,
            reason=reason,
            epoch=named.epoch,
            person=named.ways,
            told=preview.told,
            opened_at_ms=now_ms,
            until_ms=milliseconds(until),
            review_due_ms=now_ms + REVIEW_WITHIN_DAYS * DAY_MS,
        )
        window = Window(
            id=use.id,
            question=question,
            person=frozenset(use.person),
            told=frozenset(use.told),
            until=until,
            ends=session.now + preview.minutes * 60,
        )
        await carried_through(self._take_effect(session, use, window))
        return use

    def close(self, session: Session, access: str) -> Closed:
        """End access of this session early, or all of it when no name is given, and drop what rests on it."""
        if access and access not in _open_in(session, self._around.now()):
            raise not_known("break-glass access open", "hub break-glass list", "id")
        return self._close([session], why="closed", only=access)

    def close_forbidden(self) -> Closed:
        """End what was opened under levels that may not open it any more."""
        policy = self._around.policy
        forbidden = [session for session in self._sessions if not _may_open(policy, session.requester)]
        return self._close(forbidden, why="forbidden")

    def _follow(self, _policy: Policy) -> None:
        self.close_forbidden()

    async def until(self, session: Session, request: Request, *, at: datetime) -> datetime:
        """Return when an access ends; raise NotAllowed unless this session has it open for this person and question.

        Every way in which the request names the person must have been given when it was opened: otherwise one that was
        would carry another that belongs to somebody else. Another question may be of agencies that were not told, and
        so may this one be under a later policy.
        """
        window = _open_in(session, at).get(request.break_glass)
        person = set(self._around.person(request.person).ways)
        question = self._around.policy.catalogue.questions.get(request.question)
        is_for = window is not None and request.question == window.question and person <= window.person
        if window is None or not is_for or question is None or not set(question.agencies) <= window.told:
            mend = "Open one with: hub break-glass open. It is for one person and question, and for this session."
            what = "You have no break-glass access open under this name for this person and question."
            raise NotAllowed("BREAK_GLASS_NOT_OPEN", what, mend=mend, field="break_glass")
        return window.until

    def open_now(self, user_name: str) -> tuple[Window, ...]:
        """Return what one user has open, in whichever session."""
        now = self._around.now()
        return tuple(
            window
            for session in self._sessions
            if session.requester.user_name == user_name
            for window in _open_in(session, now).values()
        )

    def session_ended(self, session: Session) -> None:
        """Record that access ended with its session."""
        by = session.ended_by or EndedBy.REVOKED
        for window in _open_in(session, self._around.now()).values():
            self._record_closed(session, window, why=by.value)
        session.windows.clear()

    def _close(self, sessions: list[Session], *, why: str, only: str = "") -> Closed:
        closed: set[str] = set()
        for session in sessions:
            for window in _open_in(session, self._around.now()).values():
                if only in {"", window.id}:
                    del session.windows[window.id]
                    closed.add(window.id)
                    self._record_closed(session, window, why=why)
        return Closed(closed=len(closed), dropped=self._take_back(lambda request: request.break_glass in closed))

    def _record_closed(self, session: Session, window: Window, *, why: str) -> None:
        entry = recorded.break_glass_closed(window.id, session.requester.user_name, self._around.now_ms(), why=why)
        self._around.audit.submit(entry)

    async def _take_effect(self, session: Session, use: Use, window: Window) -> None:
        """Tell the agencies, give somebody the duty to review it, and open it; all of it, or nothing."""
        await self._around.audit.record(*(recorded.break_glass_opened(use, agency) for agency in use.told))
        await asyncio.to_thread(self._uses.add, use, _review_of(use))
        session.require_open()
        session.windows[window.id] = window

    async def _require_reviewed(self, requester: Requester) -> None:
        """Raise NotAllowed when too many of a requester's uses wait for a review, and one of them for too long."""
        listed = partial(self._uses.listed, MOST_UNREVIEWED, with_reviewed=False, requester=requester.user_name)
        unreviewed = await asyncio.to_thread(listed)
        now_ms = self._around.now_ms()
        if len(unreviewed) >= MOST_UNREVIEWED and any(use.review_due_ms <= now_ms for use in unreviewed):
            mend = "Have them reviewed by your agency's guardian or an auditor; a colleague can open it meanwhile."
            raise NotAllowed("REVIEWS_OVERDUE", "Too many of your uses wait for a review that is overdue.", mend=mend)


def _require_level(policy: Policy, requester: Requester) -> None:
    if not _may_open(policy, requester):
        mend = "Ask a colleague whose level may, or the agency itself: see hub contact."
        raise NotAllowed("NO_BREAK_GLASS", "Your access level does not open break-glass access.", mend=mend)


def _may_open(policy: Policy, requester: Requester) -> bool:
    return policy.is_held(requester.office) and policy.levels[requester.access_level].break_glass


def _require_one_way(named: Pseudonym) -> None:
    """Raise InvalidRequest when a person is named in several ways: nobody can tell whether all mean the same person."""
    if len(named.ways) > 1:
        raise InvalidRequest(
            "SEVERAL_WAYS",
            "Break-glass access is to one person, and a number of one with the names of another would open two.",
            mend="Give the NHS number, or the UPN, or names and date of birth; and ask with the same.",
            field="person",
        )


def _require_factor(session: Session) -> None:
    if not session.has_fresh_factor(FACTOR_SECONDS):
        raise NotAllowed(
            "FRESH_FACTOR_NEEDED",
            "Break-glass needs a second factor given within the last two minutes, and for this alone.",
            mend="Give a code with: hub stepup. Each opens one access.",
        )


def _minutes(policy: Policy) -> int:
    return min(policy.catalogue.release.break_glass_minutes, LONGEST_MINUTES)


def _fields(policy: Policy, requester: Requester, question: str, at: datetime) -> tuple[str, ...]:
    """Return what may come back for any purpose that the requester may give."""
    permits = (
        permit
        for purpose in policy.purposes(requester.office, question)
        for permit in policy.permits(requester.office, question=question, purpose=purpose, at=at)
    )
    fields = {field for permit in permits for field in permit.fields}
    return tuple(field for field in policy.catalogue.questions[question].fields if field in fields)


def _open_in(session: Session, at: datetime) -> dict[str, Window]:
    """Return what is open in a session; of its two clocks, whichever is ahead ends it."""
    return {name: window for name, window in session.windows.items() if at < window.until and session.now < window.ends}


def _review_of(use: Use) -> Duty:
    return Duty(
        id=secrets.token_hex(ID_BYTES),
        kind=DutyKind.BREAK_GLASS_REVIEW,
        agency=use.requester_agency,
        requester=use.requester,
        about=use.id,
        case_reference="",
        epoch=use.epoch,
        person=use.person,
        made_at_ms=use.opened_at_ms,
        due_ms=use.review_due_ms,
    )
