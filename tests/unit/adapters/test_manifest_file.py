"""What is wrong with a manifest is said at once, with line and mend; what the documentation shows is right."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.kit.errors import ManifestError
from adapters.kit.manifest import Manifest, SqlRecords, SqlSource
from adapters.kit.manifest_file import load_manifest, place_of
from adapters.sql.addresses import address_of
from tests.lib import documented

GOOD = """\
manifest: 1
agency: social_care
title: Care
hub: {addresses: ["localhost:7401"], ca: ca.pem, certificate: own.pem, key: own.key}
journal: ${FOLDER}/journal.sqlite
questions:
  child_basics: care.child
sources:
  care:
    kind: sql
    name: Care Records
    url: sqlite:///care.sqlite
    records:
      child:
        table: child
        keys: {nhs_number: nhs_no}
        withhold_when: {restricted: [no, Y]}
        fields:
          nhs_number: nhs_no
          gender: {column: sex, values: {1: male, no: female}}
"""


def filled_in(text: str) -> Mapping[str, str]:
    """Fill in what a manifest leaves to the environment: a port, an address, or a word."""
    names = re.findall(r"\$\{([A-Z_]+)\}", text)
    return {
        name: "8001" if name.endswith("PORT") else "https://localhost" if "URL" in name else "localhost:1"
        for name in names
    }


def load(folder: Path, text: str) -> Manifest:
    file = folder / "agency.yaml"
    file.write_text(text, encoding="utf-8")
    return load_manifest(file, {"FOLDER": "kept"})


def faults(folder: Path, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ManifestError) as raised:
        load(folder, text)
    return [(fault.line, fault.what, fault.mend) for fault in raised.value.faults]


def test_the_page_about_databases_shows_a_good_manifest_whose_password_is_seen_nowhere(
    repository: Path, tmp_path: Path
) -> None:
    page = (repository / "docs" / "adapters" / "databases.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "agency.yaml").write_text(text, encoding="utf-8")
    manifest = load_manifest(tmp_path / "agency.yaml", {"CARE_HOST": "db.example", "CARE_PASSWORD": "a/b@c:d canary"})
    source = manifest.sources["care_records"]
    assert isinstance(source, SqlSource)
    assert address_of(source).password == "a/b@c:d canary"
    assert "canary" not in repr(manifest) + repr(source)
    assert (source.limits.questions_per_second, source.limits.largest_scan) == (20, 50_000)
    assert source.limits.is_closed_at(60)


def test_a_password_in_the_manifest_itself_is_a_fault_that_does_not_repeat_it(tmp_path: Path) -> None:
    wrong = GOOD.replace("    name: Care Records\n", "    name: Care Records\n    password: canary\n")
    ((line, what, mend),) = faults(tmp_path, wrong)
    assert (line, what) == (12, "`password` stands in the manifest itself")
    assert "canary" not in what + mend
    load(tmp_path, wrong.replace("password: canary", 'password: "${FOLDER}"'))


def test_hours_that_are_none_are_blamed_with_their_line_and_mend(tmp_path: Path) -> None:
    wrong = GOOD.replace("    name: Care Records\n", "    name: Care Records\n    limits: {closed: [night]}\n")
    ((line, what, mend),) = faults(tmp_path, wrong)
    assert (line, what) == (12, "this is no span of a day")
    assert "01:00-03:00" in mend


def test_every_manifest_of_the_documentation_is_good(repository: Path, tmp_path: Path) -> None:
    kinds = set()
    for block in documented.manifests(repository):
        file = tmp_path / "shown.yaml"
        file.write_text(block.text, encoding="utf-8")
        manifest = load_manifest(file, filled_in(block.text))
        kinds |= {source.kind for source in manifest.sources.values()}
    assert {"sql", "rest", "fhir", "files"} <= kinds


def test_paths_are_relative_to_the_manifest_and_placeholders_are_filled(tmp_path: Path) -> None:
    manifest = load(tmp_path, GOOD)
    assert manifest.hub.ca == tmp_path / "ca.pem"
    assert manifest.journal == tmp_path / "kept" / "journal.sqlite"
    source = manifest.sources["care"]
    assert isinstance(source, SqlSource)
    assert source.url == f"sqlite:///{tmp_path}/care.sqlite"


def test_every_value_is_text_so_that_no_means_no(tmp_path: Path) -> None:
    records = load(tmp_path, GOOD).sources["care"].records["child"]
    assert isinstance(records, SqlRecords)
    assert records.withhold_when == {"restricted": ["no", "Y"]}
    assert records.fields["gender"].values == {"1": "male", "no": "female"}


def test_all_faults_come_at_once_each_with_its_line_and_mend(tmp_path: Path) -> None:
    text = GOOD.replace("title: Care", "titel: Care").replace("nhs_number: nhs_no}", "family_name: surname}")
    text = text.replace('"localhost:7401"', '"localhost"').replace("${FOLDER}", "${ELSEWHERE}")
    text = text.replace("name: Care Records", "nam: Care Records")
    assert faults(tmp_path, text) == [
        (1, "`title` is missing", "Add it here."),
        (3, "`titel` is not a setting of this part", "Did you mean `title`?"),
        (4, "a hub's address is not `host:port`", "Write it as in `hub.example:7401`."),
        (5, "`${ELSEWHERE}` has no value", "Set ELSEWHERE in `.env` beside the manifest, or in the environment."),
        (10, "`name` is missing", "Add it here."),
        (11, "`nam` is not a setting of this part", "Did you mean `name`?"),
        (
            16,
            "names are looked for together with `given_name` and `date_of_birth`",
            "Map `given_name` and `date_of_birth` as well.",
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("care.child", "care.chidl", 7, "there is no record set `care.chidl`"),
        ("care.child", "child", 7, "a question is answered from `SOURCE.RECORDS`"),
        ("kind: sql", "kind: sqll", 10, "'kind' is missing or unknown"),
        ("{nhs_number: nhs_no}", "{}", 16, "no key is mapped, so nobody can be looked for"),
        ("{nhs_number: nhs_no}", "{nhs_number: {column: n, date: iso}}", 16, "`date` does not apply to `nhs_number`"),
        ("{column: sex, values", "{values", 20, "a field has exactly one of `column`, `columns`, `constant`"),
        ("{column: sex, values", "{column: sex, date: '%Y', values", 20, "`date` and `values` exclude each other"),
        ("values: {1: male, no: female}", "date: '%Y'", 20, "`date` does not say where day and month stand"),
        ("title: Care", "title: Care\ntitle: Care", 4, "`title` is here twice"),
        ("title: Care", "title: &a [*a]", 3, "this part contains itself, or far too much"),
        ("title: Care", "title: [", 5, "this is not YAML"),
        ("{1: male, no: female}", "{<<: x}", 20, "`<<` does not stand before a mapping"),
    ],
)
def test_a_fault_is_found_where_it_is(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    found = faults(tmp_path, GOOD.replace(old, new))
    assert any(at == line and said.startswith(what) for at, said, _ in found), found


def test_a_misspelt_route_is_answered_with_the_one_that_was_meant(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD.replace("care.child", "care.chidl"))[0][2] == "Did you mean `care.child`?"


def test_an_http_key_must_be_among_the_fields_since_replies_are_checked(tmp_path: Path) -> None:
    rest = GOOD.replace("kind: sql", "kind: rest").replace("url: sqlite:///care.sqlite", 'url: "http://127.0.0.1:1/"')
    rest = rest.replace("table: child", 'path: p\n        rows: "$.["').replace(
        "no: female}}", "no: female}, column: x}"
    )
    rest = rest.replace("{nhs_number: nhs_no}", "{upn: upn}")
    said = [what for _, what, _ in faults(tmp_path, rest)]
    assert any("is not a setting" in what for what in said)
    rest = (
        rest.replace(", column: x}", "}")
        .replace("column: sex", 'path: "$.sex["')
        .replace("nhs_number: nhs_no", 'nhs_number: "$.n"')
    )
    said = [what for _, what, _ in faults(tmp_path, rest.replace("restricted", '"$.restricted"'))]
    assert any("cannot be checked against `upn`" in what for what in said)
    rest = rest.replace("{upn: upn}", "{nhs_number: nhs}").replace("restricted", '"$.restricted"')
    said = [what for _, what, _ in faults(tmp_path, rest)]
    assert len([what for what in said if what.startswith("this is not a JSONPath")]) == 2


@pytest.mark.parametrize("content", [b"", b"- a\n", b"\xff\xfe", b"a: \x00"])
def test_what_is_no_manifest_at_all_is_one_fault(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "agency.yaml"
    file.write_bytes(content)
    with pytest.raises(ManifestError) as raised:
        load_manifest(file, {})
    assert len(raised.value.faults) == 1
    assert str(raised.value).startswith(f"{file}:1: ")


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        load_manifest(tmp_path / "none.yaml", {})


def with_terms(terms: str) -> str:
    return GOOD.replace("        withhold_when: {restricted: [no, Y]}\n", f"        terms:\n{terms}")


TERMS = """\
          consent:
            state: {column: consent, values: {Y: explicit, N: refused}}
            until: {column: ends, date: "%d/%m/%Y"}
            classes: {column: covers, values: {H: health}}
          opt_out: {column: s117, values: {Y: parents}}
          shield:
            - {column: restricted, values: {Y: person}}
            - {column: adopted, values: {Y: absolute}}
          areas: area
"""


def test_terms_are_mapped_like_fields_with_one_form_or_several(tmp_path: Path) -> None:
    terms = load(tmp_path, with_terms(TERMS)).sources["care"].records["child"].terms
    assert terms is not None
    assert [name for name, _ in terms.forms()] == [
        "opt_out", "shield", "shield", "consent.state", "consent.until", "consent.classes", "areas"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("N: refused", "N: rejected", 19, "`rejected` is none of the words that this part has"),
        (
            "{Y: parents}",
            "{Y: parents}, otherwise: none",
            22,
            "codes that are not listed would count as `none`, and let more leave than they may",
        ),
        (
            "N: refused}",
            "N: refused}, otherwise: explicit",
            19,
            "codes that are not listed would count as `explicit`, and let more leave than they may",
        ),
        (
            "{Y: absolute}",
            "{Y: absolute}, otherwise: address",
            24,
            "codes that are not listed would count as `address`, and let more leave than they may",
        ),
        ("{H: health}", "{H: health}, otherwise: all", 21, "codes that are not listed would let everything leave"),
        ('date: "%d/%m/%Y"', "values: {a: b}", 20, "a day has no codes"),
        ("areas: area", "areas: {column: area, date: iso}", 26, "`date` does not apply to a list"),
        ("areas: area", "area: area", 26, "`area` is not a setting of this part"),
    ],
)
def test_terms_that_would_let_more_leave_than_is_said_are_refused(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    assert old in TERMS
    (fault,) = faults(tmp_path, with_terms(TERMS.replace(old, new)))
    assert fault[:2] == (line, what)
    assert fault[2]


def test_the_environment_comes_before_the_file_beside_the_manifest(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FOLDER=beside\n", encoding="utf-8")
    file = tmp_path / "agency.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert load_manifest(file, {}).journal.parent.name == "beside"
    assert load_manifest(file, {"FOLDER": "set"}).journal.parent.name == "set"


def test_the_journal_of_the_switch_is_the_same_as_that_of_the_adapter_also_where_the_file_beside_names_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "agency.yaml"
    file.write_text("journal: ${FOLDER}/journal.sqlite\nsources: {a: {password: '${NOT_SET}'}}\n", encoding="utf-8")
    (tmp_path / ".env").write_text("FOLDER=kept\nthis is no line\n", encoding="utf-8")
    assert place_of(file, {}, "journal") == tmp_path / "kept" / "journal.sqlite"
    assert place_of(file, {"FOLDER": "elsewhere"}, "journal") == tmp_path / "elsewhere" / "journal.sqlite"


def test_a_fault_of_the_file_beside_the_manifest_is_told_with_its_own_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FOLDER beside\n", encoding="utf-8")
    file = tmp_path / "agency.yaml"
    file.write_text(GOOD, encoding="utf-8")
    with pytest.raises(ManifestError) as raised:
        load_manifest(file, {"FOLDER": "kept"})
    assert [fault.file.name for fault in raised.value.faults] == [".env"]
