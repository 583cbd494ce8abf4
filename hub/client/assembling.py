"""From the parts of an answer, streamed or viewed, to the whole: every cell once, every planned agency once."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from sharing.v1 import questions_pb2, records_pb2

from hub.client.answer import AgencyOutcome, Answer, Handling, Person, Withheld
from hub.client.consents import read_standing
from hub.client.errors import BadAnswer
from hub.client.indicators import last_indicator
from hub.client.moments import spell_moment
from hub.client.people import Row, make_people
from hub.model.outcome import Outcome, Reason

_One = TypeVar("_One")

_OUTCOME_PREFIX: Final = "OUTCOME_"
_REASON_PREFIX: Final = "OUTCOME_REASON_"


def assemble(parts: Iterable[questions_pb2.AnswerPart]) -> Answer:
    """Put the parts together, in the order in which they came; raise BadAnswer where they do not make one whole."""
    whole = list(parts)
    opening = _only([part.opening for part in whole if part.HasField("opening")], "what was asked")
    said = _fullest(whole)
    outcomes = _outcomes(opening, said)
    end = _only([part.completeness for part in whole if part.HasField("completeness")], "its completeness")
    return Answer(
        question=opening.question,
        wording=opening.wording,
        purpose=opening.purpose,
        policy_version=opening.policy_version,
        request_id=opening.request_id,
        titles={field.id: field.title or field.id for field in opening.fields},
        people=_people(whole, said, [outcome.agency for outcome in outcomes], [field.id for field in opening.fields]),
        outcomes=outcomes,
        # Whatever the hub says: an answer in which a planned agency is missing is not complete.
        complete=end.complete and all(outcome.outcome.answered for outcome in outcomes),
        elapsed_ms=end.elapsed_ms,
        handling=tuple(
            Handling(title=said.title, fields=tuple(said.fields), words=said.words) for said in opening.handling
        ),
        break_glass_until=spell_moment(opening.break_glass_until_ms),
        indicator=last_indicator(whole, [outcome.agency for outcome in outcomes]),
    )


def read_outcome(agency: questions_pb2.AgencyPart, title: str) -> AgencyOutcome:
    """Read what became of one agency."""
    return AgencyOutcome(
        agency=agency.agency,
        title=title or agency.agency,
        outcome=_outcome(agency.outcome),
        reason=_reason(agency.reason),
        elapsed_ms=agency.elapsed_ms,
        unasked_rows=agency.unasked_rows,
        unasked_cells=agency.unasked_cells,
        unfit_cells=agency.unfit_cells,
        withheld=tuple(
            Withheld(field_class=kept.field_class, title=kept.title or kept.field_class, reason=_reason(kept.reason))
            for kept in agency.withheld
        ),
        consents=tuple(
            read_standing(consent, list(agency.consent_of_row).count(place))
            for place, consent in enumerate(agency.consents, start=1)
        ),
    )


def _fullest(parts: Sequence[questions_pb2.AnswerPart]) -> list[questions_pb2.AgencyPart]:
    """Take each agency where it was told of first, with as much as was shown of it last."""
    said: list[questions_pb2.AgencyPart] = []
    for part in parts:
        said += part.agencies
        for fuller in part.fuller:
            places = [place for place, told in enumerate(said) if told.agency == fuller.agency]
            if len(places) != 1 or len(said[places[0]].records.record_dates) != len(fuller.records.record_dates):
                raise BadAnswer("it shows more of records that it has not shown")
            said[places[0]] = fuller
    return said


def _only(found: Sequence[_One], what: str) -> _One:
    """Insist on exactly one."""
    if len(found) != 1:
        raise BadAnswer(f"it says {what} {len(found)} times instead of once")
    return found[0]


def _outcomes(opening: questions_pb2.Opening, said: Sequence[questions_pb2.AgencyPart]) -> tuple[AgencyOutcome, ...]:
    """Give each planned agency its one outcome: built from the plan, never from what came back."""
    by_agency = {part.agency: part for part in said}
    if len(by_agency) != len(said):
        raise BadAnswer("an agency has more than one outcome")
    if by_agency.keys() != {choice.id for choice in opening.planned}:
        raise BadAnswer("the agencies with an outcome are not those that were planned")
    return tuple(read_outcome(by_agency[choice.id], choice.title) for choice in opening.planned)


def _people(
    parts: Sequence[questions_pb2.AnswerPart],
    said: Iterable[questions_pb2.AgencyPart],
    agencies: Sequence[str],
    fields: Sequence[str],
) -> tuple[Person, ...]:
    """Join all rows into people, as the last joining says."""
    rows = [row for agency in said for row in _rows(agency, agencies.index(agency.agency))]
    joinings = [part.joining for part in parts if part.HasField("joining")]
    joining = joinings[-1] if joinings else questions_pb2.Joining()
    if len(joining.person_of_row) != len(rows):
        raise BadAnswer("it does not say of each record whom it is about")
    if any(person >= len(joining.certain) for person in joining.person_of_row):
        raise BadAnswer("it does not say of each person how certain it is")
    return make_people(rows, joining, fields)


def _rows(part: questions_pb2.AgencyPart, place: int) -> list[Row]:
    """Take one agency's table apart into its rows."""
    table = part.records
    width, height = len(table.columns), len(table.record_dates)
    if len(table.cells) != width * height:
        raise BadAnswer("an agency's table has gaps")
    if height and part.outcome != records_pb2.OUTCOME_HELD:
        raise BadAnswer("there are records of an agency that holds none to show")
    columns, cells = tuple(table.columns), list(table.cells)
    retrieved_at = spell_moment(table.retrieved_at_ms)
    return [
        Row(
            place=(place, number),
            agency=part.agency,
            source=table.source,
            record_date=record_date or None,
            retrieved_at=retrieved_at,
            cells=tuple(zip(columns, cells[number * width : (number + 1) * width], strict=True)),
        )
        for number, record_date in enumerate(table.record_dates)
    ]


def _outcome(said: records_pb2.Outcome.ValueType) -> Outcome:
    """Read an outcome; what this client does not know must not be guessed."""
    try:
        return Outcome(records_pb2.Outcome.Name(said).removeprefix(_OUTCOME_PREFIX).lower())
    except ValueError:
        raise BadAnswer("an agency's outcome is unknown to this client") from None


def _reason(said: records_pb2.OutcomeReason.ValueType) -> Reason | None:
    """Read a reason; the outcome stands without it, so an unknown one is left out."""
    try:
        return Reason(records_pb2.OutcomeReason.Name(said).removeprefix(_REASON_PREFIX).lower())
    except ValueError:
        return None
