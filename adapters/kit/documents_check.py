"""Looks, for `adapter check`, at the values of a first page of documents, and at a search for nobody; tells none."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.kit.converting import as_text
from adapters.kit.errors import SourceFault
from adapters.kit.findings import PLAN
from adapters.kit.http import HttpSource
from adapters.kit.json_paths import Finder, compile_path, spread
from adapters.kit.reader import Finding
from adapters.kit.values_check import MOST_VALUES, AnyRecords, check_values, places_to_see

SEARCH_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodySearch:
    """How nobody is searched for in one record set: by which keys, with which parameters."""

    by: str
    path: str
    parameters: Mapping[str, str]
    find_rows: Finder


def check_documents(name: str, records: AnyRecords, documents: Sequence[object]) -> list[Finding]:
    """Compare the values of documents with the mapping; what is related to them is not in a first page."""
    seen = {
        path: [text for one in documents for value in spread(find(one)) if (text := as_text(value))][:MOST_VALUES]
        for path in places_to_see(records)
        for find in [compile_path(path).find]
    }
    return check_values(name, records, seen)


async def check_nobody(http: HttpSource, name: str, searches: Sequence[NobodySearch]) -> list[Finding]:
    """Search for nobody in each way: the source must answer with nothing, neither with an error nor with others."""
    return [await _search(http, name, search) for search in searches]


async def _search(http: HttpSource, name: str, search: NobodySearch) -> Finding:
    clock = asyncio.get_running_loop().time
    began = clock()
    try:
        rows = search.find_rows(await http.get(search.path, search.parameters, began + SEARCH_SECONDS))
    except SourceFault as fault:
        what = f"{name}: a search by {search.by} for nobody is not answered ({fault.kind.value})"
        return PLAN.fault(what, "It must give an empty list: as it is, the hub is told that the source is down.")
    took = f"{max((clock() - began) * 1000, 1):.0f} ms"
    if rows:
        what = f"{name}: a search by {search.by} for nobody brings {len(rows)} records, in {took}"
        return PLAN.note(what, "Check the name of the parameter: others are read, and thrown away.")
    return PLAN.ok(f"{name}: a search by {search.by} for nobody brings nothing, in {took}")
