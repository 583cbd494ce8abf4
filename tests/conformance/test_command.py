"""`adapter conformance` as it is typed."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from adapters.cli import app
from adapters.conformance.sample import SAMPLE
from tests.conformance.paper.adapter import SECRET
from tests.conformance.paper.people import write_people
from tests.conformance.paper.wrongs import Wrong
from tests.lib.deployment import environment


def typed(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "adapters", "conformance", *arguments]
    variables = environment() | {SECRET: "a secret of the paper agency"}
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=100, check=False)


@pytest.fixture
def people(tmp_path: Path, repository: Path) -> Path:
    return write_people(tmp_path, repository)


def paper(folder: Path, *wrong: Wrong) -> str:
    return " ".join([sys.executable, "-m", "tests.conformance.paper.adapter", str(folder), *wrong])


def test_a_program_is_started_told_of_the_run_and_judged(people: Path, tmp_path: Path) -> None:
    files = ("--json", str(tmp_path / "report.json"), "--junit", str(tmp_path / "report.xml"))
    done = typed("--command", paper(tmp_path), "--people", str(people), *files)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok      bronze answers-known: " in done.stdout
    assert "paper (paper 1): silver reached. 47 kept, 0 broken, 0 not tried." in done.stdout
    assert done.stderr == ""
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (report["passed"], report["reached"], len(report["rules"])) == (True, "silver", 47)
    assert ET.parse(tmp_path / "report.xml").getroot().get("failures") == "0"  # noqa: S314  written by ourselves


def test_a_broken_rule_is_told_with_its_mend_and_ends_with_one(people: Path, tmp_path: Path) -> None:
    wrong = paper(tmp_path, Wrong.SENDS_ALL_FIELDS)
    done = typed("--command", wrong, "--people", str(people), "--level", "bronze")
    assert done.returncode == 1
    assert "BROKEN  bronze asked-fields-only: It sends no field that was not asked for." in done.stdout
    assert "came:     also 'address'" in done.stdout
    assert "no level reached; wanted was bronze" in done.stdout
    for value in ("Samira", "Paperwhite", "9434765919"):
        assert value not in done.stdout


def test_the_sample_is_printed() -> None:
    assert CliRunner().invoke(app, ["conformance", "--sample"]).stdout == SAMPLE


@pytest.mark.parametrize(
    "arguments", [[], ["--command", "true"], ["--people", "nowhere.yaml"], ["--people", "nowhere.yaml", "m.yaml"]]
)
def test_wrong_usage_and_files_that_are_not_there_are_told(arguments: list[str]) -> None:
    done = CliRunner().invoke(app, ["conformance", *arguments])
    assert done.exit_code == (1 if "m.yaml" in arguments else 2)
    assert "nowhere.yaml" in done.stderr or "--sample" in done.stderr


def test_an_exemption_from_no_rule_is_told(people: Path) -> None:
    people.write_text(people.read_text("utf-8") + "exempt: {vetos-honoured: we have none of these}\n", "utf-8")
    done = CliRunner().invoke(app, ["conformance", "--command", "true", "--people", str(people)])
    assert done.exit_code == 1
    assert "`exempt` names no rule of the suite: vetos-honoured" in done.stderr


def test_the_adapter_of_a_manifest_is_judged(repository: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "examples.bolton.build", "--into", str(tmp_path), "--children", "20"]
    subprocess.run(command, cwd=repository, env=environment(), check=True, capture_output=True)
    people = tmp_path / "people.yaml"
    whole = (Path(__file__).parent / "people" / "youth_offending.yaml").read_text(encoding="utf-8")
    people.write_text(whole.replace("POLICIES", str(repository / "policies")), encoding="utf-8")
    manifest = repository / "examples" / "bolton" / "agencies" / "youth_offending.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "adapters", "conformance", manifest, "--people", people, "--level", "bronze"],
        env=environment() | {"BOLTON_DATA": str(tmp_path), "BOLTON_HUB": "x:1", "BOLTON_CERTIFICATES": "nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "youth_offending (adapter " in done.stdout
