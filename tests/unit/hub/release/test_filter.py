import string
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.policy import Policy
from hub.model.catalogue import Field, FieldType
from hub.model.matching import MOST_CANDIDATES
from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.model.text import plain
from hub.release.filter import FieldFilter, Filtered
from tests.unit.hub.making import IDENTITY, nhs_number, stood, table, upn

ASKED = PersonKeys(nhs_number=nhs_number(1), upn=upn(1))
NAMED = PersonKeys(given_name="Zoë", family_name="O'Neill", date_of_birth="2016-03-09")
ROW = {"nhs_number": nhs_number(1), "service": "Early Help"}

# Few values, so that rows are now and then about the person asked for.
_VALUES: Mapping[str, st.SearchStrategy[str]] = {
    "nhs_number": st.sampled_from(["", nhs_number(1), nhs_number(2), "9990000019"]),
    "upn": st.sampled_from(["", upn(1), upn(2)]),
    "given_name": st.sampled_from(["", "Zoë", "ZOE", "Zo", "-"]),
    "family_name": st.sampled_from(["", "O'Neill", "ONeill", "Smith"]),
    "date_of_birth": st.sampled_from(["", "2016-03-09", "2016-03-10"]),
}
_COLUMNS = [*IDENTITY, "service", "gender", "involved_since", "attendance_percent", "concern_kind", "no_such_field"]
_CELLS = st.sampled_from(
    [
        "",
        "female",
        "2020-02-30",
        "2020-02-29",
        "97.5",
        "neglect",
        "a\x1b[2Jb",
        "x" * 90,
        "x" * 250,
        "x" * 2_001,
        "Qwert",
    ]
)


def fields_of(policy: Policy, *names: str) -> list[Field]:
    return [policy.catalogue.fields[name] for name in names]


def released(policy: Policy, rows: list[dict[str, str]], asked: PersonKeys = ASKED, *also: str) -> Filtered:
    return FieldFilter(fields_of(policy, *IDENTITY, *also), stood).apply(table(*rows), asked)


@st.composite
def tables(draw: st.DrawFn) -> Records:
    columns = draw(st.lists(st.sampled_from(_COLUMNS), unique=True))
    rows = draw(st.integers(0, 5))
    cells = [draw(_VALUES.get(name, _CELLS)) for _ in range(rows) for name in columns]
    return Records(
        columns=tuple(columns), cells=tuple(cells), record_dates=("2026-01-01",) * rows, source="S", retrieved_at_ms=1
    )


KEYS = st.builds(
    PersonKeys,
    nhs_number=st.sampled_from(["", nhs_number(1)]),
    upn=st.sampled_from(["", upn(1)]),
    given_name=st.sampled_from(["", "Zoë", "-"]),
    family_name=st.sampled_from(["", "O'Neill"]),
    date_of_birth=st.sampled_from(["", "2016-03-09"]),
)


@given(tables(), KEYS, st.lists(st.sampled_from(_COLUMNS[:-1]), unique=True))
def test_over_answering_never_passes(policy: Policy, received: Records, asked: PersonKeys, names: list[str]) -> None:
    passed = FieldFilter(fields_of(policy, *names), stood).apply(received, asked)
    records = passed.records
    assert set(records.columns) <= set(names)
    assert len(records.cells) == len(records.columns) * len(records)
    for row in records.rows():
        assert is_about(dict(zip(records.columns, row, strict=True)), asked)
    for name in records.columns:
        assert all(fits(policy.catalogue.fields[name], cell) for cell in records.column(name) if cell)
    assert set(records.cells) <= {*received.cells, ""}
    assert "no_such_field" not in records.columns


@given(tables(), KEYS, st.lists(st.sampled_from(_COLUMNS[:-1]), unique=True))
def test_asked_by_numbers_alone_everything_sent_either_passes_or_is_counted(
    policy: Policy, received: Records, asked: PersonKeys, names: list[str]
) -> None:
    by_number = PersonKeys(nhs_number=asked.nhs_number, upn=asked.upn)
    passed = FieldFilter(fields_of(policy, *names), stood).apply(received, by_number)
    unasked = [name for name in received.columns if name not in names]
    assert passed.unasked_rows == len(received) - len(passed.records)
    assert passed.unasked_cells == sum(bool(cell) for name in unasked for cell in received.column(name))


@given(tables(), KEYS)
def test_whom_rows_are_about_is_not_looked_at_twice(policy: Policy, received: Records, asked: PersonKeys) -> None:
    field_filter = FieldFilter(fields_of(policy, *IDENTITY), stood)
    once = field_filter.apply(received, asked).records
    assert field_filter.apply(once, None) == Filtered(records=once)


@given(tables(), KEYS)
def test_filtering_what_was_filtered_changes_nothing(policy: Policy, received: Records, asked: PersonKeys) -> None:
    field_filter = FieldFilter(fields_of(policy, *IDENTITY, "service", "gender"), stood)
    once = field_filter.apply(received, asked).records
    again = field_filter.apply(once, asked)
    assert again == Filtered(records=once)


def is_about(row: dict[str, str], asked: PersonKeys) -> bool:
    """Say again, in other words than the filter, when a row may be about the person asked for.

    Asked by numbers alone, it must have one of them; asked by names too, something of them or the day of birth.
    """
    if asked.nhs_number and row.get("nhs_number") == asked.nhs_number:
        return True
    if asked.upn and row.get("upn") == asked.upn:
        return True
    names = {plain(row.get("given_name", "")), plain(row.get("family_name", ""))} - {""}
    wanted = {plain(asked.given_name), plain(asked.family_name)} - {""}
    born = row.get("date_of_birth", "")
    return bool(
        names and (any(one[:2] == other[:2] for one in names for other in wanted) or born == asked.date_of_birth)
    )


def fits(field: Field, cell: str) -> bool:
    """Say again, in other words than the filter, when a value is of its field's kind."""
    match field.type:
        case FieldType.TEXT:
            return len(cell) <= field.max_length and not [sign for sign in cell if not sign.isprintable()]
        case FieldType.IDENTIFIER:
            return len(cell) <= 20 and not set(cell) - set(string.ascii_letters + string.digits)
        case FieldType.DATE:
            return len(cell) == 10 and datetime.strptime(cell, "%Y-%m-%d").replace(tzinfo=UTC).year >= 1
        case FieldType.NUMBER:
            return not set(cell) - set("-.0123456789") and float(cell) < 10**12
        case FieldType.CHOICE:
            return cell in field.choices


def test_an_unasked_column_is_dropped_and_its_values_counted(policy: Policy) -> None:
    passed = released(policy, [ROW | {"address": "1 High St"}, ROW | {"address": ""}], ASKED, "service")
    assert passed.records.columns == ("nhs_number", "service")
    assert passed.unasked_cells == 1


def test_a_row_about_somebody_else_is_dropped_and_counted(policy: Policy) -> None:
    passed = released(policy, [ROW, ROW | {"nhs_number": nhs_number(2)}, ROW | {"nhs_number": ""}], ASKED, "service")
    assert passed.records.column("nhs_number") == (nhs_number(1),)
    assert passed.unasked_rows == 2


def test_a_dropped_row_takes_its_own_date_with_it(policy: Policy) -> None:
    rows = table({"nhs_number": nhs_number(2)}, {"nhs_number": nhs_number(1)}, dates=("2001-01-01", "2002-02-02"))
    assert FieldFilter(fields_of(policy, *IDENTITY), stood).apply(rows, ASKED).records.record_dates == ("2002-02-02",)


def test_either_identifier_suffices(policy: Policy) -> None:
    rows = [{"nhs_number": nhs_number(1), "upn": ""}, {"nhs_number": "", "upn": upn(1)}]
    assert len(released(policy, rows).records) == 2


def test_asked_by_an_identifier_a_namesake_does_not_pass(policy: Policy) -> None:
    row = {"nhs_number": "", "given_name": "Zoë", "family_name": "O'Neill", "date_of_birth": "2016-03-09"}
    assert not len(released(policy, [row]).records)


@pytest.mark.parametrize(
    ("given_name", "family_name"), [("Zoë", "O'Neill"), ("ZOE", "ONEILL"), ("Zoe\u0308", "O Neill"), ("zoë", "o-neill")]
)
def test_accents_capitals_and_punctuation_do_not_hide_a_child(
    policy: Policy, given_name: str, family_name: str
) -> None:
    row = {"given_name": given_name, "family_name": family_name, "date_of_birth": "2016-03-09"}
    assert len(released(policy, [row], NAMED).records) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"given_name": "Zoey"},
        {"family_name": "Neill"},
        {"date_of_birth": "2016-09-03"},
        {"date_of_birth": ""},
    ],
)
def test_who_differs_a_little_passes_and_is_for_others_to_judge(policy: Policy, other: dict[str, str]) -> None:
    row = {"given_name": "Zoë", "family_name": "O'Neill", "date_of_birth": "2016-03-09"} | other
    passed = released(policy, [row], NAMED)
    assert (len(passed.records), passed.unasked_rows) == (1, 0)


def test_a_candidate_who_is_somebody_else_goes_without_a_trace(policy: Policy) -> None:
    brother = {"given_name": "Max", "family_name": "O'Neill", "date_of_birth": "2013-01-02"}
    passed = released(policy, [brother], NAMED)
    assert (len(passed.records), passed.unasked_rows) == (0, 0)


def test_who_cannot_have_been_found_by_the_name_was_sent_too_much(policy: Policy) -> None:
    stranger = {"given_name": "Max", "family_name": "Smith", "date_of_birth": "2001-01-02"}
    passed = released(policy, [stranger], NAMED)
    assert (len(passed.records), passed.unasked_rows) == (0, 1)


TWINS = ("Bruno", "Carla", "Dev", "Erik", "Fatima", "Gus", "Hugo", "Ines", "Jakub", "Kirsty")


def test_of_more_people_than_an_agency_may_send_only_the_one_asked_for_passes(policy: Policy) -> None:
    child = {"given_name": "Zoë", "family_name": "O'Neill", "date_of_birth": "2016-03-09"}
    alike = [child | {"given_name": name} for name in TWINS]
    assert len(released(policy, alike, NAMED).records) == MOST_CANDIDATES
    passed = released(policy, [child, *alike], NAMED)
    assert (len(passed.records), passed.unasked_rows) == (1, MOST_CANDIDATES)


def test_who_was_found_by_an_agency_s_own_number_passes_from_that_agency_alone(policy: Policy) -> None:
    row = {"given_name": "Zoë", "family_name": "O'Neill", "date_of_birth": "2016-03-09"}
    asked = PersonKeys(local_numbers=(("schools", "S-77"),))
    schools = FieldFilter(fields_of(policy, *IDENTITY), stood).apply(table(row), asked, "schools")
    health = FieldFilter(fields_of(policy, *IDENTITY), stood).apply(table(row), asked, "health")
    assert (len(schools.records), len(health.records), health.unasked_rows) == (1, 0, 1)


def test_an_agency_s_own_number_brings_nobody_who_has_another_number_than_was_asked_for(policy: Policy) -> None:
    row = {"given_name": "Zoë", "family_name": "O'Neill", "date_of_birth": "2016-03-09"}
    asked = PersonKeys(nhs_number=nhs_number(1), local_numbers=(("schools", "S-77"),))
    rows = (row | {"nhs_number": nhs_number(1)}, row | {"nhs_number": nhs_number(2)})
    passed = FieldFilter(fields_of(policy, *IDENTITY), stood).apply(table(*rows), asked, "schools")
    assert (len(passed.records), passed.unasked_rows) == (1, 1)


def test_a_name_without_a_letter_is_not_the_name_of_those_who_have_none(policy: Policy) -> None:
    nameless = {"given_name": "", "family_name": "", "date_of_birth": "2016-03-09"}
    asked = PersonKeys(given_name="-", family_name="'", date_of_birth="2016-03-09")
    assert not len(released(policy, [nameless], asked).records)
    assert not len(released(policy, [nameless], NAMED).records)


def test_a_table_without_identity_is_about_nobody(policy: Policy) -> None:
    passed = released(policy, [{"service": "Early Help"}], ASKED, "service")
    assert (len(passed.records), passed.unasked_rows) == (0, 1)


FITTING = {
    "service": (["Early Help", "Équipe 3", "x" * 200], ["two\nlines", "a\x1b[2Jb", "\u202eright to left", "x" * 3_000]),
    "involved_since": (
        ["2020-02-29"],
        ["2021-02-29", "29.2.2020", "2020-2-9", "20200229", "2020-02-29T00:00", "2020-W01-1"],
    ),
    "attendance_percent": (["97", "97.5", "-1", "0"], ["97%", "1e3", "NaN", "97,5", ".5", "٩٧", "9" * 13]),
    "gender": (["female", "not_known"], ["Female", "f", "unknown"]),
    "upn": ([upn(1)], ["A 35", "Ann Smith", "x" * 21, "A35-1"]),
}


@pytest.mark.parametrize(("field", "value"), [(field, good) for field, (goods, _) in FITTING.items() for good in goods])
def test_a_value_of_its_field_s_kind_passes(policy: Policy, field: str, value: str) -> None:
    passed = released(policy, [{"nhs_number": nhs_number(1), field: value}], ASKED, field)
    assert passed.records.column(field) == (value,)
    assert not passed.unfit_cells


@pytest.mark.parametrize(("field", "value"), [(field, bad) for field, (_, bads) in FITTING.items() for bad in bads])
def test_a_value_that_is_not_of_its_field_s_kind_is_emptied_and_counted(policy: Policy, field: str, value: str) -> None:
    passed = released(policy, [{"nhs_number": nhs_number(1), field: value}], ASKED, field)
    assert passed.records.column(field) == ("",)
    assert passed.unfit_cells == 1


def test_every_kind_of_field_is_tried_above(policy: Policy) -> None:
    assert {policy.catalogue.fields[name].type for name in FITTING} == set(FieldType)


def test_an_empty_value_is_never_unfit(policy: Policy) -> None:
    row = {"nhs_number": nhs_number(1)} | dict.fromkeys(FITTING, "")
    assert not released(policy, [row], ASKED, *FITTING).unfit_cells
