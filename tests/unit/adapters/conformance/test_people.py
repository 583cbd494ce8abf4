"""What a people file may say, and what is said of one that is wrong."""

from pathlib import Path

import pytest

from adapters.conformance.catalogue import FieldRule, read_catalogue
from adapters.conformance.people import load_people
from adapters.conformance.sample import SAMPLE
from adapters.kit.errors import ManifestError

RIGHT = """
conformance: 1
questions: {child_basics: {upn: identifier, gender: {type: choice, choices: [female, male]}}}
known: [{keys: {upn: A1}, answers: {child_basics: {}}}]
unknown: [{keys: {upn: A2}}]
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "people.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_sample_is_a_people_file(tmp_path: Path, repository: Path) -> None:
    people = load_people(written(tmp_path, SAMPLE.replace("../policies", str(repository / "policies"))))
    assert len(people.known) == 2
    assert "child_basics" in read_catalogue(people).questions


def test_the_page_shows_the_sample_and_every_rule(repository: Path) -> None:
    from adapters.conformance.listing import rules  # noqa: PLC0415  for this test alone

    page = (repository / "docs" / "adapters" / "conformance.md").read_text(encoding="utf-8")
    assert f"```yaml\n{SAMPLE}```" in page
    for rule in rules():
        assert f"| `{rule.id}` | {rule.level.value} | {rule.says} | {rule.source} |" in page


def test_questions_and_types_may_stand_in_the_file_itself(tmp_path: Path) -> None:
    catalogue = read_catalogue(load_people(written(tmp_path, RIGHT)))
    assert catalogue.questions["child_basics"].fields == ("upn", "gender")
    assert catalogue.fields["gender"].fault("robot") == "is none of the choices"


def test_the_catalogue_is_the_hub_s_own(tmp_path: Path, repository: Path) -> None:
    text = RIGHT.replace("questions: {child_basics", f"catalogue: {repository / 'policies'}\nquestions: {{child_basics")
    catalogue = read_catalogue(load_people(written(tmp_path, text)))
    asked = catalogue.questions["child_services"]
    assert asked.fields[:5] == ("nhs_number", "upn", "given_name", "family_name", "date_of_birth")
    assert asked.deadline_ms == 3_000
    assert catalogue.fields["postcode"].max_length == 10
    assert "closed" in catalogue.fields["involvement_status"].choices


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("unknown: [{keys: {upn: A2}}]", "", 2, "`unknown` is missing"),
        ("upn: A2", "given_name: Ada", 5, "these keys say nobody"),
        ("conformance: 1", "conformance: 1\nshileded: []", 3, "`shileded` is not a word of a people file"),
        ("conformance: 1", "conformance: 1\nexempt: {connects: no}", 3, "`connects` does not fit"),
        (
            "questions: {child_basics: {upn: identifier, gender: {type: choice, choices: [female, male]}}}",
            "",
            2,
            "neither",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_mend(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    assert old in RIGHT
    with pytest.raises(ManifestError) as refused:
        load_people(written(tmp_path, RIGHT.replace(old, new)))
    (fault,) = refused.value.faults
    assert (fault.line, what in fault.what) == (line, True), fault
    assert fault.mend


def test_a_folder_that_holds_no_policy_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestError):
        read_catalogue(load_people(written(tmp_path, RIGHT.replace("questions", "catalogue: nowhere\nquestions"))))


@pytest.mark.parametrize(
    ("kind", "cell", "fits"),
    [
        ("date", "2012-02-29", True),
        ("date", "2011-02-31", False),
        ("date", "20120229", False),
        ("identifier", "9434765919", True),
        ("identifier", "943 476 5919", False),
        ("number", "93.5", True),
        ("number", "many", False),
        ("text", "Zoë", True),
        ("text", "Zoë\x1b[2J", False),
        ("text", "x" * 2_001, False),
        ("date", "", True),
    ],
)
def test_values_are_judged_by_the_type_of_their_field(kind: str, cell: str, *, fits: bool) -> None:
    fault = FieldRule(type=kind).fault(cell)
    assert (not fault) == fits
    assert not cell or cell not in fault
