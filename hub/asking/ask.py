"""Asking: the journey of one question from the requester to the agencies and back, readable from top to bottom."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Container, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.admitting import admitted
from hub.asking.again import Again
from hub.asking.answering import Answering
from hub.asking.asked import Asked, request_from
from hub.asking.entailing import entailed
from hub.asking.grounds import WITHOUT_KEEPERS, Keepers
from hub.asking.least import require_least
from hub.asking.noticing import Noticing
from hub.asking.pages import Pages
from hub.asking.plan import Plan, make_plan
from hub.asking.releasing import ReleaseRules, sees_protected
from hub.asking.withdrawing import require_showable
from hub.audit import journey
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonym, Pseudonyms
from hub.errors import RequestError, TooMuch
from hub.links.gathering import Arrival, Gathering
from hub.links.register import Links
from hub.model.answer import AgencyAnswer, AnswerPart
from hub.model.catalogue import QuestionKind
from hub.model.entry import Entry
from hub.model.outcome import Outcome
from hub.model.policy import Permit
from hub.model.request import Request
from hub.sessions.session import Session


class Asking:
    """Takes questions through the rooms; keeps nothing of any."""

    def __init__(  # noqa: PLR0913  # the rooms that the journey passes through
        self,
        *,
        in_force: PolicyInForce,
        links: Links,
        audit: AuditLog,
        pseudonyms: Pseudonyms,
        most_running: int,
        keepers: Keepers = WITHOUT_KEEPERS,
        noticing: Noticing | None = None,
        takes_test_numbers: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take the rooms that the journey passes through, and how many questions may run at one time."""
        self._in_force = in_force
        self._links = links
        self._audit = audit
        self._pseudonyms = pseudonyms
        self._most_running = most_running
        self._now = now
        self._keepers = keepers
        self._noticing = noticing
        self._takes_test_numbers = takes_test_numbers
        self._rules = ReleaseRules()
        self.pages = Pages(in_force=in_force, audit=audit, pseudonyms=pseudonyms, rules=self._rules, now=now)
        self.running = 0

    async def ask(
        self, session: Session, asked: Asked, *, seconds: float | None = None
    ) -> AsyncGenerator[AnswerPart, None]:
        """Put one question and yield the answer in parts, as the agencies answer.

        `seconds` is how long the requester's client still waits; the question's own deadline holds if that is less.
        Raises a RequestError for what is wrong with the question, NotReady when it cannot be recorded, NotSignedIn
        when the session ends before the question does, and NotHeld when the requester closes its answer before that.
        """
        policy = self._in_force.policy
        request, permits = self._admitted(policy, session, asked)
        if request.confirmation or request.break_glass:
            request = await self._grounded(policy, session, asked, request)
            # Others were waited for, so the rules may be others by now.
            policy = self._in_force.policy
            _, permits = self._admitted(policy, session, asked)
        plan = make_plan(permits)
        # Once for all entries of the question: its keys do not change while the hub runs.
        person = self._pseudonyms.of(request.person)
        answering = Answering(
            request,
            plan,
            self._in_force,
            rules=self._rules,
            now=self._now,
            person=person,
            word_of=partial(session.words.said, request) if len(session.words) else None,
        )
        with self._running_in(session, request, plan, answering) as gathering:
            await self._audit.record(_intent(request, plan, policy, person))
            if duties := entailed(policy, request, self._now().date()):
                await self._keepers.duties.arising(request, duties)
            deadline = policy.catalogue.questions[request.question].deadline_ms / 1_000
            remaining = deadline if seconds is None else min(deadline, seconds)
            asks = answering.still_asked()
            for agency in {agency for agency, _ in plan.asked} - {permit.agency for permit in asks}:
                gathering.arrive(agency, Outcome.NOT_PERMITTED)
            policy = self._in_force.policy
            self._links.ask(
                gathering,
                request,
                [(permit.agency, permit.fields) for permit in asks],
                policy.version,
                seconds=remaining,
                agreements={permit.agency: permit.agreements for permit in asks},
                with_shielded=sees_protected(policy, request, self._now()),
            )
            if request.is_search:
                part, answers = await self.pages.first(session, request, gathering, answering)
                asyncio.get_running_loop().call_soon(self._count_dropped, answers)
                yield answering.showing(part)
                return
            while not answering.is_closed:
                arrivals = await gathering.next()
                session.require_wanted(request.request_id)
                if arrivals or not answering.has_begun:
                    part = await self._disclose(session, request, gathering, answering, arrivals)
                    yield answering.showing(session.hold(request, part, answering.behind()))
                if gathering.waiting:
                    await self._ask_again(session, request, gathering, answering)
        if self._noticing is not None:
            self._noticing.answered(request, answering.answers, answering.joining, shields=answering.shields)

    def _admitted(self, policy: Policy, session: Session, asked: Asked) -> tuple[Request, tuple[Permit, ...]]:
        """Decide whether the question may be asked; raise a RequestError where it may not, and record that."""
        at = self._now()
        with self._recording_refusal(policy, session, asked):
            permits = admitted(policy, session.requester, asked, at=at, is_stepped_up=session.is_stepped_up)
        kind = policy.catalogue.questions[asked.question].kind
        # A search is recorded whatever becomes of it; who mistypes a number has asked nothing yet.
        is_search = kind is QuestionKind.REGISTER
        with self._recording_refusal(policy, session, asked) if is_search else nullcontext():
            request = request_from(
                asked,
                session.requester,
                at=at,
                is_stepped_up=session.is_stepped_up,
                kind=kind,
                takes_test_numbers=self._takes_test_numbers,
            )
        with self._recording_refusal(policy, session, asked):
            require_least(policy, request, (*(held.request for held in session.held()), *session.running()))
        return request, permits

    async def _grounded(self, policy: Policy, session: Session, asked: Asked, request: Request) -> Request:
        """Add what officers have confirmed, and when break-glass access ends."""
        with self._recording_refusal(policy, session, asked):
            if request.confirmation:
                confirmed = await self._keepers.confirmations.confirmed(request, at=self._now())
                request = replace(request, confirmed=confirmed)
            if request.break_glass:
                until = await self._keepers.break_glass.until(session, request, at=self._now())
                request = replace(request, break_glass_until=until)
        return request

    @contextmanager
    def _recording_refusal(self, policy: Policy, session: Session, asked: Asked) -> Iterator[None]:
        try:
            yield
        except RequestError as refused:
            self._audit.submit(self._refusal(policy, session, asked, refused.reason))
            raise

    def _refusal(self, policy: Policy, session: Session, asked: Asked, reason: str) -> Entry:
        """Record a refusal in words of the vocabulary only: what else was typed may be anything."""
        catalogue = policy.catalogue
        return journey.refusal(
            session.requester,
            self._now_ms(),
            question=_known(asked.question, catalogue.questions),
            purpose=_known(asked.purpose, catalogue.purposes),
            lawful_basis=_known(asked.lawful_basis, catalogue.lawful_bases),
            special_condition=_known(asked.special_condition, catalogue.special_conditions),
            ground=_known(asked.ground, catalogue.grounds),
            reason=reason,
        )

    @contextmanager
    def _running_in(self, session: Session, request: Request, plan: Plan, answering: Answering) -> Iterator[Gathering]:
        """Count the question as running, and whatever ends it, leave nothing waiting and nothing unrecorded."""
        if self.running >= self._most_running:
            raise TooMuch(
                "HUB_BUSY", "The hub is answering as many questions as it can.", mend="Try again in a moment."
            )
        gathering = self._links.gathering(
            [agency for agency, _ in plan.asked], answering.shows_nothing, answering.may_be_asked_again()
        )
        session.begin(request, gathering.cut, gathering.let_go)
        self.running += 1
        try:
            yield gathering
        finally:
            self.running -= 1
            session.finish(request.request_id)
            gathering.forget()
            if unshown := answering.unshown():
                self._audit.submit(journey.ended_early(request.request_id, self._now_ms(), without=unshown))

    async def _ask_again(self, session: Session, request: Request, gathering: Gathering, answering: Answering) -> None:
        """Ask those that have found nobody once more, by what others have told, once it is recorded that they are."""
        planned = answering.again(gathering.waiting)
        if not planned:
            return
        await self._audit.record(*_second_round(request, planned, answering.person, self._now_ms()))
        session.require_wanted(request.request_id)
        # Decided again, since something was waited for: never more than was recorded.
        asks = {again.agency: again for again in answering.again(gathering.waiting) if again in planned}
        asked = self._links.ask_again(
            gathering,
            request,
            [(again.agency, again.fields, again.person) for again in asks.values()],
            self._in_force.policy.version,
            agreements=answering.agreements,
            with_shielded=sees_protected(self._in_force.policy, request, self._now()),
        )
        # Of whoever is not asked any more, for want of time, what was sent is about whom it was asked about at first.
        for agency in asked:
            answering.look_for(asks[agency])

    async def _disclose(  # whoever is to see what of which question
        self,
        session: Session,
        request: Request,
        gathering: Gathering,
        answering: Answering,
        arrivals: Sequence[Arrival],
    ) -> AnswerPart:
        """Return what may be shown of what has arrived, once it is recorded that it is about to be."""
        answers = answering.release(arrivals)
        # What is disclosed of whom follows from how all rows join; it goes nowhere before it is recorded.
        part = answering.part(answers, gathering.elapsed_ms())
        if answers:
            await self._audit.record(*self._disclosures(request, answering, answers, self._now_ms()))
            # The rules may have changed, or the answer been closed, while that was recorded.
            require_showable(session, self._in_force.policy, request, answers, self._now(), rules=self._rules)
            # The requester waits for the part and nobody for the counting.
            asyncio.get_running_loop().call_soon(self._count_dropped, answers)
        return part

    def _disclosures(
        self, request: Request, answering: Answering, answers: Sequence[AgencyAnswer], at_ms: int
    ) -> Iterator[Entry]:
        """Record for each agency what is disclosed of its records, then together what became of the others."""
        version = self._in_force.policy.version
        for fresh in answering.fresh:
            yield journey.disclosure(
                request,
                fresh.answer,
                at_ms=at_ms,
                person=answering.person,
                policy_version=version,
                agreements=answering.agreements.get(fresh.answer.agency, ()),
                apart=fresh.apart,
            )
        if without := answering.without(answers):
            yield journey.outcomes(request.request_id, at_ms, without)

    def _count_dropped(self, answers: Sequence[AgencyAnswer]) -> None:
        """Count what agencies must not have sent."""
        for answer in answers:
            if answer.dropped:
                self._links.at_fault(answer.agency, answer.dropped)

    def _now_ms(self) -> int:
        return int(self._now().timestamp() * 1_000)


def _intent(request: Request, plan: Plan, policy: Policy, person: Pseudonym) -> Entry:
    return journey.intent(
        request,
        person=person,
        policy_version=policy.version,
        asked=dict(plan.asked),
        not_permitted=[answer.agency for answer in plan.not_permitted],
        agreements=dict(plan.agreements),
    )


def _second_round(request: Request, planned: Sequence[Again], person: Pseudonym, at_ms: int) -> Iterator[Entry]:
    """Record for each agency that has told a number who is asked by it."""
    for source in dict.fromkeys(source for again in planned for _, source in again.told):
        receivers = {again.agency: [kind for kind, told_by in again.told if told_by == source] for again in planned}
        told = {agency: kinds for agency, kinds in receivers.items() if kinds}
        yield journey.asked_again(request, at_ms, person=person, agency=source, receivers=told)


def _known(typed: str, listed: Container[str]) -> str:
    """Return a word of the vocabulary, and nothing of any other."""
    return typed if typed in listed else ""
