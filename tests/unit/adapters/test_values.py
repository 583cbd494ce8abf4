"""How values of a back-office system become the plain text of the catalogue, and how people are looked for."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sharing.v1.records_pb2 import PersonKeys

from adapters.kit.converting import LONGEST_CELL, as_text, conversion, harmless
from adapters.kit.dialling import BackOff
from adapters.kit.json_paths import compile_path, path_fault, spread
from adapters.kit.looking import as_written, ways_to_look
from adapters.kit.mapping import ColumnField, ColumnKey, Keys
from adapters.kit.reader import Found, Looking, Match

EVERY_KEY: Keys[ColumnKey] = Keys[ColumnKey].model_validate(
    {"nhs_number": "n", "upn": "u", "family_name": "f", "given_name": "g", "date_of_birth": "d"}
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  x ", "x"),
        (True, "true"),
        (7, "7"),
        (93.5, "93.5"),
        (1e-7, "0.0000001"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E+99999999999"), "1E+99999999999"),
        (Decimal("1E-99999999999"), "1E-99999999999"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), "2026-01-31"),
        (b"\x00", ""),
        ({"a": 1}, ""),
    ],
)
def test_every_kind_of_value_has_a_plain_text(value: object, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("part", "text", "expected"),
    [
        ({"column": "c", "date": ["%d/%m/%Y", "iso"]}, "07/03/2012", "2012-03-07"),
        ({"column": "c", "date": ["%d/%m/%Y", "iso"]}, "2012-03-07T10:00:00Z", "2012-03-07"),
        ({"column": "c", "date": "iso"}, "yesterday", ""),
        ({"column": "c", "values": {"M": "male"}}, " m ".strip(), "male"),
        ({"column": "c", "values": {"M": "male"}}, "?", ""),
        ({"column": "c", "values": {"M": "male"}, "otherwise": "other"}, "?", "other"),
        ({"column": "c", "values": {"M": "male"}, "otherwise": "other"}, "", ""),
        ({"column": "c", "values": {"": "open"}, "otherwise": "closed"}, "", "open"),
    ],
)
def test_codes_and_dates_are_converted_as_declared(part: dict[str, object], text: str, expected: str) -> None:
    convert = conversion("any_field", ColumnField.model_validate(part))
    assert convert is not None
    assert convert(text) == expected


def test_a_birth_date_is_always_read_as_a_date_and_an_nhs_number_loses_its_blanks() -> None:
    plain = ColumnField.model_validate("c")
    for field, text, expected in (
        ("date_of_birth", "2012-03-07 00:00:00", "2012-03-07"),
        ("nhs_number", "943 476-5919", "9434765919"),
    ):
        convert = conversion(field, plain)
        assert convert is not None
        assert convert(text) == expected
    assert conversion("address", plain) is None


@given(st.text(max_size=LONGEST_CELL + 50))
def test_no_cell_is_longer_than_the_contract_allows(cell: str) -> None:
    assert len(harmless(cell)) <= LONGEST_CELL


def test_strong_identifiers_come_first_and_names_only_all_together() -> None:
    person = PersonKeys(nhs_number="1", upn="2", family_name="F ", given_name="G", date_of_birth="2012-03-07")
    ways = ways_to_look(EVERY_KEY.mapped(), person)
    assert [way.looking for way in ways] == [Looking.ANY, Looking.ALL]
    assert dict(ways[0].wanted) == {"nhs_number": "1", "upn": "2"}
    assert dict(ways[1].wanted) == {"family_name": "F", "given_name": "G", "date_of_birth": "2012-03-07"}
    assert not ways_to_look(EVERY_KEY.mapped(), PersonKeys(family_name="F", given_name="G"))
    assert not ways_to_look(EVERY_KEY.mapped(), PersonKeys(family_name="F", given_name="G", date_of_birth="soon"))
    assert not ways_to_look({}, person)


def test_a_key_is_written_as_the_system_writes_it() -> None:
    spaced = ColumnKey.model_validate({"column": "n", "written": "###-###-####"})
    assert as_written(spaced, "9434765919") == "943-476-5919"
    dated = ColumnKey.model_validate({"column": "d", "date": "%d.%m.%y"})
    assert as_written(dated, "2012-03-07") == "07.03.12"


def test_neither_a_match_nor_what_was_found_shows_its_values() -> None:
    match = Match(looking=Looking.ANY, wanted=(("upn", "CANARY"),))
    found = Found(columns=("upn",), cells=["CANARY"], record_dates=[""], references=["CANARY"], withheld=0)
    assert "CANARY" not in f"{match!r} {match} {found!r} {found}"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.a.b[0]", [1]),
        ("$['a']['b'][-1]", [2]),
        ("$.a.b[9]", []),
        ("$.name[0]", []),
        ("$.a.b[*]", [1, 2]),
        ("$.list[?@.k=='x'].v", ["found"]),
        ("$..k", ["x"]),
    ],
)
def test_paths_find_what_the_standard_says(path: str, expected: list[object]) -> None:
    document = {"a": {"b": [1, 2]}, "name": "text", "list": [{"k": "x", "v": "found"}]}
    assert compile_path(path).find(document) == expected
    assert compile_path(path).find("a text is no document") == []


def test_a_path_knows_with_which_name_it_begins() -> None:
    assert compile_path("$.team[?@.x].y").begins == "team"
    assert compile_path("$..team").begins is None
    assert path_fault("$.[") is not None
    assert path_fault("team") is not None or compile_path("team").begins == "team"
    assert list(spread([[1, [2]], 3])) == [1, 2, 3]


def test_pauses_double_up_to_a_bound_and_are_anything_below_it() -> None:
    bounds: list[tuple[float, float]] = []

    def note(low: float, high: float) -> float:
        bounds.append((low, high))
        return high

    back_off = BackOff(first_seconds=0.5, longest_seconds=4, uniform=note)
    assert [back_off.pause(failures) for failures in (0, 1, 2, 3, 4, 5_000)] == [0.5, 1, 2, 4, 4, 4]
    assert {low for low, _ in bounds} == {0}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Zoë O'Brien-Çelik", "Zoë O'Brien-Çelik"),
        ("Flat 2\r\n31 Rowan Avenue", "Flat 2 31 Rowan Avenue"),
        ("\x1b[2JRed\x00", "[2JRed"),
        ("names \u202ebackwards", "names backwards"),
        ("a\u00a0b", "a b"),
        ("\x07", ""),
    ],
)
def test_control_characters_become_blanks_since_the_hub_would_drop_the_value(cell: str, expected: str) -> None:
    assert harmless(cell) == expected


def test_nobody_is_looked_for_by_a_key_with_control_characters() -> None:
    mapped = EVERY_KEY.mapped()
    assert not ways_to_look(mapped, PersonKeys(nhs_number="943\x004765919"))
    names = PersonKeys(family_name="F\x00", given_name="G", date_of_birth="2012-03-07")
    assert not ways_to_look(mapped, names)
