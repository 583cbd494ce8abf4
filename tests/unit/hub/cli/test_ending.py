"""How a command ends: an exit code that means something, and words that hold nothing they should not."""

import json
from pathlib import Path

import pytest
import typer

from hub.cli.ending import end
from hub.cli.errors import CommandError, ExitCode, PartlyDone, exit_code
from hub.client import errors
from hub.errors import Fault, NotReady, PolicyError, SettingsError

CODES = [
    (CommandError("X", "x"), 2),
    (errors.InvalidRequest("X", "x"), 2),
    (PartlyDone("x", {}, cause=errors.TooMuch("X", "x")), 7),
    (errors.SignInRefused("X", "x"), 3),
    (errors.NotSignedIn("X", "x"), 3),
    (errors.NotAllowed("X", "x"), 4),
    (errors.HubUnreachable("X", "x"), 5),
    (NotReady("X", "x"), 5),
    (errors.NotHeld("X", "x"), 6),
    (errors.TooMuch("X", "x"), 7),
    (errors.BadAnswer("x"), 1),
    (errors.HubFailed("X", "x"), 1),
    (typer.BadParameter("x"), 2),
    (ValueError("x"), 1),
    (KeyboardInterrupt(), 130),
]


@pytest.mark.parametrize(("error", "code"), CODES, ids=lambda value: type(value).__name__)
def test_every_error_has_its_exit_code(error: BaseException, code: int) -> None:
    assert exit_code(error) == code


@pytest.mark.parametrize("kind", errors.ClientError.__subclasses__(), ids=lambda kind: kind.__name__)
def test_no_error_of_the_client_is_without_an_exit_code_in_the_list_above(kind: type[errors.ClientError]) -> None:
    assert kind in {type(error) for error, _ in CODES}


def test_every_exit_code_is_documented(repository: Path) -> None:
    page = (repository / "docs" / "client.md").read_text(encoding="utf-8")
    assert all(f"| {code.value} |" in page for code in ExitCode)


def test_words_go_to_people_and_one_document_goes_to_programs(capsys: pytest.CaptureFixture[str]) -> None:
    code = end(errors.NotAllowed("LEVEL", "Not for you.", mend="Ask\x1b[2J your lead."), as_json=True)
    shown = capsys.readouterr()
    assert code == ExitCode.NOT_ALLOWED
    assert shown.err == "hub: Not for you.\nAsk\\x1b[2J your lead.\n"
    assert json.loads(shown.out) == {
        "error": {"reason": "LEVEL", "message": "Not for you.", "mend": "Ask\x1b[2J your lead."}
    }
    assert "\x1b" not in shown.out


def test_nothing_goes_to_stdout_where_a_person_reads(capsys: pytest.CaptureFixture[str]) -> None:
    end(errors.NotAllowed("LEVEL", "Not for you."), as_json=False)
    assert not capsys.readouterr().out


def test_an_error_that_nobody_foresaw_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    end(ValueError("9994760009 Amina Khan"), as_json=True)
    shown = capsys.readouterr()
    assert "Amina" not in shown.out + shown.err
    assert "ValueError" in shown.err


def test_all_faults_of_a_deployment_are_shown_each_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    faults = [Fault(file=Path("hub.toml"), line=line, what="Wrong", mend="Mend it.") for line in (1, 2)]
    assert end(SettingsError(faults), as_json=False) == ExitCode.WRONG
    assert capsys.readouterr().err.splitlines() == [
        "hub.toml:1: Wrong. Mend it.",
        "hub.toml:2: Wrong. Mend it.",
        "2 to mend.",
    ]


def test_programs_are_told_every_fault_of_a_policy_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    end(PolicyError([Fault(file=Path("levels/a.yaml"), line=4, what="Wrong", mend="Mend it.")]), as_json=True)
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["reason"] == "POLICY_FAULTS"
    assert error["faults"] == [{"file": "levels/a.yaml", "line": 4, "what": "Wrong", "mend": "Mend it."}]


def test_what_was_done_before_a_command_was_cut_short_is_not_lost(capsys: pytest.CaptureFixture[str]) -> None:
    cause = errors.HubUnreachable("TOO_SLOW", "The hub did not answer in time.", mend="Try again.")
    code = end(PartlyDone("Proposal p-1 is made.", {"id": "p-1"}, cause=cause), as_json=True)
    shown = capsys.readouterr()
    assert code == ExitCode.UNREACHABLE
    assert shown.err == "hub: Proposal p-1 is made. The hub did not answer in time.\nTry again.\n"
    assert json.loads(shown.out)["error"]["done"] == {"id": "p-1"}
