"""Nothing of a person is in what an adapter prints, whatever its source says."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from aiohttp import web
from sharing.v1 import links_pb2
from sharing.v1.records_pb2 import PersonKeys

from tests.integration.adapters.http_server import HttpServer
from tests.lib.link_hub import LinkHub

MANIFEST = """
manifest: 1
agency: schools
title: Schools
hub: {{addresses: ["{address}"], ca: ca.pem, certificate: schools.pem, key: schools.key}}
journal: journal.sqlite
questions: {{child_basics: register.pupil}}
sources:
  register:
    kind: rest
    name: Register
    url: "{url}"
    records:
      pupil:
        path: pupils
        rows: "$.items[*]"
        keys: {{upn: upn, family_name: last, given_name: first, date_of_birth: born}}
        record_id: "$.id"
        fields: {{upn: "$.upn", family_name: "$.last", given_name: "$.first", date_of_birth: "$.born"}}
"""
CANARY = PersonKeys(upn="CANARY1", family_name="Canary-Two", given_name="Canary3", date_of_birth="2012-03-07")
FIELDS = ["upn", "family_name", "given_name", "date_of_birth"]
PUPIL = {"id": 1, "upn": "CANARY1", "last": "Canary-Two", "first": "Canary3", "born": "2012-03-07"}
ODD_ANSWERS: list[tuple[object, int]] = [
    ({"items": [PUPIL]}, links_pb2.REPLY_STATUS_ANSWERED),
    ({"items": [{**PUPIL, "first": "canary" * 1000, "last": {"Canary": ["x"]}}]}, links_pb2.REPLY_STATUS_ANSWERED),
    ({"items": ["Canary4"]}, links_pb2.REPLY_STATUS_SOURCE_DOWN),
    ({"items": [PUPIL] * 3}, links_pb2.REPLY_STATUS_ANSWERED),
    ({"items": [{**PUPIL, "id": number} for number in range(600)]}, links_pb2.REPLY_STATUS_SOURCE_DOWN),
    ("Canary5", links_pb2.REPLY_STATUS_SOURCE_DOWN),
    ({"error": "Canary9"}, links_pb2.REPLY_STATUS_SOURCE_DOWN),
    ({"items": None}, links_pb2.REPLY_STATUS_ANSWERED),
    (web.Response(text="{'Canary6"), links_pb2.REPLY_STATUS_SOURCE_DOWN),
    (web.Response(body=b'{"items": [{"upn": "CANARY1", "last": "\\ud800"}]}'), links_pb2.REPLY_STATUS_SOURCE_DOWN),
    (web.Response(status=500, text="Canary7"), links_pb2.REPLY_STATUS_SOURCE_DOWN),
    (web.Response(status=302, headers={"Location": "/Canary8"}), links_pb2.REPLY_STATUS_SOURCE_DOWN),
]


async def test_no_canary_is_printed(tmp_path: Path, hub: LinkHub, repository: Path) -> None:
    hub.issue("schools")
    async with HttpServer() as server:
        file = tmp_path / "schools.yaml"
        file.write_text(MANIFEST.format(address=hub.address, url=server.url), encoding="utf-8")
        path = f"{repository}{os.pathsep}{repository / 'protos'}"
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-c", "from adapters.cli import main; main()", "run", str(file))
        program = await asyncio.create_subprocess_exec(
            *command, env={"PATH": os.defpath, "PYTHONPATH": path}, stdout=pipe, stderr=pipe
        )
        link = await hub.link()
        for answer, status in ODD_ANSWERS:
            server.pages["pupils"] = lambda _, answer=answer: answer  # type: ignore[misc]
            reply = await link.ask(hub.make_ask("child_basics", CANARY, FIELDS))
            assert reply.status == status, answer
        program.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            said, logged = await program.communicate()
    assert program.returncode == 0
    assert said == b""
    assert b"source_fault" in logged
    assert b"canary" not in logged.lower()
    assert b"2012-03-07" not in logged
    assert all(json.loads(line)["agency"] == "schools" for line in logged.splitlines())
