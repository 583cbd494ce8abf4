"""Plays the HTTP systems of docs/adapters/roads.md, out of the JSON that stands there."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.lib.documented import Block

Record = Mapping[str, Any]
FHIR_SEARCH = {
    "identifier": lambda one: [f"{part['system']}|{part['value']}" for part in one["identifier"]],
    "family": lambda one: [part["family"] for part in one["name"]],
    "given": lambda one: [given for part in one["name"] for given in part["given"]],
    "birthdate": lambda one: [one["birthDate"]],
}


def page_of(block: Block) -> tuple[str, Any]:
    """Give the path that a block's records are searched at, and what answers there."""
    kind, name = block.words.split()
    records = json.loads(block.text)
    if kind == "fhir":
        return f"fhir/{name}", lambda query: _bundle(_fhir(records, query))
    return f"api/{name}", lambda query: {"results": _rest(records, query), "next": None}


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


def _bundle(records: Sequence[Record]) -> Record:
    entries = [{"resource": one, "search": {"mode": "match"}} for one in records]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(records), "entry": entries}
