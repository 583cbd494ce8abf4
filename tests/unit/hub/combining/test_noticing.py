"""Whom a notice tells what: every small case against brute force, and each protection by itself."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.reading import read_rulebook
from hub.combining.noticing import MOST_VALUES, MayKnow, NoticeRules, notices_of
from hub.combining.view import disagreements
from hub.model.answer import AgencyAnswer, Joining
from hub.model.matching import MatchCard, Standing, Word
from hub.model.notice import Difference, Notice
from hub.model.outcome import Outcome, Reason
from hub.model.policy import TellDifferences
from hub.model.terms import UNSAID, Shield, Terms
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.unit.hub.making import table

RULES = NoticeRules(
    classes={"gender": "basic", "address": "basic"},
    locating=frozenset({"address"}),
    areas={"health": frozenset({"bolton"}), "schools": frozenset({"bolton"}), "social_care": frozenset({"bolton"})},
)
AGENCIES = ("health", "schools", "social_care")
HERE, THERE = "1 High Street", "2 Low Road"


def everybody_knows(_agency: str, _other: str, _field_class: str) -> TellDifferences:
    return TellDifferences.THAT_THEY_DIFFER


def held(agency: str, *rows: dict[str, str], terms: Sequence[Terms] = ()) -> AgencyAnswer:
    records = replace(table(*rows), terms=tuple(terms))
    return AgencyAnswer(agency=agency, outcome=Outcome.HELD, records=records)


def one_person(answers: Sequence[AgencyAnswer], *, certain: bool = True) -> Joining:
    rows = sum(len(answer.records) for answer in answers if answer.records is not None)
    return Joining(person_of_row=(0,) * rows, certain=(certain,), disagreements=())


def found(
    answers: Sequence[AgencyAnswer],
    joining: Joining | None = None,
    may_know: MayKnow = everybody_knows,
    beside: Sequence[Shield] = (),
) -> list[tuple[str, str, int]]:
    notices = notices_of("r1", answers, joining or one_person(answers), RULES, may_know, beside=beside)
    return [_told(notice) for notice in notices]


def _told(notice: Notice) -> tuple[str, str, int]:
    assert isinstance(notice.about, Difference)
    return notice.agency, notice.about.field, notice.about.agencies


DIFFERING = [held("health", {"address": HERE, "gender": "male"}), held("schools", {"address": THERE, "gender": "male"})]


def test_each_agency_is_told_of_a_field_on_which_the_other_holds_something_else() -> None:
    assert found(DIFFERING) == [("health", "address", 1), ("schools", "address", 1)]


def test_a_notice_says_whom_the_own_record_is_about_and_what_it_holds_and_nothing_of_others() -> None:
    own = {"nhs_number": "1", "given_name": "Ann", "address": HERE}
    answers = [held("health", own), held("schools", {"nhs_number": "1", "given_name": "Anne", "address": THERE})]
    rules = replace(RULES, classes={"address": "basic"})
    notice, _ = notices_of("r1", answers, one_person(answers), rules, everybody_knows)
    assert (notice.request_id, notice.agency) == ("r1", "health")
    assert (notice.person.nhs_number, notice.person.given_name, notice.person.address) == ("1", "Ann", "")
    assert notice.about == Difference(field="address", agencies=1, own=HERE)


def test_others_are_counted_and_never_named() -> None:
    answers = [*DIFFERING, held("social_care", {"address": THERE})]
    assert found(answers) == [("health", "address", 2), ("schools", "address", 1), ("social_care", "address", 1)]


@pytest.mark.parametrize("same", ["1, HIGH STREET.", "１ High Street", "", HERE])
def test_what_is_spelled_otherwise_or_not_known_is_no_difference(same: str) -> None:
    assert found([held("health", {"address": HERE}), held("schools", {"address": same})]) == []


def test_an_agency_is_told_of_the_first_of_its_own_records_from_which_others_differ() -> None:
    answers = [held("health", {"address": HERE}, {"address": THERE}), held("schools", {"address": HERE})]
    notices = notices_of("r1", answers, one_person(answers), RULES, everybody_knows)
    assert [(notice.agency, notice.about) for notice in notices] == [
        ("health", Difference(field="address", agencies=1, own=THERE)),
        ("schools", Difference(field="address", agencies=1, own=HERE)),
    ]


def test_records_of_one_agency_that_differ_among_themselves_are_its_own_affair() -> None:
    assert found([held("health", {"address": HERE}, {"address": THERE})]) == []


@pytest.mark.parametrize("shield", [Shield.PERSON, Shield.ABSOLUTE])
@pytest.mark.parametrize("whose", [0, 1, 2])
def test_about_somebody_whom_one_agency_protects_nobody_is_told_anything(shield: Shield, whose: int) -> None:
    answers = [*DIFFERING, held("social_care", {"address": HERE})]
    answers[whose] = _on(answers[whose], Terms(shield=shield))
    assert found(answers) == []
    assert found(DIFFERING, beside=[shield]) == []


def test_where_an_address_is_protected_nobody_is_told_that_places_differ_and_the_rest_is_told() -> None:
    answers = [
        held("health", {"address": HERE, "gender": "male"}),
        held("schools", {"address": THERE, "gender": "other"}),
    ]
    rest = [("health", "gender", 1), ("schools", "gender", 1)]
    for whose in (0, 1):
        protected = list(answers)
        protected[whose] = _on(answers[whose], Terms(shield=Shield.ADDRESS))
        assert found(protected) == rest
    assert found(answers, beside=[Shield.ADDRESS]) == rest


def test_a_protected_record_of_somebody_who_is_only_possibly_the_person_silences_all() -> None:
    answers = [*DIFFERING, _on(held("social_care", {"address": HERE}), Terms(shield=Shield.PERSON))]
    joining = Joining(person_of_row=(0, 0, 1), certain=(True, False), disagreements=())
    assert found(answers, joining) == []


def test_who_is_only_possibly_the_person_is_in_no_notice() -> None:
    assert found(DIFFERING, one_person(DIFFERING, certain=False)) == []
    answers = [*DIFFERING, held("social_care", {"address": THERE})]
    joining = Joining(person_of_row=(0, 1, 0), certain=(True, False), disagreements=())
    assert found(answers, joining) == [("health", "address", 1), ("social_care", "address", 1)]
    nobody = Joining(person_of_row=(0, -1, 0), certain=(True,), disagreements=())
    assert found(answers, nobody) == [("health", "address", 1), ("social_care", "address", 1)]


def test_what_only_a_requester_says_is_the_same_person_is_not_certain_enough() -> None:
    card = MatchCard(standing=Standing.SAME, per_mille=1000)
    joining = one_person(DIFFERING)
    assert found(DIFFERING, replace(joining, cards=(card,)))
    assert found(DIFFERING, replace(joining, cards=(replace(card, word=Word.SAME),))) == []


def test_an_agency_that_has_kept_something_back_is_neither_told_nor_counted() -> None:
    kept = replace(DIFFERING[1], withheld=(("concern", Reason.NO_CONSENT),))
    assert found([DIFFERING[0], kept]) == []


def test_a_record_that_belongs_where_an_agency_does_not_serve_is_not_counted_for_it() -> None:
    rules = replace(RULES, areas={**RULES.areas, "schools": frozenset({"bury"})})
    elsewhere = _on(DIFFERING[0], Terms(areas=("bolton",)))
    notices = notices_of("r1", [elsewhere, DIFFERING[1]], one_person(DIFFERING), rules, everybody_knows)
    assert [_told(notice) for notice in notices] == [("health", "address", 1)]


def test_an_agency_of_whom_one_may_not_know_is_not_counted_and_alone_makes_no_notice() -> None:
    def knows(agency: str, other: str, _field_class: str) -> TellDifferences | None:
        return TellDifferences.THAT_THEY_DIFFER if {agency, other} == {"health", "schools"} else None

    answers = [*DIFFERING, held("social_care", {"address": THERE})]
    assert found(answers, may_know=knows) == [("health", "address", 1), ("schools", "address", 1)]


def test_what_others_hold_is_told_of_those_only_whose_agreement_says_so() -> None:
    def telling(_agency: str, other: str, _field_class: str) -> TellDifferences:
        return TellDifferences.VALUES if other == "schools" else TellDifferences.THAT_THEY_DIFFER

    answers = [*DIFFERING, held("social_care", {"address": "3 Mill Lane"})]
    notices = notices_of("r1", answers, one_person(answers), RULES, telling)
    assert [(notice.agency, notice.about.values) for notice in notices if isinstance(notice.about, Difference)] == [
        ("health", (THERE,)),
        ("schools", ()),
        ("social_care", (THERE,)),
    ]


def test_no_more_than_so_many_values_are_told() -> None:
    def telling(_agency: str, _other: str, _field_class: str) -> TellDifferences:
        return TellDifferences.VALUES

    many = held("schools", *({"address": f"{number} Low Road"} for number in range(MOST_VALUES + 5)))
    first = notices_of("r1", [DIFFERING[0], many], one_person([DIFFERING[0], many]), RULES, telling)[0]
    assert isinstance(first.about, Difference)
    assert len(first.about.values) == MOST_VALUES


def test_classes_that_a_source_may_keep_back_are_in_no_notice() -> None:
    catalogue = read_rulebook(SHIPPED_POLICIES).catalogue
    shipped = NoticeRules.of(catalogue, {})
    assert {"nhs_number", "address", "school"} <= set(shipped.classes)
    assert shipped.locating == {"address", "postcode", "gp_practice", "school"}
    kept_back = next(found for found in catalogue.field_classes.values() if found.is_kept_back)
    field = next(field for field in catalogue.fields.values() if field.field_class == kept_back.id)
    listing = type(catalogue.fields).of(
        tuple(replace(one, comparable=True) if one.id == field.id else one for one in catalogue.fields.values())
    )
    assert field.id not in NoticeRules.of(replace(catalogue, fields=listing), {}).classes


VALUES = ("", HERE, "1, High Street", THERE)
PAIRS = [(agency, other) for agency in AGENCIES for other in AGENCIES if agency != other]


def test_every_answer_of_three_agencies_is_told_as_brute_force_tells_it() -> None:
    for values in product(VALUES, repeat=3):
        answers = [held(agency, {"address": value}) for agency, value in zip(AGENCIES, values, strict=True)]
        for allowed in range(2 ** len(PAIRS)):
            knowing = {pair for place, pair in enumerate(PAIRS) if allowed >> place & 1}
            assert found(answers, may_know=_knowing(knowing)) == _by_brute_force(answers, knowing), (values, knowing)


def _knowing(pairs: set[tuple[str, str]]) -> MayKnow:
    return lambda agency, other, _class: TellDifferences.THAT_THEY_DIFFER if (agency, other) in pairs else None


def _by_brute_force(answers: Sequence[AgencyAnswer], knowing: set[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Ask, of every pair, what an answer of these two alone would show to a requester as a disagreement."""
    told = []
    for own in answers:
        others = [other for other in answers if (own.agency, other.agency) in knowing and _disagree(own, other)]
        if others:
            told.append((own.agency, "address", len(others)))
    return told


def _disagree(one: AgencyAnswer, other: AgencyAnswer) -> bool:
    tables = [answer.records for answer in (one, other) if answer.records is not None]
    return bool(disagreements(tables, (0, 0), RULES.classes))


ROW = st.fixed_dictionaries({"address": st.sampled_from(VALUES), "gender": st.sampled_from(["", "male", "other"])})
SHIELDS = st.sampled_from([Shield.NONE, Shield.NONE, Shield.NONE, Shield.ADDRESS, Shield.PERSON])


@given(
    st.lists(st.lists(st.tuples(ROW, SHIELDS, st.integers(-1, 1)), min_size=1, max_size=3), min_size=1, max_size=3),
    st.tuples(st.booleans(), st.booleans()),
)
def test_whatever_is_held_nothing_is_told_of_a_place_or_person_that_is_protected(
    tables: list[list[tuple[dict[str, str], Shield, int]]], certain: tuple[bool, bool]
) -> None:
    answers = [
        held(agency, *(row for row, _, _ in rows), terms=[replace(UNSAID, shield=shield) for _, shield, _ in rows])
        for agency, rows in zip(AGENCIES, tables, strict=False)
    ]
    everything = [(agency, *one) for agency, rows in zip(AGENCIES, tables, strict=False) for one in rows]
    joining = Joining(person_of_row=tuple(person for *_, person in everything), certain=certain, disagreements=())
    told = found(answers, joining)
    shields = {shield for _, _, shield, _ in everything}
    if Shield.PERSON in shields:
        assert told == []
    if Shield.ADDRESS in shields:
        assert all(field != "address" for _, field, _ in told)
    for agency, field, _ in told:
        sure = [(whose, row[field]) for whose, row, _, person in everything if person >= 0 and certain[person]]
        assert any(whose == agency and value for whose, value in sure)
        assert any(whose != agency and value for whose, value in sure)


def _on(answer: AgencyAnswer, terms: Terms) -> AgencyAnswer:
    assert answer.records is not None
    return replace(answer, records=replace(answer.records, terms=(terms,) * len(answer.records)))
