from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.linkage.parameters import shipped
from hub.linkage.people import NOBODY, People, link
from hub.model.matching import Evidence, Likeness, Standing, Word
from hub.model.person import PersonKeys
from hub.model.records import Records
from tests.unit.hub.making import nhs_number, table, upn

PARAMETERS = shipped()
COLUMNS = ("nhs_number", "upn", "given_name", "family_name", "date_of_birth", "postcode", "address", "gender")
INVALID = ["9990000019", "0000000000", "B350000000001"]
ANN = {"given_name": "Ann", "family_name": "Smith", "date_of_birth": "2016-03-09"}
ASKED_BY_NAME = PersonKeys(**ANN)
ASKED = PersonKeys(nhs_number=nhs_number(1))

Row = Mapping[str, str]
NAMED = st.fixed_dictionaries(
    {
        "nhs_number": st.sampled_from(["", "", nhs_number(1), nhs_number(2), *INVALID]),
        "upn": st.sampled_from(["", "", upn(1), upn(2)]),
        "given_name": st.sampled_from(["", "Ann", "Anne", "Jon", "Jan", "A", "Annabella", "Annabela"]),
        "family_name": st.sampled_from(["", "Smith", "Smyth", "Smith-Jones", "Ann"]),
        "date_of_birth": st.sampled_from(["", "2016-03-09", "2016-09-03", "2016-03-08", "2016", "2011-12-30"]),
        "postcode": st.sampled_from(["", "BL1 4AA", "BL1 4AB", "M1 1AA"]),
        "address": st.sampled_from(["", "1 High St", "1 High Street", "9 Low Road"]),
        "gender": st.sampled_from(["", "female", "male"]),
    }
)
AGENCIES = st.lists(st.lists(NAMED, max_size=3), max_size=4)
KEYS = st.sampled_from(
    [ASKED, ASKED_BY_NAME, PersonKeys(nhs_number=nhs_number(1), **ANN), PersonKeys(upn=upn(1), given_name="Jon")]
)


def linked(agencies: Sequence[Sequence[Row]], asked: PersonKeys, words: Mapping[int, Word] | None = None) -> People:
    tables = [table(*rows, columns=COLUMNS) for rows in agencies]
    names = [f"agency_{number}" for number in range(len(agencies))]
    return link(tables, names, asked, PARAMETERS, words=words or {})


def standings(people: People) -> list[Standing]:
    return [
        Standing.DIFFERENT if person == NOBODY else people.cards[person].standing for person in people.person_of_row
    ]


def groups(agencies: Sequence[Sequence[Row]], asked: PersonKeys = ASKED) -> set[tuple[frozenset[tuple[int, int]], str]]:
    """Return the people as sets of (agency, row), each with its standing; agencies keep their numbers."""
    return grouped(agencies, [(agency, list(range(len(rows)))) for agency, rows in enumerate(agencies)], asked)


def grouped(
    agencies: Sequence[Sequence[Row]], order: Sequence[tuple[int, Sequence[int]]], asked: PersonKeys
) -> set[tuple[frozenset[tuple[int, int]], str]]:
    tables = [table(*(agencies[agency][row] for row in rows), columns=COLUMNS) for agency, rows in order]
    people = link(tables, [f"agency_{agency}" for agency, _ in order], asked, PARAMETERS)
    places = [(agency, row) for agency, rows in order for row in rows]
    return {
        (
            frozenset(place for place, owner in zip(places, people.person_of_row, strict=True) if owner == person),
            repr(card),
        )
        for person, card in enumerate(people.cards)
    }


@given(AGENCIES, KEYS, st.randoms(use_true_random=False))
def test_the_order_of_agencies_and_records_never_changes_who_is_who_or_why(
    agencies: list[list[Row]], asked: PersonKeys, random: object
) -> None:
    order = [(agency, list(range(len(rows)))) for agency, rows in enumerate(agencies)]
    for _, rows in order:
        random.shuffle(rows)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    random.shuffle(order)  # type: ignore[attr-defined]  # as above
    assert grouped(agencies, order, asked) == groups(agencies, asked)


@given(st.lists(NAMED, min_size=1, max_size=5), KEYS, st.data())
def test_an_identifier_that_contradicts_never_creates_a_link(
    rows: list[Row], asked: PersonKeys, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    kind = data.draw(st.sampled_from([kind for kind in ("nhs_number", "upn") if getattr(asked, kind)] or ["upn"]))
    number = nhs_number(7) if kind == "nhs_number" else upn(7)
    # Nobody else has that number, and what a row has already stays.
    rows[place] = {**rows[place], kind: ""}
    contradicting = [{**row, kind: number} if at == place else row for at, row in enumerate(rows)]
    before, after = linked([rows], asked), linked([contradicting], asked)
    if standings(before)[place] is not Standing.SAME:
        assert standings(after)[place] is not Standing.SAME
    if getattr(asked, kind):
        assert standings(after)[place] is not Standing.SAME


@given(st.lists(NAMED, min_size=1, max_size=4), KEYS, st.data())
def test_taking_evidence_away_never_makes_of_somebody_different_the_same(
    rows: list[Row], asked: PersonKeys, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    gone = data.draw(st.sets(st.sampled_from(COLUMNS), min_size=1))
    less = [
        {name: "" if name in gone else row[name] for name in row} if at == place else row for at, row in enumerate(rows)
    ]
    before, after = standings(linked([rows], asked)), standings(linked([less], asked))
    assert (before[place], after[place]) != (Standing.DIFFERENT, Standing.SAME)


@given(AGENCIES, KEYS)
def test_nobody_has_two_valid_numbers_of_one_kind(agencies: list[list[Row]], asked: PersonKeys) -> None:
    rows = [row for agency in agencies for row in agency]
    people = linked(agencies, asked)
    for person, card in enumerate(people.cards):
        for kind in ("nhs_number", "upn"):
            held = {row[kind] for row, owner in zip(rows, people.person_of_row, strict=True) if owner == person}
            wanted = {getattr(asked, kind)} if card.standing is Standing.SAME else set()
            assert len((held | wanted) - {"", *INVALID}) <= 1


@given(AGENCIES, KEYS)
def test_each_person_has_a_row_and_a_card_and_whoever_is_the_same_comes_first(
    agencies: list[list[Row]], asked: PersonKeys
) -> None:
    people = linked(agencies, asked)
    assert len(people.person_of_row) == sum(map(len, agencies))
    assert set(people.person_of_row) - {NOBODY} == set(range(len(people.cards)))
    assert [card.standing for card in people.cards[1:]] == [Standing.POSSIBLY] * len(people.cards[1:])
    others = [person for person in dict.fromkeys(people.person_of_row) if person not in (NOBODY, 0)]
    assert others == sorted(others)


def test_two_agencies_with_the_number_asked_for_tell_of_one_child() -> None:
    people = linked([[{"nhs_number": nhs_number(1)}], [{"nhs_number": nhs_number(1)}]], ASKED)
    assert people.person_of_row == (0, 0)
    assert people.certain == (True,)


def test_a_record_with_both_numbers_joins_those_with_one() -> None:
    agencies = [[{"nhs_number": nhs_number(1)}], [{"upn": upn(2)}], [{"nhs_number": nhs_number(1), "upn": upn(2)}]]
    assert linked(agencies, ASKED).person_of_row == (0, 0, 0)


def test_whoever_else_has_another_number_is_somebody_else() -> None:
    assert linked([[{"nhs_number": nhs_number(2)}]], ASKED).person_of_row == (NOBODY,)


def test_namesakes_born_on_one_day_are_possible_when_their_numbers_differ_and_none_was_asked_for() -> None:
    one, other = {"nhs_number": nhs_number(1), **ANN}, {"nhs_number": nhs_number(2), **ANN}
    people = linked([[one], [other], [one], [ANN]], ASKED_BY_NAME)
    assert people.person_of_row[:3] == (0, 1, 0)
    assert set(people.certain) == {False}


def test_the_number_asked_for_still_counts_where_a_namesake_with_another_comes_along() -> None:
    asked = PersonKeys(nhs_number=nhs_number(1), **ANN)
    agencies = [[{"nhs_number": nhs_number(1), **ANN}], [{"nhs_number": nhs_number(2), **ANN}], [ANN]]
    # The third may be the namesake.
    assert standings(linked(agencies, asked)) == [Standing.SAME, Standing.POSSIBLY, Standing.POSSIBLY]


def test_closure_never_overrides_a_contradiction() -> None:
    asked = PersonKeys(nhs_number=nhs_number(1))
    agencies = [
        [{"nhs_number": nhs_number(1), "upn": upn(1)}],
        [{"upn": upn(1)}],
        [{"nhs_number": nhs_number(2), "upn": upn(1)}],
    ]
    assert standings(linked(agencies, asked)) == [Standing.SAME, Standing.POSSIBLY, Standing.POSSIBLY]


def test_records_of_somebody_possible_that_contradict_each_other_are_shown_one_by_one() -> None:
    asked = PersonKeys(given_name="Ann", family_name="Smith", date_of_birth="2016-03")
    one, other = {"nhs_number": nhs_number(1), "upn": upn(1)}, {"nhs_number": nhs_number(2), "upn": upn(1)}
    people = linked([[{**ANN, **one}], [{**ANN, "upn": upn(1)}], [{**ANN, **other}]], asked)
    assert people.person_of_row == (0, 1, 2)
    assert not any(people.certain)


def test_two_records_with_the_number_asked_for_that_contradict_each_other_are_both_in_doubt() -> None:
    agencies = [[{"nhs_number": nhs_number(1), "upn": upn(1)}], [{"nhs_number": nhs_number(1), "upn": upn(2)}]]
    assert standings(linked(agencies, ASKED)) == [Standing.POSSIBLY] * 2


def test_one_record_with_a_number_typed_for_somebody_else_spoils_no_others() -> None:
    right, wrong = {"nhs_number": nhs_number(1), **ANN}, {"nhs_number": nhs_number(1), "given_name": "Max"}
    wrong |= {"family_name": "Brown", "date_of_birth": "2011-11-11"}
    assert standings(linked([[right], [{**right, "gender": "female"}], [wrong]], ASKED)) == [
        Standing.SAME,
        Standing.SAME,
        Standing.POSSIBLY,
    ]


def test_a_number_that_agrees_is_in_doubt_where_name_and_date_of_birth_do_not() -> None:
    asked = PersonKeys(nhs_number=nhs_number(1), **ANN)
    mother = {"nhs_number": nhs_number(1), "given_name": "Ruth", "family_name": "Smith", "date_of_birth": "1988-12-30"}
    assert standings(linked([[mother]], asked)) == [Standing.POSSIBLY]


def test_the_requester_s_word_moves_the_rows_of_which_it_was_said_and_no_others() -> None:
    namesakes = [[{"nhs_number": nhs_number(1), **ANN}], [{"nhs_number": nhs_number(2), **ANN}]]
    people = linked(namesakes, ASKED_BY_NAME, {0: Word.SAME, 1: Word.NOT_SAME})
    assert people.person_of_row == (0, NOBODY)
    assert [(card.standing, card.per_mille, card.word) for card in people.cards] == [(Standing.SAME, 1000, Word.SAME)]


def test_a_card_says_why_the_weightiest_first_and_since_when_records_differ() -> None:
    here, there = {"nhs_number": nhs_number(1), "address": "1 High St", **ANN}, {"address": "9 Low Rd", **ANN}
    tables = [table(here, columns=COLUMNS, dates=["2026-01-05"]), table(there, columns=COLUMNS, dates=["2026-03-02"])]
    asked = PersonKeys(nhs_number=nhs_number(1), **ANN)
    (card,) = link(tables, ["schools", "health"], asked, PARAMETERS).cards
    assert card.evidence[0] == Evidence(field="nhs_number", likeness=Likeness.EQUAL, agency="schools")
    assert card.evidence[-1] == Evidence(
        field="address", likeness=Likeness.DIFFERENT, agency="health", other_agency="schools", since="2026-03-02"
    )
    assert card.per_mille == 1000


def test_whoever_is_only_possibly_the_person_is_never_certain_and_a_twin_no_surer_than_not() -> None:
    home = {"postcode": "BL1 4AA", "address": "1 High St", "date_of_birth": "2016-03-09", "family_name": "Smith"}
    asked = PersonKeys(given_name="Mia", **home)
    twin, estimated = linked([[{**home, "given_name": "Maia"}]], asked), linked([[{**home, "given_name": "M"}]], asked)
    assert standings(twin) == standings(estimated) == [Standing.POSSIBLY]
    assert (twin.cards[0].per_mille, estimated.cards[0].per_mille) == (500, 999)


@given(agencies=AGENCIES, asked=KEYS)
def test_no_card_of_somebody_who_is_only_possibly_the_person_says_that_it_is_certain(
    agencies: list[list[Row]], asked: PersonKeys
) -> None:
    cards = linked(agencies, asked).cards
    assert all(card.per_mille < 1000 for card in cards if card.standing is Standing.POSSIBLY)


@pytest.mark.parametrize("length", [101, 100_000])
def test_a_name_longer_than_anybody_s_says_nothing_so_that_it_takes_no_time(length: int) -> None:
    rows = [{**ANN, "given_name": f"{'ab' * length}{letter}"[-length:]} for letter in "abcdefghij"]
    asked = PersonKeys(**{**ANN, "given_name": "a" * length})
    assert set(standings(linked([rows], asked))) == {Standing.POSSIBLY}
    assert not any(found.field == "given_name" for card in linked([rows], asked).cards for found in card.evidence)


def test_placeholders_for_names_and_dates_say_nothing() -> None:
    unknown = {"given_name": "Unknown", "family_name": "Smith", "date_of_birth": "1900-01-01"}
    asked = PersonKeys(given_name="Unknown", family_name="Smith", date_of_birth="1900-01-01")
    assert standings(linked([[unknown]], asked)) == [Standing.DIFFERENT]


def test_nothing_held_is_nobody() -> None:
    assert linked([], ASKED) == linked([[]], ASKED) == People(person_of_row=(), cards=())


@pytest.mark.parametrize("columns", [("service",), ("nhs_number",), ("upn",), ()])
def test_tables_without_some_columns_are_read_all_the_same(columns: tuple[str, ...]) -> None:
    rows = {"nhs_number": nhs_number(1), "upn": upn(1), "service": "Early Help"}
    records = Records(
        columns=columns,
        cells=tuple(rows[name] for name in columns),
        record_dates=("",),
        source="S",
        retrieved_at_ms=1,
    )
    assert len(link([records], ["health"], ASKED, PARAMETERS).person_of_row) == 1


@pytest.mark.parametrize("count", [101, 400, 1001])
def test_however_many_different_records_come_the_number_asked_for_counts_and_the_work_is_bounded(count: int) -> None:
    others = [{"given_name": f"A{'b' * (number % 40)}", "family_name": f"C{number}"} for number in range(count)]
    rows = [{**row, "date_of_birth": "2016-03-09", "nhs_number": ""} for row in others]
    rows.append({"nhs_number": nhs_number(1), **ANN})
    people = linked([rows], PersonKeys(nhs_number=nhs_number(1), **ANN))
    assert people.person_of_row[-1] == 0
    assert people.cards[0].standing is Standing.SAME


def test_a_word_makes_nobody_the_person_whose_number_turns_out_to_be_another() -> None:
    surely, said = {"nhs_number": nhs_number(1), **ANN}, {"nhs_number": nhs_number(2), **ANN, "given_name": "Annabella"}
    assert standings(linked([[{**ANN, "given_name": "Annabella"}], [surely]], ASKED_BY_NAME, {0: Word.SAME})) == [
        Standing.SAME,
        Standing.SAME,
    ]
    people = linked([[said], [surely]], ASKED_BY_NAME, {0: Word.SAME})
    assert people.person_of_row[0] != people.person_of_row[1]
    assert standings(people)[1] is Standing.SAME
    both = linked([[said], [{**surely, "given_name": "Anabella"}]], PersonKeys(), {0: Word.SAME, 1: Word.SAME})
    assert Standing.SAME not in standings(both)
