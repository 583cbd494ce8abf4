"""WSDLs as suppliers hand them over: in several documents, fetched or as files, and in the older style."""

import asyncio
import sys
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from adapters.kit.errors import SourceFault
from adapters.kit.reader import FindingState, Looking, Match
from adapters.kit.soap_mapping import SoapSource
from adapters.soap.faults import SoapBecause
from adapters.soap.reader import SoapReader
from tests.integration.adapters.http_server import HttpServer
from tests.lib.child_wsdl import document_wsdl, envelope, rpc_wsdl, schema

BY_NHS = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765919"),))
CHILD = "<child><nhs>9434765919</nhs><given>Amina</given></child>"


@pytest.fixture
async def server() -> AsyncIterator[HttpServer]:
    async with HttpServer(reads_json=False) as running:
        reply = envelope(f"<FindChildResponse>{CHILD}</FindChildResponse>")
        running.pages["soap"] = lambda _: web.Response(text=reply, content_type="text/xml")
        yield running


def source(place: str, rows: str = "$.child[*]", **given: str) -> SoapSource:
    records = {
        "with": given,
        "operation": "FindChild",
        "keys": {"nhs_number": "nhs"},
        "rows": rows,
        "fields": {"nhs_number": "$.nhs", "given_name": "$.given"},
    }
    return SoapSource.model_validate({"kind": "soap", "name": "Children", "wsdl": place, "records": {"child": records}})


async def found(described: SoapSource) -> list[str]:
    reader = SoapReader(described)
    await reader.open()
    try:
        faults = [finding for finding in await reader.check() if finding.state is FindingState.FAULT]
        result = await reader.find("child", BY_NHS, ("given_name",), asyncio.get_running_loop().time() + 5)
        assert not faults
        return list(result.cells)
    finally:
        await reader.close()


def save(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.xml").write_text(text, encoding="utf-8")
    return folder / "wsdl.xml"


def serve(server: HttpServer, **texts: str) -> str:
    for name, text in texts.items():
        server.pages[f"{name}.xml"] = lambda _, text=text: web.Response(text=text, content_type="text/xml")  # type: ignore[misc]
    return f"{server.url}wsdl.xml"


async def test_a_file_may_refer_to_others_in_its_folder_and_to_none_elsewhere(
    server: HttpServer, tmp_path: Path
) -> None:
    beside = document_wsdl(f"{server.url}soap", imports="types.xml")
    assert await found(source(str(save(tmp_path / "in", wsdl=beside, types=schema())))) == ["Amina"]
    above = document_wsdl(f"{server.url}soap", imports="../types.xml")
    save(tmp_path, types=schema())
    with pytest.raises(SourceFault) as raised:
        await found(source(str(save(tmp_path / "in", wsdl=above))))
    assert raised.value.because is SoapBecause.FOREIGN


async def test_a_link_out_of_the_folder_is_followed_no_further_than_a_path(server: HttpServer, tmp_path: Path) -> None:
    save(tmp_path, types=schema())
    file = save(tmp_path / "in", wsdl=document_wsdl(f"{server.url}soap", imports="types.xml"))
    file.with_name("types.xml").symlink_to(tmp_path / "types.xml")
    with pytest.raises(SourceFault) as raised:
        await found(source(str(file)))
    assert raised.value.because is SoapBecause.FOREIGN


async def test_a_wsdl_that_is_fetched_may_refer_to_its_own_host_only(server: HttpServer) -> None:
    place = serve(server, wsdl=document_wsdl(f"{server.url}soap", imports="types.xml"), types=schema())
    assert await found(source(place)) == ["Amina"]
    elsewhere = server.url.replace("127.0.0.1", "127.0.0.2")
    serve(server, wsdl=document_wsdl(f"{server.url}soap", imports=f"{elsewhere}types.xml"))
    with pytest.raises(SourceFault):
        await found(source(place))
    file = document_wsdl(f"{server.url}soap", imports="file:///etc/hostname")
    serve(server, wsdl=file)
    with pytest.raises(SourceFault) as raised:
        await found(source(place))
    assert raised.value.because is SoapBecause.FOREIGN


async def test_a_service_in_the_older_style_is_read_by_the_same_rules(server: HttpServer, tmp_path: Path) -> None:
    reply = envelope(
        f'<c:FindChildResponse xmlns:c="urn:children"><found xmlns="">{"{}"}</found></c:FindChildResponse>'
    )
    inside = CHILD.replace("<child>", '<child xmlns="urn:children">')
    server.pages["soap"] = lambda _: web.Response(text=reply.format(inside), content_type="text/xml")
    file = save(tmp_path / "rpc", wsdl=rpc_wsdl(f"{server.url}soap"))
    with pytest.raises(SourceFault) as raised:
        await found(source(str(file), rows="$.found.child[*]"))
    assert raised.value.because is SoapBecause.NO_PARAMETER
    described = source(str(file), rows="$.found.child[*]", family="", given="", born="")
    assert await found(described) == ["Amina"]
    assert b"9434765919" in server.posted_bytes[-1]


async def test_documents_without_end_are_read_no_further(server: HttpServer) -> None:
    names = [f"d{number}" for number in range(120)]
    chain = {
        name: f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:{name}">'
        f'<xs:import namespace="urn:{following}" schemaLocation="{following}.xml"/></xs:schema>'
        for name, following in pairwise(names)
    }
    brought = document_wsdl(f"{server.url}soap", imports="d0.xml").replace("urn:children", "urn:d0", 1)
    with pytest.raises(SourceFault):
        await found(source(serve(server, wsdl=brought, **chain)))
    assert len(server.asked) <= 100


async def test_without_the_library_the_source_is_down_and_a_check_says_what_to_install(
    server: HttpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [
        name for name in sys.modules if name.startswith(("zeep", "adapters.soap.service", "adapters.soap.wsdl"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "zeep", None)
    reader = SoapReader(source(str(save(tmp_path / "in", wsdl=document_wsdl(f"{server.url}soap")))))
    await reader.open()
    assert "pip install 'sharing-hub[soap]'" in str(await reader.check())
    with pytest.raises(SourceFault) as raised:
        await reader.find("child", BY_NHS, ("given_name",), asyncio.get_running_loop().time() + 5)
    assert raised.value.because is SoapBecause.NO_LIBRARY
    await reader.close()
