"""Asking: the journey of one question from the requester to the agencies and back, readable from top to bottom."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking import searching
from hub.asking.admitting import admitted
from hub.asking.answering import Answering
from hub.asking.asked import Asked, request_from
from hub.asking.entailing import entailed
from hub.asking.grounds import WITHOUT_KEEPERS, Keepers
from hub.asking.least import require_least
from hub.asking.permitted import permitted
from hub.asking.plan import Plan, make_plan
from hub.asking.releasing import ReleaseRules, sees_protected
from hub.asking.withdrawing import may_show
from hub.audit import journey
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonym, Pseudonyms
from hub.errors import RequestError, TooMuch
from hub.links.gathering import Arrival, Gathering
from hub.links.register import Links
from hub.model.answer import AgencyAnswer, AnswerPart
from hub.model.catalogue import QuestionKind
from hub.model.entry import Entry
from hub.model.found_people import FoundPeople
from hub.model.outcome import Outcome
from hub.model.policy import Permit
from hub.model.request import Request
from hub.sessions.session import Held, Session


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
        self._rules = ReleaseRules()
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
        answering = Answering(request, plan, self._in_force, rules=self._rules, now=self._now, person=person)
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
                yield answering.showing(await self._search(session, request, gathering, answering))
                return
            while not answering.is_closed:
                arrivals = await gathering.next()
                session.require_wanted(request.request_id)
                part = await self._disclose(session, request, gathering, answering, arrivals)
                yield answering.showing(session.hold(request, part))

    def _admitted(self, policy: Policy, session: Session, asked: Asked) -> tuple[Request, tuple[Permit, ...]]:
        """Decide whether the question may be asked; raise a RequestError where it may not, and record that."""
        at = self._now()
        with self._recording_refusal(policy, session, asked):
            permits = admitted(policy, session.requester, asked, at=at, is_stepped_up=session.is_stepped_up)
        kind = policy.catalogue.questions[asked.question].kind
        # A search is recorded whatever becomes of it; who mistypes a number has asked nothing yet.
        is_search = kind is QuestionKind.REGISTER
        with self._recording_refusal(policy, session, asked) if is_search else nullcontext():
            request = request_from(asked, session.requester, at=at, is_stepped_up=session.is_stepped_up, kind=kind)
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
        gathering = self._links.gathering([agency for agency, _ in plan.asked], answering.shows_nothing)
        session.begin(request, gathering.cut, gathering.let_go)
        self.running += 1
        try:
            yield gathering
        finally:
            self.running -= 1
            session.finish(request.request_id)
            gathering.close()
            if unshown := answering.unshown():
                self._audit.submit(journey.ended_early(request.request_id, self._now_ms(), without=unshown))

    async def _search(
        self, session: Session, request: Request, gathering: Gathering, answering: Answering
    ) -> AnswerPart:
        """Return the first page of whoever fits, once it is recorded that it is about to be shown; keep the others."""
        arrivals = await searching.all_arrivals(gathering)
        session.require_wanted(request.request_id)
        answers = answering.release(arrivals)
        policy = self._in_force.policy
        with self._recording_late_refusal(policy, request):
            found = searching.find_people(answers, request.criteria, self._rules.comparable(policy))
        page, found = searching.next_page(found)
        entries = self._disclosures(request, page.agencies, answering.person, answering.agreements)
        await self._audit.submit(*entries, self._searched(request, page, found))
        self._require_showable(session, request, answers)
        asyncio.get_running_loop().call_soon(self._count_dropped, answers)
        part = session.hold(request, answering.searched(page, gathering.elapsed_ms()))
        session.hold_behind(request.request_id, found)
        return part

    async def show_more(self, session: Session, look: Callable[[], Held]) -> AnswerPart:
        """Return the next page of a search, once it is recorded; `look` gives what is held, if it may be shown still.

        Raises NotHeld where there is nobody more, or where the answer is gone by then.
        """
        held = look()
        before = searching.behind(held)
        page, found = searching.next_page(before)
        # Nobody else takes the same page, even while it is being recorded.
        held.behind[:] = [found]
        request, policy = held.request, self._in_force.policy
        permits = permitted(policy, request, self._now())
        agreements = {permit.agency: permit.agreements for permit in permits}
        told = [answer for answer in page.agencies if answer.records is not None]
        entries = self._disclosures(request, told, self._pseudonyms.of(request.person), agreements)
        try:
            await self._audit.submit(*entries, self._searched(request, page, found))
        except Exception:
            held.behind[:] = [before]
            raise
        # Others were waited for: the answer may have been closed, or taken back.
        held = look()
        held.parts[:] = [searching.shown_so_far(held, found)]
        session.use()
        return replace(page, agencies=tuple(told))

    def _searched(self, request: Request, page: AnswerPart, found: FoundPeople) -> Entry:
        people = 0 if page.joining is None else len(page.joining.certain)
        return journey.searched(request.request_id, self._now_ms(), people=people, more=found.more)

    @contextmanager
    def _recording_late_refusal(self, policy: Policy, request: Request) -> Iterator[None]:
        """Record that a search was refused for what it found."""
        try:
            yield
        except RequestError as refused:
            entry = journey.refusal(
                request.requester,
                self._now_ms(),
                question=_known(request.question, policy.catalogue.questions),
                purpose=_known(request.purpose, policy.catalogue.purposes),
                lawful_basis=_known(request.lawful_basis, policy.catalogue.lawful_bases),
                reason=refused.reason,
            )
            self._audit.submit(entry)
            raise

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
        entries = self._disclosures(request, answers, answering.person, answering.agreements)
        recording = self._audit.submit(*entries) if answers else None
        # Worked out while the record is being written; it goes nowhere before that is done.
        part = answering.part(answers, gathering.elapsed_ms())
        if recording is not None:
            await recording
            self._require_showable(session, request, answers)
            # The requester waits for the part and nobody for the counting.
            asyncio.get_running_loop().call_soon(self._count_dropped, answers)
        return part

    def _disclosures(
        self,
        request: Request,
        answers: Sequence[AgencyAnswer],
        person: Pseudonym,
        agreements: Mapping[str, tuple[str, ...]],
    ) -> Iterator[Entry]:
        """Record for each agency what is disclosed of its records, then together what became of the others."""
        version, at_ms = self._in_force.policy.version, self._now_ms()
        for answer in answers:
            if answer.records is not None:
                yield journey.disclosure(
                    request,
                    answer,
                    at_ms=at_ms,
                    person=person,
                    policy_version=version,
                    agreements=agreements.get(answer.agency, ()),
                )
        if without := [answer for answer in answers if answer.records is None]:
            yield journey.outcomes(request.request_id, at_ms, without)

    def _require_showable(self, session: Session, request: Request, answers: tuple[AgencyAnswer, ...]) -> None:
        """Raise NotHeld when the rules have changed, or the answer was closed, while the disclosure was recorded."""
        if not may_show(self._in_force.policy, request, answers, self._now(), rules=self._rules):
            session.withdraw(request.request_id)
        session.require_wanted(request.request_id)

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


def _known(typed: str, listed: Container[str]) -> str:
    """Return a word of the vocabulary, and nothing of any other."""
    return typed if typed in listed else ""
