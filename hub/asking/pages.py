"""Pages of a search: the first as soon as everybody has answered, each of the others when it is asked for.

Nothing of a page is shown before it is recorded. Whoever is on none that was shown stays behind, in the session.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from hub.access.in_force import PolicyInForce
from hub.asking import searching
from hub.asking.answering import Answering
from hub.asking.permitted import permitted
from hub.asking.releasing import ReleaseRules
from hub.asking.withdrawing import require_showable
from hub.audit import journey
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonym, Pseudonyms
from hub.errors import RequestError
from hub.links.gathering import Gathering
from hub.model.answer import AgencyAnswer, AnswerPart
from hub.model.entry import Entry
from hub.model.found_people import FoundPeople
from hub.model.request import Request
from hub.sessions.held import Held
from hub.sessions.session import Session


class Pages:
    """Shows what a search of the register has found, page by page."""

    def __init__(
        self,
        *,
        in_force: PolicyInForce,
        audit: AuditLog,
        pseudonyms: Pseudonyms,
        rules: ReleaseRules,
        now: Callable[[], datetime],
    ) -> None:
        """Take the policy that decides, the record, and the clock."""
        self._in_force = in_force
        self._audit = audit
        self._pseudonyms = pseudonyms
        self._rules = rules
        self._now = now

    async def first(
        self, session: Session, request: Request, gathering: Gathering, answering: Answering
    ) -> tuple[AnswerPart, tuple[AgencyAnswer, ...]]:
        """Return the first page of whoever fits, once it is recorded that it is about to be shown; keep the others.

        With it comes all that the agencies were found to say.
        """
        arrivals = await searching.all_arrivals(gathering)
        session.require_wanted(request.request_id)
        answers = answering.release(arrivals)
        comparable = self._rules.comparable(self._in_force.policy)
        with self._recording_refusal(request):
            found = searching.find_people(answers, request.criteria, comparable)
        page, found = searching.next_page(found)
        entries = self._disclosures(request, page.agencies, answering.person, answering.agreements)
        await self._audit.record(*entries, self._searched(request, page, found))
        require_showable(session, self._in_force.policy, request, answers, self._now(), rules=self._rules)
        part = session.hold(request, answering.searched(page, gathering.elapsed_ms()))
        session.hold_found(request.request_id, found)
        return part, answers

    async def more(self, session: Session, look: Callable[[], Held]) -> AnswerPart:
        """Return the next page of a search, once it is recorded; `look` gives what is held, if it may be shown still.

        Raises NotHeld where there is nobody more, or where the answer is gone by then.
        """
        held = look()
        async with held.turn:
            held = look()
            page, found = searching.next_page(searching.behind(held))
            request, policy = held.request, self._in_force.policy
            permits = permitted(policy, request, self._now())
            agreements = {permit.agency: permit.agreements for permit in permits}
            # What an agency should not have sent is counted once, with the first page.
            told = [
                replace(answer, unasked_cells=0, unasked_rows=0, unfit_cells=0)
                for answer in page.agencies
                if answer.records is not None
            ]
            entries = self._disclosures(request, told, self._pseudonyms.of(request.person), agreements)
            await self._audit.record(*entries, self._searched(request, page, found))
            # Others were waited for: the answer may have been closed, or taken back.
            held = look()
            held.parts[:] = [searching.shown_so_far(held, found)]
            session.hold_found(request.request_id, found)
            session.use()
            return replace(page, agencies=tuple(told))

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

    def _searched(self, request: Request, page: AnswerPart, found: FoundPeople) -> Entry:
        people = 0 if page.joining is None else len(page.joining.certain)
        return journey.searched(request.request_id, self._now_ms(), people=people, more=found.more)

    @contextmanager
    def _recording_refusal(self, request: Request) -> Iterator[None]:
        """Record that a search was refused for what it found; its words were of the vocabulary when it was asked."""
        try:
            yield
        except RequestError as refused:
            entry = journey.refusal(
                request.requester,
                self._now_ms(),
                question=request.question,
                purpose=request.purpose,
                lawful_basis=request.lawful_basis,
                reason=refused.reason,
            )
            self._audit.submit(entry)
            raise

    def _now_ms(self) -> int:
        return int(self._now().timestamp() * 1_000)
