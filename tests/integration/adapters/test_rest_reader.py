"""The REST reader against a real HTTP server."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import web

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import RestSource
from adapters.kit.reader import FindingState, Found, Looking, Match
from adapters.rest.reader import RestReader
from tests.integration.adapters.http_server import Answers, HttpServer

BY_UPN = Match(looking=Looking.ANY, wanted=(("upn", "H801200001001"),))
BY_NAMES = Match(
    looking=Looking.ALL, wanted=(("family_name", "khan"), ("given_name", "AMINA"), ("date_of_birth", "2012-03-07"))
)


def pupil(number: int, **changes: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "id": number,
        "upn": "H801200001001",
        "legal": {"forename": "Amina", "surname": "Khan"},
        "born": "07/03/2012",
        "home": {"line_1": "1 High Street", "line_2": None, "town": "Bolton"},
        "opted_out": False,
        "changed": "2026-02-03T04:05:06Z",
    }
    return plain | changes


def source(url: str, **changes: object) -> RestSource:
    records: dict[str, object] = {
        "path": "pupils",
        "rows": "$.items[*]",
        "with": {"status": "current"},
        "paging": {"style": "page", "size": "per_page", "page_size": 2},
        "keys": {
            "upn": "upn",
            "family_name": "surname",
            "given_name": "forename",
            "date_of_birth": {"parameter": "born", "date": "%d/%m/%Y"},
        },
        "record_id": "$.id",
        "record_date": {"path": "$.changed", "date": "iso"},
        "withhold_when": {"$.opted_out": ["true"]},
        "fields": {
            "upn": "$.upn",
            "family_name": "$.legal.surname",
            "given_name": "$.legal.forename",
            "date_of_birth": {"path": "$.born", "date": "%d/%m/%Y"},
            "address": {"path": "$.home['line_1','line_2','town']", "pick": "joined"},
            "attendance_percent": "$.attendance.percent",
            "exclusions": {"path": "$.exclusions[*]", "pick": "count"},
            "concern_kind": "$.concern.kind",
        },
    }
    described = {"kind": "rest", "name": "Register", "url": url, "api_key": {"header": "X-Api-Key", "value": "k1"}}
    return RestSource.model_validate({**described, "records": {"pupil": records | changes}})


@pytest.fixture
async def server() -> AsyncIterator[HttpServer]:
    async with HttpServer() as running:
        yield running


def pages_of(*pages: list[object]) -> Answers:
    def answer(query: Mapping[str, str]) -> object:
        number = int(query["page"]) - 1
        return {"items": pages[number] if number < len(pages) else []}

    return answer


async def find(described: RestSource, match: Match, *fields: str, seconds: float = 5.0) -> Found:
    reader = RestReader(described)
    await reader.open()
    try:
        return await reader.find("pupil", match, fields, asyncio.get_running_loop().time() + seconds)
    finally:
        await reader.close()


async def fault_of(described: RestSource, match: Match = BY_UPN, *fields: str, seconds: float = 5.0) -> SourceFaultKind:
    with pytest.raises(SourceFault) as raised:
        await find(described, match, *(fields or ("upn",)), seconds=seconds)
    return raised.value.kind


async def test_all_pages_are_read_and_the_mapping_is_followed(server: HttpServer) -> None:
    server.pages["pupils"] = pages_of([pupil(1), pupil(2)], [pupil(3, opted_out=True)])
    found = await find(source(server.url), BY_UPN, "given_name", "date_of_birth", "address")
    assert found.columns == ("given_name", "date_of_birth", "address")
    assert list(found.cells) == ["Amina", "2012-03-07", "1 High Street, Bolton"] * 2
    assert list(found.references) == ["1", "2"]
    assert list(found.record_dates) == ["2026-02-03"] * 2
    assert found.withheld == 1
    assert [query["page"] for _, query in server.asked] == ["1", "2"]
    assert server.asked[0][1] == {"status": "current", "upn": "H801200001001", "page": "1", "per_page": "2"}
    assert set(server.keys) == {"k1"}


async def test_a_source_that_ignores_the_search_does_not_make_the_adapter_tell_of_others(server: HttpServer) -> None:
    other = pupil(2, upn="Z801200001009", legal={"forename": "Somebody", "surname": "Else"})
    server.pages["pupils"] = pages_of([other, pupil(1)])
    found = await find(source(server.url), BY_UPN, "given_name")
    assert list(found.cells) == ["Amina"]
    found = await find(source(server.url), BY_NAMES, "given_name")
    assert list(found.cells) == ["Amina"]
    assert server.asked[-1][1] | {"page": "1"} == {
        "status": "current",
        "surname": "khan",
        "forename": "AMINA",
        "born": "07/03/2012",
        "page": "1",
        "per_page": "2",
    }


async def test_next_links_are_followed_on_the_same_host_only(server: HttpServer) -> None:
    paging = {"style": "next", "link": "$.next", "size": "size", "page_size": 1}
    server.pages["pupils"] = lambda query: {
        "items": [pupil(int(query.get("from", "1")))],
        "next": None if "from" in query else "/pupils?from=2",
    }
    found = await find(source(server.url, paging=paging), BY_UPN, "upn")
    assert list(found.references) == ["1", "2"]
    server.pages["pupils"] = lambda _: {"items": [], "next": "http://127.0.0.2:1/pupils"}
    assert await fault_of(source(server.url, paging=paging)) is SourceFaultKind.ELSEWHERE


async def test_pages_without_end_are_a_fault(server: HttpServer) -> None:
    server.pages["pupils"] = lambda _: {"items": [pupil(1), pupil(2)], "next": "/pupils"}
    assert await fault_of(source(server.url)) is SourceFaultKind.TOO_MUCH
    assert await fault_of(source(server.url, paging={"style": "next", "link": "$.next"})) is SourceFaultKind.TOO_MUCH


async def test_what_is_related_is_read_only_when_it_is_needed(server: HttpServer) -> None:
    related = {
        "attendance": {"path": "pupils/{id}/attendance", "take": "first", "optional": "true"},
        "exclusions": {"path": "pupils/{id}/exclusions", "rows": "$[*]", "take": "all", "optional": "true"},
    }
    server.pages["pupils"] = pages_of([pupil(1)])
    server.pages["pupils/1/attendance"] = lambda _: {"percent": 93.5}
    server.pages["pupils/1/exclusions"] = lambda _: [{}, {}]
    described = source(server.url, related=related)
    found = await find(described, BY_UPN, "upn", "attendance_percent", "exclusions")
    assert list(found.cells) == ["H801200001001", "93.5", "2"]
    server.asked.clear()
    await find(described, BY_UPN, "upn")
    assert [path for path, _ in server.asked] == ["pupils"]


async def test_each_related_makes_a_row_and_none_makes_nobody(server: HttpServer) -> None:
    related = {"concern": {"path": "pupils/{id}/concerns", "rows": "$[*]", "take": "each"}}
    server.pages["pupils"] = pages_of([pupil(1)])
    server.pages["pupils/1/concerns"] = lambda _: [{"kind": "neglect"}, {"kind": "attendance"}]
    found = await find(source(server.url, related=related), BY_UPN, "upn", "concern_kind")
    assert list(found.cells) == ["H801200001001", "neglect", "H801200001001", "attendance"]
    server.pages["pupils/1/concerns"] = lambda _: []
    found = await find(source(server.url, related=related), BY_UPN, "upn", "concern_kind")
    assert not found.cells
    del server.pages["pupils/1/concerns"]
    assert await fault_of(source(server.url, related=related)) is SourceFaultKind.REFUSED


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (web.Response(status=500, text="Amina Khan"), SourceFaultKind.REFUSED),
        (web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}), SourceFaultKind.REFUSED),
        (web.Response(status=404), SourceFaultKind.REFUSED),
        (web.Response(text="<html>"), SourceFaultKind.GARBAGE),
        (web.Response(text=""), SourceFaultKind.GARBAGE),
        (web.Response(body=b'{"items": ["' + b"x" * (4 * 1024 * 1024) + b'"]}'), SourceFaultKind.TOO_MUCH),
        ({"items": ["no record"]}, SourceFaultKind.GARBAGE),
        ({"error": "no list where there should be one"}, SourceFaultKind.GARBAGE),
        ({"items": "no list"}, SourceFaultKind.GARBAGE),
        ([], SourceFaultKind.GARBAGE),
    ],
)
async def test_garbage_is_a_fault_that_repeats_nothing(
    server: HttpServer, answer: object, kind: SourceFaultKind
) -> None:
    server.pages["pupils"] = lambda _: answer
    assert await fault_of(source(server.url)) is kind


async def test_an_unreachable_source_and_a_slow_one_are_told_apart(server: HttpServer) -> None:
    async with HttpServer() as gone:
        pass
    assert await fault_of(source(gone.url)) is SourceFaultKind.UNREACHABLE
    server.stalled = asyncio.Event()
    server.pages["pupils"] = pages_of([])
    clock = asyncio.get_running_loop().time
    began = clock()
    assert await fault_of(source(server.url), seconds=0.2) is SourceFaultKind.LATE
    assert clock() - began < 0.6


async def test_a_check_tells_which_path_misses_and_what_was_meant(server: HttpServer) -> None:
    server.pages["pupils"] = lambda _: {"items": [pupil(1)]}
    fields = {"upn": "$.upn", "postcode": "$.hone.postcode", "school": "$.home.school"}
    reader = RestReader(source(server.url, fields=fields, keys={"upn": "upn"}))
    await reader.open()
    findings = await reader.check()
    await reader.close()
    faults = [finding for finding in findings if finding.state is FindingState.FAULT]
    notes = [finding for finding in findings if finding.state is FindingState.NOTE]
    assert [finding.mend for finding in faults] == ["Did you mean `home`?"]
    said = "pupil: a search by `upn` for nobody brings 1 records"
    assert [said in note.what for note in notes] == [False, True]
    assert "`school`" in notes[0].what
    assert "Amina" not in str(findings)


def register(server: HttpServer, count: int) -> None:
    """Let the server hold so many copies of a pupil, and page in every way that there is."""
    held = [pupil(number) for number in range(1, count + 1)]

    def answer(query: Mapping[str, str]) -> object:
        start, size = int(query.get("offset") or query.get("after") or 0), int(query.get("limit", "2"))
        rest = str(start + size) if start + size < count else None
        document = {"items": held[start : start + size], "total": count, "page": {"next": rest}}
        link = {"Link": f'</pupils?offset={rest}>; rel="next"'} if rest else {}
        return web.json_response(document, headers=link)

    server.pages["pupils"] = answer


PAGINGS = [
    {"style": "offset", "page_size": 2},
    {"style": "cursor", "cursor": "$.page.next", "parameter": "after", "size": "limit", "page_size": 2},
    {"style": "link_header"},
]


@pytest.mark.parametrize("paging", PAGINGS)
@pytest.mark.parametrize("count", [1, 2, 5])
async def test_each_way_of_paging_reads_all_and_no_more(
    server: HttpServer, paging: dict[str, object], count: int
) -> None:
    register(server, count)
    found = await find(source(server.url, paging={**paging, "total": "$.total"}), BY_UPN, "upn")
    assert list(found.references) == [str(number) for number in range(1, count + 1)]
    assert len(server.asked) <= count // 2 + 1


async def test_pages_that_are_cut_shorter_than_asked_do_not_look_like_the_end(server: HttpServer) -> None:
    register(server, 5)
    paging = {"style": "offset", "size": "ignored", "page_size": 3, "total": "$.total"}
    assert await fault_of(source(server.url, paging=paging)) is SourceFaultKind.GARBAGE


async def test_a_check_searches_for_nobody_and_tells_what_a_real_ask_would_meet(server: HttpServer) -> None:
    fields = {"upn": "$.upn", "date_of_birth": "$.born"}

    async def said(keys: object) -> list[tuple[FindingState, str]]:
        reader = RestReader(source(server.url, fields=fields, keys=keys))
        await reader.open()
        findings = await reader.check()
        await reader.close()
        assert "07/03" not in str(findings)
        return [(one.state, one.what.rpartition(", in ")[0] or one.what) for one in findings if one.about == "plan"]

    server.pages["pupils"] = lambda query: {"items": [] if "upn" in query else [pupil(1)]}
    assert await said({"upn": "upn"}) == [(FindingState.OK, "pupil: a search by `upn` for nobody brings nothing")]
    assert await said({"upn": "number"}) == [
        (FindingState.NOTE, "pupil: a search by `upn` for nobody brings 1 records")
    ]
    server.pages["pupils"] = lambda query: web.Response(status=404) if "upn" in query else {"items": [pupil(1)]}
    (fault,) = await said({"upn": "upn"})
    assert fault == (FindingState.FAULT, "pupil: a search by `upn` for nobody is not answered (refused)")


async def test_a_check_compares_the_values_of_a_first_page_with_the_mapping(server: HttpServer) -> None:
    server.pages["pupils"] = lambda query: {"items": [] if "upn" in query else [pupil(1)]}
    reader = RestReader(source(server.url, fields={"upn": "$.upn", "date_of_birth": "$.born"}, keys={"upn": "upn"}))
    await reader.open()
    findings = await reader.check()
    await reader.close()
    (types,) = (one for one in findings if one.about == "types")
    assert (types.state, types.mend) == (FindingState.FAULT, 'They fit `date: "%d/%m/%Y"`.')
    assert [one.state for one in findings if one.about == "identifiers"] == [FindingState.OK]
