"""Withdrawing: what is held or still coming, and may no longer be shown, goes at once."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import structlog

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.permitted import permitted
from hub.asking.releasing import ReleaseRules, still_may_leave
from hub.model.answer import AgencyAnswer
from hub.model.catalogue import Catalogue
from hub.model.request import Request
from hub.sessions.held import Held
from hub.sessions.registry import Sessions
from hub.sessions.session import Session, withdrawn

# A clock may be set while the hub waits for a turn, so it never waits longer than this without a look.
LONGEST_WAIT_SECONDS = 1.0
# Without a link, an agency could not say that consent was taken back, or that somebody objects; it is given this long
# to come again.
LONGEST_UNHEARD = timedelta(seconds=60)

# An agency, and which of its processes.
_Sender: TypeAlias = tuple[str, str]

_log = structlog.get_logger(__name__)


def may_show(
    policy: Policy, request: Request, answers: tuple[AgencyAnswer, ...], at: datetime, *, rules: ReleaseRules
) -> bool:
    """Tell whether everything in these answers may be shown to whoever asked, under a policy at an instant."""
    permits = {permit.agency: permit for permit in permitted(policy, request, at)}
    return all(
        still_may_leave(policy, request, answer, permits.get(answer.agency), rules=rules, at=at) for answer in answers
    )


def require_showable(  # whose answer it is, and by what it is decided
    session: Session,
    policy: Policy,
    request: Request,
    answers: tuple[AgencyAnswer, ...],
    at: datetime,
    *,
    rules: ReleaseRules,
) -> None:
    """Raise NotHeld when these answers may not be shown any more, or their answer was closed."""
    if not may_show(policy, request, answers, at, rules=rules):
        session.withdraw(request.request_id)
    session.require_wanted(request.request_id)


def may_go_on(policy: Policy, request: Request, at: datetime) -> bool:
    """Tell whether a question that is running may still be asked of anybody."""
    permits = permitted(policy, request, at)
    return any(permit.refusal is None for permit in permits)


class Withdrawing:
    """Takes back what the rules no longer allow, from all sessions at once or when one is looked at."""

    def __init__(
        self,
        in_force: PolicyInForce,
        sessions: Sessions,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        is_linked: Callable[[str, str], bool] = lambda _agency, _instance: True,
    ) -> None:
        """Take the policy that decides, the sessions that hold answers, and whether an agency's process has a link."""
        self._in_force = in_force
        self._sessions = sessions
        self._now = now
        self._is_linked = is_linked
        self._rules = ReleaseRules()
        # Agencies' processes of which something is held and that have no link, and since when.
        self._unheard: dict[_Sender, datetime] = {}
        self._changed = asyncio.Event()
        in_force.listen(lambda _: self._changed.set())

    def everywhere(self) -> int:
        """Take back whatever may no longer be shown or asked, in every session; return how many answers that were.

        A session whose office nobody can hold any more ends. Never awaits: nothing happens in between.
        """
        policy, at = self._in_force.policy, self._now()
        taken = 0
        for session in self._sessions:
            if not policy.is_held(session.requester.office):
                taken += len(session.held())
                self._sessions.revoke(session.requester.user_name)
                continue
            level = policy.levels[session.requester.access_level]
            session.shorten(level.idle_seconds, level.absolute_seconds)
            for held in session.held():
                taken += self._take_back(session, held, policy, at)
            for request in session.running():
                if not may_go_on(policy, request, at):
                    taken += 1
                    session.withdraw(request.request_id)
        if taken:
            _log.info("answers.withdrawn", answers=taken, policy_version=policy.version)
        return taken

    def take_back(self, rests: Callable[[Request], bool]) -> int:
        """Take back every answer, held or still coming, whose request says that it rests on what is no more."""
        found = [
            (session, request)
            for session in self._sessions
            for request in (*(held.request for held in session.held()), *session.running())
            if rests(request)
        ]
        for session, request in found:
            session.withdraw(request.request_id)
        return len({request.request_id for _, request in found})

    def withdraw_from_source(self, agency: str, request_id: str) -> bool:
        """Take back an answer of which an agency says that it may no longer be shown; tell whether there was one.

        An agency's word counts for what it sent itself, or may still send, and for nobody else's. Once its part has
        been told and shows nothing there is nothing to take back: to drop the answer would tell that it held something.
        """
        for session in self._sessions:
            held, request = session.find_held(request_id), session.find_running(request_id)
            if held is not None and (told := _part_of(held, agency)) is not None:
                counts = told.records is not None
            else:
                counts = request is not None and self._is_asked(agency, request)
            if counts:
                session.withdraw(request_id)
            if held is not None or request is not None:
                return counts
        return False

    def past_their_time(self) -> int:
        """Take back what may be shown only up to a moment that has come; return how many answers that were."""
        at = self._now()
        taken = 0
        for session in self._sessions:
            if session.limit is not None and session.limit <= at:
                for held in session.held():
                    if held.limit is not None and held.limit <= at:
                        session.withdraw(held.request.request_id)
                        taken += 1
        return taken

    def unwatched(self) -> int:
        """Take back what rests on consent, or on nobody's objecting, and whose senders cannot say that it has ended.

        Another process of the agency does not know what this one has sent, so a link of its own does not help.
        """
        at, catalogue = self._now(), self._in_force.policy.catalogue
        held = [(session, held) for session in self._sessions for held in session.held()]
        silent = {sender for _, one in held for sender in _senders(one) if not self._is_linked(*sender)}
        self._unheard = {sender: self._unheard.get(sender, at) for sender in silent}
        lost = {sender for sender, since in self._unheard.items() if at - since >= LONGEST_UNHEARD}
        if not lost:
            return 0
        found = [
            (session, one.request.request_id)
            for session, one in held
            if any(
                _sender(answer) in lost and _rests_on_a_word(one.request, answer, catalogue) for answer in one.answers()
            )
        ]
        for session, request_id in found:
            session.withdraw(request_id)
        return len(found)

    def held(self, session: Session, request_id: str) -> Held:
        """Return one open answer; raise NotHeld when there is none, or when it may no longer be shown."""
        held = session.view(request_id)
        if self._take_back(session, held, self._in_force.policy, self._now()):
            raise withdrawn()
        return held

    async def watch(self) -> None:
        """Take back, at the second at which an agreement, a consent or an access ends, what rested on it."""
        looked = self._now()
        while True:
            policy = self._in_force.policy
            limits = (session.limit for session in self._sessions if session.limit is not None)
            upcoming = min((turn for turn in (*policy.turns, *limits) if turn > looked), default=None)
            wait = LONGEST_WAIT_SECONDS
            if upcoming is not None:
                wait = min(wait, max((upcoming - self._now()).total_seconds(), 0))
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    # A new policy may have an agreement that ends sooner.
                    await self._changed.wait()
            before, looked = looked, self._now()
            if any(before < turn <= looked for turn in self._in_force.policy.turns):
                self.everywhere()
            if taken := self.past_their_time() + self.unwatched():
                _log.info("answers.withdrawn", answers=taken, policy_version=policy.version)

    def _is_asked(self, agency: str, request: Request) -> bool:
        question = self._in_force.policy.catalogue.questions.get(request.question)
        return question is not None and agency in question.agencies

    def _take_back(self, session: Session, held: Held, policy: Policy, at: datetime) -> bool:
        if may_show(policy, held.request, held.answers(), at, rules=self._rules):
            return False
        session.withdraw(held.request.request_id)
        return True


def _part_of(held: Held, agency: str) -> AgencyAnswer | None:
    """Return all that may be told of an agency, if anything has been."""
    return next((answer for answer in held.answers() if answer.agency == agency), None)


def _sender(answer: AgencyAnswer) -> _Sender:
    return answer.agency, answer.instance


def _senders(held: Held) -> set[_Sender]:
    """Name whoever sent what is shown, or stays behind."""
    return {_sender(answer) for answer in held.answers() if answer.records is not None}


def _rests_on_a_word(request: Request, answer: AgencyAnswer, catalogue: Catalogue) -> bool:
    """Tell whether something of another agency's is shown that consent, or an objection, would keep back."""
    if answer.records is None or answer.agency == request.requester.agency:
        return False
    fields, classes = catalogue.fields, catalogue.field_classes
    return any(name in fields and classes[fields[name].field_class].is_kept_back for name in answer.records.columns)
