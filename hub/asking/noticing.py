"""Noticing: after an answer the agencies are told, off the requester's path, where others hold something else.

Nothing is kept for an agency that cannot be told: what is not acknowledged in time is dropped and counted, and the
next answer finds the difference again.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from types import TracebackType
from typing import Self

import structlog

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.releasing import sees_protected
from hub.audit import noticing as recorded
from hub.audit.log import AuditLog
from hub.combining.noticing import NoticeRules, notices_of
from hub.errors import NotReady, places
from hub.links.register import Links
from hub.model.answer import AgencyAnswer, Joining
from hub.model.catalogue import QuestionKind
from hub.model.notice import Judgement, Notice
from hub.model.outcome import Reason
from hub.model.person import PersonKeys
from hub.model.policy import TellDifferences
from hub.model.request import Request
from hub.model.terms import Shield

PATIENCE_SECONDS = 2.0
# So many notices wait for one agency's journal at most; those of one that is slow are in no other's way.
MOST_OF_AN_AGENCY = 100
MOST_AT_WORK = 500

_log = structlog.get_logger(__name__)


class Noticing:
    """Owns what is being told, and keeps nothing once that is told or its time is over."""

    def __init__(
        self,
        *,
        in_force: PolicyInForce,
        links: Links,
        audit: AuditLog,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take the rules, the way to the agencies, and the record."""
        self._in_force = in_force
        self._links = links
        self._audit = audit
        self._now = now
        self._policy: Policy | None = None
        self._rules: NoticeRules | None = None
        self._waiting: Counter[str] = Counter()
        self._at_work: set[asyncio.Task[None]] = set()
        self.dropped: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give up what is being told."""
        for task in self._at_work:
            task.cancel()
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing is being told any more."""
        await asyncio.gather(*self._at_work, return_exceptions=True)

    def answered(
        self,
        request: Request,
        answers: Sequence[AgencyAnswer],
        joining: Joining | None,
        *,
        shields: Collection[Shield] = (),
    ) -> None:
        """Tell agencies of differences within an answer that is closed; returns at once.

        `shields` is what sources protect, whether or not it came to be in the answer.
        """
        if joining is not None:
            self._begin(self._compare(request, answers, joining, shields))

    def judged(self, request: Request, agency: str, keys: PersonKeys, *, is_same: bool) -> None:
        """Tell an agency what the requester has said of a record of its own; returns at once.

        `keys` are the record's own values.
        """
        word = Judgement(is_same=is_same, requester=request.requester, case_reference=request.case_reference)
        self._begin(self._tell([Notice(agency=agency, request_id=request.request_id, person=keys, about=word)]))

    async def _compare(
        self, request: Request, answers: Sequence[AgencyAnswer], joining: Joining, shields: Collection[Shield]
    ) -> None:
        notices = self._notices(request, answers, joining, shields)
        # Nothing of an answer outlives it here, however long an agency takes.
        del request, answers, joining, shields
        await self._tell(notices)

    def _notices(
        self, request: Request, answers: Sequence[AgencyAnswer], joining: Joining, shields: Collection[Shield]
    ) -> Sequence[Notice]:
        policy, at = self._in_force.policy, self._now()
        question = policy.catalogue.questions.get(request.question)
        # Of an indicator the requester has seen no value, so nobody is to hear how values compare.
        if question is None or question.kind is not QuestionKind.PERSON:
            return ()
        # Who may see the protected, or opens an emergency, is shown what must not show in anything that others hear.
        if request.break_glass or sees_protected(policy, request, at):
            return ()

        def may_know(agency: str, other: str, field_class: str) -> TellDifferences | None:
            return policy.tells(agency, other, purpose=request.purpose, field_class=field_class, at=at)

        rules = self._rules_of(policy)
        return notices_of(request.request_id, answers, joining, rules, may_know, beside=shields)

    def _rules_of(self, policy: Policy) -> NoticeRules:
        if self._rules is None or policy is not self._policy:
            self._policy = policy
            areas = {agency.id: agency.areas for agency in policy.agencies.values()}
            self._rules = NoticeRules.of(policy.catalogue, areas)
        return self._rules

    async def _tell(self, notices: Sequence[Notice]) -> None:
        """Record what each agency is about to be told, then tell it; every agency by itself."""
        groups = [list(found) for _, found in groupby(notices, key=attrgetter("agency"))]
        told = [group for group in groups if self._may_begin(group)]
        try:
            if told:
                at_ms = int(self._now().timestamp() * 1_000)
                await self._audit.record(*(recorded.notice(group, at_ms) for group in told))
                await asyncio.gather(*(self._send(group) for group in told))
        except NotReady as refused:
            for group in told:
                self._drop(group[0].agency, len(group), refused.reason.lower())
        finally:
            for group in told:
                self._waiting[group[0].agency] -= len(group)

    def _may_begin(self, notices: Sequence[Notice]) -> bool:
        """Tell whether an agency can be told now at all."""
        agency = notices[0].agency
        if not self._links.connected(agency):
            return self._drop(agency, len(notices), Reason.DOWN)
        if self._waiting[agency] + len(notices) > MOST_OF_AN_AGENCY:
            return self._drop(agency, len(notices), "too_many")
        self._waiting[agency] += len(notices)
        return True

    async def _send(self, notices: Sequence[Notice]) -> None:
        agency = notices[0].agency
        sending = (self._links.notice(agency, notice, seconds=PATIENCE_SECONDS) for notice in notices)
        if failures := [reason for reason in await asyncio.gather(*sending) if reason is not None]:
            self._drop(agency, len(failures), failures[0])

    def _drop(self, agency: str, count: int, why: str) -> bool:
        before = self.dropped[agency]
        self.dropped[agency] += count
        # Each time that it has doubled: an agency whose adapter knows no notices must not fill the log.
        if before.bit_length() < self.dropped[agency].bit_length():
            _log.info("notice.dropped", agency=agency, notices=self.dropped[agency], why=str(why))
        return False

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside the questions; what is too much is not begun."""
        if len(self._at_work) >= MOST_AT_WORK:
            work.close()
            self._drop("", 1, "too_much")
            return
        task = asyncio.get_running_loop().create_task(work, name="noticing")
        self._at_work.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("notice.failed", error=type(error).__name__, at=places(error))
