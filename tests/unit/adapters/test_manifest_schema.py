"""An editor that knows the manifest's schema accepts what the adapter accepts, and underlines what it would refuse."""

import json
from pathlib import Path

import jsonschema
import pytest

from adapters.kit.manifest_schema import SCHEMA_FILE, manifest_schema, spelt_schema, unexplained
from tests.lib import documented
from tests.lib.editor import SCHEMA, marked
from tests.unit.adapters.test_manifest_file import GOOD, TERMS, faults, with_terms


def test_the_schema_in_the_tree_is_what_the_model_says() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == spelt_schema(), "run `make gen`"


def test_the_schema_is_one_of_the_2020_draft() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("2020-12/schema")


def test_an_editor_can_say_of_every_setting_what_it_is() -> None:
    assert not unexplained(manifest_schema())


def test_every_manifest_of_the_documentation_is_accepted(repository: Path) -> None:
    shown = list(documented.manifests(repository))
    assert len(shown) >= 5
    assert not {block.page: found for block in shown if (found := marked(block.text))}


def test_every_manifest_of_the_examples_is_accepted(repository: Path) -> None:
    files = list((repository / "examples").rglob("agencies/*.yaml"))
    assert len(files) >= 5
    assert not {file.name: found for file in files if (found := marked(file.read_text(encoding="utf-8")))}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Care", "title: 2026"),
        ("{1: male, no: female}", "{1: 2, true: female, x: 1.5}"),
        ("{restricted: [no, Y]}", "{restricted: [true, 1, no]}"),
        ("table: child", "table: child\n        joins: [{table: t, on: {a: b}, optional: yes}]"),
        ("journal: ${FOLDER}/j", 'limits: {read_ms: "${FOLDER}", asks_at_once: "8"}\njournal: j'),
        ("sqlite:///care.sqlite", '"${FOLDER}"'),
        ("{column: sex, values: {1: male, no: female}}", "sex"),
        ("{column: sex, values: {1: male, no: female}}", "{column: seen, date: [iso, '%d/%m/%Y']}"),
        ("{column: sex, values: {1: male, no: female}}", "{column: seen, date: iso}"),
        ("{nhs_number: nhs_no}", '{nhs_number: {column: nhs_no, written: "### ### ####"}}'),
    ],
)
def test_what_the_adapter_reads_as_text_is_accepted_as_an_editor_reads_it(old: str, new: str) -> None:
    assert old in GOOD
    assert not marked(GOOD.replace(old, new))


def test_one_form_of_the_terms_or_a_list_of_them_is_accepted() -> None:
    assert not marked(with_terms(TERMS))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("title: Care", "title: Care\ntitel: Care", ": additionalProperties"),
        ("title: Care\n", "", ": required"),
        ("kind: sql", "kind: sqll", "sources.care.kind: enum"),
        ("table: child", "table: child\n        tabel: child", "sources.care.records.child: additionalProperties"),
        ("agency: social_care", "agency: Social Care", "agency: pattern"),
        ("care.child", "child", "questions.child_basics: pattern"),
        ("child_basics:", "Child-Basics:", "questions: additionalProperties"),
        ("manifest: 1", "manifest: 2", "manifest: enum"),
        ("title: Care", "title: Care\nrefuse: child_health", "refuse: type"),
        ("title: Care", "title: Care\nlimits: {read_ms: soon}", "limits.read_ms: anyOf"),
        ("title: Care", "title: Care\nlimits: {read_ms: 10}", "limits.read_ms: anyOf"),
        ("{restricted: [no, Y]}", "{restricted: Y}", "sources.care.records.child.withhold_when.restricted: type"),
        (
            "{nhs_number: nhs_no}",
            "{nhs_number: {column: n, sytem: x}}",
            "sources.care.records.child.keys.nhs_number: anyOf",
        ),
    ],
)
def test_what_the_adapter_refuses_is_underlined(tmp_path: Path, old: str, new: str, where: str) -> None:
    assert old in GOOD
    assert marked(GOOD.replace(old, new)) == [where]
    assert faults(tmp_path, GOOD.replace(old, new))


def test_a_part_that_may_be_one_text_is_drawn_so_whoever_adds_it() -> None:
    drawn = json.loads(spelt_schema())["$defs"]
    for part in ("ColumnField", "PathField", "ColumnKey", "ParameterKey", "FhirKey"):
        assert drawn[part]["anyOf"][0]["type"] == ["string", "number", "boolean"], part
