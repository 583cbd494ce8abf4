"""Asking: the journey of one question from the requester to the agencies and back, readable from top to bottom."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.access.authorise import authorise
from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.answering import Answering, FieldFilters
from hub.asking.plan import Plan, make_plan
from hub.asking.withdrawing import may_show
from hub.audit import journey
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonyms
from hub.errors import RequestError, TooMuch
from hub.links.gathering import Arrival, Gathering
from hub.links.register import Links
from hub.model.answer import AgencyAnswer, AnswerPart
from hub.model.entry import Entry
from hub.model.outcome import Outcome
from hub.model.person import person_keys
from hub.model.policy import Permit
from hub.model.request import Request, case_reference
from hub.sessions.session import Session

REQUEST_ID_BYTES = 9


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asked:
    """A question as it came from outside: nothing in it has been checked."""

    question: str
    nhs_number: str
    upn: str
    given_name: str
    family_name: str
    date_of_birth: str
    purpose: str
    lawful_basis: str
    case_reference: str


class Asking:
    """Takes questions through the rooms; keeps nothing of any."""

    def __init__(
        self,
        *,
        in_force: PolicyInForce,
        links: Links,
        audit: AuditLog,
        pseudonyms: Pseudonyms,
        most_running: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take the rooms that the journey passes through, and how many questions may run at one time."""
        self._in_force = in_force
        self._links = links
        self._audit = audit
        self._pseudonyms = pseudonyms
        self._most_running = most_running
        self._now = now
        self._filters = FieldFilters()
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
        permits = self._authorise(policy, session, asked)
        plan = make_plan(permits)
        request = self._request(session, asked)
        answering = Answering(request, plan, self._in_force, filters=self._filters, now=self._now)
        with self._running_in(session, request, plan, answering) as gathering:
            await self._audit.record(self._intent(request, plan, policy))
            deadline = policy.catalogue.questions[request.question].deadline_ms / 1_000
            remaining = deadline if seconds is None else min(deadline, seconds)
            asks = answering.still_asked()
            for agency in {agency for agency, _ in plan.asked} - {agency for agency, _ in asks}:
                gathering.arrive(agency, Outcome.NOT_PERMITTED)
            self._links.ask(gathering, request, asks, self._in_force.policy.version, seconds=remaining)
            while not answering.is_closed:
                arrivals = await gathering.next()
                session.require_wanted(request.request_id)
                part = await self._disclose(session, request, gathering, answering, arrivals)
                yield answering.showing(session.hold(request, part))

    def _authorise(self, policy: Policy, session: Session, asked: Asked) -> tuple[Permit, ...]:
        """Decide whether the question may be asked; a refusal is recorded, in words of the vocabulary only."""
        try:
            return authorise(
                policy,
                session.requester.office,
                question=asked.question,
                purpose=asked.purpose,
                basis=asked.lawful_basis,
                at=self._now(),
                is_stepped_up=session.is_stepped_up,
            )
        except RequestError as refused:
            self._audit.submit(self._refusal(policy, session, asked, refused.reason))
            raise

    def _refusal(self, policy: Policy, session: Session, asked: Asked, reason: str) -> Entry:
        """Record a refusal in words of the vocabulary only: what else was typed may be anything."""
        return journey.refusal(
            session.requester,
            self._now_ms(),
            question=asked.question if asked.question in policy.catalogue.questions else "",
            purpose=asked.purpose if asked.purpose in policy.catalogue.purposes else "",
            lawful_basis=asked.lawful_basis if asked.lawful_basis in policy.catalogue.lawful_bases else "",
            reason=reason,
        )

    def _request(self, session: Session, asked: Asked) -> Request:
        """Make the one value that is decided upon, recorded and sent; raise InvalidRequest for what is wrong in it."""
        now = self._now()
        person = person_keys(
            nhs_number=asked.nhs_number,
            upn=asked.upn,
            given_name=asked.given_name,
            family_name=asked.family_name,
            date_of_birth=asked.date_of_birth,
            today=now.date(),
        )
        return Request(
            request_id=secrets.token_hex(REQUEST_ID_BYTES),
            requester=session.requester,
            question=asked.question,
            person=person,
            purpose=asked.purpose,
            lawful_basis=asked.lawful_basis,
            case_reference=case_reference(asked.case_reference),
            asked_at_ms=int(now.timestamp() * 1_000),
            is_stepped_up=session.is_stepped_up,
        )

    @contextmanager
    def _running_in(self, session: Session, request: Request, plan: Plan, answering: Answering) -> Iterator[Gathering]:
        """Count the question as running, and whatever ends it, leave nothing waiting and nothing unrecorded."""
        if self.running >= self._most_running:
            raise TooMuch(
                "HUB_BUSY", "The hub is answering as many questions as it can.", mend="Try again in a moment."
            )
        gathering = self._links.gathering([agency for agency, _ in plan.asked])
        session.begin(request, gathering.cut)
        self.running += 1
        try:
            yield gathering
        finally:
            self.running -= 1
            session.finish(request.request_id)
            gathering.close()
            if unshown := answering.unshown():
                self._audit.submit(journey.ended_early(request.request_id, self._now_ms(), without=unshown))

    def _intent(self, request: Request, plan: Plan, policy: Policy) -> Entry:
        return journey.intent(
            request,
            person=self._pseudonyms.of(request.person),
            policy_version=policy.version,
            asked=dict(plan.asked),
            not_permitted=[answer.agency for answer in plan.not_permitted],
        )

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
        at_ms = self._now_ms()
        recording = self._audit.submit(*self._disclosures(request, answers, at_ms)) if answers else None
        # Worked out while the record is being written; it goes nowhere before that is done.
        part = answering.part(answers, gathering.elapsed_ms())
        if recording is not None:
            await recording
            self._require_showable(session, request, answers)
            # The requester waits for the part and nobody for the counting.
            asyncio.get_running_loop().call_soon(self._count_dropped, answers)
        return part

    def _disclosures(self, request: Request, answers: Sequence[AgencyAnswer], at_ms: int) -> Iterator[Entry]:
        """Record for each agency what is disclosed of its records, then together what became of the others."""
        person, version = self._pseudonyms.of(request.person), self._in_force.policy.version
        for answer in answers:
            if answer.records is not None:
                yield journey.disclosure(
                    request,
                    answer.agency,
                    answer.records,
                    at_ms=at_ms,
                    person=person,
                    policy_version=version,
                    dropped=answer.dropped,
                )
        if without := [answer for answer in answers if answer.records is None]:
            yield journey.outcomes(request.request_id, at_ms, without)

    def _require_showable(self, session: Session, request: Request, answers: tuple[AgencyAnswer, ...]) -> None:
        """Raise NotHeld when the rules have changed, or the answer was closed, while the disclosure was recorded."""
        if not may_show(self._in_force.policy, request, answers, self._now()):
            session.withdraw(request.request_id)
        session.require_wanted(request.request_id)

    def _count_dropped(self, answers: Sequence[AgencyAnswer]) -> None:
        """Count what agencies must not have sent."""
        for answer in answers:
            if answer.dropped:
                self._links.at_fault(answer.agency, answer.dropped)

    def _now_ms(self) -> int:
        return int(self._now().timestamp() * 1_000)
