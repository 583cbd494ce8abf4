"""An adapter behind an HTTP proxy: its link goes through that, and `check` says when it is not let through."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from sharing.v1 import links_pb2

from adapters.kit.errors import ManifestError
from adapters.kit.manifest_file import load_manifest
from tests.integration.adapters.test_commands import ended, environment, rewrite, started
from tests.integration.adapters.test_stopping import MANIFEST, ask, manifest
from tests.lib.connect_proxy import ConnectProxy
from tests.lib.link_hub import LinkHub

__all__ = ["manifest"]

PASSWORD = "p@ss:w/rd%"


@pytest.fixture
def variables(repository: Path) -> Mapping[str, str]:
    return environment(repository, PROXY_PASSWORD=PASSWORD)


def through(manifest: Path, proxy: str) -> None:
    rewrite(manifest, {"key: youth_offending.key}": f"key: youth_offending.key, proxy: {proxy}}}"})


def described(proxy: ConnectProxy) -> str:
    return f'{{address: "{proxy.address}", user: school, password: "${{PROXY_PASSWORD}}"}}'


async def test_a_link_goes_through_the_proxy_of_the_manifest_with_the_password_of_the_environment(
    manifest: Path, hub: LinkHub, variables: Mapping[str, str]
) -> None:
    async with ConnectProxy(user="school", password=PASSWORD) as proxy:
        through(manifest, described(proxy))
        program = await started(["run", str(manifest)], variables)
        link = await hub.link()
        reply = await link.ask(ask(hub))
        program.terminate()
        code, said, logged = await ended(program)
    assert (reply.status, list(reply.records.cells)) == (links_pb2.REPLY_STATUS_ANSWERED, ["CANARY2"])
    assert (code, said) == (0, "")
    assert set(proxy.asked) == {f"CONNECT {hub.address}"}
    assert (proxy.refused, proxy.bytes_passed > 0) == (0, True)
    assert PASSWORD not in logged


@pytest.mark.slow
async def test_check_goes_through_the_proxy_too_and_says_when_it_is_not_let_through(
    manifest: Path, hub: LinkHub, variables: Mapping[str, str]
) -> None:
    async with ConnectProxy(user="school", password=PASSWORD) as proxy:
        through(manifest, described(proxy))
        code, said, _ = await ended(await started(["check", str(manifest)], variables))
        assert (code, f"ok    hub: {hub.address} answers and proves who it is." in said) == (0, True)
        wrong = {**variables, "PROXY_PASSWORD": "guessed"}
        code, said, _ = await ended(await started(["check", str(manifest), "--json"], wrong))
    findings = json.loads(said)["steps"][-1]["findings"]
    assert (code, [found["what"] for found in findings]) == (1, [f"the proxy does not let {hub.address} through (407)"])
    assert proxy.refused == 1
    assert "guessed" not in said


async def test_a_proxy_is_an_address_or_an_address_with_a_user(tmp_path: Path) -> None:
    file = tmp_path / "agency.yaml"

    def load(proxy: str) -> object:
        text = MANIFEST.format(address="localhost:7401").replace("offending.key}", f"offending.key, proxy: {proxy}}}")
        file.write_text(text, encoding="utf-8")
        return load_manifest(file, {}).hub.proxy

    short, long = load('"proxy.internal:3128"'), load('{address: "proxy.internal:3128"}')
    assert short == long
    for wrong in ('"http://proxy.internal:3128"', "proxy.internal", "{user: x}", '"user@proxy.internal:3128"'):
        with pytest.raises(ManifestError):
            load(wrong)
