"""Withdrawing: what is held or still coming, and may no longer be shown, goes at once."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.permitted import permitted
from hub.model.answer import AgencyAnswer
from hub.model.request import Request
from hub.sessions.registry import Sessions
from hub.sessions.session import Held, Session, withdrawn

# A clock may be set while the hub waits for a turn, so it never waits longer than this without a look.
LONGEST_WAIT_SECONDS = 1.0

_log = structlog.get_logger(__name__)


def may_show(policy: Policy, request: Request, answers: tuple[AgencyAnswer, ...], at: datetime) -> bool:
    """Tell whether everything in these answers may be shown to whoever asked, under a policy at an instant."""
    permits = permitted(policy, request, at)
    allowed = {permit.agency: permit.fields for permit in permits}
    return all(
        answer.records is None or set(answer.records.columns) <= set(allowed.get(answer.agency, ()))
        for answer in answers
    )


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
    ) -> None:
        """Take the policy that decides and the sessions that hold answers."""
        self._in_force = in_force
        self._sessions = sessions
        self._now = now
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

    def held(self, session: Session, request_id: str) -> Held:
        """Return one open answer; raise NotHeld when there is none, or when it may no longer be shown."""
        held = session.view(request_id)
        if self._take_back(session, held, self._in_force.policy, self._now()):
            raise withdrawn()
        return held

    async def watch(self) -> None:
        """Take back, at the second at which an agreement ends, what rested on it."""
        looked = self._now()
        while True:
            policy = self._in_force.policy
            upcoming = min((turn for turn in policy.turns if turn > looked), default=None)
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

    @staticmethod
    def _take_back(session: Session, held: Held, policy: Policy, at: datetime) -> bool:
        if all(may_show(policy, held.request, part.agencies, at) for part in held.parts):
            return False
        session.withdraw(held.request.request_id)
        return True
