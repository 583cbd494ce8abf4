"""`adapter enrol` as an agency types it: from a token in whatever way it comes to the files that the manifest names."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from sharing.v1 import agencies_pb2
from sharing.v1.agencies_pb2_grpc import EnrolmentServiceServicer, add_EnrolmentServiceServicer_to_server

from adapters.kit.credential_files import CredentialFiles, fits
from hub.client.agency_documents import spell_token
from hub.enrolling.requests import key_in
from tests.lib.certificates import Authority

SECRET, AGENCY = "canary-secret", "youth_offending"
PATIENCE_SECONDS = 30
MANIFEST = """
manifest: 1
agency: youth_offending
title: Youth offending
hub: {addresses: ["localhost:1"], ca: tls/ca.pem, certificate: tls/own.pem, key: tls/own.key}
journal: journal.sqlite
questions: {youth_order: yot.order}
sources:
  yot:
    kind: sql
    name: YOT
    url: sqlite:///yot.sqlite
    records: {order: {table: orders, keys: {upn: upn}, fields: {upn: upn}}}
"""


class EnrollingHub(EnrolmentServiceServicer):
    """Takes one token, as often as a test likes."""

    def __init__(self) -> None:
        self.authority = Authority.new()
        self.port = 0

    @property
    def token(self) -> str:
        authority = x509.load_pem_x509_certificate(self.authority.certificate)
        made = agencies_pb2.AddAgencyResponse(token=SECRET, authority_fingerprint=authority.fingerprint(SHA256()))
        return spell_token(AGENCY, made, f"localhost:{self.port}")

    async def GetAuthority(self, _request: object, _context: object) -> agencies_pb2.GetAuthorityResponse:
        return agencies_pb2.GetAuthorityResponse(authorities=self.authority.certificate)

    async def Enrol(self, request: agencies_pb2.EnrolRequest, context: grpc.aio.ServicerContext) -> object:
        if request.token != SECRET:
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, "no")
        key = key_in(request.certificate_request)
        certificate = self.authority.certify(key, AGENCY, lifetime=timedelta(days=1))
        return agencies_pb2.EnrolResponse(certificate=certificate, authorities=self.authority.certificate)


@pytest.fixture
async def hub() -> AsyncIterator[EnrollingHub]:
    server, running = grpc.aio.server(), EnrollingHub()
    add_EnrolmentServiceServicer_to_server(running, server)
    leaf = running.authority.server()
    credentials = grpc.ssl_server_credentials([(leaf.key, leaf.certificate)])
    running.port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    yield running
    await server.stop(0)


@pytest.fixture
async def proxy() -> AsyncIterator[tuple[int, list[str]]]:
    """Run an HTTP proxy that lets everything through; yield its port, and where it was asked to connect."""
    asked: list[str] = []

    async def pass_on(read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        while content := await read.read(65_536):
            write.write(content)
            await write.drain()
        write.close()

    async def serve(read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        request = (await read.readuntil(b"\r\n\r\n")).decode()
        asked.append(request.split()[1])
        there, back = await asyncio.open_connection(*asked[-1].rsplit(":", 1))
        write.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(pass_on(read, back), pass_on(there, write), return_exceptions=True)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], asked
    server.close()


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    file = tmp_path / "agency.yaml"
    file.write_text(MANIFEST, encoding="utf-8")
    return file


async def ran(
    repository: Path, *words: str, typed: str = "", variables: Mapping[str, str] | None = None
) -> tuple[int | None, str]:
    """Run `adapter enrol` to its end; return its exit code and all that it said."""
    path = f"{repository}{os.pathsep}{repository / 'protos'}"
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "adapters", "enrol", *words),
        env={"PATH": os.defpath, "PYTHONPATH": path, **(variables or {})},
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        said, _ = await program.communicate(typed.encode())
    return program.returncode, said.decode()


@pytest.mark.parametrize(
    "how",
    [
        "piped",
        pytest.param("typed", marks=pytest.mark.slow),
        pytest.param("file", marks=pytest.mark.slow),
        pytest.param("environment", marks=pytest.mark.slow),
    ],
)
async def test_a_token_becomes_the_files_that_the_manifest_names_however_it_comes(
    hub: EnrollingHub, manifest: Path, repository: Path, tmp_path: Path, how: str
) -> None:
    kept = tmp_path / "token"
    kept.write_text(hub.token + "\n", encoding="utf-8")
    words = {"typed": ("--token", hub.token), "file": ("--token-file", str(kept))}.get(how, ())
    typed = hub.token + "\n" if how == "piped" else ""
    variables = {"ADAPTER_TOKEN": hub.token} if how == "environment" else {}
    code, said = await ran(repository, str(manifest), *words, "--json", typed=typed, variables=variables)
    assert code == 0, said
    document = json.loads(said)
    files = CredentialFiles(
        ca=tmp_path / "tls/ca.pem", certificate=tmp_path / "tls/own.pem", key=tmp_path / "tls/own.key"
    )
    assert (document["agency"], document["certificate"]) == (AGENCY, str(files.certificate))
    read = files.read()
    assert fits(read.certificate, read.key)
    assert read.ca == hub.authority.certificate
    assert SECRET not in said


@pytest.mark.slow
async def test_what_went_wrong_is_said_without_the_token(
    hub: EnrollingHub, manifest: Path, repository: Path, tmp_path: Path
) -> None:
    code, said = await ran(repository, str(manifest), typed=hub.token.replace(SECRET, "canary-other") + "\n")
    assert (code, "opens nothing" in said, "canary" in said) == (1, True, False)
    code, said = await ran(repository, str(manifest), "--hub", "localhost:1", typed=hub.token)
    assert (code, "localhost:1 cannot be reached" in said) == (1, True)
    code, said = await ran(repository, str(manifest), "--token-file", str(tmp_path / "none"))
    assert (code, "cannot be read" in said) == (1, True)
    assert not (tmp_path / "tls" / "own.pem").exists()


@pytest.mark.slow
async def test_the_way_leads_through_a_proxy_where_the_environment_names_one(
    hub: EnrollingHub, manifest: Path, repository: Path, proxy: tuple[int, list[str]]
) -> None:
    port, asked = proxy
    variables = {"https_proxy": f"http://127.0.0.1:{port}"}
    code, said = await ran(repository, str(manifest), typed=hub.token, variables=variables)
    assert code == 0, said
    # Once to see what is shown there, once for the authorities, once with the token.
    assert asked == [f"localhost:{hub.port}"] * 3
