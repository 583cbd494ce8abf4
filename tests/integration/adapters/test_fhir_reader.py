"""The FHIR reader against a real HTTP server that holds R4 resources."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest

from adapters.fhir.reader import FhirReader
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import FhirSource
from adapters.kit.reader import FindingState, Found, Looking, Match
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
    assert await fault_of(source(server.url), "given_name") is SourceFaultKind.GARBAGE


async def fault_of(described: FhirSource, *fields: str) -> SourceFaultKind:
    with pytest.raises(SourceFault) as raised:
        await find(described, BY_NUMBER, *fields)
    return raised.value.kind


@pytest.mark.parametrize(
    ("severity", "is_good"), [("information", True), ("warning", True), ("error", False), ("fatal", False)]
)
async def test_an_outcome_among_the_entries_is_a_fault_if_it_is_more_than_a_warning(
    server: HttpServer, severity: str, *, is_good: bool
) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "diagnostics": "Canary"}]}
    server.pages["fhir/Patient"] = lambda _: bundle(patient("p1"), outcome)
    if is_good:
        assert list((await find(source(server.url), BY_NUMBER, "given_name")).cells) == ["Amina"]
    else:
        assert await fault_of(source(server.url), "given_name") is SourceFaultKind.GARBAGE


@pytest.mark.parametrize(
    "owner",
    [
        {},
        {"subject": {"reference": "Patient/p2"}},
        {"subject": {"reference": "Patient/p11"}},
        {"subject": {"reference": "http://elsewhere.example/fhir/Patient/p1"}},
        {"subject": {"display": "Patient/p1"}},
        {"subject": {"reference": "Patient/p2"}, "participant": [{"member": {"reference": "Patient/p1"}}]},
        {"subject": {"reference": 7}},
    ],
)
async def test_what_refers_to_somebody_else_makes_the_server_unbelievable(
    server: HttpServer, owner: dict[str, object]
) -> None:
    own = {"resourceType": "CareTeam", "subject": {"reference": "Patient/p1/_history/2"}}
    server.pages["fhir/CareTeam"] = lambda _: bundle(own)
    assert await find(source(server.url), BY_NUMBER, "health_visitor")
    server.pages["fhir/CareTeam"] = lambda _: bundle(own, {"resourceType": "CareTeam", **owner})
    assert await fault_of(source(server.url), "health_visitor") is SourceFaultKind.GARBAGE


async def test_a_server_behind_a_gateway_may_refer_by_the_address_that_it_knows(server: HttpServer) -> None:
    address = "https://inside.example/fhir/Patient/p1"
    page = {"resourceType": "Bundle", "entry": [{"fullUrl": address, "resource": patient("p1")}]}
    server.pages["fhir/Patient"] = lambda _: page
    team = {
        "resourceType": "CareTeam",
        "subject": {"reference": address},
        "participant": [{"member": {"display": "V"}}],
    }
    server.pages["fhir/CareTeam"] = lambda _: bundle(team)
    assert list((await find(source(server.url), BY_NUMBER, "health_visitor")).cells) == ["V"]


async def test_what_was_entered_in_error_is_nowhere(server: HttpServer) -> None:
    wrong = {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}
    server.pages["fhir/Patient"] = lambda _: bundle(patient("p0", **wrong), patient("p1"))
    own = {"resourceType": "Encounter", "subject": {"reference": "Patient/p1"}, "period": {"start": "2026-01-05"}}
    later = {**own, "status": "entered-in-error", "period": {"start": "2026-02-05"}}
    server.pages["fhir/Encounter"] = lambda _: bundle(own, later)
    found = await find(source(server.url), BY_NUMBER, "last_seen")
    assert (list(found.references), list(found.cells)) == (["p1"], ["2026-01-05"])


SHIELDED_BY_FLAG = {
    "related": {
        "flags": {"resource": "Flag", "take": "all", "optional": "true", "together": "true"},
        "team": {"resource": "CareTeam", "take": "first", "optional": "true"},
    },
    "terms": {"shield": {"path": "$.flags[*].code.text", "values": {"hidden": "person", "allergy": "none"}}},
    "fields": {
        "nhs_number": f"$.identifier[?@.system=='{NHS}'].value",
        "given_name": "$.name[0].given[0]",
        "health_visitor": "$.team.name",
    },
    "keys": {"nhs_number": {"parameter": "identifier", "system": NHS}},
    "withhold_when": {},
}


def flag(text: str, owner: str = "p1") -> dict[str, object]:
    return {"resourceType": "Flag", "code": {"text": text}, "subject": {"reference": f"Patient/{owner}"}}


def with_flags(*flags: object) -> dict[str, object]:
    page = bundle(patient("p1"))
    entries = [*page["entry"], *({"resource": one, "search": {"mode": "include"}} for one in flags)]  # type: ignore[misc]
    # Some servers repeat here what they were asked, whatever they did.
    address = "http://x/fhir/Patient?identifier=1&_revinclude=Flag%3Apatient"
    return {**page, "entry": entries, "link": [{"relation": "self", "url": address}]}


async def test_a_flag_that_comes_along_shields_without_a_further_request(server: HttpServer) -> None:
    consents = {"resource": "Consent", "take": "all", "optional": "true", "together": "true"}
    related = {**SHIELDED_BY_FLAG["related"], "consents": consents}  # type: ignore[dict-item]
    terms = {**SHIELDED_BY_FLAG["terms"], "consent": {"state": "$.consents[*].status"}}  # type: ignore[dict-item]
    described = source(server.url, **{**SHIELDED_BY_FLAG, "related": related, "terms": terms})
    server.pages["fhir/Patient"] = lambda _: bundle()
    await find(described, BY_NUMBER, "given_name", "health_visitor")
    unknown = list(server.asked)
    server.asked.clear()
    server.pages["fhir/Patient"] = lambda _: with_flags(flag("hidden"), flag("allergy", "p2"))
    found = await find(described, BY_NUMBER, "given_name", "health_visitor")
    assert (list(found.cells), list(found.shielded)) == ([], ["p1"])
    assert server.asked == unknown
    assert [path for path, _ in server.asked] == ["fhir/Patient"]


@pytest.mark.parametrize(("came", "asked_for"), [([flag("allergy")], 0), ([], 1), ([flag("allergy", "p2")], 1)])
async def test_what_does_not_come_along_is_asked_for(
    server: HttpServer, came: list[dict[str, object]], asked_for: int
) -> None:
    server.pages["fhir/Patient"] = lambda _: with_flags(*came)
    server.pages["fhir/Flag"] = lambda _: bundle(flag("hidden"))
    found = await find(source(server.url, **SHIELDED_BY_FLAG), BY_NUMBER, "given_name")
    assert [path for path, _ in server.asked] == ["fhir/Patient", *["fhir/Flag"] * asked_for]
    assert server.asked[0][1]["_revinclude"] == "Flag:patient"
    assert list(found.shielded) == ["p1"] * asked_for


WITHHELD_BY_LABEL = {**SHIELDED_BY_FLAG, "withhold_when": {"$.meta.security[*].code": ["sealed"]}}


async def asked_about(server: HttpServer, page: object) -> list[tuple[str, dict[str, str]]]:
    """List what is asked of a server that finds so much, by somebody who must not learn of whom agencies protect."""
    server.pages["fhir/Patient"] = lambda _: page
    found = await find(source(server.url, **WITHHELD_BY_LABEL), BY_NUMBER, "given_name", "health_visitor")
    assert not found.cells
    asked = list(server.asked)
    server.asked.clear()
    return asked


async def test_about_somebody_withheld_no_more_is_asked_than_about_somebody_unknown(server: HttpServer) -> None:
    sealed = {"meta": {"security": [{"code": "sealed"}]}}
    unknown = await asked_about(server, bundle())
    assert await asked_about(server, bundle(patient("p1", **sealed))) == unknown
    # Nor about the other of two records of which one came with what shields both.
    both = with_flags(flag("hidden"))
    both["entry"] = [*both["entry"], *bundle(patient("p2"))["entry"]]  # type: ignore[misc]
    assert await asked_about(server, both) == unknown


async def test_a_flag_that_shields_from_everybody_is_asked_for_also_where_the_patient_is_withheld(
    server: HttpServer,
) -> None:
    sealed = {"meta": {"security": [{"code": "sealed"}]}}
    absolute = {"shield": {"path": "$.flags[*].code.text", "values": {"hidden": "absolute"}}}
    apart = {**SHIELDED_BY_FLAG["related"], "flags": {"resource": "Flag", "take": "all"}}  # type: ignore[dict-item]
    for related in (SHIELDED_BY_FLAG["related"], apart):
        described = source(server.url, **{**WITHHELD_BY_LABEL, "terms": absolute, "related": related})
        server.pages["fhir/Patient"] = lambda _: bundle(patient("p1", **sealed))
        server.pages["fhir/Flag"] = lambda _: bundle(flag("hidden"))
        found = await find(described, replace(BY_NUMBER, with_shielded=True), "given_name")
        assert (list(found.cells), list(found.shielded), found.withheld) == ([], ["p1"], 0)


async def test_flags_of_others_that_come_along_shield_nobody_else(server: HttpServer) -> None:
    server.pages["fhir/Patient"] = lambda _: with_flags(flag("hidden", "p2"), flag("allergy"))
    assert list((await find(source(server.url, **SHIELDED_BY_FLAG), BY_NUMBER, "given_name")).cells) == ["Amina"]


def of_elements(url: str, **changes: object) -> FhirSource:
    return source(url, **changes).model_copy(update={"elements": True})


async def test_only_the_elements_that_are_needed_are_asked_for(server: HttpServer) -> None:
    server.pages["fhir/Flag"] = lambda _: bundle()
    await find(of_elements(server.url), BY_NUMBER, "given_name")
    # Keys are compared and labels read, whatever is asked for.
    assert server.asked[0][1]["_elements"] == "birthDate,id,identifier,meta,name"
    server.asked.clear()
    await find(of_elements(server.url), BY_NUMBER, "address")
    assert "address" in server.asked[0][1]["_elements"].split(",")
    server.asked.clear()
    await find(of_elements(server.url, **SHIELDED_BY_FLAG), BY_NUMBER, "given_name")
    assert "_elements" not in server.asked[0][1]
    server.asked.clear()
    await find(of_elements(server.url, withhold_when={"$..code": ["R"]}), BY_NUMBER, "given_name")
    assert "_elements" not in server.asked[0][1]


async def checked(described: FhirSource) -> list[str]:
    reader = FhirReader(described)
    await reader.open()
    try:
        return [one.what for one in await reader.check() if one.state is FindingState.FAULT]
    finally:
        await reader.close()


async def test_a_check_notices_a_server_that_leaves_out_a_label_that_was_asked_for(server: HttpServer) -> None:
    protected = patient("p1", meta={"security": [{"code": "R"}]})
    without = {name: held for name, held in protected.items() if name != "meta"}
    server.pages["fhir/Patient"] = lambda _: bundle(protected)
    assert not await checked(of_elements(server.url))
    server.pages["fhir/Patient"] = lambda query: bundle(without if "_elements" in query else protected)
    assert await checked(of_elements(server.url)) == ["the server leaves out `meta` although it was asked for"]
