"""More systems with the one child of changing_sources: a SOAP service, a rostering service, and code of one's own."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from xml.etree import ElementTree as ET

from aiohttp import web

from tests.integration.adapters.changing_sources import PERSON, TERMS, ChangingSource, HttpSystem
from tests.lib.child_wsdl import KEYS, document_wsdl, envelope
from tests.lib.roster_service import RosterServer, dated, pupil

FIELDS = (
    "{{nhs_number: {nhs}, family_name: {family}, given_name: {given}, date_of_birth: {born}, "
    "service: {{constant: Care}}}}"
)


class SoapSystem(HttpSystem):
    """A SOAP service that is described by a file."""

    kind = "soap"

    def manifest(self) -> str:
        (self.folder / "children.wsdl").write_text(document_wsdl(f"{self.server.url}soap"), encoding="utf-8")
        fields = FIELDS.format(nhs="$.nhs", family="$.family", given="$.given", born="$.born")
        return f"""
    kind: soap
    wsdl: children.wsdl
    records:
      child:
        operation: FindChild
        keys: {{nhs_number: nhs, family_name: family, given_name: given, date_of_birth: born}}
        rows: "$.child[*]"
        record_id: "$.id"
        fields: {fields}
{_terms("$")}"""

    def write(self) -> None:
        self.server.pages["soap"] = lambda _: web.Response(text=self._found(), content_type="text/xml")
        self.server.reads_json = False

    def _found(self) -> str:
        asked = ET.fromstring(self.server.posted_bytes[-1])  # noqa: S314  the adapter's own
        wanted = {name: one.text for name in KEYS for one in asked.iter() if one.tag.endswith("}" + name) and one.text}
        fits = self.said is not None and all(PERSON[name] == value for name, value in wanted.items())
        held = {"id": "7", **PERSON, **(self.said or {})} if fits else {}
        inside = "".join(f"<{name}>{held[name]}</{name}>" for name in _in_order(held))
        return envelope(f"<FindChildResponse>{f'<child>{inside}</child>' if fits else ''}</FindChildResponse>")


def _in_order(held: Mapping[str, str]) -> list[str]:
    order = [*PERSON, "consent", "until", "covers", "shield", "s117", "id"]
    return [name for name in order if name in held]


class RosterSystem(ChangingSource):
    """A rostering service: what is said of the child is in its metadata, and when it was born in the demographics."""

    kind = "oneroster"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.server = RosterServer(collections={"users": [], "demographics": []})

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        return await super().__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.server.__aexit__(kind, fault, trace)

    def manifest(self) -> str:
        fields = FIELDS.format(
            nhs="$.identifier", family="$.familyName", given="$.givenName", born="$.demographics.birthDate"
        )
        return f"""
    kind: oneroster
    url: "{self.server.url}"
    oauth2: {{token_url: "{self.server.token_url}", client_id: hub, client_secret: "${{SECRET}}"}}
    records:
      child:
        keys:
          nhs_number: identifier
          family_name: familyName
          given_name: givenName
          date_of_birth: demographics.birthDate
        related: {{demographics: {{resource: demographics, take: first, optional: true}}}}
        fields: {fields}
{_terms("$.metadata")}"""

    def write(self) -> None:
        child = pupil("7", PERSON["nhs"], PERSON["given"], PERSON["family"], metadata=self.said)
        born = dated("7", birthDate=PERSON["born"])
        held = ([child], [born]) if self.said is not None else ([], [])
        self.server.collections["users"], self.server.collections["demographics"] = held


class PythonSystem(ChangingSource):
    """A class of the agency's own that reads a file which nobody else could."""

    kind = "python"

    def manifest(self) -> str:
        fields = FIELDS.format(nhs="$.nhs", family="$.family", given="$.given", born="$.born")
        return f"""
    kind: python
    class: tests.lib.own_class:OneFile
    settings: {{file: "{self.folder / "children.json"}"}}
    records:
      child:
        keys: {{nhs_number: nhs, family_name: family, given_name: given, date_of_birth: born}}
        record_id: "$.id"
        fields: {fields}
{_terms("$")}"""

    def write(self) -> None:
        held = [{"id": "7", **PERSON, **self.said}] if self.said is not None else []
        unfinished = self.folder / "children.new"
        unfinished.write_text(json.dumps(held), encoding="utf-8")
        unfinished.replace(self.folder / "children.json")


def _terms(where: str) -> str:
    said = {name: f"{where}.{name}" for name in ("consent", "until", "covers", "shield", "s117")}
    return TERMS.format(of="path", **said)


MORE_KINDS: tuple[type[ChangingSource], ...] = (SoapSystem, RosterSystem, PythonSystem)
