"""Assembly: every cell once, every planned agency once, and the same answer however it was streamed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sharing.v1 import questions_pb2, records_pb2

from hub.client.assembling import assemble
from hub.client.errors import BadAnswer
from hub.model.outcome import Outcome, Reason
from tests.unit.hub.client import sample

AGENCIES = ("north", "south", "east", "west")
FIELDS = ("nhs_number", "given_name", "family_name", "address", "service")
REST = [
    records_pb2.OUTCOME_NOTHING_HELD,
    records_pb2.OUTCOME_NOT_PERMITTED,
    records_pb2.OUTCOME_WITHHELD,
    records_pb2.OUTCOME_NO_ANSWER,
    records_pb2.OUTCOME_SUPPRESSED,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What agencies hold, and which row is about whom, before anything is streamed."""

    agencies: tuple[questions_pb2.AgencyPart, ...]
    person_of: dict[tuple[str, int], int]
    certain: tuple[bool, ...]
    differing: tuple[tuple[int, str], ...]


@st.composite
def agency_parts(draw: st.DrawFn, name: str) -> questions_pb2.AgencyPart:
    if not draw(st.booleans()):
        return questions_pb2.AgencyPart(agency=name, outcome=draw(st.sampled_from(REST)))
    columns = draw(st.lists(st.sampled_from(FIELDS), unique=True, max_size=len(FIELDS)))
    height = draw(st.integers(1, 4))
    cell = st.sampled_from(["", "", "a", "b", "Zoë", "\x1b[2J"])
    return questions_pb2.AgencyPart(
        agency=name,
        outcome=records_pb2.OUTCOME_HELD,
        elapsed_ms=draw(st.integers(0, 3000)),
        records=records_pb2.Records(
            columns=columns,
            cells=draw(st.lists(cell, min_size=height * len(columns), max_size=height * len(columns))),
            record_dates=draw(
                st.lists(st.sampled_from(["", "2026-01-01", "2026-02-02"]), min_size=height, max_size=height)
            ),
            source=draw(st.sampled_from(["Old system", "New system"])),
            retrieved_at_ms=draw(st.sampled_from([0, 1, sample.RETRIEVED_MS])),
        ),
    )


@st.composite
def stories(draw: st.DrawFn) -> Story:
    agencies = tuple(draw(agency_parts(name)) for name in AGENCIES)
    people = draw(st.integers(1, 3))
    person = st.integers(0, people - 1)
    return Story(
        agencies=agencies,
        person_of={
            (agency.agency, row): draw(person) for agency in agencies for row in range(len(agency.records.record_dates))
        },
        certain=tuple(draw(st.lists(st.booleans(), min_size=people, max_size=people))),
        differing=tuple(draw(st.lists(st.tuples(person, st.sampled_from(FIELDS)), max_size=4))),
    )


def told(story: Story, order: Sequence[int], cuts: Sequence[bool]) -> list[questions_pb2.AnswerPart]:
    """Stream a story: agencies in an order, a new part wherever there is a cut, joined anew in each part."""
    opening = questions_pb2.Opening(
        request_id="r-1",
        planned=[questions_pb2.Choice(id=name) for name in AGENCIES],
        fields=[questions_pb2.Choice(id=name) for name in FIELDS],
    )
    parts = [questions_pb2.AnswerPart(opening=opening)]
    so_far: list[int] = []
    for number, cut in zip(order, cuts, strict=True):
        agency = story.agencies[number]
        if cut:
            parts.append(questions_pb2.AnswerPart())
        parts[-1].agencies.append(agency)
        so_far += [story.person_of[agency.agency, row] for row in range(len(agency.records.record_dates))]
        parts[-1].joining.CopyFrom(
            questions_pb2.Joining(
                person_of_row=so_far,
                certain=story.certain,
                disagreements=[
                    questions_pb2.Disagreement(person=person, field=name) for person, name in story.differing
                ],
            )
        )
    parts.append(questions_pb2.AnswerPart(completeness=questions_pb2.Completeness(complete=True, elapsed_ms=7)))
    return parts


def one_by_one(story: Story) -> list[questions_pb2.AnswerPart]:
    return told(story, range(len(AGENCIES)), [True] * len(AGENCIES))


@given(stories())
def test_every_cell_that_is_not_empty_appears_exactly_once_with_its_provenance(story: Story) -> None:
    answer = assemble(one_by_one(story))
    sent = Counter(
        (column, cell, agency.agency, agency.records.source, agency.records.record_dates[at // len(columns)] or None)
        for agency in story.agencies
        for columns in [agency.records.columns]
        for at, cell in enumerate(agency.records.cells)
        for column in [columns[at % len(columns)]]
        if cell
    )
    shown = Counter(
        (name, value.value, value.agency, value.source, value.record_date)
        for person in answer.people
        for name, values in person.fields.items()
        for value in values
    )
    assert shown == sent


@given(stories(), st.permutations(range(len(AGENCIES))), st.lists(st.booleans(), min_size=4, max_size=4))
def test_the_order_in_which_agencies_answer_and_the_cuts_between_parts_do_not_matter(
    story: Story, order: list[int], cuts: list[bool]
) -> None:
    assert assemble(told(story, order, cuts)) == assemble(one_by_one(story))


@given(stories())
def test_every_planned_agency_has_exactly_one_outcome_in_the_order_of_the_plan(story: Story) -> None:
    assert [outcome.agency for outcome in assemble(one_by_one(story)).outcomes] == list(AGENCIES)


@given(stories())
def test_an_answer_is_complete_only_if_every_planned_agency_answered_whatever_the_hub_says(story: Story) -> None:
    answer = assemble(one_by_one(story))
    silent = {Outcome.NO_ANSWER, Outcome.NOT_PERMITTED}
    assert answer.complete == (not silent & {outcome.outcome for outcome in answer.outcomes})


@given(stories())
def test_values_of_one_record_bear_one_number_and_those_of_two_records_never_do(story: Story) -> None:
    for person in assemble(one_by_one(story)).people:
        of_record: dict[int, set[tuple[str, str | None]]] = {}
        for values in person.fields.values():
            numbers = [value.record for value in values]
            assert len(numbers) == len(set(numbers))
            for value in values:
                of_record.setdefault(value.record, set()).add((value.agency, value.record_date))
        assert all(len(records) == 1 for records in of_record.values())


@given(stories())
def test_a_disagreement_lays_at_least_two_values_side_by_side_and_names_all_who_hold_them(story: Story) -> None:
    for person in assemble(one_by_one(story)).people:
        for disagreement in person.disagreements:
            held = {(value.value, value.agency) for value in person.fields[disagreement.field]}
            said = [(saying.value, agency) for saying in disagreement.sayings for agency in saying.agencies]
            assert len(disagreement.sayings) > 1
            assert Counter(said) == Counter(held)


def test_the_sample_answer_reads_as_it_was_written() -> None:
    answer = assemble(sample.parts())
    certain, apart = answer.people
    assert certain.certain
    assert not apart.certain
    assert certain.identity["given_name"] == "Amina"
    assert certain.identity["upn"] is None
    assert apart.identity["upn"] == "A801200001001"
    assert [value.record for value in certain.fields["service"]] == [0, 1]
    assert [disagreement.field for disagreement in certain.disagreements] == ["given_name", "address"]
    down = answer.outcomes[3]
    assert (down.title, down.outcome, down.reason) == ("Youth offending", Outcome.NO_ANSWER, Reason.DOWN)
    assert certain.fields["address"][0].retrieved_at == "2026-11-23T02:13:20.000Z"


def test_an_answer_that_is_viewed_is_the_one_that_was_streamed() -> None:
    assert assemble([sample.whole()]) == assemble(sample.parts())


def test_of_two_values_held_equally_often_the_newer_record_says_who_a_person_is() -> None:
    whole = sample.whole()
    whole.agencies[2].records.cells[1] = "Ameena"
    whole.agencies[2].records.cells[8] = ""
    assert assemble([whole]).people[0].identity["given_name"] == "Aminah"


def test_an_answer_never_shows_its_content_when_it_is_printed_for_a_programmer() -> None:
    answer = assemble(sample.parts())
    for shown in (
        repr(answer),
        repr(answer.people[0]),
        repr(answer.people[0].disagreements),
        repr(answer.people[0].fields),
    ):
        assert "Amina" not in shown
        assert "Khan" not in shown
        assert "Mill Lane" not in shown


def without_opening() -> list[questions_pb2.AnswerPart]:
    parts = sample.parts()
    parts[0].ClearField("opening")
    return parts


def without_end() -> list[questions_pb2.AnswerPart]:
    return sample.parts()[:-1]


def without_an_agency() -> list[questions_pb2.AnswerPart]:
    parts = sample.parts()
    del parts[0].agencies[0]
    return parts


def with_an_agency_twice() -> list[questions_pb2.AnswerPart]:
    parts = sample.parts()
    parts[3].agencies.append(sample.connexions())
    return parts


def with_an_agency_not_planned() -> list[questions_pb2.AnswerPart]:
    parts = sample.parts()
    parts[0].agencies[0].agency = "police"
    return parts


def with_an_unknown_outcome() -> list[questions_pb2.AnswerPart]:
    parts = sample.parts()
    parts[0].agencies[0].outcome = records_pb2.OUTCOME_UNSPECIFIED
    return parts


def with_an_outcome_of_a_newer_contract() -> list[questions_pb2.AnswerPart]:
    part = sample.parts()
    part[0].agencies[0].MergeFromString(b"\x10\x63")
    return part


def with_a_gap_in_a_table() -> list[questions_pb2.AnswerPart]:
    parts = sample.parts()
    del parts[1].agencies[0].records.cells[-1]
    return parts


def with_records_of_an_agency_that_holds_none() -> list[questions_pb2.AnswerPart]:
    parts = sample.parts()
    parts[1].agencies[0].outcome = records_pb2.OUTCOME_WITHHELD
    return parts


def with_a_row_that_belongs_to_nobody() -> list[questions_pb2.AnswerPart]:
    parts = sample.parts()
    del parts[2].joining.person_of_row[-1]
    return parts


def with_a_person_of_unknown_certainty() -> list[questions_pb2.AnswerPart]:
    parts = sample.parts()
    del parts[2].joining.certain[-1]
    return parts


@pytest.mark.parametrize(
    "make",
    [
        without_opening,
        without_end,
        without_an_agency,
        with_an_agency_twice,
        with_an_agency_not_planned,
        with_an_unknown_outcome,
        with_an_outcome_of_a_newer_contract,
        with_a_gap_in_a_table,
        with_records_of_an_agency_that_holds_none,
        with_a_row_that_belongs_to_nobody,
        with_a_person_of_unknown_certainty,
    ],
)
def test_an_answer_that_contradicts_itself_is_refused_without_quoting_it(make: object) -> None:
    assert callable(make)
    with pytest.raises(BadAnswer) as refused:
        assemble(make())
    assert "Amina" not in refused.value.message


def test_a_moment_that_no_calendar_has_is_left_out() -> None:
    whole = sample.whole()
    whole.agencies[2].records.retrieved_at_ms = 2**62
    assert assemble([whole]).people[0].fields["service"][0].retrieved_at is None


@given(stories(), st.data())
def test_what_is_shown_more_fully_later_takes_the_place_of_what_was_shown_before(
    story: Story, data: st.DataObject
) -> None:
    parts = one_by_one(story)
    fuller = data.draw(st.sampled_from(story.agencies))
    for part in parts:
        for told_of in part.agencies:
            if told_of.agency == fuller.agency:
                told_of.records.cells[:] = [""] * len(told_of.records.cells)
    parts.insert(-1, questions_pb2.AnswerPart(fuller=[fuller]))
    assert assemble(parts) == assemble(one_by_one(story))


def test_more_of_records_that_were_not_shown_is_no_answer() -> None:
    parts = sample.parts()
    stranger = questions_pb2.AgencyPart(agency="nobody")
    with pytest.raises(BadAnswer):
        assemble([*parts[:-1], questions_pb2.AnswerPart(fuller=[stranger]), parts[-1]])
