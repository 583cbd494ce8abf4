"""What whoever runs an adapter sees of it: a file, figures, and words to the service manager; nothing about anybody."""

import asyncio
import json
import os
import re
import socket
from collections.abc import Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import CapturingLogger
from typer.testing import CliRunner

from adapters.cli import app
from adapters.kit import operating as operating_module
from adapters.kit.answering import LARGEST_REPLY, wall_clock_ms
from adapters.kit.figures import Figures
from adapters.kit.health import STALE_MS, Health, LinkHealth, State, is_well, read_health
from adapters.kit.metrics import Metrics, serve_figures
from adapters.kit.operating import Operating
from adapters.kit.supervised import Supervisor
from tests.unit.adapters.test_answering import Make, OddReader, answering, ask, journal, logged, rows

__all__ = ["answering", "journal", "logged"]

HUBS = ("hub.example:7401", "other.example:7401")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000

    def __call__(self) -> int:
        return self.now


class ServiceManager:
    """Listens as systemd does."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._heard.bind("\0" + address[1:] if address.startswith("@") else address)
        self._heard.settimeout(0)

    def heard(self) -> list[str]:
        words: list[str] = []
        while True:
            try:
                words += self._heard.recv(4096).decode().split("\n")
            except BlockingIOError:
                return words

    def close(self) -> None:
        self._heard.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[ServiceManager]:
    with closing(ServiceManager(str(tmp_path / "notify"))) as listening:
        yield listening


def operated(logged: CapturingLogger, clock: Clock, **parts: Any) -> Operating:
    log = structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()])
    usual = {"held": lambda: 3, "is_stopped": lambda: False, "figures": Figures(), "process": 7}
    return Operating(agency="schools", hubs=HUBS, wall_ms=clock, log=log, **{**usual, **parts})


async def test_the_file_says_how_the_process_is_and_since_when(tmp_path: Path, logged: CapturingLogger) -> None:
    clock, figures, file = Clock(), Figures(), tmp_path / "run" / "health.json"
    made = operated(logged, clock, figures=figures, health_file=file)

    def state() -> tuple[State, int]:
        health = read_health(file)
        assert health is not None
        return health.state, health.since_ms

    made.look(is_draining=False)
    assert state() == (State.DIALLING, 1_000_000)
    clock.now += 1
    figures.link_up(HUBS[0])
    made.look(is_draining=False)
    assert state() == (State.LINKED, 1_000_001)
    clock.now += 1
    made.look(is_draining=True)
    assert state() == (State.DRAINING, 1_000_002)
    figures.link_down(HUBS[0])
    made.end()
    assert state() == (State.ENDED, 1_000_002)
    assert json.loads(file.read_text(encoding="utf-8"))["links"] == [{"hub": hub, "links": 0} for hub in HUBS]
    assert [path.name for path in file.parent.iterdir()] == ["health.json"]


async def test_the_file_is_written_when_something_changes_and_every_few_seconds(
    tmp_path: Path, logged: CapturingLogger
) -> None:
    clock, figures, file = Clock(), Figures(), tmp_path / "health.json"
    made = operated(logged, clock, figures=figures, health_file=file)
    made.look(is_draining=False)
    clock.now += operating_module.WRITE_MS - 1
    figures.last_ask_ms = clock.now
    made.look(is_draining=False)
    assert (read_health(file) or WELL).written_at_ms == 1_000_000
    clock.now += 1
    made.look(is_draining=False)
    assert (read_health(file) or WELL).last_ask_ms == clock.now - 1


async def test_a_file_that_cannot_be_written_is_said_and_ends_nothing(tmp_path: Path, logged: CapturingLogger) -> None:
    (tmp_path / "health.json").mkdir()
    operated(logged, Clock(), health_file=tmp_path / "health.json").look(is_draining=False)
    assert "health_unwritten" in str(logged.calls)


WELL = Health(
    agency="schools", version="1", process=7, state=State.LINKED, since_ms=1, written_at_ms=1_000,
    links=[LinkHealth(hub=HUBS[0], links=1)], answers_stopped=False, answers_held=0, last_ask_ms=0, last_receipt=0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("health", "now_ms", "wrong"),
    [
        (WELL, 1_000 + STALE_MS, []),
        (WELL, 1_001 + STALE_MS, ["the adapter has died, or hangs"]),
        (replace(WELL, state=State.ENDED), 1_000, ["the adapter has ended"]),
        (replace(WELL, state=State.DRAINING), 1_000, ["the adapter is about to end"]),
        (replace(WELL, links=[LinkHealth(hub="h:1", links=0)]), 1_000, ["there is no link with h:1"]),
        (replace(WELL, answers_stopped=True), 1_000, ["all answers are stopped"]),
    ],
)
def test_what_is_wrong_is_told(health: Health, now_ms: int, wrong: list[str]) -> None:
    assert list(is_well(health, now_ms)) == wrong


@pytest.mark.parametrize("content", ["", "{", "[]", '{"links": []}', '{"links": 1, "state": "linked"}'])
def test_a_file_that_is_none_of_ours_is_no_health(tmp_path: Path, content: str) -> None:
    (tmp_path / "health.json").write_text(content, encoding="utf-8")
    assert read_health(tmp_path / "health.json") is None


def test_status_reads_it_and_says_in_its_exit_code_whether_all_is_well(tmp_path: Path) -> None:
    manifest = tmp_path / "agency.yaml"
    manifest.write_text("health: run/health.json\npassword: ${NOT_SET_HERE}\n", encoding="utf-8")

    def status(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["status", str(manifest), *arguments])
        return done.exit_code, done.output

    assert status() == (1, "FAULT no adapter has run here. Start it.\n")
    replace(WELL, written_at_ms=wall_clock_ms()).write(tmp_path / "run" / "health.json")
    code, said = status()
    assert (code, said.splitlines()[1]) == (0, f"  {HUBS[0]}: linked")
    code, said = status("--json")
    assert (code, json.loads(said)["well"], json.loads(said)["health"]["state"]) == (0, True, "linked")
    WELL.write(tmp_path / "run" / "health.json")
    code, said = status("--json")
    assert (code, json.loads(said)["faults"][0]["what"]) == (1, "the adapter has died, or hangs")


@pytest.mark.parametrize("form", ["{}", "@adapter-test-{}"], ids=["path", "abstract"])
async def test_the_service_manager_hears_when_the_adapter_is_ready_and_when_it_ends(
    tmp_path: Path, logged: CapturingLogger, form: str
) -> None:
    figures = Figures()
    with closing(ServiceManager(form.format(os.getpid() if "@" in form else tmp_path / "socket"))) as manager:
        made = operated(logged, Clock(), figures=figures, supervisor=Supervisor(address=manager.address))
        made._began = asyncio.get_running_loop().time()
        made.look(is_draining=False)
        assert manager.heard() == ["STATUS=dialling"]
        figures.link_up(HUBS[1])
        made.look(is_draining=False)
        made.look(is_draining=False)
        assert manager.heard() == ["STATUS=linked", "READY=1"]
        made.look(is_draining=True)
        assert manager.heard() == ["STOPPING=1", "STATUS=draining"]


async def test_a_hub_that_is_down_does_not_keep_the_service_from_having_started(
    manager: ServiceManager, logged: CapturingLogger
) -> None:
    made = operated(logged, Clock(), supervisor=Supervisor(address=manager.address))
    made._began = asyncio.get_running_loop().time() - operating_module.READY_SECONDS
    made.look(is_draining=False)
    assert manager.heard() == ["STATUS=dialling", "READY=1"]


async def test_the_watchdog_is_told_from_the_event_loop(manager: ServiceManager) -> None:
    telling = asyncio.create_task(Supervisor(address=manager.address, watchdog_seconds=0.02).say_alive())
    heard: list[str] = []
    async with asyncio.timeout(5):
        while len(heard) < 3:
            await asyncio.sleep(0)
            heard += manager.heard()
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)
    assert set(heard) == {"WATCHDOG=1"}


def test_the_environment_says_whether_there_is_a_service_manager() -> None:
    assert Supervisor.of({}, 7) == Supervisor()
    said = {"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "30000000"}
    assert Supervisor.of(said, 7) == Supervisor(address="/run/notify", watchdog_seconds=30)
    assert Supervisor.of({**said, "WATCHDOG_PID": "7"}, 7).watchdog_seconds == 30
    assert Supervisor.of({**said, "WATCHDOG_PID": "8"}, 7).watchdog_seconds == 0
    Supervisor().tell("READY=1")
    Supervisor(address="/nowhere/at/all").tell("READY=1")


async def test_figures_count_what_was_told_and_name_nobody(answering: Make) -> None:
    finds = iter((rows(1),))
    made = answering(OddReader(lambda: next(finds)))
    await made.answer(ask(), "hub", LARGEST_REPLY)
    await made.answer(ask(2), "hub", LARGEST_REPLY)
    made.dropped(ask(3), "hub")
    made.figures.link_up(HUBS[0])
    made.figures.looked("Care", 0.25)
    made.figures.stands(9)
    text = made.figures.text(held=len(made.watching), is_stopped=True).decode()
    for line in (
        'adapter_asks_total{status="answered"} 1.0',
        'adapter_asks_total{status="source_down"} 1.0',
        'adapter_asks_total{status="dropped"} 1.0',
        "adapter_ask_seconds_count 2.0",
        f'adapter_links{{hub="{HUBS[0]}"}} 1.0',
        'adapter_look_late_seconds{source="Care"} 0.25',
        "adapter_last_receipt 9.0",
        "adapter_answers_held 1.0",
        "adapter_answers_stopped 1.0",
        "adapter_asks_running 0.0",
    ):
        assert line in text.splitlines()
    assert "CANARY" not in text
    assert set(re.findall(r"{(\w+)=", text)) <= {"status", "hub", "source", "version", "le"}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(made: Operating) -> Any:
    works = [asyncio.create_task(work) for work in made.works(asyncio.Event())]
    try:
        yield
    finally:
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)


async def fetched(port: int, request: bytes) -> bytes:
    async with asyncio.timeout(10):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0)
                continue
            writer.write(request)
            said = await reader.read()
            writer.close()
            return said


async def test_figures_are_served_to_this_machine_and_nothing_else_is(logged: CapturingLogger) -> None:
    port = free_port()
    async with serving(operated(logged, Clock(), metrics=Metrics(port=port))):
        said = await fetched(port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        head, _, body = said.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4")
        assert b"adapter_answers_held 3.0\n" in body
        assert f"Content-Length: {len(body)}".encode() in head
        assert (await fetched(port, b"GET / HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 404 Not Found\r\n")
        assert await fetched(port, b"x" * 100_000) == b""
        assert (await fetched(port, b"GET /metrics HTTP/1.0\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\n")
        with closing(socket.socket()) as probe:
            assert probe.connect_ex(("127.0.0.2", port)) != 0
        async with asyncio.timeout(5):
            await serve_figures(port, bytes, structlog.wrap_logger(logged))
    assert "metrics_unserved" in str(logged.calls)


async def test_figures_may_be_a_file_instead(tmp_path: Path, logged: CapturingLogger) -> None:
    file = tmp_path / "adapter.prom"
    operated(logged, Clock(), metrics=Metrics(file=file)).look(is_draining=False)
    assert b"adapter_answers_held 3.0\n" in file.read_bytes()
