from pathlib import Path

import pytest

from hub.accounts.oidc.described import known_issuers
from hub.accounts.oidc.issuer import Issuer, Signing
from hub.errors import SettingsError
from hub.settings import FILE_NAME, Settings, read_settings

LEAST = '[listen]\nrequesters = "127.0.0.1:0"\nlinks = "127.0.0.1:0"\n'
ISSUER = '[[issuers]]\nid = "nhs"\ntitle = "NHS"\nissuer = "https://nhs.example/oidc"\nclient_id = "hub"\n'


def settings_with(folder: Path, text: str) -> Settings:
    (folder / FILE_NAME).write_text(LEAST + text, encoding="utf-8")
    return read_settings(folder)


def faults_of(folder: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(SettingsError) as refused:
        settings_with(folder, text)
    return [(fault.line, fault.what) for fault in refused.value.faults]


def test_without_issuers_there_are_none(tmp_path: Path) -> None:
    assert known_issuers(settings_with(tmp_path, "").issuers, tmp_path) == ()


def test_an_issuer_needs_four_things_and_nothing_of_it_counts_as_strong(tmp_path: Path) -> None:
    (issuer,) = known_issuers(settings_with(tmp_path, ISSUER).issuers, tmp_path)
    assert issuer == Issuer(id="nhs", title="NHS", url="https://nhs.example/oidc", client_id="hub")
    assert issuer.strong_acr == frozenset()
    assert issuer.algorithms == (Signing.RS256, Signing.ES256)


def test_everything_that_is_said_of_an_issuer_is_kept(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("  hidden\n", encoding="utf-8")
    text = (
        'client_secret = "secret"\nscopes = ["openid", "nhsperson"]\nsubject_claim = "uuid"\n'
        'strong_acr = ["AAL2", "AAL3"]\nalgorithms = ["PS256"]\nredirects = ["https://hub.example/back"]\n'
    )
    (issuer,) = known_issuers(settings_with(tmp_path, ISSUER + text).issuers, tmp_path)
    assert (issuer.client_secret, issuer.scopes, issuer.subject_claim) == ("hidden", ("openid", "nhsperson"), "uuid")
    assert (issuer.strong_acr, issuer.algorithms) == (frozenset({"AAL2", "AAL3"}), (Signing.PS256,))
    assert issuer.redirects == {"https://hub.example/back"}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('algorithms = ["none"]', "algorithms"),
        ('algorithms = ["HS256"]', "algorithms"),
        ('algorithms = ["RS256", "HS512"]', "algorithms"),
        ("algorithms = []", "algorithms"),
        ('scopes = ["profile"]', "scopes"),
        ('subject_claim = "email"', "subject_claim"),
        ('subject_claim = ""', "subject_claim"),
        ('redirects = ["http://hub.example/back"]', "redirects"),
        ('redirects = ["http://127.0.0.1/back"]', "redirects"),
        ('strong_acr = [""]', "strong_acr"),
        ('strong_acr = "AAL2"', "strong_acr"),
        ('secret = "in the open"', "secret"),
    ],
)
def test_what_would_let_strangers_in_cannot_be_set(tmp_path: Path, line: str, name: str) -> None:
    faults = faults_of(tmp_path, f"{ISSUER}{line}\n")
    assert faults
    assert all(number == 9 and f"issuers.0.{name}" in what for number, what in faults)


@pytest.mark.parametrize(
    "address",
    [
        "http://nhs.example",
        "http://localhost:8080",
        "nhs.example",
        "ftp://nhs.example",
        "https://",
        "https://user:word@nhs.example",
        "https://nhs.example/#part",
        "https://nhs.example/?tenant=1",
        "https://nhs.example:port",
        "http://[::1",
    ],
)
def test_an_issuer_is_reached_by_https_unless_it_is_on_this_machine(tmp_path: Path, address: str) -> None:
    ((number, what),) = faults_of(tmp_path, ISSUER.replace("https://nhs.example/oidc", address))
    assert number == 7
    assert "https" in what
    for near in ("http://127.0.0.1:8080", "http://[::1]:8080/x"):
        assert settings_with(tmp_path, ISSUER.replace("https://nhs.example/oidc", near)).issuers


def test_a_fault_is_told_with_the_line_of_its_own_issuer(tmp_path: Path) -> None:
    other = ISSUER.replace("nhs", "dfe")
    wrong = ISSUER.replace('"https://nhs.example/oidc"', '"nowhere"').replace('title = "NHS"\n', "")
    assert [line for line, _ in faults_of(tmp_path, other + wrong)] == [9, 11]


def test_two_issuers_cannot_be_taken_for_one_another(tmp_path: Path) -> None:
    assert "issuers" in faults_of(tmp_path, ISSUER + ISSUER.replace("/oidc", "/other"))[0][1]
    assert "issuers" in faults_of(tmp_path, ISSUER + ISSUER.replace('"nhs"', '"other"'))[0][1]
    distinct = ISSUER + ISSUER.replace("/oidc", "/other").replace('"nhs"', '"other"')
    assert len(settings_with(tmp_path, distinct).issuers) == 2


def test_every_secret_that_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    (tmp_path / "bytes").write_bytes(b"\xff")
    said = [
        ISSUER.replace('"nhs"', f'"{name}"').replace("/oidc", f"/{name}") + f'client_secret = "{name}"\n'
        for name in ("empty", "bytes", "missing")
    ]
    issuers = settings_with(tmp_path, "".join(said)).issuers
    with pytest.raises(SettingsError) as refused:
        known_issuers(issuers, tmp_path)
    assert [fault.file.name for fault in refused.value.faults] == ["empty", "bytes", "missing"]
    assert all(fault.mend for fault in refused.value.faults)
