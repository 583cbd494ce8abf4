"""A manifest for a run: hub and journal are the run's own, and everything else means what it meant."""

from pathlib import Path

import pytest

from adapters.conformance.program import variables
from adapters.conformance.rewriting import rewritten, secrets_named
from adapters.kit.manifest import FilesSource, SqlSource
from adapters.kit.manifest_file import load_manifest
from adapters.kit.soap_mapping import SoapSource

MANIFEST = """\
manifest: 1
agency: early_help
title: Early help
hub:
  addresses: ["hub.example:7401"]
  ca: tls/ca.pem
  certificate: tls/early_help.pem
  key: tls/early_help.key
journal: journal/early_help.sqlite
questions: {child_services: family_work.case, child_basics: sheets.child}
sources:
  family_work:
    kind: sql
    name: Family Work
    url: sqlite:///../family.sqlite
    records:
      case: {table: child, keys: {nhs_number: nhs_no}, fields: {service: {constant: Early help}}}
  sheets:
    kind: files
    name: Sheets ${SECRET_WORD}
    folder: nightly
    records:
      child: {file: child.csv, keys: {nhs_number: nhs_no}, fields: {nhs_number: nhs_no}}
"""
AGENCIES = Path(__file__).parents[4] / "examples" / "bolton" / "agencies"


def test_a_run_writes_no_health_of_the_other_adapter_and_a_wsdl_is_still_found(tmp_path: Path) -> None:
    home, run = tmp_path / "agency", tmp_path / "run"
    home.mkdir()
    run.mkdir()
    soap = "  calls:\n    kind: soap\n    name: Calls\n    wsdl: wsdl/calls.wsdl\n    records:\n"
    soap += "      person: {operation: Find, rows: $.a, keys: {upn: upn}, fields: {upn: $.upn}}\n"
    told = "health: health.json\nmetrics:\n  port: 9300\n"
    (home / "early_help.yaml").write_text(MANIFEST.replace("questions:", f"{told}questions:") + soap, encoding="utf-8")
    _, text = rewritten(home / "early_help.yaml", {"SECRET_WORD": "xyzzy"})
    (run / "manifest.yaml").write_text(text, encoding="utf-8")
    again = load_manifest(
        run / "manifest.yaml", {"SECRET_WORD": "xyzzy", **variables("localhost:9", run, run / "j.sqlite")}
    )
    assert (again.health, again.metrics) == (None, None)
    calls = again.sources["calls"]
    assert isinstance(calls, SoapSource)
    assert calls.wsdl == str(home / "wsdl" / "calls.wsdl")


def test_hub_and_journal_are_the_run_s_and_paths_lead_where_they_led(tmp_path: Path) -> None:
    home, run = tmp_path / "agency", tmp_path / "run"
    home.mkdir()
    run.mkdir()
    (home / "early_help.yaml").write_text(MANIFEST, encoding="utf-8")
    environment = {"SECRET_WORD": "xyzzy"}
    described, text = rewritten(home / "early_help.yaml", environment)
    assert described.agency == "early_help"
    assert "xyzzy" not in text
    (run / "manifest.yaml").write_text(text, encoding="utf-8")
    told = variables("localhost:9", run, run / "j.sqlite")
    again = load_manifest(run / "manifest.yaml", {**environment, **told})
    assert again.hub.addresses == ["localhost:9"]
    assert again.hub.key == run / "agency.key"
    assert again.journal == run / "j.sqlite"
    family_work, sheets = again.sources["family_work"], again.sources["sheets"]
    assert isinstance(family_work, SqlSource)
    assert isinstance(sheets, FilesSource)
    assert Path(family_work.url.removeprefix("sqlite:///")).resolve() == (tmp_path / "family.sqlite").resolve()
    assert (sheets.folder, sheets.name) == (home / "nightly", "Sheets xyzzy")
    assert again.questions == described.questions


@pytest.mark.parametrize("file", sorted(AGENCIES.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_manifest_of_bolton_can_be_taken_for_a_run(tmp_path: Path, file: Path) -> None:
    environment = {
        "BOLTON_HUB": "localhost:1",
        "BOLTON_CERTIFICATES": "tls",
        "BOLTON_DATA": str(tmp_path),
        "BOLTON_HEALTH_URL": "http://127.0.0.1:1",
        "BOLTON_HEALTH_KEY": "h",
        "BOLTON_SCHOOLS_URL": "http://127.0.0.1:2",
        "BOLTON_SCHOOLS_KEY": "s",
    }
    described, text = rewritten(file, environment)
    (tmp_path / "manifest.yaml").write_text(text, encoding="utf-8")
    told = variables("localhost:9", tmp_path, tmp_path / "j.sqlite")
    again = load_manifest(tmp_path / "manifest.yaml", {**environment, **told})
    assert again.model_copy(update={"hub": described.hub, "journal": described.journal}) == described


def test_credentials_are_known_by_the_names_of_their_variables() -> None:
    assert secrets_named(AGENCIES / "health.yaml") == ("BOLTON_HEALTH_KEY",)
    assert secrets_named(AGENCIES / "connexions.yaml") == ()
