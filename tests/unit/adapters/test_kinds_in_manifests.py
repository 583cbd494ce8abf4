"""What a manifest may say of SOAP services, rostering services, files and own code; every fault has line and mend."""

from pathlib import Path

import pytest

from adapters.kit.errors import ManifestError
from adapters.kit.manifest import FilesSource, Manifest
from adapters.kit.manifest_file import load_manifest

BEGIN = """\
manifest: 1
agency: schools
title: Schools
hub: {addresses: ["localhost:7401"], ca: ca.pem, certificate: own.pem, key: own.key}
journal: journal.sqlite
questions: {child_basics: own.child}
sources:
  own:
    name: Own
"""
KEYS = "keys: {upn: upn}, fields: {upn: $.upn}"
SOAP = f"{BEGIN}    kind: soap\n    wsdl: cases.wsdl\n    records: {{child: {{operation: Find, rows: $.a, {KEYS}}}}}\n"
PYTHON = f"{BEGIN}    kind: python\n    class: school.reading:Pupils\n    records: {{child: {{{KEYS}}}}}\n"
ROSTER = f"""{BEGIN}    kind: oneroster
    url: https://mis.example/
    oauth2: {{token_url: "https://mis.example/token", client_id: hub, client_secret: "${{PASSWORD}}"}}
    records: {{child: {{{KEYS}}}}}
"""
FILES = (
    f"{BEGIN}    kind: files\n    folder: nightly\n    records: {{child: {{file: a.xlsx, {KEYS.replace('$.', '')}}}}}\n"
)


def load(folder: Path, text: str) -> Manifest:
    file = folder / "agency.yaml"
    file.write_text(text, encoding="utf-8")
    return load_manifest(file, {"PASSWORD": "s3cret"})


def faults(folder: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(ManifestError) as raised:
        load(folder, text)
    assert "s3cret" not in str(raised.value)
    return [(fault.line, fault.what) for fault in raised.value.faults]


@pytest.mark.parametrize("text", [SOAP, PYTHON, ROSTER, FILES], ids=["soap", "python", "oneroster", "files"])
def test_each_kind_is_read_and_its_repr_keeps_secrets_back(tmp_path: Path, text: str) -> None:
    assert "s3cret" not in repr(load(tmp_path, text))


def test_paths_are_relative_to_the_manifest_and_addresses_stay_what_they_are(tmp_path: Path) -> None:
    (source,) = load(tmp_path, SOAP).sources.values()
    assert source.kind == "soap"
    assert source.wsdl == str(tmp_path / "cases.wsdl")
    (source,) = load(tmp_path, SOAP.replace("cases.wsdl", "https://cases.example/?wsdl")).sources.values()
    assert source.kind == "soap"
    assert source.wsdl == "https://cases.example/?wsdl"


def test_files_without_a_word_mean_what_they_meant(tmp_path: Path) -> None:
    (source,) = load(tmp_path, FILES).sources.values()
    assert isinstance(source, FilesSource)
    assert (source.encoding, source.fresh_for, source.fewest_left) == ("utf-8", None, 50)
    assert source.records["child"].sheet is None


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (
            SOAP.replace("wsdl: cases.wsdl", "wsdl: cases.wsdl\n    basic: {username: hub, password: s3cret}"),
            12,
            "`password` stands in the manifest itself",
        ),
        (
            SOAP.replace("wsdl: cases.wsdl", "wsdl: cases.wsdl\n    username_token: {username: hub, password: s3cret}"),
            12,
            "`password` stands in the manifest itself",
        ),
        (
            PYTHON.replace("    records", "    settings: {ApiKey: s3cret, place: here}\n    records"),
            12,
            "`ApiKey` stands in the manifest itself",
        ),
        (ROSTER.replace("${PASSWORD}", "s3cret"), 12, "`client_secret` stands in the manifest itself"),
        (SOAP.replace("rows: $.a", "rows: a b"), 12, "this is not a JSONPath"),
        (FILES.replace("folder: nightly", "folder: nightly\n    fresh_for: 36"), 12, "`fresh_for` does not fit"),
        (FILES.replace("folder: nightly", "folder: nightly\n    encoding: latin"), 12, "`encoding` does not fit"),
        (PYTHON.replace("school.reading:Pupils", "school.reading"), 11, "`class` does not fit"),
        (PYTHON.replace("fields: {upn: $.upn}", "fields: {school: $.upn}"), 12, "what comes back cannot be checked"),
        (SOAP.replace("kind: soap", "kind: soup"), 9, "'kind' is missing or unknown"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    ((at, said),) = faults(tmp_path, text)
    assert said.startswith(what)
    assert at == line


@pytest.mark.parametrize("text", [SOAP, PYTHON, ROSTER], ids=["soap", "python", "oneroster"])
def test_a_veto_about_people_has_jsonpaths_wherever_records_are_documents(tmp_path: Path, text: str) -> None:
    rule = "veto: [{name: sealed_people, person: {sealed: [Y]}}]\n"
    assert faults(tmp_path, text + rule) == [(len(text.splitlines()) + 1, "`sealed` is not a JSONPath")]
    manifest = load(tmp_path, text + rule.replace("sealed:", "$.sealed:"))
    (source,) = manifest.sources.values()
    assert source.records["child without sealed_people"].withhold_when == {"$.sealed": ["Y"]}
