"""The service that takes questions and shows what a session holds."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import fields
from datetime import UTC, datetime

from sharing.v1 import questions_pb2, questions_pb2_grpc, records_pb2

from hub.access.in_force import PolicyInForce
from hub.asking.ask import Asking
from hub.asking.asked import Asked
from hub.asking.cards import Cards
from hub.asking.withdrawing import Withdrawing
from hub.edge.callers import Callers, Context
from hub.edge.messages import Wording, answer_part, whole_answer
from hub.edge.person import local_numbers_from
from hub.errors import NotReady
from hub.links.padding import PADDING
from hub.model.criteria import Criteria
from hub.model.grounds import Informed
from hub.model.matching import Word

# What the hub keeps back of the time that a client gives it, so that the answer's last part still gets through.
MARGIN_SECONDS = 0.1
# What this hub does not know is as good as not said.
_INFORMED: Mapping[int, Informed] = {
    questions_pb2.InformedState.Value(f"INFORMED_STATE_{informed.name}"): informed
    for informed in Informed
    if informed is not Informed.NOT_SAID
}
_WORDS: Mapping[int, Word] = {
    questions_pb2.REQUESTER_WORD_SAME: Word.SAME,
    questions_pb2.REQUESTER_WORD_NOT_SAME: Word.NOT_SAME,
}


class QuestionService(questions_pb2_grpc.QuestionServiceServicer):
    """Takes questions and shows what the session holds."""

    def __init__(
        self, *, asking: Asking, cards: Cards, callers: Callers, withdrawing: Withdrawing, in_force: PolicyInForce
    ) -> None:
        """Take the rooms; a hub that is draining takes no further questions."""
        self._asking = asking
        self._cards = cards
        self._callers = callers
        self._withdrawing = withdrawing
        self._in_force = in_force
        self._words = Wording(in_force.policy)
        self.is_draining = False

    async def Menu(self, request: questions_pb2.MenuRequest, context: Context) -> questions_pb2.MenuResponse:
        """List exactly the questions that the requester may ask."""
        session = self._callers.session(context)
        return self._wording().menu(session.requester, datetime.now(UTC))

    async def Ask(
        self, request: questions_pb2.AskRequest, context: Context
    ) -> AsyncGenerator[questions_pb2.AskResponse, None]:
        """Put one question and stream the answer as it arrives."""
        session = self._callers.session(context)
        if self.is_draining:
            raise NotReady("DRAINING", "This hub is going away. Ask again in a moment.")
        remaining = context.time_remaining()
        # The stubs leave out that a client need not give a deadline.
        seconds = None if remaining is None else max(remaining - MARGIN_SECONDS, 0.0)  # type: ignore[redundant-expr]
        async with aclosing(self._asking.ask(session, _asked(request), seconds=seconds)) as parts:
            async for part in parts:
                yield questions_pb2.AskResponse(part=answer_part(part, self._wording()))

    async def ListHeld(
        self, request: questions_pb2.ListHeldRequest, context: Context
    ) -> questions_pb2.ListHeldResponse:
        """List the open answers without their content."""
        session = self._callers.session(context)
        held = [
            questions_pb2.HeldAnswer(
                request_id=answer.request.request_id,
                question=answer.request.question,
                case_reference=answer.request.case_reference,
                asked_at_ms=answer.request.asked_at_ms,
            )
            for answer in session.held()
        ]
        return questions_pb2.ListHeldResponse(held=held, withdrawn=session.withdrawn())

    async def View(self, request: questions_pb2.ViewRequest, context: Context) -> questions_pb2.ViewResponse:
        """Show one open answer again; no agency is asked."""
        held = self._withdrawing.held(self._callers.session(context), request.request_id)
        return questions_pb2.ViewResponse(answer=whole_answer(held.parts, self._wording()))

    async def ShowDetails(
        self, request: questions_pb2.ShowDetailsRequest, context: Context
    ) -> questions_pb2.ShowDetailsResponse:
        """Show all that may be seen of somebody who is only possibly the person asked about."""
        session = self._callers.session(context)
        held = await self._cards.show_details(session, request.request_id, request.person)
        return questions_pb2.ShowDetailsResponse(answer=whole_answer(held.parts, self._wording()))

    async def Judge(self, request: questions_pb2.JudgeRequest, context: Context) -> questions_pb2.JudgeResponse:
        """Take the requester's word on whether somebody is the person asked about."""
        session = self._callers.session(context)
        word = _WORDS.get(request.word, Word.NONE)
        held = await self._cards.judge(session, request.request_id, request.person, word)
        return questions_pb2.JudgeResponse(answer=whole_answer(held.parts, self._wording()))

    async def ShowMore(
        self, request: questions_pb2.ShowMoreRequest, context: Context
    ) -> questions_pb2.ShowMoreResponse:
        """Show the next page of a search of the register."""
        session = self._callers.session(context)
        page = await self._asking.pages.more(session, lambda: self._withdrawing.held(session, request.request_id))
        return questions_pb2.ShowMoreResponse(page=answer_part(page, self._wording()))

    async def Close(self, request: questions_pb2.CloseRequest, context: Context) -> questions_pb2.CloseResponse:
        """Drop one open answer, or all."""
        dropped = self._callers.session(context).close(request.request_id)
        return questions_pb2.CloseResponse(dropped_answers=dropped, padding=PADDING)

    def _wording(self) -> Wording:
        """Return the words of the policy in force."""
        if self._words.version != self._in_force.policy.version:
            self._words = Wording(self._in_force.policy)
        return self._words


def _asked(request: questions_pb2.AskRequest) -> Asked:
    return Asked(
        question=request.question,
        nhs_number=request.person.nhs_number,
        upn=request.person.upn,
        given_name=request.person.given_name,
        family_name=request.person.family_name,
        date_of_birth=request.person.date_of_birth,
        uln=request.person.uln,
        local_numbers=local_numbers_from(request.person),
        address=request.person.address,
        postcode=request.person.postcode,
        gender=request.person.gender,
        purpose=request.purpose,
        lawful_basis=request.lawful_basis,
        case_reference=request.case_reference,
        special_condition=request.special_condition,
        ground=request.ground,
        override_reason=request.override_reason,
        informed=_INFORMED.get(request.informed.state, Informed.NOT_SAID),
        informed_by=request.informed.by,
        confirmation=request.confirmation,
        break_glass=request.break_glass,
        needs_more=request.needs_more,
        criteria=_criteria(request.criteria),
    )


def _criteria(message: records_pb2.Criteria) -> Criteria:
    return Criteria(**{field.name: getattr(message, field.name) for field in fields(Criteria)})
