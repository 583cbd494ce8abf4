"""The model in the contract's words."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sharing.v1 import questions_pb2, records_pb2

from hub.access.policy import Policy
from hub.model.answer import AgencyAnswer, AnswerPart, Completeness, Joining, Opening
from hub.model.outcome import Outcome, Reason
from hub.model.records import Records
from hub.model.request import Requester

_OUTCOMES = {outcome: records_pb2.Outcome.Value(f"OUTCOME_{outcome.name}") for outcome in Outcome}
_REASONS: Mapping[Reason | None, records_pb2.OutcomeReason.ValueType] = {
    None: records_pb2.OUTCOME_REASON_UNSPECIFIED,
    **{reason: records_pb2.OutcomeReason.Value(f"OUTCOME_REASON_{reason.name}") for reason in Reason},
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
            )
        message = questions_pb2.Opening()
        message.CopyFrom(self._openings[key])
        message.request_id = opening.request_id
        message.policy_version = opening.policy_version
        message.purpose = opening.purpose
        return message

    def menu(self, requester: Requester, at: datetime) -> questions_pb2.MenuResponse:
        """Spell the questions that a requester may ask at an instant."""
        catalogue = self._policy.catalogue
        purposes = {purpose.id: purpose.title for purpose in catalogue.purposes.values()}
        bases = {basis.id: basis.title for basis in catalogue.lawful_bases.values()}
        questions = [
            questions_pb2.MenuQuestion(
                id=item.question,
                wording=catalogue.questions[item.question].wording,
                purposes=_choices(item.purposes, purposes),
                lawful_bases=_choices(catalogue.questions[item.question].lawful_bases, bases),
                agencies=_choices(item.agencies, self._agencies),
                fields=_choices(item.fields, self._fields),
                step_up=item.step_up,
            )
            for item in self._policy.menu(requester.office, at)
        ]
        return questions_pb2.MenuResponse(policy_version=self.version, questions=questions)


def answer_part(part: AnswerPart, wording: Wording) -> questions_pb2.AnswerPart:
    """Spell one part of an answer."""
    message = questions_pb2.AnswerPart(agencies=[_agency_part(answer) for answer in part.agencies])
    if part.opening is not None:
        message.opening.CopyFrom(wording.opening(part.opening))
    if part.joining is not None:
        message.joining.CopyFrom(_joining(part.joining))
    if part.completeness is not None:
        message.completeness.CopyFrom(_completeness(part.completeness))
    return message


def whole_answer(parts: Iterable[AnswerPart], wording: Wording) -> questions_pb2.AnswerPart:
    """Spell all parts of an answer as one; the last joining stands for all before it."""
    whole = questions_pb2.AnswerPart()
    for part in parts:
        if part.joining is not None:
            whole.ClearField("joining")
        whole.MergeFrom(answer_part(part, wording))
    return whole


def _agency_part(answer: AgencyAnswer) -> questions_pb2.AgencyPart:
    return questions_pb2.AgencyPart(
        agency=answer.agency,
        outcome=_OUTCOMES[answer.outcome],
        reason=_REASONS[answer.reason],
        elapsed_ms=answer.elapsed_ms,
        records=None if answer.records is None else _records(answer.records),
        unasked_cells=answer.unasked_cells,
        unasked_rows=answer.unasked_rows,
        unfit_cells=answer.unfit_cells,
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
    )


def _completeness(completeness: Completeness) -> questions_pb2.Completeness:
    return questions_pb2.Completeness(complete=completeness.complete, elapsed_ms=completeness.elapsed_ms)


def _choices(ids: Iterable[str], titles: Mapping[str, str]) -> list[questions_pb2.Choice]:
    return [questions_pb2.Choice(id=id_, title=titles.get(id_, id_)) for id_ in ids]
