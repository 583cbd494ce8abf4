"""One child in a back-office system of each kind, with consent and a shield that a test changes while it runs."""

import csv
import io
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AsyncExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from sharing.v1.records_pb2 import PersonKeys

from tests.integration.adapters.http_server import HttpServer

BEGINNING = """
manifest: 1
agency: {agency}
title: An agency
hub: {{addresses: ["{address}"], ca: ca.pem, certificate: {agency}.pem, key: {agency}.key}}
journal: journal/{agency}.sqlite
questions: {{child_basics: care.child, child_services: care.child}}
sources:
  care:
    name: Care Records
"""
KNOWN = PersonKeys(nhs_number="9434765919", family_name="Canary", given_name="Zoe", date_of_birth="2012-03-07")
UNKNOWN = PersonKeys(nhs_number="9434765870", family_name="Nobody", given_name="Ann", date_of_birth="2010-01-01")
FIELDS = ("nhs_number", "family_name", "given_name", "date_of_birth", "service")
PERSON = {"nhs": "9434765919", "family": "Canary", "given": "Zoe", "born": "2012-03-07"}


class ChangingSource(ABC):
    """A system with one child, of whom consent was given until the end of 2030, and who is not shielded."""

    kind: ClassVar[str]
    notices_within = 1.0
    """Seconds within which an adapter that looks twice a second is to have noticed a change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: dict[str, str] | None = {
            "consent": "Y",
            "until": "2030-12-31",
            "covers": "H;C",
            "shield": "",
            "s117": "",
        }

    @abstractmethod
    def manifest(self) -> str:
        """Give the part of the manifest below the source's name."""

    @abstractmethod
    def write(self) -> None:
        """Write what is said now into the system."""

    async def __aenter__(self) -> Self:
        self.write()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def describe(self, address: str, agency: str = "social_care") -> Path:
        """Write the whole manifest of an agency whose system this is."""
        file = self.folder / f"{agency}.yaml"
        file.write_text(BEGINNING.format(address=address, agency=agency) + self.manifest(), encoding="utf-8")
        return file

    def change(self, **said: str) -> None:
        """Change what is said of the child."""
        self.said = (self.said or {}) | said
        self.write()

    def remove(self) -> None:
        """Take the child out of the system."""
        self.said = None
        self.write()


TERMS = """
        terms:
          consent:
            state: {{{of}: "{consent}", values: {{Y: explicit, N: refused, W: withdrawn}}}}
            until: "{until}"
            classes: {{{of}: "{covers}", separator: ";", values: {{H: health, C: concerns}}}}
          shield: {{{of}: "{shield}", values: {{R: person, X: absolute, A: address}}}}
          opt_out: {{{of}: "{s117}", values: {{P: parents}}}}
"""


class SqlSystem(ChangingSource):
    """A SQLite file, with what is said of the child in a joined table."""

    kind = "sql"

    def manifest(self) -> str:
        terms = TERMS.format(
            of="column",
            consent="leave.consent",
            until="leave.until",
            covers="leave.covers",
            shield="shield",
            s117="leave.s117",
        )
        return f"""
    kind: sql
    url: sqlite:///care.sqlite
    records:
      child:
        table: child
        joins: [{{table: leave, on: {{id: id}}, optional: true}}]
        keys:
          nhs_number: nhs
          family_name: family
          given_name: given
          date_of_birth: {{column: born, date: "%Y-%m-%d"}}
        record_id: id
        fields:
          {{nhs_number: nhs, family_name: family, given_name: given, date_of_birth: born, service: {{constant: Care}}}}
{terms}"""

    def write(self) -> None:
        with closing(sqlite3.connect(self.folder / "care.sqlite")) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS child (id, nhs, family, given, born, shield)")
            database.execute("CREATE TABLE IF NOT EXISTS leave (id, consent, until, covers, s117)")
            database.execute("DELETE FROM child")
            database.execute("DELETE FROM leave")
            if (said := self.said) is not None:
                database.execute("INSERT INTO child VALUES (7, ?, ?, ?, ?, ?)", (*PERSON.values(), said["shield"]))
                leave = (said["consent"], said["until"], said["covers"], said["s117"])
                database.execute("INSERT INTO leave VALUES (7, ?, ?, ?, ?)", leave)


class FilesSystem(ChangingSource):
    """A file that is replaced; a change is noticed when it is looked for next."""

    kind = "files"
    notices_within = 1.3

    def manifest(self) -> str:
        terms = TERMS.format(
            of="column", consent="consent", until="until", covers="covers", shield="shield", s117="s117"
        )
        return f"""
    kind: files
    folder: .
    poll_seconds: 0.3
    still_seconds: 0.1
    records:
      child:
        file: children.csv
        keys: {{nhs_number: nhs, family_name: family, given_name: given, date_of_birth: born}}
        record_id: nhs
        fields:
          {{nhs_number: nhs, family_name: family, given_name: given, date_of_birth: born, service: {{constant: Care}}}}
{terms}"""

    def write(self) -> None:
        text = io.StringIO(newline="")
        table = csv.writer(text)
        table.writerow([*PERSON, "consent", "until", "covers", "shield", "s117"])
        if self.said is not None:
            table.writerow([*PERSON.values(), *self.said.values()])
        unfinished = self.folder / "children.new"
        unfinished.write_text(text.getvalue(), encoding="utf-8")
        unfinished.replace(self.folder / "children.csv")


class HttpSystem(ChangingSource):
    """A system behind a real HTTP server."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.server = HttpServer()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.server)
        return await super().__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()


class RestSystem(HttpSystem):
    """An API with the child's concerns behind another request."""

    kind = "rest"

    def manifest(self) -> str:
        terms = TERMS.format(
            of="path", consent="$.consent", until="$.until", covers="$.covers", shield="$.shield", s117="$.s117"
        )
        return f"""
    kind: rest
    url: "{self.server.url}"
    records:
      child:
        path: children
        rows: "$.items[*]"
        keys: {{nhs_number: nhs, family_name: family, given_name: given, date_of_birth: born}}
        record_id: "$.id"
        related:
          service: {{path: "children/{{id}}/service", rows: "$", take: first}}
        fields:
          nhs_number: $.nhs
          family_name: $.family
          given_name: $.given
          date_of_birth: $.born
          service: $.service.name
{terms}"""

    def write(self) -> None:
        child = {"id": "7", **PERSON, **self.said} if self.said is not None else None

        def search(query: Mapping[str, str]) -> object:
            fits = child is not None and all(child[name] == value for name, value in query.items())
            return {"items": [child] if fits else []}

        self.server.pages["children"] = search
        self.server.pages["children/7/service"] = lambda _: {"name": "Care"}


OWNER = {"reference": "Patient/7"}


class FhirSystem(HttpSystem):
    """A FHIR server: the consent is a resource of its own, the shield a label on the Patient."""

    kind = "fhir"

    def manifest(self) -> str:
        terms = TERMS.format(
            of="path",
            consent="$.consent.status",
            until="$.consent.provision.period.end",
            covers="$.consent.provision.class[*].code",
            shield="$.meta.security[*].code",
            s117="$.extension[0].valueCode",
        ).replace(
            "{Y: explicit, N: refused, W: withdrawn}", "{active: explicit, rejected: refused, inactive: withdrawn}"
        )
        return f"""
    kind: fhir
    url: "{self.server.url}fhir/"
    records:
      child:
        keys: {{nhs_number: identifier, family_name: family, given_name: given, date_of_birth: birthdate}}
        related:
          consent: {{resource: Consent, take: first, optional: true}}
          care: {{resource: CareTeam, take: first, optional: true}}
        fields:
          nhs_number: "$.identifier[0].value"
          family_name: "$.name[0].family"
          given_name: "$.name[0].given[0]"
          date_of_birth: "$.birthDate"
          service: "$.care.name"
{terms}"""

    def write(self) -> None:
        self.server.pages["fhir/Patient"] = lambda query: _bundle(self._patient() if self._fits(dict(query)) else None)
        self.server.pages["fhir/Consent"] = lambda _: _bundle(self._consent())
        self.server.pages["fhir/CareTeam"] = lambda _: _bundle(
            {"resourceType": "CareTeam", "name": "Care", "subject": OWNER}
        )

    def _fits(self, query: dict[str, str]) -> bool:
        own = {"identifier": "nhs", "family": "family", "given": "given", "birthdate": "born"}
        return self.said is not None and all(PERSON[own[name]] == value for name, value in query.items())

    def _patient(self) -> dict[str, object]:
        said = self.said or {}
        security = {"security": [{"code": said["shield"]}]} if said["shield"] else {}
        return {
            "resourceType": "Patient",
            "id": "7",
            "meta": security,
            "identifier": [{"value": PERSON["nhs"]}],
            "name": [{"family": PERSON["family"], "given": [PERSON["given"]]}],
            "birthDate": PERSON["born"],
            "extension": [{"valueCode": said["s117"]}],
        }

    def _consent(self) -> dict[str, object]:
        said = self.said or {}
        status = {"Y": "active", "N": "rejected", "W": "inactive"}[said["consent"]]
        classes = [{"code": code} for code in said["covers"].split(";")]
        provision = {"period": {"end": said["until"]}, "class": classes}
        return {"resourceType": "Consent", "status": status, "patient": OWNER, "provision": provision}


def _bundle(resource: dict[str, object] | None) -> dict[str, object]:
    entries = [{"resource": resource}] if resource is not None else []
    return {"resourceType": "Bundle", "entry": entries}


KINDS: tuple[type[ChangingSource], ...] = (SqlSystem, RestSystem, FhirSystem, FilesSystem)
