"""Looks at a OneRoster service for `adapter check`: token, users, each key's filter, and what belongs to users."""

import asyncio
from collections.abc import Iterator, Mapping

from adapters.kit.documents import DocumentSet
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.http_check import CHECK_SECONDS, Sample, check_samples
from adapters.kit.http_faults import mend_for
from adapters.kit.json_paths import Finder
from adapters.kit.oneroster_mapping import Belonging, RosterRecords, RosterSource
from adapters.kit.reader import Finding, FindingState
from adapters.oneroster.filters import filter_of
from adapters.oneroster.searching import USERS, UserSearch
from adapters.oneroster.service import records_in

NOBODY = "adapter-check"
"""Is looked for to see whether a service filters: the answer must be nobody."""
SAMPLE = "5"
Parts = Mapping[str, tuple[UserSearch, DocumentSet]]


async def check_roster(http: HttpSource, source: RosterSource, parts: Parts) -> list[Finding]:
    """Take every step; no value is told."""
    samples = [
        Sample(
            records=name,
            path=search.path,
            parameters={"limit": SAMPLE},
            find_rows=_users_for(search),
            documents=documents,
        )
        for name, (search, documents) in parts.items()
    ]
    findings = await check_samples(http, samples)
    if any(found.state is FindingState.FAULT for found in findings):
        return findings
    for name, records in source.records.items():
        for path, envelope, condition in _probes(parts[name][0], records):
            findings.append(await _probe(http, name, path, envelope, condition))
    return findings


def _users_for(search: UserSearch) -> Finder:
    """Say which users of a page are of a record set."""
    return lambda page: [user for user in records_in(page, USERS) if search.has_role(user)]


def _probes(search: UserSearch, records: RosterRecords) -> Iterator[tuple[str, str, str]]:
    """List each collection that is searched or read, its envelope, and the property that it must filter by."""
    for key in records.keys.mapped().values():
        if key.of_demographics is None:
            yield search.path, USERS, key.place
        else:
            yield "demographics", "demographics", key.of_demographics
    resources = {part.resource for part in records.related.values()}
    if Belonging.ENROLLMENTS in resources:
        yield "enrollments", "enrollments", "user.sourcedId"
    if Belonging.ORGS in resources:
        yield "orgs", "orgs", "sourcedId"


async def _probe(http: HttpSource, records: str, path: str, envelope: str, condition: str) -> Finding:
    deadline = asyncio.get_running_loop().time() + CHECK_SECONDS
    wanted = "2999-12-31" if condition == "birthDate" else NOBODY
    parameters = {"limit": SAMPLE, "filter": filter_of([(condition, wanted)]) or ""}
    what = f"{records}: a search of `{path}` by `{condition}`"
    try:
        found = records_in(await http.get(path, parameters, deadline), envelope)
    except SourceFault as fault:
        asked = fault.kind is SourceFaultKind.REFUSED and fault.because is None
        mend = "It does not filter by that property: map another." if asked else mend_for(fault)
        return Finding(state=FindingState.FAULT, what=f"{what} is refused ({fault.kind.value})", mend=mend)
    if found:
        mend = "Ask its operator why `filter` has no effect: every question would make it send everybody."
        return Finding(state=FindingState.FAULT, what=f"{what} gives records of others", mend=mend)
    return Finding(state=FindingState.OK, what=f"{what} gives nobody where nobody fits")
