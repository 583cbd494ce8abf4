"""Whatever a source sends, an adapter tells of nobody else, prints nothing of it, and is there for the next ask."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import orjson
import pytest
from sharing.v1 import links_pb2
from sharing.v1.records_pb2 import PersonKeys
from structlog.testing import CapturingLogger

from adapters.fhir.reader import FhirReader
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http_faults import Because
from adapters.kit.manifest import FhirSource, RestSource
from adapters.kit.reader import Looking, Match, Reader
from adapters.rest.reader import RestReader
from tests.integration.adapters.conftest import RunAdapter
from tests.lib.link_hub import LinkHub
from tests.lib.wayward_server import Way, WaywardServer

UNREACHABLE, GARBAGE, REFUSED = SourceFaultKind.UNREACHABLE, SourceFaultKind.GARBAGE, SourceFaultKind.REFUSED
TOO_MUCH, LATE, BUSY = SourceFaultKind.TOO_MUCH, SourceFaultKind.LATE, SourceFaultKind.BUSY
OUTCOMES: Mapping[Way, SourceFaultKind | None] = {
    Way.HONEST: None,
    Way.WRONG_TYPE: None,
    Way.RESET_ONCE: None,
    Way.BUSY_ONCE: None,
    Way.GARBAGE: GARBAGE,
    Way.HTML_WITH_200: GARBAGE,
    Way.NOTHING: GARBAGE,
    Way.INVALID_UTF8: GARBAGE,
    Way.LONE_SURROGATE: GARBAGE,
    Way.DEEP: GARBAGE,
    Way.NOT_A_NUMBER: GARBAGE,
    Way.BOMB: GARBAGE,
    Way.COMPRESSED: GARBAGE,
    Way.CUT_OFF: UNREACHABLE,
    Way.CUT_OFF_IN_A_CHUNK: UNREACHABLE,
    Way.RESET_IN_THE_BODY: UNREACHABLE,
    Way.NO_HTTP: UNREACHABLE,
    Way.HUGE_HEADER: UNREACHABLE,
    Way.RESET: UNREACHABLE,
    Way.HUGE: TOO_MUCH,
    Way.WITHOUT_END: TOO_MUCH,
    Way.DRIPS: LATE,
    Way.STALLS: LATE,
    Way.REDIRECTS: REFUSED,
    Way.FAILS: REFUSED,
    Way.REFUSES: REFUSED,
    Way.UNAVAILABLE: REFUSED,
    Way.BUSY: BUSY,
}
NHS = "9434765919"
BY_NUMBER = Match(looking=Looking.ANY, wanted=(("nhs_number", NHS),))
FIELDS = {"nhs_number": "$.nhs", "given_name": "$.first", "date_of_birth": "$.born"}
PATHS = {"nhs_number": "$.identifier[0].value", "given_name": "$.name[0].given[0]", "date_of_birth": "$.birthDate"}


def pupil(**changes: object) -> dict[str, object]:
    return {"id": 1, "nhs": NHS, "first": "Canary-First", "born": "2012-03-07", **changes}


def patient(**changes: object) -> dict[str, object]:
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"value": NHS}],
        "name": [{"given": ["Canary-First"]}],
        "birthDate": "2012-03-07",
        **changes,
    }


def bundle(*resources: object, **changes: object) -> dict[str, object]:
    return {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources], **changes}


def rest(url: str, **changes: object) -> RestSource:
    records = {"path": "pupils", "rows": "$.items[*]", "keys": {"nhs_number": "nhs"}, "record_id": "$.id"}
    described = {"kind": "rest", "name": "Register", "url": url}
    return RestSource.model_validate({**described, "records": {"child": {**records, "fields": FIELDS, **changes}}})


def fhir(url: str, **changes: object) -> FhirSource:
    records = {"keys": {"nhs_number": "identifier"}, "fields": PATHS}
    return FhirSource.model_validate(
        {"kind": "fhir", "name": "Record", "url": url, "records": {"child": {**records, **changes}}}
    )


def honest(path: str, _query: Mapping[str, str]) -> object:
    return {"pupils": {"items": [pupil()]}, "Patient": bundle(patient())}.get(path, bundle())


@pytest.fixture
async def server() -> AsyncIterator[WaywardServer]:
    async with WaywardServer(answer=honest) as running:
        yield running


async def found(reader: Reader, *fields: str, seconds: float = 5.0) -> Sequence[str]:
    """Ask, and give the cells."""
    await reader.open()
    try:
        deadline = asyncio.get_running_loop().time() + seconds
        return (await reader.find("child", BY_NUMBER, fields or ("given_name",), deadline)).cells
    finally:
        await reader.close()


async def fault_of(reader: Reader, seconds: float = 5.0) -> SourceFault:
    with pytest.raises(SourceFault) as raised:
        await found(reader, seconds=seconds)
    return raised.value


@pytest.mark.parametrize("kind", ["rest", "fhir"])
@pytest.mark.parametrize("way", Way)
async def test_each_way_has_its_outcome_within_the_question_s_time(server: WaywardServer, way: Way, kind: str) -> None:
    server.way, server.retry_after = way, {Way.BUSY: "60", Way.BUSY_ONCE: "0"}.get(way, "")
    reader = RestReader(rest(server.url)) if kind == "rest" else FhirReader(fhir(server.url))
    loop, outcome = asyncio.get_running_loop(), OUTCOMES[way]
    began, seconds = loop.time(), 0.25 if outcome is LATE else 10.0
    if outcome is None:
        assert list(await found(reader, seconds=seconds)) == ["Canary-First"]
    else:
        fault = await fault_of(reader, seconds)
        assert fault.kind is outcome
        assert "Canary" not in f"{fault!r}{fault}{fault.because}"
    assert loop.time() - began < seconds + 1


MANIFEST = """
manifest: 1
agency: health
title: Health
hub: {{addresses: ["{address}"], ca: ca.pem, certificate: health.pem, key: health.key}}
journal: journal.sqlite
questions: {{child_basics: register.pupil, child_health: record.child}}
sources:
  register:
    kind: rest
    name: Register
    url: "{url}"
    records:
      pupil:
        {{path: pupils, rows: "$.items[*]", record_id: "$.id", keys: {{nhs_number: nhs}},
          fields: {{nhs_number: "$.nhs", given_name: "$.first", date_of_birth: "$.born"}}}}
  record:
    kind: fhir
    name: Record
    url: "{url}"
    records:
      child:
        {{keys: {{nhs_number: identifier}},
          fields: {{nhs_number: "$.identifier[0].value", given_name: "$.name[0].given[0]",
            date_of_birth: "$.birthDate"}}}}
"""


def journal_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("journal.sqlite*"))


async def test_no_way_puts_anything_of_a_person_into_a_log_or_a_journal(
    hub: LinkHub, run_adapter: RunAdapter, server: WaywardServer, logged: CapturingLogger, tmp_path: Path
) -> None:
    hub.issue("health")
    file = tmp_path / "health.yaml"
    file.write_text(MANIFEST.format(address=hub.address, url=server.url), encoding="utf-8")
    keys = PersonKeys(nhs_number=NHS)
    # What makes both sources rest would hide what follows, and has a test of its own.
    ways = [way for way in Way if way not in {Way.BUSY, Way.BUSY_ONCE}]
    async with run_adapter(file):
        link = await hub.link()
        for way in ways:
            for question in ("child_basics", "child_health"):
                server.way = way
                fields, remaining_ms = ["given_name", "date_of_birth"], 250 if OUTCOMES[way] is LATE else 5000
                reply = await link.ask(hub.make_ask(question, keys, fields, remaining_ms=remaining_ms))
                is_told = OUTCOMES[way] is None
                assert list(reply.records.cells) == (["Canary-First", "2012-03-07"] if is_told else []), way
                answered, down = links_pb2.REPLY_STATUS_ANSWERED, links_pb2.REPLY_STATUS_SOURCE_DOWN
                assert reply.status == (answered if is_told else down), way
    said = orjson.dumps([call.args for call in logged.calls])
    assert b"source_fault" in said
    for kept in (said, journal_in(tmp_path)):
        assert b"canary" not in kept.lower()
        assert NHS.encode() not in kept


async def test_a_reset_is_tried_once_again_and_only_before_the_reply_begins(server: WaywardServer) -> None:
    for way, times in ((Way.RESET_ONCE, 2), (Way.RESET, 2), (Way.RESET_IN_THE_BODY, 1), (Way.CUT_OFF, 1)):
        server.way = way
        server.asked.clear()
        if way is Way.RESET_ONCE:
            await found(RestReader(rest(server.url)))
        else:
            assert (await fault_of(RestReader(rest(server.url)))).kind is UNREACHABLE
        assert len(server.asked) == times, way


async def test_connections_are_used_again_and_bounded(server: WaywardServer) -> None:
    reader = RestReader(rest(server.url).model_copy(update={"requests_at_once": 3}))
    await reader.open()
    deadline = asyncio.get_running_loop().time() + 5
    asks = [reader.find("child", BY_NUMBER, ("given_name",), deadline) for _ in range(30)]
    assert all(list(each.cells) == ["Canary-First"] for each in await asyncio.gather(*asks))
    await reader.close()
    assert len(server.asked) == 30
    assert server.connections <= 3


async def test_a_redirect_is_not_followed_and_says_why(server: WaywardServer) -> None:
    server.way = Way.REDIRECTS
    assert (await fault_of(RestReader(rest(server.url)))).because is Because.LEADS_ELSEWHERE
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "link", ["//127.0.0.2:1/pupils", "http://me:Canary@{host}/pupils", "http://[", "file:///etc", "\x00"]
)
async def test_a_link_to_anywhere_else_is_not_followed(server: WaywardServer, link: str) -> None:
    following = link.replace("{host}", server.url.split("/")[2])
    server.answer = lambda _path, _query: {"items": [pupil()], "next": following}
    assert (await fault_of(RestReader(rest(server.url, paging={"style": "next", "link": "$.next"})))).kind in {
        SourceFaultKind.ELSEWHERE,
        REFUSED,
    }
    assert len(server.asked) <= 2
    links = [{"relation": "next", "url": following}]
    server.answer = lambda _path, _query: bundle(patient(), link=links)
    assert (await fault_of(FhirReader(fhir(server.url)))).kind in {SourceFaultKind.ELSEWHERE, GARBAGE, UNREACHABLE}


async def test_links_in_a_circle_and_pages_without_end_are_too_much(server: WaywardServer) -> None:
    server.answer = lambda _path, _query: {"items": [pupil()], "next": "/pupils?page=2"}
    assert (await fault_of(RestReader(rest(server.url, paging={"style": "next", "link": "$.next"})))).kind is TOO_MUCH
    assert len(server.asked) == 2
    server.asked.clear()
    circle = [{"relation": "next", "url": "/Patient?page=2"}]
    server.answer = lambda _path, _query: bundle(patient(), link=circle)
    assert (await fault_of(FhirReader(fhir(server.url)))).kind is TOO_MUCH
    assert len(server.asked) == 2
    server.asked.clear()

    def endless(_path: str, query: Mapping[str, str]) -> object:
        return bundle(patient(), link=[{"relation": "next", "url": f"/Patient?page={int(query.get('page', '1')) + 1}"}])

    server.answer = endless
    assert (await fault_of(FhirReader(fhir(server.url)))).kind is TOO_MUCH
    assert len(server.asked) == 10


async def test_a_total_that_says_more_than_came_makes_the_reply_garbage(server: WaywardServer) -> None:
    paging = {"style": "offset", "page_size": "2", "total": "$.total"}
    for total, is_good in ((1, True), (0, True), (2, False), ("1", False), (None, False)):
        server.answer = lambda _path, _query, total=total: {"items": [pupil()], "total": total}  # type: ignore[misc]
        if is_good:
            assert list(await found(RestReader(rest(server.url, paging=paging)))) == ["Canary-First"]
        else:
            assert (await fault_of(RestReader(rest(server.url, paging=paging)))).kind is GARBAGE
    server.answer = lambda _path, _query: bundle(patient(), total=2)
    assert (await fault_of(FhirReader(fhir(server.url)))).kind is GARBAGE


async def test_dates_that_do_not_exist_are_no_values_and_hide_nobody(server: WaywardServer) -> None:
    server.answer = lambda _path, _query: {"items": [pupil(born="2012-02-30")]}
    assert list(await found(RestReader(rest(server.url)), "given_name", "date_of_birth")) == ["Canary-First", ""]
    server.answer = lambda _path, _query: bundle(patient(birthDate="2012-13-01"))
    assert list(await found(FhirReader(fhir(server.url)), "given_name", "date_of_birth")) == ["Canary-First", ""]


async def test_duplicates_are_told_once_and_of_two_copies_the_stricter_counts(server: WaywardServer) -> None:
    terms = {"shield": {"path": "$.label", "values": {"R": "person", "N": "none"}}}
    server.answer = lambda _path, _query: {"items": [pupil(label="N")] * 3}
    assert list(await found(RestReader(rest(server.url, terms=terms)))) == ["Canary-First"]
    for labels in ("NR", "RN"):
        server.answer = lambda _path, _query, labels=labels: {"items": [pupil(label=one) for one in labels]}  # type: ignore[misc]
        assert not await found(RestReader(rest(server.url, terms=terms)))


async def test_what_hangs_on_somebody_else_is_garbage_where_the_manifest_says_whose_it_must_be(
    server: WaywardServer,
) -> None:
    related = {"care": {"path": "pupils/{id}/care", "rows": "$[*]", "take": "first", "belongs_to": "$.pupil.id"}}
    changes = {"related": related, "fields": {**FIELDS, "service": "$.care.name"}}

    def answering(*owners: object) -> WaywardServer:
        care = [{"name": "Care", "pupil": {"id": owner}} for owner in owners]
        server.answer = lambda path, _query: {"items": [pupil()]} if path == "pupils" else care
        return server

    assert list(await found(RestReader(rest(answering(1).url, **changes)), "service")) == ["Care"]
    for owners in ((2,), (1, 2), (None,)):
        reader = RestReader(rest(answering(*owners).url, **changes))
        with pytest.raises(SourceFault) as raised:
            await found(reader, "service")
        assert raised.value.kind is GARBAGE
