"""Plays the HTTP systems of docs/adapters/roads.md, out of the JSON that stands there."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.integration.adapters.http_server import HttpServer
from tests.lib.documented import Block

Record = Mapping[str, Any]
FHIR_SEARCH = {
    "identifier": lambda one: [f"{part['system']}|{part['value']}" for part in one["identifier"]],
    "family": lambda one: [part["family"] for part in one["name"]],
    "given": lambda one: [given for part in one["name"] for given in part["given"]],
    "birthdate": lambda one: [one["birthDate"]],
}


@dataclass(kw_only=True)
class StandIn:
    """The systems that a page describes, served together."""

    server: HttpServer
    records: dict[str, list[Record]] = field(default_factory=dict)

    def add(self, block: Block) -> None:
        """Serve a block's records, beside those that are served at their path already."""
        kind, name = block.words.split()
        path = f"fhir/{name}" if kind == "fhir" else f"api/{name}"
        self.records.setdefault(path, []).extend(json.loads(block.text))
        self.server.pages[path] = partial(_searched if kind == "rest" else _bundle, self.records[path])


def _searched(records: Sequence[Record], query: Mapping[str, str]) -> Record:
    return {"results": _rest(records, query), "next": None}


def _rest(records: Sequence[Record], query: Mapping[str, str]) -> list[Record]:
    """Find the records of which each parameter that is one of their names has the value, whatever its capitals."""
    return [
        one for one in records if all(str(one[key]).casefold() == query[key].casefold() for key in query if key in one)
    ]


def _fhir(records: Sequence[Record], query: Mapping[str, str]) -> list[Record]:
    wanted = {name: value.casefold() for name, value in query.items() if name in FHIR_SEARCH}
    return [
        one
        for one in records
        if all(value in [held.casefold() for held in FHIR_SEARCH[name](one)] for name, value in wanted.items())
    ]


def _bundle(records: Sequence[Record], query: Mapping[str, str]) -> Record:
    found = _fhir(records, query)
    entries = [{"resource": one, "search": {"mode": "match"}} for one in found]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": entries}
