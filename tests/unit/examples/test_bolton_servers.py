"""The two HTTP systems: what they answer, how they page, and what they refuse."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from examples.bolton.build import build
from examples.bolton.population.generate import population
from examples.bolton.storied.children import by_name
from examples.bolton.systems.health.search import Resources
from examples.bolton.systems.health.server import application as health_application
from examples.bolton.systems.schools.register import Register
from examples.bolton.systems.schools.server import application as schools_application

KEY = "a key for tests"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("bolton")
    list(build(into, population(11, 1_500)))
    return into


@pytest.fixture
async def health(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = health_application(Resources.read(folder / "health/resources.ndjson"), KEY)
    async with _client(app, {"apikey": KEY}) as client:
        yield client


@pytest.fixture
async def schools(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = schools_application(Register.read(folder / "schools/pupils.ndjson"), KEY)
    async with _client(app, {"X-Api-Key": KEY}) as client:
        yield client


def _client(app: object, headers: dict[str, str]) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://bolton.test", headers=headers)


async def test_a_patient_is_found_by_nhs_number_with_its_system_or_without(health: httpx.AsyncClient) -> None:
    number = by_name()["ifrah"].nhs_number
    for wanted in (number, f"{NHS_NUMBER}|{number}"):
        bundle = (await health.get("/fhir/Patient", params={"identifier": wanted})).json()
        assert bundle["total"] == 1
        assert bundle["entry"][0]["resource"]["id"] == "BCH600051"
        assert bundle["entry"][0]["search"] == {"mode": "match"}


async def test_an_nhs_number_of_another_system_finds_nobody_and_the_bundle_has_no_empty_list(
    health: httpx.AsyncClient,
) -> None:
    number = by_name()["ifrah"].nhs_number
    bundle = (await health.get("/fhir/Patient", params={"identifier": f"urn:other|{number}"})).json()
    assert bundle["total"] == 0
    assert "entry" not in bundle


@pytest.mark.parametrize(
    ("family", "given"), [("marsh", "kayden"), ("MARSH", "Kayden"), ("Mar", "kay"), ("marsh", "JAMES")]
)
async def test_names_match_from_their_beginning_whatever_the_case(
    health: httpx.AsyncClient, family: str, given: str
) -> None:
    wanted = {"family": family, "given": given, "birthdate": "2017-03-14"}
    bundle = (await health.get("/fhir/Patient", params=wanted)).json()
    assert "BCH600011" in {entry["resource"]["id"] for entry in bundle["entry"]}


async def test_what_belongs_to_a_patient_is_found_by_patient(health: httpx.AsyncClient) -> None:
    for kind, count in {
        "CareTeam": 1, "Encounter": 2, "Appointment": 3, "Flag": 2, "Consent": 1, "ImmunizationRecommendation": 1
    }.items():  # fmt: skip
        for patient in ("BCH600011", "Patient/BCH600011"):
            bundle = (await health.get(f"/fhir/{kind}", params={"patient": patient})).json()
            assert bundle["total"] == count
            assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} == {kind}


async def test_status_narrows_a_search(health: httpx.AsyncClient) -> None:
    wanted = {"patient": "BCH600011", "status": "inactive"}
    assert (await health.get("/fhir/Flag", params=wanted)).json()["total"] == 0


async def test_following_the_links_gives_every_patient_once(health: httpx.AsyncClient) -> None:
    bundle = (await health.get("/fhir/Patient", params={"_count": "100"})).json()
    total, seen = bundle["total"], _ids(bundle)
    while following := _link(bundle, "next"):
        bundle = (await health.get(_path_of(following))).json()
        assert _link(bundle, "previous")
        seen += _ids(bundle)
    assert len(seen) == len(set(seen)) == total > 1_000


async def test_the_next_page_keeps_what_was_searched_for(health: httpx.AsyncClient) -> None:
    bundle = (await health.get("/fhir/Patient", params={"family": "s", "_count": "2"})).json()
    following = (await health.get(_path_of(_link(bundle, "next")))).json()
    assert following["total"] == bundle["total"]
    assert not set(_ids(bundle)) & set(_ids(following))


async def test_one_resource_is_read_by_its_id(health: httpx.AsyncClient) -> None:
    answer = await health.get("/fhir/Patient/BCH600011")
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.json()["birthDate"] == "2017-03-14"


async def test_what_the_capability_statement_names_can_be_searched(health: httpx.AsyncClient) -> None:
    statement = (await health.get("/fhir/metadata", headers={"apikey": ""})).json()
    assert statement["fhirVersion"] == "4.0.1"
    for resource in statement["rest"][0]["resource"]:
        for parameter in resource["searchParam"]:
            answer = await health.get(f"/fhir/{resource['type']}", params={parameter["name"]: "x"})
            assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/fhir/Patient?colour=blue", 400, "not-supported"),
        ("/fhir/Patient?family=", 400, "invalid"),
        ("/fhir/Patient?_count=many", 400, "invalid"),
        ("/fhir/Patient?family=a&family=b", 400, "invalid"),
        ("/fhir/Patient/nobody", 404, "not-found"),
        ("/fhir/Medication", 404, "not-supported"),
    ],
)
async def test_what_is_wrong_comes_back_as_an_operation_outcome(
    health: httpx.AsyncClient, path: str, status: int, code: str
) -> None:
    answer = await health.get(path)
    assert answer.status_code == status
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert answer.json()["issue"][0]["code"] == code


async def test_health_answers_nothing_without_the_key(health: httpx.AsyncClient) -> None:
    for path in ("/fhir/Patient", "/fhir/Patient/BCH600011", "/fhir/Patient/nobody"):
        answer = await health.get(path, headers={"apikey": "another"})
        assert answer.status_code == 401
        assert answer.json()["issue"][0]["code"] == "login"


async def test_a_pupil_is_found_by_number_or_by_names_and_birthday(schools: httpx.AsyncClient) -> None:
    kayden = by_name()["kayden"]
    names = {"surname": "whitworth", "forename": "KAYDEN", "dob": "2017-03-14"}
    for wanted in ({"upn": kayden.upn}, names):
        found = (await schools.get("/api/v2/pupils", params=wanted)).json()
        assert [pupil["pupilId"] for pupil in found["data"]] == [19_011]
        assert found["paging"] == {"page": 1, "pageSize": 25, "totalItems": 1, "totalPages": 1, "next": None}


async def test_following_next_gives_every_pupil_once(schools: httpx.AsyncClient) -> None:
    page = (await schools.get("/api/v2/pupils", params={"pageSize": "100"})).json()
    seen, total = [pupil["pupilId"] for pupil in page["data"]], page["paging"]["totalItems"]
    while page["paging"]["next"]:
        page = (await schools.get(_path_of(page["paging"]["next"]))).json()
        seen += [pupil["pupilId"] for pupil in page["data"]]
    assert len(seen) == len(set(seen)) == total > 700


async def test_pages_are_never_larger_than_a_hundred(schools: httpx.AsyncClient) -> None:
    page = (await schools.get("/api/v2/pupils", params={"pageSize": "5000"})).json()
    assert len(page["data"]) == page["paging"]["pageSize"] == 100


async def test_attendance_and_concerns_have_addresses_of_their_own(schools: httpx.AsyncClient) -> None:
    pupil = (await schools.get("/api/v2/pupils/19011")).json()["data"]
    assert not {"attendance", "concerns"} & set(pupil)
    attendance = (await schools.get("/api/v2/pupils/19011/attendance")).json()["data"]
    assert attendance["percentage"] == 78.8
    concerns = (await schools.get("/api/v2/pupils/19011/concerns")).json()
    assert {concern["category"] for concern in concerns["data"]} == {"ATT", "NEG"}
    assert concerns["paging"]["totalItems"] == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v2/pupils?colour=blue", 400),
        ("/api/v2/pupils?dob=14/03/2017", 400),
        ("/api/v2/pupils?page=0", 400),
        ("/api/v2/pupils?pageSize=many", 400),
        ("/api/v2/pupils/1", 404),
        ("/api/v2/pupils/19011/secrets", 404),
    ],
)
async def test_what_is_wrong_comes_back_as_a_problem(schools: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await schools.get(path)
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_schools_answer_nothing_without_the_key(schools: httpx.AsyncClient) -> None:
    for path in ("/api/v2/pupils", "/api/v2/pupils/19011", "/api/v2/pupils/1", "/api/v2/pupils/19011/attendance"):
        assert (await schools.get(path, headers={"X-Api-Key": ""})).status_code == 401


def _ids(bundle: dict) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle["entry"]]


def _link(bundle: dict, relation: str) -> str | None:
    return next((link["url"] for link in bundle["link"] if link["relation"] == relation), None)


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
