"""What an agency begins with is whole, private, accepted by editor and adapter alike, and written over nothing."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from adapters.kit.dot_env import read_dot_env
from adapters.kit.errors import ScaffoldRefused
from adapters.kit.manifest_file import load_manifest
from adapters.kit.scaffolding import Beginning, kinds, write_folder
from tests.lib.editor import marked

HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "CapabilityBoundingSet": "",
    "LimitCORE": "0",
    "MemorySwapMax": "0",
    "UMask": "0077",
}


def beginning(folder: Path, kind: str = "sql", agency: str = "school") -> Beginning:
    return Beginning(agency=agency, kind=kind, folder=folder, program="/opt/hub/bin/adapter")


def unit_of(text: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd minds capitals
    parser.read_string(text)
    return parser["Service"]


def test_every_kind_that_the_task_names_and_the_model_knows_can_be_begun() -> None:
    assert {"sql", "rest", "fhir", "files"} <= set(kinds())


@pytest.mark.parametrize("kind", kinds())
def test_a_new_manifest_is_good_for_the_adapter_and_for_an_editor(tmp_path: Path, kind: str) -> None:
    begun = beginning(tmp_path / "school", kind)
    write_folder(begun)
    shutil.copy(begun.folder / ".env.sample", begun.folder / ".env")
    manifest = load_manifest(begun.manifest, {})
    assert manifest.agency == "school"
    assert [source.kind for source in manifest.sources.values()] == [kind]
    text = begun.manifest.read_text(encoding="utf-8")
    assert not marked(text)
    assert text.startswith("# yaml-language-server: $schema=manifest.schema.json\n")
    assert (begun.folder / "manifest.schema.json").is_file()


@pytest.mark.parametrize("kind", kinds())
def test_what_is_shown_as_a_comment_would_be_good_too(tmp_path: Path, kind: str) -> None:
    begun = beginning(tmp_path / "school", kind)
    write_folder(begun)
    text = begun.manifest.read_text(encoding="utf-8")
    shown = re.sub(r"^( *)# (?=( *[a-z_]+:( |$)))", r"\1", text.partition("manifest: 1")[2], flags=re.MULTILINE)
    assert shown.count("\n#") < text.count("\n#")
    assert not [found for found in marked("manifest: 1" + shown) if "additionalProperties" in found]


@pytest.mark.parametrize("kind", kinds())
def test_every_placeholder_is_in_the_sample_and_no_secret_is_in_the_manifest(tmp_path: Path, kind: str) -> None:
    begun = beginning(tmp_path, kind)
    write_folder(begun)
    sample = (tmp_path / ".env.sample").read_text(encoding="utf-8")
    lines = [line for line in begun.manifest.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    wanted = set(re.findall(r"\$\{([A-Z_]+)\}", "\n".join(lines)))
    assert wanted == set(re.findall(r"^([A-Z_]+)=", sample, re.MULTILINE))
    secrets = [line for line in lines if re.search("(password|secret|api_key|token:)", line, re.IGNORECASE)]
    assert all("${" in line for line in secrets)


def test_nothing_is_written_where_one_of_the_files_is_there(tmp_path: Path) -> None:
    own = tmp_path / "people.yaml"
    own.write_text("mine", encoding="utf-8")
    with pytest.raises(ScaffoldRefused, match=r"people\.yaml` is there already"):
        write_folder(beginning(tmp_path))
    assert [file.name for file in tmp_path.iterdir()] == ["people.yaml"]
    assert own.read_text(encoding="utf-8") == "mine"


def test_a_link_that_leads_nowhere_counts_as_there(tmp_path: Path) -> None:
    (tmp_path / "school.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(ScaffoldRefused):
        write_folder(beginning(tmp_path))
    assert not (tmp_path / "elsewhere.yaml").exists()


@pytest.mark.parametrize("agency", ["School", "../x", "a b", "", "a\n"])
def test_a_name_that_is_no_agency_s_id_is_refused(tmp_path: Path, agency: str) -> None:
    with pytest.raises(ScaffoldRefused, match="no agency's id"):
        write_folder(beginning(tmp_path, agency=agency))
    assert not list(tmp_path.iterdir())


def test_credentials_keys_and_journal_are_for_the_owner_alone(tmp_path: Path) -> None:
    write_folder(beginning(tmp_path))
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in (".env.sample", "journal", "tls")}
    assert modes == {".env.sample": 0o600, "journal": 0o700, "tls": 0o700}
    assert ".env" in (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_service_runs_this_manifest_with_little_power(tmp_path: Path) -> None:
    folder = tmp_path / "a school"
    write_folder(beginning(folder))
    service = unit_of((folder / "adapter-school.service").read_text(encoding="utf-8"))
    assert service["ExecStart"] == f'/opt/hub/bin/adapter run "{folder}/school.yaml"'
    assert service["EnvironmentFile"] == f"-{folder}/.env"
    assert service["ReadWritePaths"] == f'"{folder}/journal" "{folder}/tls"'
    assert {name: service[name] for name in HARDENED} == HARDENED


def require_systemd() -> str:
    """Find what reads a unit as systemd does; without it a test is skipped on a laptop, and red on a build server."""
    found = shutil.which("systemd-analyze")
    if found is None:
        if os.environ.get("CI_NOTHING_SKIPPED") == "1":
            pytest.fail("`systemd-analyze` is missing; on Debian: apt-get install systemd")
        pytest.skip("needs `systemd-analyze`")
    return found


def test_systemd_understands_the_service(tmp_path: Path) -> None:
    verifier = require_systemd()
    write_folder(Beginning(agency="school", kind="sql", folder=tmp_path, program="/bin/true"))
    unit = str(tmp_path / "adapter-school.service")
    said = subprocess.run([verifier, "verify", unit], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize(("said", "raised"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_where_systemd_is_missing_the_test_is_skipped_and_never_on_a_build_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, raised: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI_NOTHING_SKIPPED", said)
    with pytest.raises(raised, match="systemd-analyze"):
        require_systemd()


def test_the_file_beside_the_manifest_is_read_as_systemd_reads_it(tmp_path: Path) -> None:
    text = '# a comment\n; another\n\nPLAIN=a b\nQUOTED=\'a $b "c"\'\nDOUBLE="x"\nexport SHELL_STYLE=1\nEMPTY=\n'
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    values, faults = read_dot_env(tmp_path)
    assert values == {"PLAIN": "a b", "QUOTED": 'a $b "c"', "DOUBLE": "x", "SHELL_STYLE": "1", "EMPTY": ""}
    assert not faults


def test_a_line_that_is_none_is_a_fault_with_its_number_and_not_its_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GOOD=1\nCANARY password\n", encoding="utf-8")
    _, faults = read_dot_env(tmp_path)
    assert [(fault.line, fault.what) for fault in faults] == [(2, "this line is not NAME=value")]
    assert "CANARY" not in str(faults)
