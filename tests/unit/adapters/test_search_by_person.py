"""A search by person says which sources were not looked in, whatever became of them, and nothing of their words."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.cli import app

MANIFEST = """\
manifest: 1
agency: schools
title: Schools
hub: {{addresses: ["localhost:7401"], ca: ca.pem, certificate: own.pem, key: own.key}}
journal: journal.sqlite
questions: {{child_basics: own.child}}
sources:
  own:
    name: Own
{source}
    records: {{child: {{keys: {{upn: upn}}, record_id: $.ref, fields: {{upn: $.upn}}}}}}
"""
BROKEN = "    kind: python\n    class: tests.lib.own_class:Register\n    settings: {mode: broken}"
UNMAKEABLE = BROKEN.replace("broken", "unmakeable")
UNOPENABLE = BROKEN.replace("broken", "unopenable")


@pytest.mark.parametrize("source", [BROKEN, UNMAKEABLE, UNOPENABLE], ids=["broken", "unmakeable", "unopenable"])
def test_a_source_that_fails_in_whatever_way_is_named_and_nothing_of_its_words(tmp_path: Path, source: str) -> None:
    file = tmp_path / "schools.yaml"
    file.write_text(MANIFEST.format(source=source), encoding="utf-8")
    done = CliRunner().invoke(app, ["journal", "search", str(file), "--person"], input="upn: H801200001001\n")
    assert isinstance(done.exception, SystemExit), done.exception
    assert (done.exit_code, "NOT LOOKED IN: the source of child_basics" in done.output) == (1, True)
    assert "Amina" not in done.output
    assert "H801200001001" not in done.output


def test_a_database_without_its_driver_is_one_that_does_not_answer(tmp_path: Path) -> None:
    file = tmp_path / "schools.yaml"
    sql = "    kind: sql\n    url: nothing+nobody://127.0.0.1/care"
    text = MANIFEST.format(source=sql).replace("$.", "").replace("child: {keys", "child: {table: child, keys")
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["journal", "search", str(file), "--person"], input="upn: H801200001001\n")
    assert isinstance(done.exception, SystemExit), done.exception
    assert "NOT LOOKED IN" in done.output
