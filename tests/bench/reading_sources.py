"""The sources whose reading is measured, alike but for their technology, and how they are read without the kit."""

import asyncio
import csv
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncmy
import asyncpg
import httpx
import orjson
from httpx_aiohttp import AiohttpTransport
from sqlalchemy import make_url

from tests.bench.reading_kinds import bare_roster, bare_soap, described_roster, described_soap
from tests.lib.databases import Database, Kind

PEOPLE = 10_000
CONNECTIONS = 16
COLUMNS = ("nhs_no", "surname", "forename", "dob", "sex", "line_1", "town", "postcode", "gp", "school", "updated")
SELECTED = (
    "SELECT child.nhs_no, child.surname, child.forename, child.dob, child.sex, child.line_1, child.town,"
    " child.postcode, child.gp, child.school, child.updated FROM child WHERE child.nhs_no = {} LIMIT {}"
)
MOST = 1001
NHS = "https://fhir.nhs.uk/Id/nhs-number"
FIELDS = ("nhs_number", "family_name", "given_name", "date_of_birth", "gender", "address", "postcode", "gp_practice")

Read = Callable[[str], Awaitable[Sequence[object]]]


class Technology(StrEnum):
    """Is a kind of back-office system."""

    SQLITE = "sql on SQLite"
    POSTGRESQL = "sql on PostgreSQL"
    MARIADB = "sql on MariaDB"
    REST = "rest"
    FHIR = "fhir"
    ONEROSTER = "oneroster"
    SOAP = "soap"
    FILES = "files"


DATABASES = {
    Technology.SQLITE: Kind.SQLITE,
    Technology.POSTGRESQL: Kind.POSTGRESQL,
    Technology.MARIADB: Kind.MARIADB,
}


def number_of(place: int) -> str:
    """Write the number of an invented person; none of them is a valid NHS number."""
    return f"{4_000_000_000 + place}"


def person(place: int) -> tuple[str, ...]:
    """Describe one invented person."""
    own = (number_of(place), f"Family{place}", f"Given{place}", "2012-03-07", "F", f"{place} Mill Row", "Bolton")
    return (*own, "BL1 1AA", "Deane Surgery", "Mill Lane School", "2026-01-31")


async def fill(database: Database) -> None:
    """Make the table."""
    columns = ", ".join(f"{name} {{text}}" for name in COLUMNS).replace("dob {text}", "dob date")
    await database.run(f"CREATE TABLE child ({columns})")
    for begin in range(0, PEOPLE, 1000):
        rows = ", ".join(str(person(place)) for place in range(begin, begin + 1000))
        await database.run(f"INSERT INTO child VALUES {rows}")  # noqa: S608  invented people
    await database.run("CREATE INDEX by_number ON child (nhs_no)")


def write_file(folder: Path) -> None:
    """Write the same people as a CSV file."""
    with (folder / "child.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *map(person, range(PEOPLE))])


def document(number: str) -> dict[str, str]:
    """Give a person as a REST API does."""
    return dict(zip(COLUMNS, person(int(number) - 4_000_000_000), strict=True))


def patient(number: str) -> dict[str, Any]:
    """Give a person as a FHIR server does."""
    known = document(number)
    return {
        "resourceType": "Patient",
        "id": number,
        "meta": {"lastUpdated": f"{known['updated']}T00:00:00Z"},
        "identifier": [{"system": NHS, "value": number}],
        "name": [{"family": known["surname"], "given": [known["forename"]]}],
        "birthDate": known["dob"],
        "gender": "female",
        "address": [{"line": [known["line_1"]], "city": known["town"], "postalCode": known["postcode"]}],
        "generalPractitioner": [{"display": known["gp"]}],
    }


def described(technology: Technology, where: Mapping[str, str]) -> dict[str, Any]:
    """Describe a source as a manifest does."""
    if technology in DATABASES:
        records: dict[str, Any] = {"table": "child", "keys": {"nhs_number": "nhs_no"}, "fields": _columns()}
        return {"kind": "sql", "name": "Records", "records": {"child": {**records, "record_date": "updated"}}, **where}
    if technology is Technology.FILES:
        records = {"file": "child.csv", "keys": {"nhs_number": "nhs_no"}, "fields": _columns()}
        return {
            "kind": "files",
            "name": "Records",
            "records": {"child": {**records, "record_date": "updated"}},
            **where,
        }
    if technology is Technology.REST:
        fields = {name: f"$.{part}" for name, part in _plain().items()} | {"address": "$.line_1"}
        records = {"path": "pupils", "rows": "$.items[*]", "keys": {"nhs_number": "number"}, "fields": fields}
        return {
            "kind": "rest",
            "name": "Records",
            "records": {"child": {**records, "record_date": "$.updated"}},
            **where,
        }
    if technology is Technology.ONEROSTER:
        return described_roster(where["url"])
    if technology is Technology.SOAP:
        return described_soap(where["url"])
    records = {"keys": {"nhs_number": {"parameter": "identifier", "system": NHS}}, "fields": _fhir_fields()}
    records["record_date"] = {"path": "$.meta.lastUpdated", "date": "iso"}
    return {"kind": "fhir", "name": "Records", "records": {"child": records}, **where}


def _plain() -> dict[str, str]:
    return {
        "nhs_number": "nhs_no",
        "family_name": "surname",
        "given_name": "forename",
        "date_of_birth": "dob",
        "gender": "sex",
        "postcode": "postcode",
        "gp_practice": "gp",
    }


def _columns() -> dict[str, Any]:
    return {**_plain(), "address": {"columns": ["line_1", "town"]}}


def _fhir_fields() -> dict[str, Any]:
    return {
        "nhs_number": f"$.identifier[?@.system=='{NHS}'].value",
        "family_name": "$.name[0].family",
        "given_name": "$.name[0].given[0]",
        "date_of_birth": "$.birthDate",
        "gender": "$.gender",
        "address": {"path": "$.address[0]['line','city']", "pick": "joined"},
        "postcode": "$.address[0].postalCode",
        "gp_practice": "$.generalPractitioner[0].display",
    }


@asynccontextmanager
async def bare(technology: Technology, where: Mapping[str, str]) -> AsyncIterator[Read | None]:
    """Read the same rows as a plain program over the driver would; a file in memory has no driver."""
    match technology:
        case Technology.SQLITE:
            async with _bare_sqlite(where["url"]) as read:
                yield read
        case Technology.POSTGRESQL:
            async with _bare_postgresql(where) as read:
                yield read
        case Technology.MARIADB:
            async with _bare_mariadb(where) as read:
                yield read
        case Technology.REST | Technology.FHIR:
            path, name = ("pupils", "number") if technology is Technology.REST else ("Patient", "identifier")
            prefix = "" if technology is Technology.REST else f"{NHS}|"
            async with httpx.AsyncClient(transport=AiohttpTransport(), trust_env=False) as client:

                async def read(number: str) -> Sequence[object]:
                    answer = await client.get(where["url"] + path, params={name: prefix + number})
                    return [orjson.loads(answer.content)]

                yield read
        case Technology.ONEROSTER:
            async with bare_roster(where["url"]) as read:
                yield read
        case Technology.SOAP:
            async with bare_soap(where["url"]) as read:
                yield read
        case Technology.FILES:
            yield None


@asynccontextmanager
async def _bare_sqlite(url: str) -> AsyncIterator[Read]:
    file = quote(str(make_url(url).database))
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    text = SELECTED.format("?", "?")

    def fetch(number: str) -> Sequence[object]:
        return connection.execute(text, (number, MOST)).fetchall()

    with ThreadPoolExecutor(1) as thread:
        loop = asyncio.get_running_loop()
        yield lambda number: loop.run_in_executor(thread, fetch, number)
    connection.close()


@asynccontextmanager
async def _bare_postgresql(where: Mapping[str, str]) -> AsyncIterator[Read]:
    address = make_url(where["url"])
    reached = {"host": address.host, "port": address.port, "database": address.database}

    async def leave_as_it_is(_connection: asyncpg.Connection) -> None:
        """Spare the driver the round trip by which its pool resets a connection, as the kit spares it."""

    pool = await asyncpg.create_pool(
        **reached,
        user=where["user"],
        password=where["password"],
        min_size=CONNECTIONS,
        max_size=CONNECTIONS,
        reset=leave_as_it_is,
    )
    text = SELECTED.format("$1", "$2")

    async def read(number: str) -> Sequence[object]:
        rows: Sequence[object] = await pool.fetch(text, number, MOST)
        return rows

    yield read
    await pool.close()


@asynccontextmanager
async def _bare_mariadb(where: Mapping[str, str]) -> AsyncIterator[Read]:
    address = make_url(where["url"])
    pool = await asyncmy.create_pool(
        host=address.host,
        port=address.port,
        database=address.database,
        user=where["user"],
        password=where["password"],
        minsize=CONNECTIONS,
        maxsize=CONNECTIONS,
        autocommit=True,
        # Its own prepared statements, as here: without them the driver writes values into the text.
        stmt_cache_size=100,
    )
    text = SELECTED.format("%s", "%s")

    async def read(number: str) -> Sequence[object]:
        async with pool.acquire() as connection, connection.cursor() as cursor:
            await cursor.execute(text, (number, MOST))
            rows: Sequence[object] = await cursor.fetchall()
            return rows

    yield read
    pool.close()
    await pool.wait_closed()
