"""Nothing of a person is in what an adapter prints, whatever a SOAP service, a rostering service or own code says."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from sharing.v1 import links_pb2
from sharing.v1.records_pb2 import PersonKeys

from tests.integration.adapters.changing_services import PythonSystem, RosterSystem, SoapSystem
from tests.integration.adapters.changing_sources import FIELDS, ChangingSource
from tests.integration.adapters.http_server import Answers
from tests.lib.child_wsdl import envelope
from tests.lib.link_hub import LinkHub

CANARY = PersonKeys(nhs_number="CANARY1", family_name="Canary-Two", given_name="Canary3", date_of_birth="2012-03-07")
ANSWERED, DOWN = links_pb2.REPLY_STATUS_ANSWERED, links_pb2.REPLY_STATUS_SOURCE_DOWN
CHILD = "<child><nhs>CANARY1</nhs><family>Canary-Two</family>{}</child>"
SOAP_ANSWERS: list[tuple[str, int, int]] = [
    (f"<FindChildResponse>{CHILD.format('')}</FindChildResponse>", 200, ANSWERED),
    (f"<FindChildResponse>{CHILD.format('<canary4/>')}</FindChildResponse>", 200, DOWN),
    (f"<FindChildResponse>{CHILD.format('')}", 200, DOWN),
    ("<e:Fault><faultstring>Canary5 Canary-Two</faultstring></e:Fault>", 200, DOWN),
    ("<e:Fault><faultstring>Canary6</faultstring></e:Fault>", 500, DOWN),
    ("<Canary7/>", 200, DOWN),
]
OWN_ANSWERS: list[tuple[str, int]] = [
    ('[{"nhs": "CANARY1", "family": "Canary-Two", "given": "x", "born": {"Canary": 1}}]', ANSWERED),
    ('{"canary": "Canary9"}', DOWN),
    ('["Canary10"]', DOWN),
    ('[{"nhs": "CANARY1", "Canary11', DOWN),
]


@asynccontextmanager
async def running(
    source: ChangingSource, hub: LinkHub, repository: Path
) -> AsyncIterator[tuple[Callable[[], "asyncio.Future[int]"], list[bytes]]]:
    """Run the program, give what asks about the canary, and afterwards all that was printed."""
    path = f"{repository}{os.pathsep}{repository / 'protos'}"
    command = (sys.executable, "-c", "from adapters.cli import main; main()", "run", str(source.describe(hub.address)))
    pipe = asyncio.subprocess.PIPE
    environment = {"PATH": os.defpath, "PYTHONPATH": path, "SECRET": "s3cret"}
    program = await asyncio.create_subprocess_exec(*command, env=environment, stdout=pipe, stderr=pipe)
    link = await hub.link()
    printed: list[bytes] = []

    def status() -> "asyncio.Future[int]":
        async def asked() -> int:
            return int((await link.ask(hub.make_ask("child_basics", CANARY, list(FIELDS)))).status)

        return asyncio.ensure_future(asked())

    try:
        yield status, printed
    finally:
        program.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            printed += await program.communicate()


def has_no_canary(printed: list[bytes]) -> None:
    said, logged = printed
    assert said == b""
    assert b"source_fault" in logged or b"reader_failed" in logged
    assert b"canary" not in logged.lower()
    assert b"2012-03-07" not in logged
    assert b"s3cret" not in logged
    assert all(json.loads(line)["agency"] == "social_care" for line in logged.splitlines())


def answering(text: str, status: int) -> Answers:
    return lambda _: web.Response(text=text, status=status, content_type="text/xml")


@pytest.mark.slow
async def test_no_canary_of_a_soap_service_is_printed(tmp_path: Path, hub: LinkHub, repository: Path) -> None:
    hub.issue("social_care")
    async with SoapSystem(tmp_path) as source, running(source, hub, repository) as (ask, printed):
        for body, status, expected in SOAP_ANSWERS:
            source.server.pages["soap"] = answering(envelope(body), status)
            assert await ask() == expected, body
    has_no_canary(printed)


@pytest.mark.slow
async def test_no_canary_of_a_rostering_service_is_printed(tmp_path: Path, hub: LinkHub, repository: Path) -> None:
    hub.issue("social_care")
    async with RosterSystem(tmp_path) as source, running(source, hub, repository) as (ask, printed):
        for mode, expected in (("", ANSWERED), ("broken", DOWN), ("in disguise", DOWN), ("without end", DOWN)):
            source.server.mode = mode
            source.server.collections["users"][0]["identifier"] = "CANARY1"
            assert await ask() == expected, mode
    has_no_canary(printed)


@pytest.mark.slow
async def test_no_canary_of_own_code_is_printed(tmp_path: Path, hub: LinkHub, repository: Path) -> None:
    hub.issue("social_care")
    async with PythonSystem(tmp_path) as source, running(source, hub, repository) as (ask, printed):
        for held, expected in OWN_ANSWERS:
            await asyncio.to_thread((tmp_path / "children.json").write_text, held, "utf-8")
            assert await ask() == expected, held
    has_no_canary(printed)
