"""OneRoster and SOAP among the sources whose reading is measured: what they serve, their manifest, their driver."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
from httpx_aiohttp import AiohttpTransport
from zeep import AsyncClient
from zeep.transports import AsyncTransport

from tests.lib.child_wsdl import envelope

ROSTER, SOAP = "ims/oneroster/rostering/v1p2/", "soap"
# Which of the WSDL's plain parts holds which column; a small one is made to do for all.
_SOAP_PARTS = {"nhs": "nhs_no", "family": "surname", "given": "forename", "born": "dob", "covers": "sex",
               "shield": "line_1", "s117": "postcode", "until": "gp"}  # fmt: skip
_ASKED = re.compile(rb"<[^>]*\bnhs>(\d+)<")


def user(known: Mapping[str, str]) -> dict[str, Any]:
    """Give a person as a rostering service does; the rest of what is asked for stands in its metadata."""
    return {
        "sourcedId": known["nhs_no"],
        "status": "active",
        "dateLastModified": f"{known['updated']}T00:00:00.000Z",
        "identifier": known["nhs_no"],
        "givenName": known["forename"],
        "familyName": known["surname"],
        "roles": [{"roleType": "primary", "role": "student"}],
        "metadata": {name: known[name] for name in ("dob", "sex", "line_1", "postcode", "gp")},
    }


def soap_reply(known: Mapping[str, str]) -> str:
    """Give a person as a SOAP service does."""
    parts = "".join(f"<{part}>{known[column]}</{part}>" for part, column in _ordered())
    return envelope(f"<FindChildResponse><child>{parts}</child></FindChildResponse>")


def number_in(content: bytes) -> str:
    """Find whom an envelope asks about."""
    found = _ASKED.search(content)
    assert found is not None
    return found[1].decode()


def number_filtered(expression: str) -> str:
    """Find whom a filter asks about."""
    return expression.partition("'")[2].partition("'")[0]


def described_roster(url: str) -> dict[str, Any]:
    """Describe the rostering service as a manifest does."""
    fields = {"nhs_number": "$.identifier", "family_name": "$.familyName", "given_name": "$.givenName"}
    fields |= {"date_of_birth": "$.metadata.dob", "gender": "$.metadata.sex", "address": "$.metadata.line_1"}
    fields |= {"postcode": "$.metadata.postcode", "gp_practice": "$.metadata.gp"}
    records = {"keys": {"nhs_number": "identifier"}, "fields": fields}
    account = {"token_url": f"{url}token", "client_id": "hub", "client_secret": "measured"}
    record_date = {"path": "$.dateLastModified", "date": "iso"}
    records = {"child": {**records, "role": "student", "record_date": record_date}}
    return {"kind": "oneroster", "name": "Records", "url": url + ROSTER, "oauth2": account, "records": records}


def described_soap(url: str) -> dict[str, Any]:
    """Describe the SOAP service as a manifest does."""
    fields = {"nhs_number": "nhs", "family_name": "family", "given_name": "given", "date_of_birth": "born"}
    fields |= {"gender": "covers", "address": "shield", "postcode": "s117", "gp_practice": "until"}
    records = {
        "operation": "FindChild",
        "rows": "$.child[*]",
        "keys": {"nhs_number": "nhs"},
        "fields": {name: f"$.{part}" for name, part in fields.items()},
    }
    return {"kind": "soap", "name": "Records", "wsdl": f"{url}wsdl", "records": {"child": records}}


@asynccontextmanager
async def bare_roster(url: str) -> AsyncIterator[Any]:
    """Read as a plain program over httpx would, with a token that it has got before."""
    async with httpx.AsyncClient(transport=AiohttpTransport(), trust_env=False) as client:

        async def read(number: str) -> Sequence[object]:
            query = {"limit": "100", "offset": "0", "filter": f"identifier='{number}'"}
            answer = await client.get(
                f"{url}{ROSTER}students", params=query, headers={"Authorization": "Bearer measured"}
            )
            users: list[object] = orjson.loads(answer.content)["users"]
            return users

        yield read


@asynccontextmanager
async def bare_soap(url: str) -> AsyncIterator[Any]:
    """Read as a plain program over zeep would, with zeep's own transport."""
    async with httpx.AsyncClient(trust_env=False) as client:
        with httpx.Client(trust_env=False) as reading_the_wsdl:
            service = AsyncClient(f"{url}wsdl", transport=AsyncTransport(client, reading_the_wsdl)).service

        async def read(number: str) -> Sequence[object]:
            return [await service.FindChild(nhs=number)]

        yield read


def _ordered() -> list[tuple[str, str]]:
    """List the parts in the order in which the schema has them."""
    order = ("nhs", "family", "given", "born", "until", "covers", "shield", "s117")
    return [(part, _SOAP_PARTS[part]) for part in order]
