"""The FHIR reader against a real HTTP server that holds R4 resources."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest

from adapters.fhir.reader import FhirReader
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import FhirSource
from adapters.kit.reader import Found, Looking, Match
from tests.integration.adapters.http_server import Answers, HttpServer

NHS = "https://fhir.nhs.uk/Id/nhs-number"
BY_NUMBER = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765919"),))
BY_NAMES = Match(
    looking=Looking.ALL, wanted=(("family_name", "Khan, Jr"), ("given_name", "amina"), ("date_of_birth", "2012-03-07"))
)


def patient(identity: str, **changes: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "resourceType": "Patient",
        "id": identity,
        "meta": {"lastUpdated": "2026-02-03T04:05:06Z"},
        "identifier": [{"system": "urn:other", "value": "1"}, {"system": NHS, "value": "943 476 5919"}],
        "name": [{"family": "Khan, Jr", "given": ["Amina", "B"]}],
        "birthDate": "2012-03-07",
        "address": [{"line": ["1 High Street", "Deane"], "city": "Bolton"}],
    }
    return plain | changes


def bundle(*resources: object, following: str | None = None) -> dict[str, object]:
    links = [{"relation": "self", "url": "x"}, *([{"relation": "next", "url": following}] if following else [])]
    return {"resourceType": "Bundle", "link": links, "entry": [{"resource": resource} for resource in resources]}


def source(url: str, **changes: object) -> FhirSource:
    records: dict[str, object] = {
        "keys": {
            "nhs_number": {"parameter": "identifier", "system": NHS},
            "family_name": "family",
            "given_name": "given",
            "date_of_birth": "birthdate",
        },
        "record_date": {"path": "$.meta.lastUpdated", "date": "iso"},
        "withhold_when": {"$.meta.security[*].code": ["R", "V"]},
        "related": {
            "encounters": {"resource": "Encounter", "take": "all", "optional": "true"},
            "team": {"resource": "CareTeam", "with": {"status": "active"}, "take": "first", "optional": "true"},
        },
        "fields": {
            "nhs_number": f"$.identifier[?@.system=='{NHS}'].value",
            "family_name": "$.name[0].family",
            "given_name": "$.name[0].given[0]",
            "date_of_birth": "$.birthDate",
            "address": {"path": "$.address[0]['line','city']", "pick": "joined"},
            "last_seen": {"path": "$.encounters[*].period.start", "pick": "greatest", "date": "iso"},
            "missed_appointments": {"path": "$.encounters[?@.status=='cancelled']", "pick": "count"},
            "health_visitor": "$.team.participant[0].member.display",
        },
    }
    return FhirSource.model_validate(
        {"kind": "fhir", "name": "Record", "url": f"{url}fhir/", "records": {"child": records | changes}}
    )


@pytest.fixture
async def server() -> AsyncIterator[HttpServer]:
    async with HttpServer() as running:
        running.pages["fhir/Patient"] = lambda _: bundle(patient("p1"))
        running.pages["fhir/Encounter"] = lambda _: bundle()
        running.pages["fhir/CareTeam"] = lambda _: bundle()
        yield running


def answers(*bundles: object) -> Answers:
    def answer(query: Mapping[str, str]) -> object:
        return bundles[int(query.get("page", "0"))]

    return answer


async def find(described: FhirSource, match: Match, *fields: str) -> Found:
    reader = FhirReader(described)
    await reader.open()
    try:
        return await reader.find("child", match, fields, asyncio.get_running_loop().time() + 5)
    finally:
        await reader.close()


async def test_a_patient_is_found_by_identifier_with_its_system(server: HttpServer) -> None:
    found = await find(source(server.url), BY_NUMBER, "nhs_number", "given_name", "address")
    assert server.asked == [("fhir/Patient", {"identifier": f"{NHS}|9434765919"})]
    assert list(found.cells) == ["9434765919", "Amina", "1 High Street, Deane, Bolton"]
    assert list(found.references) == ["p1"]
    assert list(found.record_dates) == ["2026-02-03"]


async def test_names_are_searched_escaped_and_what_comes_back_is_compared(server: HttpServer) -> None:
    near = patient("p2", name=[{"family": "Khan, Jr", "given": ["Aminah"]}])
    server.pages["fhir/Patient"] = lambda _: bundle(near, patient("p1"), {"resourceType": "OperationOutcome"})
    found = await find(source(server.url), BY_NAMES, "given_name")
    assert server.asked[0][1] == {"family": "Khan\\, Jr", "given": "amina", "birthdate": "2012-03-07"}
    assert list(found.references) == ["p1"]


async def test_all_pages_of_patients_and_of_related_resources_are_read(server: HttpServer) -> None:
    def encounter(day: str, status: str) -> dict[str, object]:
        when = {"start": f"{day}T09:00:00Z"}
        return {"resourceType": "Encounter", "status": status, "period": when, "subject": {"reference": "Patient/p1"}}

    following = f"{server.url}fhir/Encounter?page=1"
    server.pages["fhir/Encounter"] = answers(
        bundle(encounter("2025-12-01", "finished"), following=following), bundle(encounter("2026-01-05", "cancelled"))
    )
    server.pages["fhir/CareTeam"] = lambda _: bundle(
        {
            "resourceType": "CareTeam",
            "subject": {"reference": f"{server.url}fhir/Patient/p1"},
            "participant": [{"member": {"display": "H. Visitor"}}],
        }
    )
    found = await find(source(server.url), BY_NUMBER, "last_seen", "missed_appointments", "health_visitor")
    assert list(found.cells) == ["2026-01-05", "1", "H. Visitor"]
    assert ("fhir/CareTeam", {"patient": "Patient/p1", "status": "active"}) in server.asked


async def test_a_protected_patient_is_withheld(server: HttpServer) -> None:
    protected = patient("p1", meta={"security": [{"code": "N"}, {"code": "R"}]})
    server.pages["fhir/Patient"] = lambda _: bundle(protected)
    found = await find(source(server.url), BY_NUMBER, "given_name")
    assert (found.withheld, list(found.cells)) == (1, [])


@pytest.mark.parametrize("answer", [{"resourceType": "OperationOutcome"}, [], "text"])
async def test_what_is_no_bundle_is_garbage(server: HttpServer, answer: object) -> None:
    server.pages["fhir/Patient"] = lambda _: answer
    with pytest.raises(SourceFault) as raised:
        await find(source(server.url), BY_NUMBER, "given_name")
    assert raised.value.kind is SourceFaultKind.GARBAGE
