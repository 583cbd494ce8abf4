"""The model in the contract's words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sharing.v1 import questions_pb2, records_pb2

from hub.access.policy import Policy
from hub.access.stating import accepted_conditions, grounds_for
from hub.edge.indicators import indicator_message
from hub.model.answer import AgencyAnswer, AnswerPart, Completeness, Joining, Opening
from hub.model.catalogue import QuestionKind
from hub.model.matching import Evidence, Likeness, MatchCard, Standing, Word
from hub.model.outcome import Outcome, Reason
from hub.model.policy import MenuItem
from hub.model.records import Records
from hub.model.request import Requester
from hub.model.terms import Consent, ConsentGiver, ConsentState

_OUTCOMES = {outcome: records_pb2.Outcome.Value(f"OUTCOME_{outcome.name}") for outcome in Outcome}
_REASONS: Mapping[Reason | None, records_pb2.OutcomeReason.ValueType] = {
    None: records_pb2.OUTCOME_REASON_UNSPECIFIED,
    **{reason: records_pb2.OutcomeReason.Value(f"OUTCOME_REASON_{reason.name}") for reason in Reason},
}


_STATES: Mapping[ConsentState, records_pb2.ConsentState.ValueType] = {
    ConsentState.NOT_SAID: records_pb2.CONSENT_STATE_UNSPECIFIED,
    **{
        state: records_pb2.ConsentState.Value(f"CONSENT_STATE_{state.name}")
        for state in ConsentState
        if state is not ConsentState.NOT_SAID
    },
}
_GIVERS: Mapping[ConsentGiver, records_pb2.ConsentGiver.ValueType] = {
    ConsentGiver.NOT_SAID: records_pb2.CONSENT_GIVER_UNSPECIFIED,
    **{
        giver: records_pb2.ConsentGiver.Value(f"CONSENT_GIVER_{giver.name}")
        for giver in ConsentGiver
        if giver is not ConsentGiver.NOT_SAID
    },
}


_STANDINGS: Mapping[Standing, questions_pb2.Standing.ValueType] = {
    Standing.SAME: questions_pb2.STANDING_SAME,
    Standing.POSSIBLY: questions_pb2.STANDING_POSSIBLY,
}
_LIKENESSES: Mapping[Likeness, questions_pb2.Likeness.ValueType] = {
    likeness: questions_pb2.Likeness.Value(f"LIKENESS_{likeness.name}") for likeness in Likeness
}
_WORDS: Mapping[Word, questions_pb2.RequesterWord.ValueType] = {
    Word.NONE: questions_pb2.REQUESTER_WORD_UNSPECIFIED,
    Word.SAME: questions_pb2.REQUESTER_WORD_SAME,
    Word.NOT_SAME: questions_pb2.REQUESTER_WORD_NOT_SAME,
}
_KINDS: Mapping[QuestionKind, questions_pb2.QuestionKind.ValueType] = {
    kind: questions_pb2.QuestionKind.Value(f"QUESTION_KIND_{kind.name}") for kind in QuestionKind
}


class Wording:
    """Knows the words of one policy version, and spells the openings of its questions once each."""

    def __init__(self, policy: Policy) -> None:
        """Collect what people call agencies and fields."""
        self.version = policy.version
        self._policy = policy
        self._agencies = {agency.id: agency.title for agency in policy.agencies.values()}
        self._fields = {field.id: field.label for field in policy.catalogue.fields.values()}
        self._identity_fields = policy.catalogue.identity_fields
        self._openings: dict[tuple[str, tuple[str, ...], tuple[str, ...]], questions_pb2.Opening] = {}

    def opening(self, opening: Opening) -> questions_pb2.Opening:
        """Spell an opening; all but what names the request is the same for everybody with the same permits."""
        key = (opening.question, opening.planned, opening.fields)
        if key not in self._openings:
            self._openings[key] = questions_pb2.Opening(
                question=opening.question,
                wording=opening.wording,
                planned=_choices(opening.planned, self._agencies),
                fields=_choices(opening.fields, self._fields),
                identity_fields=[field for field in self._identity_fields if field in opening.fields],
                handling=list(self._handling(opening.fields)),
            )
        message = questions_pb2.Opening()
        message.CopyFrom(self._openings[key])
        message.request_id = opening.request_id
        message.policy_version = opening.policy_version
        message.purpose = opening.purpose
        if opening.break_glass_until is not None:
            message.break_glass_until_ms = int(opening.break_glass_until.timestamp() * 1_000)
        return message

    def withheld_class(self, name: str, reason: Reason) -> questions_pb2.WithheldClass:
        """Spell that a class is kept back."""
        found = self._policy.catalogue.field_classes.get(name)
        title = found.title if found else name
        return questions_pb2.WithheldClass(field_class=name, title=title, reason=_REASONS[reason])

    def _first(self, requester: Requester, item: MenuItem) -> list[str]:
        """Name the questions that come before one, of those that the requester may ask for one of its purposes."""
        named = self._policy.catalogue.questions[item.question].less_intrusive
        return [name for name in named if set(item.purposes) & set(self._policy.purposes(requester.office, name))]

    def _grounds(self, item: MenuItem) -> list[questions_pb2.Ground]:
        titled = self._policy.catalogue.grounds
        return [
            questions_pb2.Ground(id=name, title=titled[name].title, needs_officer=needs_officer)
            for name, needs_officer in grounds_for(self._policy, item.fields).items()
        ]

    def _handling(self, fields: Sequence[str]) -> Iterator[questions_pb2.Handling]:
        """Spell what may be done with those of the fields whose class says something of it."""
        catalogue = self._policy.catalogue
        for found in catalogue.field_classes.values():
            names = [
                name for name in fields if name in catalogue.fields and catalogue.fields[name].field_class == found.id
            ]
            if found.handling and names:
                yield questions_pb2.Handling(title=found.title, fields=names, words=found.handling)

    def menu(self, requester: Requester, at: datetime) -> questions_pb2.MenuResponse:
        """Spell the questions that a requester may ask at an instant."""
        catalogue = self._policy.catalogue
        purposes = {purpose.id: purpose.title for purpose in catalogue.purposes.values()}
        bases = {basis.id: basis.title for basis in catalogue.lawful_bases.values()}
        wordings = {question.id: question.wording for question in catalogue.questions.values()}
        conditions = {condition.id: condition.title for condition in catalogue.special_conditions.values()}
        questions = [
            questions_pb2.MenuQuestion(
                id=item.question,
                wording=catalogue.questions[item.question].wording,
                purposes=_choices(item.purposes, purposes),
                lawful_bases=_choices(catalogue.questions[item.question].lawful_bases, bases),
                agencies=_choices(item.agencies, self._agencies),
                fields=_choices(item.fields, self._fields),
                step_up=item.step_up,
                less_intrusive=_choices(self._first(requester, item), wordings),
                special_conditions=_choices(accepted_conditions(self._policy, item.fields) or (), conditions),
                grounds=self._grounds(item),
                kind=_KINDS[catalogue.questions[item.question].kind],
            )
            for item in self._policy.menu(requester.office, at)
        ]
        return questions_pb2.MenuResponse(policy_version=self.version, questions=questions)


def answer_part(part: AnswerPart, wording: Wording) -> questions_pb2.AnswerPart:
    """Spell one part of an answer."""
    message = questions_pb2.AnswerPart(
        agencies=[_agency_part(answer, wording) for answer in part.agencies],
        fuller=[_agency_part(answer, wording) for answer in part.fuller],
        more_people=part.more_people,
    )
    if part.opening is not None:
        message.opening.CopyFrom(wording.opening(part.opening))
    if part.joining is not None:
        message.joining.CopyFrom(_joining(part.joining))
    if part.completeness is not None:
        message.completeness.CopyFrom(_completeness(part.completeness))
    if part.indicator is not None:
        message.indicator.CopyFrom(indicator_message(part.indicator))
    return message


def whole_answer(parts: Iterable[AnswerPart], wording: Wording) -> questions_pb2.AnswerPart:
    """Spell all parts of an answer as one; the last joining and the last indicator stand for all before them."""
    whole = questions_pb2.AnswerPart()
    for part in parts:
        if part.indicator is not None:
            whole.ClearField("indicator")
        if part.joining is not None:
            whole.ClearField("joining")
        whole.MergeFrom(answer_part(part, wording))
    return whole


def _agency_part(answer: AgencyAnswer, wording: Wording) -> questions_pb2.AgencyPart:
    return questions_pb2.AgencyPart(
        agency=answer.agency,
        outcome=_OUTCOMES[answer.outcome],
        reason=_REASONS[answer.reason],
        elapsed_ms=answer.elapsed_ms,
        records=None if answer.records is None else _records(answer.records),
        unasked_cells=answer.unasked_cells,
        unasked_rows=answer.unasked_rows,
        unfit_cells=answer.unfit_cells,
        consents=[_consent(consent) for consent in answer.consents],
        consent_of_row=answer.consent_of_row,
        withheld=[wording.withheld_class(name, reason) for name, reason in answer.withheld],
    )


def _consent(consent: Consent) -> records_pb2.Consent:
    """Spell how consent stands; a requester is told its state and its days, and not what else it covers."""
    return records_pb2.Consent(
        state=_STATES[consent.state],
        given_by=_GIVERS[consent.given_by],
        decided_on=consent.decided_on,
        until=consent.until,
        review_due=consent.review_due,
    )


def _records(records: Records) -> records_pb2.Records:
    return records_pb2.Records(
        columns=records.columns,
        cells=records.cells,
        record_dates=records.record_dates,
        source=records.source,
        retrieved_at_ms=records.retrieved_at_ms,
    )


def _joining(joining: Joining) -> questions_pb2.Joining:
    return questions_pb2.Joining(
        person_of_row=joining.person_of_row,
        certain=joining.certain,
        disagreements=[
            questions_pb2.Disagreement(person=person, field=field) for person, field in joining.disagreements
        ],
        cards=map(_card, joining.cards),
    )


def _card(card: MatchCard) -> questions_pb2.MatchCard:
    return questions_pb2.MatchCard(
        standing=_STANDINGS[card.standing],
        per_mille=card.per_mille,
        evidence=map(_evidence, card.evidence),
        word=_WORDS[card.word],
        has_details=card.has_details,
    )


def _evidence(found: Evidence) -> questions_pb2.Evidence:
    return questions_pb2.Evidence(
        field=found.field,
        likeness=_LIKENESSES[found.likeness],
        since=found.since,
        agency=found.agency,
        other_agency=found.other_agency,
    )


def _completeness(completeness: Completeness) -> questions_pb2.Completeness:
    return questions_pb2.Completeness(complete=completeness.complete, elapsed_ms=completeness.elapsed_ms)


def _choices(ids: Iterable[str], titles: Mapping[str, str]) -> list[questions_pb2.Choice]:
    return [questions_pb2.Choice(id=id_, title=titles.get(id_, id_)) for id_ in ids]
