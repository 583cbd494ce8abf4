from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.accounts.importing import COLUMNS, MOST_BYTES, Offices, decoded, read_accounts
from hub.errors import ConfigurationError
from hub.model.account import NewAccount

FILE = Path("people.csv")
HEADER = ",".join(COLUMNS)
OFFICES = Offices(
    agencies=("health", "social_care"),
    levels={"health_visitor": "health", "practitioner": None},
    areas=("north", "south"),
)
RIGHT = "n.okafor,Nneka Okafor,health,health_visitor,north;south"


def faults_in(*lines: str, header: str = HEADER, taken: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    with pytest.raises(ConfigurationError) as refused:
        read_accounts("\n".join((header, *lines)), OFFICES, file=FILE, taken=taken)
    assert all(fault.mend and fault.file == FILE for fault in refused.value.faults)
    return [(fault.line, fault.what) for fault in refused.value.faults]


def test_each_line_is_an_account() -> None:
    text = f'{HEADER}\n{RIGHT}\ns.patel,"Patel, Sunil",social_care,practitioner,\na.brown,A Brown,health,,\n'
    assert read_accounts(text, OFFICES) == (
        NewAccount(
            user_name="n.okafor",
            display_name="Nneka Okafor",
            agency="health",
            access_level="health_visitor",
            areas=("north", "south"),
        ),
        NewAccount(user_name="s.patel", display_name="Patel, Sunil", agency="social_care", access_level="practitioner"),
        NewAccount(user_name="a.brown", display_name="A Brown", agency="health"),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines_empty_lines_and_the_mark_of_utf_8_make_no_difference(end: str) -> None:
    content = f"\ufeff{HEADER}{end}{RIGHT}{end}{end}".encode()
    assert len(read_accounts(decoded(content, FILE), OFFICES)) == 1
    assert len(read_accounts(content.decode(), OFFICES)) == 1


@pytest.mark.parametrize("content", [f"{HEADER}\né".encode("latin-1"), HEADER.encode("utf-16"), b"\xff\xfe\x00"])
def test_other_encodings_are_refused(content: bytes) -> None:
    with pytest.raises(ConfigurationError, match="UTF-8"):
        decoded(content, FILE)


def test_the_line_that_is_not_utf_8_is_named_and_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(ConfigurationError, match=r"people\.csv:3:"):
        decoded(b"a\nb\n\xff\n", FILE)
    with pytest.raises(ConfigurationError, match="Split"):
        decoded(b"a" * (MOST_BYTES + 1), FILE)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("N.Okafor,Nneka Okafor,health,health_visitor,", "user_name cannot be one"),
        ("n okafor,Nneka Okafor,health,health_visitor,", "user_name cannot be one"),
        (",Nneka Okafor,health,health_visitor,", "user_name cannot be one"),
        ("n.okafor,,health,health_visitor,", "display_name is missing"),
        (f"n.okafor,{'x' * 201},health,health_visitor,", "display_name is missing or too long"),
        ("n.okafor,Nneka Okafor,police,practitioner,", "no such agency"),
        ("n.okafor,Nneka Okafor,health,surgeon,", "nobody can hold"),
        ("n.okafor,Nneka Okafor,social_care,health_visitor,", "not for this agency"),
        ("n.okafor,Nneka Okafor,health,health_visitor,west", "no such area"),
        ("n.okafor,Nneka Okafor,health,health_visitor,north south", "no such area"),
        ("n.okafor,Nneka Okafor,health,health_visitor,north;north", "twice"),
        ("n.okafor,Nneka Okafor,health,health_visitor,north;", "no such area"),
        ("n.okafor,Nneka Okafor,health", "it has 3 cells"),
        ("n.okafor,Nneka Okafor,health,health_visitor,,", "it has 6 cells"),
        ("n.okafor,=1+1,health,health_visitor,", "display_name begins like a formula"),
        ("n.okafor,@SUM(A1),health,health_visitor,", "begins like a formula"),
        ("+n.okafor,Nneka Okafor,health,health_visitor,", "user_name begins like a formula"),
        ("-n.okafor,Nneka Okafor,health,health_visitor,", "user_name begins like a formula"),
        ("n.okafor,Nneka\x00Okafor,health,health_visitor,", "display_name holds characters"),
        ("n.okafor,Nneka\u202eOkafor,health,health_visitor,", "display_name holds characters"),
        ("n.okafor,Nneka \ufffdkafor,health,health_visitor,", "lost in conversion"),
        ('n.okafor,"Nneka\nOkafor",health,health_visitor,', "display_name holds characters"),
        ("n.okafor, Nneka Okafor,health,health_visitor,", "spaces at its ends"),
        ('n.okafor,"Nneka"Okafor,health,health_visitor,', "quotation marks"),
        ('n.okafor,"Nneka Okafor,health,health_visitor,', "quotation marks"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_with_its_number(line: str, what: str) -> None:
    ((number, said),) = faults_in("s.patel,S Patel,health,practitioner,", line)
    assert number == 3 + line.count("\n")
    assert what in said


def test_all_faults_are_told_at_once() -> None:
    assert [number for number, _ in faults_in("x,,police,surgeon,west", RIGHT, "y,Y,health,,east")] == [
        *([2] * 5),
        *([4] * 2),
    ]


def test_a_user_name_is_unique_in_the_file_and_beyond_it() -> None:
    assert faults_in(RIGHT, RIGHT) == [(3, "user_name stands on line 2 already")]
    assert faults_in(RIGHT, taken=("n.okafor",)) == [(2, "there is an account of this user_name already")]
    assert len(faults_in(RIGHT, "n.okafor,,health,,", RIGHT)) == 3


@pytest.mark.parametrize("header", ["", "user_name", HEADER.upper(), HEADER.replace(",", ";"), f"{HEADER},password"])
def test_the_columns_are_these_and_no_others_least_of_all_passwords(header: str) -> None:
    assert faults_in(RIGHT, header=header) == [(1, "its columns are not the right ones")]


def test_a_file_without_anybody_is_refused() -> None:
    assert faults_in() == [(1, "there is nobody in it")]


@given(st.lists(st.lists(st.text(), max_size=7).map(",".join), max_size=6))
def test_whatever_stands_in_a_file_it_is_read_or_refused_with_faults(lines: list[str]) -> None:
    try:
        found = read_accounts("\n".join((HEADER, *lines)), OFFICES, file=FILE)
    except ConfigurationError as error:
        found = ()
        faults = error.faults
    else:
        faults = ()
    assert bool(found) != bool(faults)
