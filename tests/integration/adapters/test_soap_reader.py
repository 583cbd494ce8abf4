"""The SOAP reader against a real service, and against servers that answer with what no service should."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import ValidationError

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.reader import Finding, FindingState, Found, Looking, Match
from adapters.kit.soap_mapping import SoapSource
from adapters.soap.calling import nested
from adapters.soap.faults import SoapBecause
from adapters.soap.reader import SoapReader
from tests.integration.adapters.http_server import HttpServer
from tests.integration.adapters.soap_server import SoapServer, running_soap_server

BY_NHS = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765919"),))
BY_NAMES = Match(
    looking=Looking.ALL, wanted=(("family_name", "Khan"), ("given_name", "Amina"), ("date_of_birth", "2012-03-07"))
)
ENVELOPE = (
    '<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:c="urn:cases">'
    "<e:Body>{}</e:Body></e:Envelope>"
)
PERSON = (
    "<c:FindPeopleResponse><c:FindPeopleResult><c:Person><c:personId>P/1</c:personId>"
    "<c:nhsNumber>9434765919</c:nhsNumber><c:forename>{}</c:forename></c:Person>"
    "</c:FindPeopleResult></c:FindPeopleResponse>"
)


@pytest.fixture(scope="module")
def service() -> Iterator[SoapServer]:
    with running_soap_server() as running:
        yield running


@pytest.fixture(scope="module")
def wsdl(service: SoapServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save the service's WSDL, as an agency would that is given it as a file."""
    file = tmp_path_factory.mktemp("wsdl") / "cases.wsdl"
    file.write_bytes(service.wsdl())
    return file


@pytest.fixture
async def server() -> AsyncIterator[HttpServer]:
    async with HttpServer() as running:
        yield running


def source(place: str, **changes: object) -> SoapSource:
    top = {name: changes.pop(name) for name in (*SoapSource.model_fields, "wsdl") if name in changes}
    records: dict[str, object] = {
        "operation": "FindPeople",
        "with": {"includeClosed": "false"},
        "keys": {
            "nhs_number": "criteria.nhsNumber",
            "family_name": "criteria.surname",
            "given_name": "criteria.forename",
            "date_of_birth": "criteria.dateOfBirth",
        },
        "rows": "$.FindPeopleResult.Person[*]",
        "record_id": "$.personId",
        "record_date": {"path": "$.lastChanged", "date": "iso"},
        "related": {
            "order": {
                "operation": "ListOrders",
                "by": "personId",
                "rows": "$.ListOrdersResult.Order[*]",
                "take": "all",
                "optional": "true",
            }
        },
        "withhold_when": {"$.restricted": ["true"]},
        "fields": {
            "nhs_number": "$.nhsNumber",
            "family_name": "$.surname",
            "given_name": "$.forename",
            "date_of_birth": "$.dateOfBirth",
            "debt": "$.debt",
            "worker_name": {"path": "$.order[*].officer", "pick": "joined"},
        },
    }
    described = {"kind": "soap", "name": "Cases", "wsdl": place}
    return SoapSource.model_validate({**described, **top, "records": {"person": records | changes}})


async def find(described: SoapSource, match: Match, *fields: str, seconds: float = 10.0) -> Found:
    reader = SoapReader(described)
    await reader.open()
    try:
        return await reader.find("person", match, fields, asyncio.get_running_loop().time() + seconds)
    finally:
        await reader.close()


async def fault_of(described: SoapSource, match: Match = BY_NHS, *fields: str, seconds: float = 10.0) -> SourceFault:
    with pytest.raises(SourceFault) as raised:
        await find(described, match, *(fields or ("given_name",)), seconds=seconds)
    assert "Khan" not in f"{raised.value}{raised.value.because}"
    assert raised.value.__context__ is None or raised.value.__suppress_context__
    return raised.value


async def checked(described: SoapSource) -> list[Finding]:
    reader = SoapReader(described)
    await reader.open()
    try:
        return list(await reader.check())
    finally:
        await reader.close()


def faults_in(findings: list[Finding]) -> dict[str, str]:
    return {finding.what: finding.mend for finding in findings if finding.state is FindingState.FAULT}


async def test_a_person_is_found_by_identifier_or_by_names_and_only_what_is_needed_is_called(
    service: SoapServer,
) -> None:
    described = source(f"{service.url}open/?wsdl")
    found = await find(described, BY_NHS, "given_name", "date_of_birth", "debt")
    assert list(found.cells) == ["Amina", "2012-03-07", "12.50"]
    assert (list(found.references), list(found.record_dates)) == (["P/1"], ["2026-02-03"])
    assert service.called() == "FindPeople nhsNumber"
    assert list((await find(described, BY_NAMES, "nhs_number")).cells) == ["9434765919"]
    assert service.called() == "FindPeople surname forename dateOfBirth"
    assert list((await find(described, BY_NHS, "worker_name")).cells) == ["J. Ward, K. Lee"]
    assert [service.called(), service.called()] == ["FindPeople nhsNumber", "ListOrders"]


async def test_nobody_is_nobody_and_somebody_withheld_is_asked_about_no_further(service: SoapServer) -> None:
    described = source(f"{service.url}open/?wsdl")
    nobody = Match(looking=Looking.ANY, wanted=(("nhs_number", "9999999999"),))
    assert not (await find(described, nobody, "worker_name")).cells
    restricted = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765870"),))
    assert (await find(described, restricted, "worker_name")).withheld == 1
    assert [service.called(), service.called()] == ["FindPeople nhsNumber"] * 2


async def test_records_of_others_are_thrown_away(service: SoapServer) -> None:
    everybody = Match(looking=Looking.ANY, wanted=(("nhs_number", "2222222222"),))
    assert not (await find(source(f"{service.url}open/?wsdl"), everybody, "given_name")).cells
    assert service.called() == "FindPeople nhsNumber"


async def test_a_fault_is_a_source_that_is_down_without_its_words(service: SoapServer) -> None:
    refused = Match(looking=Looking.ANY, wanted=(("nhs_number", "0000000000"),))
    fault = await fault_of(source(f"{service.url}open/?wsdl"), refused)
    assert (fault.kind, fault.because) == (SourceFaultKind.REFUSED, SoapBecause.FAULT)
    assert service.called() == "FindPeople nhsNumber"


async def test_a_slow_service_is_late_and_the_next_question_is_answered(service: SoapServer) -> None:
    reader = SoapReader(source(f"{service.url}open/?wsdl"))
    await reader.open()
    clock = asyncio.get_running_loop().time
    began = clock()
    slow = Match(looking=Looking.ANY, wanted=(("nhs_number", "1111111111"),))
    with pytest.raises(SourceFault) as raised:
        await reader.find("person", slow, ("given_name",), clock() + 0.3)
    assert raised.value.kind is SourceFaultKind.LATE
    assert clock() - began < 1
    assert list((await reader.find("person", BY_NHS, ("given_name",), clock() + 10)).cells) == ["Amina"]
    assert [service.called(), service.called()] == ["FindPeople nhsNumber"] * 2
    await reader.close()
    await reader.close()


@pytest.mark.parametrize(
    ("path", "login"),
    [
        ("basic", {"basic": {"username": "hub", "password": "s3cret"}}),
        ("token", {"username_token": {"username": "hub", "password": "s3cret"}}),
        ("digest", {"username_token": {"username": "hub", "password": "s3cret", "digest": "true"}}),
    ],
)
async def test_who_the_adapter_is_is_proved_and_a_wrong_password_refused(
    service: SoapServer, path: str, login: dict[str, dict[str, str]]
) -> None:
    address = {"wsdl": f"{service.url}{path}/?wsdl", "url": f"{service.url}{path}/"}
    described = source("", **address, **login)
    assert list((await find(described, BY_NHS, "given_name")).cells) == ["Amina"]
    assert service.called() == "FindPeople nhsNumber"
    assert "s3cret" not in repr(described)
    wrong = {style: {**said, "password": "wrong"} for style, said in login.items()}
    fault = await fault_of(source("", **address, **wrong))
    assert fault.kind is SourceFaultKind.REFUSED


async def test_a_check_calls_nothing_and_names_what_is_missing_with_what_was_meant(service: SoapServer) -> None:
    place = f"{service.url}open/?wsdl"
    findings = await checked(source(place))
    assert not faults_in(findings)
    assert "`FindPeople`, `ListOrders`" in str(findings)
    fields = {"nhs_number": "$.nhsNumber", "family_name": "$.surName", "worker_name": "$.order.oficer"}
    related = {
        "order": {"operation": "ListOrders", "by": "personId", "rows": "$.ListOrdersResult.Order[*]", "take": "all"}
    }
    wrong = faults_in(
        await checked(source(place, keys={"nhs_number": "criteria.nhsNumber"}, fields=fields, related=related))
    )
    assert list(wrong.values()) == ["Did you mean `surname`?", "Did you mean `officer`?"]
    for changes, mend in (
        ({"operation": "FindPerson"}, "Did you mean `FindPeople`?"),
        ({"keys": {"nhs_number": "criteria.nhsnumber"}}, "Did you mean `nhsNumber`?"),
        ({"with": {"includeclosed": "false"}}, "Did you mean `includeClosed`?"),
        ({"rows": "$.FindPeopleResult.person[*]"}, "Did you mean `Person`?"),
    ):
        assert list(faults_in(await checked(source(place, **changes))).values()) == [mend]


async def test_rows_that_no_reply_can_have_are_no_nobody(service: SoapServer) -> None:
    fault = await fault_of(source(f"{service.url}open/?wsdl", rows="$.FindPeopleResult.Persons[*]"))
    assert fault.because is SoapBecause.NO_ROWS
    fault = await fault_of(source(f"{service.url}open/?wsdl", operation="DropPeople"))
    assert fault.because is SoapBecause.NO_OPERATION
    fault = await fault_of(source(f"{service.url}open/?wsdl", keys={"nhs_number": "criteria.nope"}))
    assert fault.because is SoapBecause.NO_PARAMETER


async def test_a_hostile_value_stays_a_value(service: SoapServer) -> None:
    for hostile in ("</c:nhsNumber><c:surname>", "&lt;!ENTITY", "]]>", "\x00", "' or '1'='1"):
        looked_for = Match(looking=Looking.ANY, wanted=(("nhs_number", hostile),))
        described = source(f"{service.url}open/?wsdl")
        if hostile == "\x00":
            # XML has no way to write it, so nothing is sent.
            assert (await fault_of(described, looked_for)).because is SoapBecause.NO_PARAMETER
        else:
            assert not (await find(described, looked_for, "given_name")).cells
            assert service.called() == "FindPeople nhsNumber"


def changed(wsdl: Path, folder: Path, change: Callable[[str], str]) -> Path:
    """Write a WSDL with something changed."""
    file = folder / "changed.wsdl"
    file.write_text(change(wsdl.read_text(encoding="utf-8")), encoding="utf-8")
    return file


def put_reply(server: HttpServer, body: str | bytes, *, status: int = 200, kind: str = "text/xml") -> None:
    content = body if isinstance(body, bytes) else body.encode()
    server.pages["soap"] = lambda _: web.Response(body=content, status=status, content_type=kind)
    server.reads_json = False


async def test_a_wsdl_may_be_a_file_and_the_service_elsewhere(server: HttpServer, wsdl: Path) -> None:
    put_reply(server, ENVELOPE.format(PERSON.format("Amina")))
    described = source(str(wsdl), url=f"{server.url}soap")
    assert list((await find(described, BY_NHS, "given_name")).cells) == ["Amina"]


XXE = '<?xml version="1.0"?><!DOCTYPE e:Envelope [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE e:Envelope [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {to} "{f"&{of};" * 100}">' for of, to in ("ab", "bc", "cd", "de", "ef"))
    + "]>"
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (XXE + ENVELOPE.format(PERSON.format("&x;"))[21:], SourceFaultKind.GARBAGE),
        (LAUGHS + ENVELOPE.format(PERSON.format("&f;"))[21:], SourceFaultKind.GARBAGE),
        ('<?xml version="1.0"?><!DOCTYPE x>' + ENVELOPE.format(PERSON.format("A"))[21:], SourceFaultKind.GARBAGE),
        (ENVELOPE.format(PERSON.format("Amina Khan"))[:-20], SourceFaultKind.GARBAGE),
        (ENVELOPE.format(""), SourceFaultKind.GARBAGE),
        (ENVELOPE.format(PERSON.format("A") * 2), SourceFaultKind.GARBAGE),
        (ENVELOPE.format("<c:ListOrdersResponse/>"), SourceFaultKind.GARBAGE),
        (ENVELOPE.format(PERSON.format("<c:b>Amina</c:b>").replace("nhsNumber", "nhs")), SourceFaultKind.GARBAGE),
        (ENVELOPE.format("<e:Fault><faultstring>Amina Khan</faultstring></e:Fault>"), SourceFaultKind.REFUSED),
        ("", SourceFaultKind.GARBAGE),
        ("<html>Amina Khan</html>", SourceFaultKind.GARBAGE),
        ("Amina Khan", SourceFaultKind.GARBAGE),
        (b"\xff\xfe\x00", SourceFaultKind.GARBAGE),
        ("<a>" * 10_000, SourceFaultKind.GARBAGE),
        (ENVELOPE.format(PERSON.format("x" * 5_000_000)), SourceFaultKind.TOO_MUCH),
    ],
    ids=range(15),
)
async def test_what_is_no_reply_is_a_source_that_is_down(
    server: HttpServer, wsdl: Path, body: str | bytes, kind: SourceFaultKind
) -> None:
    put_reply(server, body)
    assert (await fault_of(source(str(wsdl), url=f"{server.url}soap"))).kind is kind


@pytest.mark.parametrize(
    ("status", "media", "kind"),
    [
        (200, "text/html", SourceFaultKind.GARBAGE),
        (200, "multipart/related", SourceFaultKind.GARBAGE),
        (500, "text/xml", SourceFaultKind.REFUSED),
        (403, "text/html", SourceFaultKind.REFUSED),
        (302, "text/xml", SourceFaultKind.REFUSED),
        (429, "text/xml", SourceFaultKind.BUSY),
    ],
)
async def test_a_status_or_a_kind_of_content_that_is_no_reply_is_refused_unread(
    server: HttpServer, wsdl: Path, status: int, media: str, kind: SourceFaultKind
) -> None:
    put_reply(server, ENVELOPE.format(PERSON.format("Amina")), status=status, kind=media)
    assert (await fault_of(source(str(wsdl), url=f"{server.url}soap"))).kind is kind


async def test_a_large_reply_is_read_beside_the_loop_and_its_values_are_plain(server: HttpServer, wsdl: Path) -> None:
    put_reply(server, ENVELOPE.format(PERSON.format("Amina" * 10_000)))
    (cell,) = (await find(source(str(wsdl), url=f"{server.url}soap"), BY_NHS, "given_name")).cells
    assert (len(cell), cell[-1]) == (2000, "…")


@pytest.mark.parametrize(
    ("spoil", "because"),
    [
        (lambda _: "", SoapBecause.UNUSABLE),
        (lambda text: text.replace("</wsdl:definitions>", ""), SoapBecause.UNUSABLE),
        (lambda _: "<html/>", SoapBecause.NO_PORT),
        (lambda text: text.replace("?>", "?><!DOCTYPE x>", 1), SoapBecause.UNUSABLE),
        (
            lambda text: text.replace(
                "<wsdl:types>", '<wsdl:import namespace="a" location="/etc/hostname"/><wsdl:types>'
            ),
            SoapBecause.FOREIGN,
        ),
        (
            lambda text: text.replace(
                "<wsdl:types>", '<wsdl:import namespace="a" location="http://127.0.0.1:1/"/><wsdl:types>'
            ),
            SoapBecause.FOREIGN,
        ),
        (lambda text: text.replace("wsdl:service", "wsdl:other"), SoapBecause.NO_PORT),
        (lambda text: text.replace('location="http', 'location="ftp'), SoapBecause.NO_PORT),
    ],
    ids=["empty", "cut", "html", "doctype", "a file elsewhere", "a host elsewhere", "no service", "no address"],
)
async def test_a_wsdl_that_cannot_be_used_is_said(
    wsdl: Path, tmp_path: Path, spoil: Callable[[str], str], because: SoapBecause
) -> None:
    described = source(str(changed(wsdl, tmp_path, spoil)))
    assert (await fault_of(described)).because is because
    (what,) = faults_in(await checked(described))
    assert because.value in what


async def test_a_wsdl_that_is_missing_is_read_again_after_a_pause(
    wsdl: Path, tmp_path: Path, server: HttpServer
) -> None:
    file = tmp_path / "late.wsdl"
    put_reply(server, ENVELOPE.format(PERSON.format("Amina")))
    reader = SoapReader(source(str(file), url=f"{server.url}soap"))
    now = asyncio.get_running_loop().time()
    reader._port._clock = lambda: now
    await reader.open()
    changed(wsdl, tmp_path, str).rename(file)
    with pytest.raises(SourceFault) as raised:
        await reader.find("person", BY_NHS, ("given_name",), now + 10)
    assert raised.value.because is SoapBecause.NO_WSDL
    now += 30
    assert list((await reader.find("person", BY_NHS, ("given_name",), now + 10)).cells) == ["Amina"]
    await reader.close()


async def test_a_wsdl_that_was_fetched_leads_to_its_own_host_only(
    wsdl: Path, tmp_path: Path, server: HttpServer
) -> None:
    content = changed(wsdl, tmp_path, str).read_bytes
    server.pages["wsdl"] = lambda _: web.Response(body=content(), content_type="text/xml")
    fault = await fault_of(source(f"{server.url}wsdl"))
    assert (fault.kind, fault.because) == (SourceFaultKind.ELSEWHERE, SoapBecause.LEADS_ELSEWHERE)
    server.pages["wsdl"] = lambda _: web.Response(status=404)
    assert (await fault_of(source(f"{server.url}wsdl"))).kind is SourceFaultKind.REFUSED


async def test_a_password_goes_where_nobody_hears_it(wsdl: Path, tmp_path: Path) -> None:
    login = {"basic": {"username": "hub", "password": "s3cret"}}
    with pytest.raises(ValidationError) as refused:
        source(str(wsdl), url="http://cases.example/soap", **login)
    assert "in the clear" in str(refused.value)
    file = changed(wsdl, tmp_path, lambda text: text.replace("127.0.0.1", "cases.example"))
    assert (await fault_of(source(str(file), **login))).because is SoapBecause.HEARD


def test_a_dotted_name_is_a_part_within_a_part() -> None:
    assert nested([("a.b", "1"), ("a.c.d", "2"), ("e", "3")]) == {"a": {"b": "1", "c": {"d": "2"}}, "e": "3"}
