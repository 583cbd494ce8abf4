"""A disk that is really full, that fails to sync, or that hangs: refused within a second, and well again by itself.

The faults are the system's own: a file system without room, and system calls that a tracer makes fail or wait.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import grpc
import pytest
from grpc import StatusCode
from sharing.v1 import questions_pb2, records_pb2

from hub.store.engine import open_store
from tests.integration.journey.refusing import Said, said_by
from tests.integration.journey.waiting import rest_of, until
from tests.lib.deployment import Deployment, HubProcess, Served, hub_process
from tests.lib.deployment_log import assert_sound
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.requester import PATIENCE_SECONDS, Requester, signed_in

TRACER = shutil.which("strace")
DISK_BYTES = 4 << 20
BLOCK_BYTES = 4_096
MOST_QUESTIONS = 400

needs_tracer = pytest.mark.skipif(TRACER is None, reason="strace is not installed, and without it no sync fails")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Put what a folder holds on a file system that is soon full; skip where nobody may mount one."""
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.mkdir(mode=0o700)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a file system can be mounted by root only, and not in every container")
    try:
        shutil.copytree(aside, folder, dirs_exist_ok=True)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Leave no room on a disk."""
    ballast = disk / "ballast"
    with closing(os.fdopen(os.open(ballast, os.O_CREAT | os.O_WRONLY), "wb", buffering=0)) as file:
        try:
            while True:
                file.write(bytes(BLOCK_BYTES))
        except OSError:
            yield
    ballast.unlink()


@contextmanager
def failing(program: HubProcess, how: str) -> Iterator[None]:
    """Have every sync of a running hub fail, or wait."""
    assert TRACER is not None
    command = [TRACER, "-f", "-p", str(program._running.pid), "-o", os.devnull, "-e", f"inject=fdatasync,fsync:{how}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        try:
            yield
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.communicate()


async def refused(requester: Requester, person: records_pb2.PersonKeys) -> tuple[Said, float]:
    """Ask, and return how it was refused and after how many seconds."""
    parts: list[questions_pb2.AnswerPart] = []
    request = questions_pb2.AskRequest(
        question="child_services", person=person, purpose="safeguarding", lawful_basis="A6_E", case_reference="TEST/1"
    )
    began = time.monotonic()
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await rest_of(requester.questions.Ask(request, metadata=requester.metadata, timeout=PATIENCE_SECONDS), parts)
    assert not [agency for part in parts for agency in part.agencies]
    return said_by(error.value), time.monotonic() - began


def assert_in_plain_words(said: Said, seconds: float) -> None:
    assert (said.code, said.reason) == (StatusCode.UNAVAILABLE, "AUDIT_UNWRITABLE")
    assert "record" in said.words
    assert not said.leak
    assert seconds < 1


async def asked_until_refused(requester: Requester, people: Iterator[records_pb2.PersonKeys]) -> tuple[set[str], Said]:
    """Ask until there is a refusal: what room the database has left in its own file it may still use."""
    answered = set()
    for _ in range(MOST_QUESTIONS):
        try:
            answered.add((await requester.ask(next(people))).request_id)
        except grpc.aio.AioRpcError as error:
            return answered, said_by(error)
    raise AssertionError("a disk without room took everything")


async def test_a_full_disk_refuses_in_plain_words_and_the_hub_serves_again_once_there_is_room(
    deployment: Deployment, people: Iterator[records_pb2.PersonKeys]
) -> None:
    with small_disk(deployment.folder / "data") as disk, hub_process(deployment) as served:
        agency = GoodAdapter("health")
        async with (
            connected(served.deployment, served.ports.links, agency),
            signed_in(served.deployment, served.ports.requesters) as requester,
        ):
            with full(disk):
                answered, said = await asked_until_refused(requester, people)
                assert said.reason == "AUDIT_UNWRITABLE"
                asked = len(agency.asks)
                for _ in range(3):
                    assert_in_plain_words(*await refused(requester, next(people)))
                assert len(agency.asks) == asked
            again = await requester.ask(next(people))
            assert again.outcome("health") == ("held", "")
        assert served.program.terminate() == 0
        assert answered | {again.request_id} <= disclosed(served)
        assert assert_sound(deployment)


def disclosed(served: Served) -> set[str]:
    """Return the requests of which the log has a disclosure."""
    engine = open_store(served.deployment.settings().store_url())
    with engine.connect() as connection:
        query = "select json_extract(body, '$.request') from audit_entry where kind = 'disclosure'"
        found = set(connection.exec_driver_sql(query).scalars())
    engine.dispose()
    return found


@needs_tracer
async def test_a_sync_that_fails_refuses_in_plain_words_and_the_hub_serves_again_once_it_does_not(
    deployment: Deployment, people: Iterator[records_pb2.PersonKeys]
) -> None:
    with hub_process(deployment) as served:
        agency = GoodAdapter("health")
        async with (
            connected(served.deployment, served.ports.links, agency),
            signed_in(served.deployment, served.ports.requesters) as requester,
        ):
            with failing(served.program, "error=EIO"):
                for _ in range(3):
                    assert_in_plain_words(*await refused(requester, next(people)))
                assert not agency.asks
            assert (await requester.ask(next(people))).outcome("health") == ("held", "")
        assert served.program.terminate() == 0
    assert_sound(deployment)


@needs_tracer
@pytest.mark.parametrize("how", ["error=EIO", "delay_enter=2000000"])
async def test_without_a_synced_disclosure_nothing_is_shown(
    deployment: Deployment, people: Iterator[records_pb2.PersonKeys], how: str
) -> None:
    with hub_process(deployment) as served:
        agency = GoodAdapter("health", delay=1.0)
        async with (
            connected(served.deployment, served.ports.links, agency),
            signed_in(served.deployment, served.ports.requesters) as requester,
        ):
            request = questions_pb2.AskRequest(
                question="child_services",
                person=next(people),
                purpose="safeguarding",
                lawful_basis="A6_E",
                case_reference="TEST/1",
            )
            call = requester.questions.Ask(request, metadata=requester.metadata, timeout=PATIENCE_SECONDS)
            await until(lambda: bool(agency.asks))
            parts: list[questions_pb2.AnswerPart] = []
            with failing(served.program, how), pytest.raises(grpc.aio.AioRpcError) as error:
                await rest_of(call, parts)
            assert said_by(error.value).reason == "AUDIT_UNWRITABLE"
            assert not [one for part in parts for one in part.agencies if one.HasField("records")]
            assert not agency.receipts


@needs_tracer
async def test_a_disk_that_hangs_refuses_within_a_second_and_what_was_asked_is_on_record_when_it_comes_back(
    deployment: Deployment, people: Iterator[records_pb2.PersonKeys]
) -> None:
    with hub_process(deployment) as served:
        agency = GoodAdapter("health")
        async with (
            connected(served.deployment, served.ports.links, agency),
            signed_in(served.deployment, served.ports.requesters) as requester,
        ):
            with failing(served.program, "delay_enter=2000000"):
                for _ in range(3):
                    assert_in_plain_words(*await refused(requester, next(people)))
                assert not agency.asks
            await until(lambda: b"audit.unstuck" in served.program.log())
            assert (await requester.ask(next(people))).outcome("health") == ("held", "")
        assert served.program.terminate() == 0
    assert "audit.stuck" in {event["event"] for event in served.program.events()}
    assert_sound(deployment)
