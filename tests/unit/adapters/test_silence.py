"""An adapter gives up a link on which its hub has been silent for three pings, and no link on which it has not."""

import asyncio
from pathlib import Path

import pytest
import structlog
from sharing.v1.links_pb2 import Hello
from structlog.testing import CapturingLogger

from adapters.kit.answering import Answering
from adapters.kit.journal import Journal
from adapters.kit.link import CHANNEL_OPTIONS, SILENT_PINGS, Link
from adapters.kit.switch import Switch
from adapters.kit.veto import Vetoes
from adapters.kit.watching import Watching

PING_SECONDS = 0.02


class Stream:
    """Is cancelled, or not."""

    def __init__(self) -> None:
        self.was_cancelled = False

    def cancel(self) -> None:
        self.was_cancelled = True


@pytest.fixture
async def link(tmp_path: Path) -> Link:
    log = structlog.wrap_logger(CapturingLogger())
    journal = Journal(tmp_path / "journal.sqlite")
    watching = Watching(looks_per_second=1, read_seconds=1.0, log=log)
    answering = Answering(
        answerers={},
        vetoes=Vetoes(),
        switch=Switch(read=journal.read, stop=watching.take_back_all, log=log),
        journal=journal,
        asks_at_once=1,
        read_seconds=1.0,
        wall_ms=lambda: 0,
        log=log,
        watching=watching,
    )
    return Link(hub="127.0.0.1:1", agency="schools", hello=Hello(), answering=answering, log=log)


async def test_a_link_is_given_up_once_the_hub_has_been_silent_for_three_pings(link: Link) -> None:
    clock, stream = asyncio.get_running_loop().time, Stream()
    link._heard_at = heard = clock()
    async with asyncio.timeout(5):
        await link._watch(stream, PING_SECONDS)
    assert stream.was_cancelled
    assert clock() - heard >= SILENT_PINGS * PING_SECONDS


async def test_a_link_on_which_the_hub_is_heard_is_kept(link: Link) -> None:
    clock, stream = asyncio.get_running_loop().time, Stream()
    link._heard_at = clock()
    watching = asyncio.create_task(link._watch(stream, PING_SECONDS))
    for _ in range(10):
        link._heard_at = clock() + PING_SECONDS
        await asyncio.sleep(PING_SECONDS)
    assert not stream.was_cancelled
    watching.cancel()


def test_an_answer_to_a_connections_own_ping_is_waited_for_as_long_as_is_said() -> None:
    options = dict(CHANNEL_OPTIONS)
    assert options["grpc.http2.ping_timeout_ms"] == options["grpc.keepalive_timeout_ms"] == 10_000
