"""Looking wider over real HTTP, at a REST interface and at a FHIR server: what is asked, found and left out."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from sharing.v1.links_pb2 import Ask, Looking
from sharing.v1.records_pb2 import PersonKeys

from adapters.fhir.reader import FhirReader
from adapters.kit.finding import Answerer, Result, find
from adapters.kit.journal import AskOutcome
from adapters.kit.manifest import FhirSource, RestSource
from adapters.rest.reader import RestReader
from tests.integration.adapters.http_server import HttpServer

BORN = "2012-03-07"
PERSON = PersonKeys(family_name="Smith", given_name="Zoe", date_of_birth=BORN)
FIELDS = {"family_name": "$.family", "given_name": "$.given", "date_of_birth": "$.born"}
BY = [["date_of_birth"], ["family_name", "given_name"], ["family_name", "postcode"]]
COMMON: dict[str, object] = {
    "looking": {"width": "fuzzy", "by": BY},
    "terms": {"shield": {"path": "$.sealed", "values": {"Y": "person", "N": "none"}}},
    "record_id": "$.id",
}
OPEN, TWIN, STRANGER = ("o", "Smyth", "Zoé"), ("t", "Smith", "Zoran"), ("u", "Akhtar", "Bilal")


class Held:
    """A system of one kind, whose search finds by whatever parameters it is given."""

    def __init__(self, kind: str, server: HttpServer) -> None:
        self.kind = kind
        self.server = server

    def holds(self, *people: tuple[str, str, str], sealed: str = "") -> None:
        path = "people" if self.kind == "rest" else "fhir/Patient"
        self.server.pages[path] = lambda query: self._page(query, people, sealed)

    def _page(self, query: Mapping[str, str], people: tuple[tuple[str, str, str], ...], sealed: str) -> object:
        wanted = {name: query[name].casefold() for name in ("family", "given") if name in query}
        rows: list[object] = [
            {
                "resourceType": "Patient",
                "id": identity,
                "family": family,
                "given": given,
                "born": BORN,
                "postcode": "BL1 1AA",
                "sealed": "Y" if identity == sealed else "N",
            }
            for identity, family, given in people
            if query.get("birthdate", BORN) == BORN
            and query.get("postcode", "BL1 1AA") == "BL1 1AA"
            and all({"family": family, "given": given}[name].casefold() == value for name, value in wanted.items())
        ]
        if self.kind == "rest":
            return {"rows": rows}
        return {"resourceType": "Bundle", "entry": [{"resource": row} for row in rows]}

    def asked_by(self) -> list[list[str]]:
        return [sorted(query) for _, query in self.server.asked]

    async def asked(self, person: PersonKeys = PERSON, *, width: int = 3, most: int = 10) -> Result:
        source = self._source()
        reader = RestReader(source) if isinstance(source, RestSource) else FhirReader(source)
        await reader.open()
        try:
            records = source.records["child"]
            answerer = Answerer(
                reader=reader,
                records="child",
                source="Register",
                keys=records.keys.mapped(),
                fields=frozenset(records.fields),
                wider=records.looking,
            )
            looking = Looking(width=width, most_people=most)
            ask = Ask(person=person, fields=["family_name", "given_name"], looking=looking)
            return await find(answerer, ask, asyncio.get_running_loop().time() + 20)
        finally:
            await reader.close()

    def _source(self) -> RestSource | FhirSource:
        keys = {"family_name": "family", "given_name": "given", "date_of_birth": "birthdate", "postcode": "postcode"}
        child: dict[str, object] = {**COMMON, "keys": keys, "fields": {**FIELDS, "postcode": "$.postcode"}}
        if self.kind == "rest":
            records = {"child": {**child, "path": "people", "rows": "$.rows[*]"}}
            described = {"kind": "rest", "name": "Register", "url": self.server.url, "records": records}
            return RestSource.model_validate(described)
        del child["record_id"]
        described = {"kind": "fhir", "name": "Register", "url": f"{self.server.url}fhir/", "records": {"child": child}}
        return FhirSource.model_validate(described)


@pytest.fixture(params=["rest", "fhir"])
async def held(request: pytest.FixtureRequest) -> AsyncIterator[Held]:
    async with HttpServer() as server:
        yield Held(request.param, server)


def told(result: Result) -> list[str]:
    return list(result.found.cells) if result.found is not None else []


async def test_a_name_that_is_spelled_otherwise_is_found_by_the_day_and_a_stranger_is_not(held: Held) -> None:
    held.holds(OPEN, STRANGER)
    assert told(await held.asked()) == ["Smyth", "Zoé"]
    assert held.asked_by()[:2] == [["birthdate", "family", "given"], ["birthdate"]]


async def test_without_a_day_somebody_is_found_by_family_name_and_postcode(held: Held) -> None:
    held.holds(("o", "Smith", "Zoé"))
    person = PersonKeys(family_name="Smith", given_name="Zoe", postcode="BL1 1AA")
    assert told(await held.asked(person)) == ["Smith", "Zoé"]
    assert ["family", "postcode"] in held.asked_by()


async def test_nobody_is_looked_for_more_widely_than_the_hub_says(held: Held) -> None:
    held.holds(OPEN)
    assert told(await held.asked(width=1)) == told(await held.asked(width=2)) == []


@pytest.mark.parametrize("most", [10, 2])
async def test_more_people_than_may_be_sent_are_not_sent_at_all(held: Held, most: int) -> None:
    held.holds(OPEN, TWIN, ("v", "Smith", "Zora"))
    result = await held.asked(most=most)
    assert len(told(result)) == (6 if most == 10 else 0)
    assert (result.outcome is AskOutcome.UNABLE) == (most == 2)


async def test_somebody_shielded_is_left_out_with_the_same_looks_as_for_somebody_unknown(held: Held) -> None:
    held.holds(TWIN)
    unknown, looks = await held.asked(), held.asked_by()
    held.server.asked.clear()
    held.holds(("s", "Whitworth", "Zoe"), TWIN, sealed="s")
    shielded = await held.asked()
    assert told(shielded) == told(unknown) == ["Smith", "Zoran"]
    assert shielded.outcome is unknown.outcome
    assert held.asked_by() == looks
    assert shielded.withheld == 1


async def test_of_somebody_shielded_alone_the_agency_s_journal_has_it_and_nobody_else(held: Held) -> None:
    held.holds(("s", "Smyth", "Zoé"), sealed="s")
    result = await held.asked()
    assert (told(result), result.outcome) == ([], AskOutcome.SHIELDED)
