"""What a manifest may say of an HTTP source's credentials, and that none stands in it."""

import re
from pathlib import Path

import pytest

from adapters.kit.errors import ManifestError
from adapters.kit.manifest import Manifest, RestSource
from adapters.kit.manifest_file import load_manifest

MANIFEST = """\
manifest: 1
agency: schools
title: Schools
hub: {{addresses: ["localhost:7401"], ca: ca.pem, certificate: own.pem, key: own.key}}
journal: journal.sqlite
questions: {{child_basics: register.pupil}}
sources:
  register:
    kind: rest
    name: Register
    url: "{url}"
    {access}
    records:
      pupil:
        path: pupils
        rows: "$.items[*]"
        keys: {{upn: upn}}
        fields: {{upn: "$.upn"}}
"""
HTTPS = "https://register.example/api/"
TOKENS = 'oauth2: {token_url: "https://id.example/token", client_id: me, client_secret: "${SECRET}"}'


def load(folder: Path, access: str, url: str = HTTPS) -> Manifest:
    file = folder / "agency.yaml"
    file.write_text(MANIFEST.format(access=access, url=url), encoding="utf-8")
    return load_manifest(file, {"SECRET": "Canary-Secret"})


def faults(folder: Path, access: str, url: str = HTTPS) -> list[tuple[int, str]]:
    with pytest.raises(ManifestError) as raised:
        load(folder, access, url)
    assert "Canary-Secret" not in str(raised.value)
    assert all(fault.mend for fault in raised.value.faults)
    return [(fault.line, fault.what) for fault in raised.value.faults]


def test_no_secret_is_in_what_a_manifest_shows_of_itself(tmp_path: Path) -> None:
    for access in (
        TOKENS,
        'basic: {username: me, password: "${SECRET}"}',
        'api_key: {header: X-Api-Key, value: "${SECRET}"}',
    ):
        assert "Canary-Secret" not in repr(load(tmp_path, access))


def test_paths_of_certificates_are_relative_to_the_manifest(tmp_path: Path) -> None:
    access = f"{TOKENS[:-1]}, ca: id.pem}}\n    client_certificate: {{certificate: me.pem, key: me.key}}"
    source = load(tmp_path, access).sources["register"]
    assert isinstance(source, RestSource)
    assert source.client_certificate is not None
    assert source.oauth2 is not None
    assert (source.client_certificate.key, source.oauth2.ca) == (tmp_path / "me.key", tmp_path / "id.pem")


@pytest.mark.parametrize("written", ["Canary-Secret", "'Canary-${SECRET}'", "'${SECRET}-Canary'"])
def test_a_secret_in_the_manifest_itself_is_refused_where_it_stands(tmp_path: Path, written: str) -> None:
    access = f"oauth2:\n      token_url: https://id.example/token\n      client_id: me\n      client_secret: {written}"
    assert faults(tmp_path, access) == [(15, "`client_secret` stands in the manifest itself")]
    access = f"basic: {{username: me, password: {written}}}"
    assert faults(tmp_path, access) == [(12, "`password` stands in the manifest itself")]


@pytest.mark.parametrize(
    ("access", "url"),
    [
        (TOKENS, "http://register.example/api/"),
        (TOKENS.replace("https://id", "http://id"), HTTPS),
        ('basic: {username: me, password: "${SECRET}"}', "http://127.0.0.1.example/"),
        ("client_certificate: {certificate: me.pem, key: me.key}", "http://register.example/"),
    ],
)
def test_credentials_do_not_travel_in_the_clear(tmp_path: Path, access: str, url: str) -> None:
    assert faults(tmp_path, access, url) == [(9, "credentials would travel in the clear")]


def test_what_writes_keeps_its_secret_as_what_reads_does(tmp_path: Path) -> None:
    own = TOKENS.replace("${SECRET}", "Canary-Secret")
    assert faults(tmp_path, f"write_back: {{path: log, {own}}}") == [
        (12, "`client_secret` stands in the manifest itself")
    ]
    own = TOKENS.replace("https://id", "http://id")
    assert faults(tmp_path, f"write_back: {{path: log, {own}}}") == [(9, "credentials would travel in the clear")]
    assert load(tmp_path, f"write_back: {{path: log, {TOKENS}}}")


@pytest.mark.parametrize("host", ["127.0.0.1:8001", "localhost", "[::1]:8001"])
def test_on_this_machine_they_may(tmp_path: Path, host: str) -> None:
    assert load(tmp_path, 'basic: {username: me, password: "${SECRET}"}', f"http://{host}/")


@pytest.mark.parametrize(
    ("access", "what"),
    [
        (f'{TOKENS}\n    basic: {{username: me, password: "${{SECRET}}"}}', "`basic` and `oauth2` exclude each other"),
        (
            f'{TOKENS}\n    api_key: {{header: authorization, value: "${{SECRET}}"}}',
            "`api_key` and the sign-in use one header",
        ),
    ],
)
def test_one_way_to_prove_who_one_is_at_a_time(tmp_path: Path, access: str, what: str) -> None:
    assert faults(tmp_path, access) == [(9, what)]


def test_what_does_not_fit_is_said_without_what_was_written(tmp_path: Path) -> None:
    for access in (
        'oauth2: {token_url: "https://me:Canary-Secret@id.example/t", client_id: me, client_secret: "${SECRET}"}',
        'oauth2: {token_url: "https://id.example/t?x", client_id: me, client_secret: "${SECRET}"}',
        f'{TOKENS[:-1]}, scopes: ["a b"]}}',
        f"{TOKENS[:-1]}, sent_in: url}}",
        "requests_per_second: 0",
        "requests_at_once: 1000",
        'basic: {username: "a:b", password: "${SECRET}"}',
    ):
        [(_, what)] = faults(tmp_path, access)
        assert "does not fit" in what


def test_every_manifest_of_the_page_is_a_good_one(repository: Path, tmp_path: Path) -> None:
    page = (repository / "docs" / "adapters" / "web.md").read_text(encoding="utf-8")
    names = ("HEALTH_URL", "HEALTH_ID_URL", "SCHOOLS_URL")
    environment = dict.fromkeys(names, "https://made-up.example") | dict.fromkeys(
        ("HEALTH_CLIENT", "HEALTH_SECRET", "SCHOOLS_SECRET"), "x"
    )
    kinds = []
    for number, text in enumerate(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)):
        file = tmp_path / f"{number}.yaml"
        file.write_text(text, encoding="utf-8")
        kinds += [source.kind for source in load_manifest(file, environment).sources.values()]
    assert kinds == ["fhir", "rest"]


@pytest.mark.parametrize(
    ("related", "what"),
    [
        ("{resource: Flag, take: each, together: true}", "`together` does not go with `take: each`"),
        ("{resource: Flag, take: all, together: true, with: {status: active}}", "`together` and `with` exclude"),
    ],
)
def test_what_comes_along_comes_whole(tmp_path: Path, related: str, what: str) -> None:
    text = MANIFEST.format(access="", url=HTTPS).replace("kind: rest", "kind: fhir")
    text = text.replace("path: pupils", f"related: {{flags: {related}}}").replace('        rows: "$.items[*]"\n', "")
    file = tmp_path / "agency.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError) as raised:
        load_manifest(file, {})
    assert [fault.what.startswith(what) for fault in raised.value.faults] == [True]
