"""Hostile text: nothing that comes from elsewhere can steer a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cli.printable import printable


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J\x1b[31mgone", "\\x1b[2J\\x1b[31mgone"),
        ("\x9b2J", "\\x9b2J"),
        ("\x1b]8;;http://x\x07click", "\\x1b]8;;http://x\\x07click"),
        ("one\r\ntwo\tthree", "one two three"),
        ("back\x08\x7f", "back\\x08\\x7f"),
        ("Khan\u202enahK", "Khan\\u202enahK"),
        ("in\u200bvisible\ufeff", "in\\u200bvisible\\ufeff"),
        ("next\u2028line", "next\\u2028line"),
        ("[bold red]not markup[/]", "[bold red]not markup[/]"),
    ],
)
def test_what_could_steer_the_terminal_is_spelt_out(hostile: str, shown: str) -> None:
    assert printable(hostile) == shown


@pytest.mark.parametrize("name", ["Zoë O'Néill-Brown", "李小龍", "Đặng Thị", "Łukasz Żółć", "क्\u200dष", "नेहा"])
def test_names_of_any_origin_pass_untouched(name: str) -> None:
    assert printable(name) == name


@given(st.text())
def test_no_control_character_is_ever_left(text: str) -> None:
    left = {unicodedata.category(character) for character in printable(text) if character not in "\u200c\u200d"}
    assert not left & {"Cc", "Cf", "Cs", "Zl", "Zp"}
