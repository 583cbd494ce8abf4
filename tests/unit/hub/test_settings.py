from pathlib import Path

import pytest

from hub.errors import SettingsError
from hub.settings import FILE_NAME, read_settings

LEAST = '[listen]\nrequesters = "127.0.0.1:0"\nlinks = "127.0.0.1:0"\n'


def deployment(folder: Path, text: str) -> Path:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return folder


def faults_in(folder: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(SettingsError) as refused:
        read_settings(deployment(folder, text))
    assert all(fault.mend and fault.file == folder / FILE_NAME for fault in refused.value.faults)
    return [(fault.line, fault.what) for fault in refused.value.faults]


def test_two_addresses_suffice(tmp_path: Path) -> None:
    settings = read_settings(deployment(tmp_path, LEAST))
    assert settings.listen.requesters == "127.0.0.1:0"
    assert settings.sessions.idle_seconds == 900
    assert settings.path(settings.policies) == tmp_path.resolve() / "policies"
    assert settings.store_url() == f"sqlite:///{tmp_path.resolve()}/data/hub.sqlite"


def test_a_store_elsewhere_is_taken_as_it_is_written(tmp_path: Path) -> None:
    store = "sqlite:////srv/hub.sqlite"
    assert read_settings(deployment(tmp_path, f'store = "{store}"\n{LEAST}')).store_url() == store


def test_a_store_that_this_hub_cannot_speak_to_is_refused(tmp_path: Path) -> None:
    text = f'store = "postgresql://localhost/hub"\n{LEAST}'
    assert [what.split(":")[0] for _, what in faults_in(tmp_path, text)] == ["store"]


def test_all_faults_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = """\
stroe = "sqlite:///x"

[listen]
requesters = "nowhere"
links = "127.0.0.1:0"
lynx = 1

[sessions]
idle_seconds = 0
most_held = "many"

[limits]
drain_seconds = 1000000
"""
    found = faults_in(tmp_path, text)
    assert sorted(line for line, _ in found) == [1, 4, 6, 9, 10, 13]
    assert all(any(name in what for _, what in found) for name in ("stroe", "lynx", "idle_seconds", "most_held"))


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    assert [what.split(":")[0] for _, what in faults_in(tmp_path, "")] == ["listen"]
    assert [what.split(":")[0] for _, what in faults_in(tmp_path, "[listen]\n")] == [
        "listen.requesters",
        "listen.links",
    ]


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert [line for line, _ in faults_in(tmp_path, "[listen]\nrequesters = \n")] == [2]


def test_a_file_that_cannot_be_read_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="hub init"):
        read_settings(tmp_path)
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UnicodeDecodeError"):
        read_settings(tmp_path)


def test_a_deployment_cannot_say_that_it_is_elsewhere(tmp_path: Path) -> None:
    assert [line for line, _ in faults_in(tmp_path, f'folder = "elsewhere"\n{LEAST}')] == [1]


@pytest.mark.parametrize("address", ["127.0.0.1", ":0", "localhost:port", "127.0.0.1:1234567", 7443])
def test_an_address_is_a_host_and_a_port(tmp_path: Path, address: object) -> None:
    written = f'"{address}"' if isinstance(address, str) else address
    assert faults_in(tmp_path, f'[listen]\nrequesters = {written}\nlinks = "127.0.0.1:0"\n') != []


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = read_settings(deployment(tmp_path, LEAST))
    with pytest.raises(ValueError, match="frozen"):
        settings.store = "elsewhere"


@pytest.mark.parametrize("written", ["memory_kib = 8192\npasses = 9", "passes = 1", "memory_kib = 40000\npasses = 1"])
def test_a_hash_that_is_cheaper_than_advised_is_refused(tmp_path: Path, written: str) -> None:
    assert faults_in(tmp_path, f"{LEAST}\n[passwords]\n{written}\n")
    dearer = f"{LEAST}\n[passwords]\nmemory_kib = 47104\npasses = 1\n"
    assert read_settings(deployment(tmp_path, dearer)).passwords.passes == 1


@pytest.mark.parametrize(
    "written",
    [
        'relying_party = "hub.example.org"',
        'origin = "https://hub.example.org"',
        'relying_party = "hub.example.org"\norigin = "http://hub.example.org"',
        'relying_party = "hub.example.org"\norigin = "https://hub.example.org/"',
        'relying_party = "hub.example.org"\norigin = "https://nothub.example.org"',
        'relying_party = "https://hub.example.org"\norigin = "https://hub.example.org"',
    ],
)
def test_passkeys_need_a_domain_and_an_origin_within_it(tmp_path: Path, written: str) -> None:
    assert faults_in(tmp_path, f"{LEAST}\n[sign_in]\n{written}\n")


@pytest.mark.parametrize(
    ("party", "origin"),
    [
        ("hub.example.org", "https://hub.example.org"),
        ("example.org", "https://hub.example.org:8443"),
        ("localhost", "http://localhost:8000"),
    ],
)
def test_a_domain_and_its_origin_are_taken(tmp_path: Path, party: str, origin: str) -> None:
    text = f'{LEAST}\n[sign_in]\nrelying_party = "{party}"\norigin = "{origin}"\n'
    assert read_settings(deployment(tmp_path, text)).sign_in.origin == origin
    assert read_settings(deployment(tmp_path, LEAST)).sign_in.origin is None
