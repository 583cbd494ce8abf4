"""What `adapter check` says of record sets that a hub may search."""

from pathlib import Path

import pytest

from adapters.kit.manifest_file import load_manifest
from adapters.kit.reader import FindingState
from adapters.kit.search_check import check_searches

MANIFEST = """
manifest: 1
agency: schools
title: Schools
hub: {{addresses: ["localhost:1"], ca: ca.pem, certificate: a.pem, key: a.key}}
journal: journal.sqlite
questions: {{child_register: care.child, child_basics: care.child}}
sources:
  care:
    kind: sql
    name: Records
    url: sqlite:///care.sqlite
    records:
      child:
        table: child
        {search}
        keys: {{upn: upn}}
        record_id: id
        fields: {{upn: upn, {fields}: a_column}}
"""


def found(folder: Path, search: str = "search: true", fields: str = "family_name") -> list[tuple[FindingState, str]]:
    file = folder / "agency.yaml"
    file.write_text(MANIFEST.format(search=search, fields=fields), encoding="utf-8")
    return [(finding.state, finding.what) for finding in check_searches(load_manifest(file, {}))]


def test_a_record_set_that_may_be_searched_is_named_with_its_questions_and_criteria(tmp_path: Path) -> None:
    ((state, what),) = found(tmp_path)
    assert state is FindingState.OK
    assert what.startswith("care.child may be searched")
    assert what.endswith("(child_register, child_basics), by family_name")


@pytest.mark.parametrize("search", ["", "search: false"])
def test_of_a_record_set_that_is_not_open_nothing_is_said(tmp_path: Path, search: str) -> None:
    assert found(tmp_path, search) == []


def test_what_has_nothing_of_a_person_is_open_in_vain(tmp_path: Path) -> None:
    ((state, what),) = found(tmp_path, fields="school")
    assert state is FindingState.FAULT
    assert "neither names nor a date of birth" in what
