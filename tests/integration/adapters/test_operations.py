"""An adapter as it is run: a health file, words to the service manager, several processes and hubs, and a quiet end."""

import asyncio
import json
import signal
import socket
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sharing.v1 import links_pb2

from tests.integration.adapters.conftest import RunAdapter
from tests.integration.adapters.test_commands import ended, environment, rewrite, started
from tests.integration.adapters.test_stopping import adapter, ask, manifest
from tests.lib.link_hub import LinkHub

__all__ = ["manifest"]


@pytest.fixture
def variables(repository: Path) -> Mapping[str, str]:
    return environment(repository)


@pytest.mark.slow
async def test_whoever_runs_an_adapter_sees_how_it_is_until_it_has_ended(
    manifest: Path, hub: LinkHub, variables: Mapping[str, str], tmp_path: Path
) -> None:
    rewrite(manifest, {"journal:": "health: run/one.json\njournal:"})
    loop, place = asyncio.get_running_loop(), str(tmp_path / "notify")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.bind(place)
        manager.settimeout(0)
        program = await started(["run", str(manifest)], {**variables, "NOTIFY_SOCKET": place})
        link = await hub.link()
        await link.ask(ask(hub))
        async with asyncio.timeout(10):
            heard = b""
            while b"READY=1" not in heard:
                heard += await loop.sock_recv(manager, 4096)
        code, said = await adapter("status", str(manifest), "--json")
        told = json.loads(said)
        assert (code, told["well"], told["health"]["state"]) == (0, True, "linked")
        assert told["health"]["links"] == [{"hub": hub.address, "links": 1}]
        program.send_signal(signal.SIGTERM)
        assert (await ended(program))[0] == 0
        async with asyncio.timeout(10):
            while b"STOPPING=1" not in heard:
                heard += await loop.sock_recv(manager, 4096)
    code, said = await adapter("status", str(manifest))
    assert (code, "FAULT the adapter has ended. Start it." in said) == (1, True)
    assert "CANARY" not in said + (tmp_path / "run" / "one.json").read_text(encoding="utf-8")


async def test_what_was_asked_before_the_hub_heard_that_a_link_drains_is_answered(
    manifest: Path, hub: LinkHub, run_adapter: RunAdapter
) -> None:
    async with run_adapter(manifest, late_seconds=1.5) as stop:
        link = await hub.link()
        stop.set()
        async with asyncio.timeout(10):
            await link.draining.wait()
            # A way there and back, so that the adapter has had time to end if it were going to.
            link.send(links_pb2.ConnectResponse(ping=7))
            assert await link.pongs.get() == 7
        reply = await link.ask(ask(hub))
    assert reply.status == links_pb2.REPLY_STATUS_ANSWERED
    assert link.ended_in_peace


async def test_what_is_being_answered_when_the_adapter_is_told_to_end_is_answered(
    manifest: Path, hub: LinkHub, run_adapter: RunAdapter
) -> None:
    async with run_adapter(manifest) as stop:
        link = await hub.link()
        asked = [ask(hub) for _ in range(50)]
        replies = [link.expect(each) for each in asked]
        link.send(links_pb2.ConnectResponse(asks=asked))
        stop.set()
        async with asyncio.timeout(10):
            statuses = {reply.status for reply in await asyncio.gather(*replies)}
    assert statuses == {links_pb2.REPLY_STATUS_ANSWERED}


async def test_an_adapter_links_with_every_hub_and_several_processes_share_one_journal(
    manifest: Path, hub: LinkHub, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = LinkHub(tmp_path / "other")
    other.authority = hub.authority
    async with other:
        rewrite(manifest, {f'["{hub.address}"]': f'["{hub.address}", "{other.address}"]'})
        async with run_adapter(manifest), run_adapter(manifest):
            links = [await each.link(number) for each in (hub, other) for number in (1, 2)]
            instances = {link.hello.instance for link in links}
            replies = await asyncio.gather(*(link.ask(ask(hub)) for link in links for _ in range(5)))
    assert len(instances) == 2
    assert {reply.status for reply in replies} == {links_pb2.REPLY_STATUS_ANSWERED}
    code, said = await adapter("journal", "summary", str(manifest), "--json")
    summary = json.loads(said)
    assert (code, summary["outcomes"], summary["numbers"]["missing"]) == (0, {"answered": 20}, 0)
