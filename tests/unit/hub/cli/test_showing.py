"""What people see: everything fits, nobody is left out, and hostile text stays text."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console
from sharing.v1 import questions_pb2

from hub.cli import screens
from hub.cli.progress import LineProgress, show_progress
from hub.cli.showing import show_answer
from hub.cli.signing import screens as signing
from hub.client.assembling import assemble
from tests.unit.hub.client import sample

HOSTILE = "\x1b[2J\x1b]0;owned\x07[bold red]Mill[/bold red] Lane\u202e"


def painted(paint: Callable[[Console], None], *, width: int = 80, terminal: bool = False) -> str:
    """Paint on a console of a width and give what it shows."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        markup=False,
        highlight=False,
        emoji=False,
    )
    paint(console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def unbroken(text: str) -> str:
    """Take out line breaks and blanks, as folding moves them."""
    return "".join(text.split())


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_an_answer_fits_the_terminal_and_names_every_agency(width: int) -> None:
    shown = painted(lambda console: show_answer(console, assemble(sample.parts())), width=width)
    assert max(map(len, shown.splitlines())) <= width
    assert all(unbroken(title) in unbroken(shown) for title in sample.AGENCIES.values())


@pytest.mark.parametrize("width", [60, 80])
def test_no_value_is_cut_off(width: int) -> None:
    whole = sample.whole()
    whole.agencies[2].records.cells[4] = "§" * 300
    shown = painted(lambda console: show_answer(console, assemble([whole])), width=width)
    # Once among the fields, and once among the disagreements.
    assert shown.count("§") == 600
    assert "…" not in shown


def test_an_answer_ends_with_its_completeness_in_words() -> None:
    shown = painted(lambda console: show_answer(console, assemble(sample.parts())))
    end = shown[shown.index("How complete this is") :]
    assert "3 of 5 agencies answered." in end
    assert "Youth offending did not answer: there is no connection to it." in end


def test_people_who_are_possible_only_are_shown_apart_with_the_reason() -> None:
    shown = painted(lambda console: show_answer(console, assemble(sample.parts())))
    certain, apart = shown.split("Possibly, but not certainly, this person")
    assert "A801200001001" not in certain
    assert "A801200001001" in apart
    assert "no valid NHS number or pupil number" in " ".join(apart.split())


def test_values_that_differ_stand_side_by_side_with_who_says_so() -> None:
    shown = painted(lambda console: show_answer(console, assemble(sample.parts())), width=120)
    rows = shown[shown.index("do not agree") : shown.index("Possibly")].splitlines()
    assert any("3 Mill Lane" in row and "Children's social care" in row for row in rows)
    assert any("12 Chapel Street" in row and "Community health" in row for row in rows)


def test_records_of_one_agency_are_told_apart() -> None:
    shown = painted(lambda console: show_answer(console, assemble(sample.parts())), width=120)
    assert any("Family support" in row and "(record 1), 2026-10-02" in row for row in shown.splitlines())
    assert any("Short breaks" in row and "(record 2), 2026-09-01" in row for row in shown.splitlines())


def test_an_answer_about_nobody_says_so_and_still_names_every_agency() -> None:
    whole = sample.whole()
    del whole.agencies[2:]
    whole.ClearField("joining")
    del whole.opening.planned[:3]
    shown = painted(lambda console: show_answer(console, assemble([whole])))
    assert "No agency shows anything about this person." in shown
    assert "0 of 2 agencies answered." in shown


def test_hostile_text_in_every_place_of_an_answer_stays_text() -> None:
    whole = sample.whole()
    whole.opening.wording = whole.opening.purpose = whole.opening.policy_version = HOSTILE
    for choice in (*whole.opening.planned, *whole.opening.fields):
        choice.title += HOSTILE
    for agency in whole.agencies:
        agency.records.source += HOSTILE
        for number, cell in enumerate(agency.records.cells):
            agency.records.cells[number] = cell + HOSTILE
        for number, day in enumerate(agency.records.record_dates):
            agency.records.record_dates[number] = day + HOSTILE
    shown = painted(lambda console: show_answer(console, assemble([whole])), width=200)
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert "[bold red]" in shown


def test_colours_are_for_terminals_only() -> None:
    def paint(console: Console) -> None:
        show_answer(console, assemble(sample.parts()))

    assert "\x1b" in painted(paint, terminal=True)
    assert "\x1b" not in painted(paint)


def test_progress_in_a_pipe_is_one_plain_line_for_each_agency() -> None:
    def paint(console: Console) -> None:
        progress = LineProgress(console)
        for part in sample.parts():
            progress.add(part)

    lines = painted(paint).splitlines()
    assert lines[0] == "Youth offending did not answer: there is no connection to it (1 ms)"
    assert len(lines) == len(sample.AGENCIES)


def test_progress_on_a_terminal_shows_who_has_not_answered_yet() -> None:
    seen: list[str] = []

    def paint(console: Console) -> None:
        assert isinstance(console.file, io.StringIO)
        with show_progress(console) as progress:
            for part in sample.parts():
                progress.add(part)
                seen.append(console.file.getvalue())

    painted(paint, terminal=True)
    assert "…" in seen[0]
    assert all(title in seen[0] for title in sample.AGENCIES.values())
    assert "180" in seen[2]


def test_the_lesser_screens_fit_the_terminal_and_steer_nothing() -> None:
    menu, held, status, session = sample.menu(), sample.held(), sample.status(), sample.session()
    menu.questions[0].wording += HOSTILE
    menu.questions[0].purposes[0].title += HOSTILE
    held.held[0].case_reference += HOSTILE
    status.agencies[0].links[0].program += HOSTILE
    session.display_name += HOSTILE

    def paint(console: Console) -> None:
        screens.show_menu(console, menu)
        screens.show_held(console, held)
        screens.show_status(console, status)
        signing.show_session(console, session, is_remembered=False)

    shown = painted(paint)
    assert max(map(len, shown.splitlines())) <= 80
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert all(words in shown for words in ("not connected", "half", "A6_E", "r-7f3a", "15 minutes"))
    assert all(words in shown for words in ("all there", "not known", "log is not what it was"))


def test_empty_lists_are_said_in_words() -> None:
    assert "may not ask any question" in painted(
        lambda console: screens.show_menu(console, questions_pb2.MenuResponse())
    )
    assert "holds no answers" in painted(lambda console: screens.show_held(console, questions_pb2.ListHeldResponse()))
    assert "held no answers" in painted(lambda console: screens.show_closed(console, 0))
    assert "1 answer" in painted(lambda console: signing.show_signed_out(console, 1, everywhere=False))
    assert "2 answers" in painted(lambda console: screens.show_closed(console, 2))
