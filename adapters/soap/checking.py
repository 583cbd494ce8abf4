"""Looks at a SOAP service for `adapter check`, without a call: WSDL, operations, parameters and paths."""

from collections.abc import Iterator, Mapping

from adapters.kit.errors import SourceFault
from adapters.kit.json_paths import names_along
from adapters.kit.mapping import IDENTIFIER_KEYS, NAME_KEYS
from adapters.kit.reader import Finding, FindingState, Looking, Match
from adapters.kit.soap_mapping import SoapRecords, SoapSource
from adapters.kit.suggesting import did_you_mean
from adapters.soap.calling import Call, calls_for, related_call
from adapters.soap.faults import MENDS, SoapBecause
from adapters.soap.schema import Missed, follow, names_in, type_of_rows
from adapters.soap.service import SoapService

EXAMPLES: Mapping[str, str] = {"date_of_birth": "2000-01-31"}


async def check_service(service: SoapService, source: SoapSource) -> list[Finding]:
    """Take every step; nothing is called, since an operation may do anything."""
    findings = [_ok(f"wsdl: it describes {len(service.operations)} operations")]
    for name, records in source.records.items():
        findings += await _check_records(service, name, records)
    called = {records.operation for records in source.records.values()}
    called |= {part.operation for records in source.records.values() for part in records.related.values()}
    listed = ", ".join(f"`{operation}`" for operation in sorted(called))
    mend = "Make sure that they only read, and that the account can do nothing else."
    return [
        *findings,
        Finding(state=FindingState.NOTE, what=f"these operations and no others are called: {listed}", mend=mend),
    ]


async def _check_records(service: SoapService, name: str, records: SoapRecords) -> list[Finding]:
    calls = [(records.operation, call, records.rows) for match in _ways(records) for call in calls_for(records, match)]
    calls += [(part.operation, related_call(part, "1"), part.rows) for part in records.related.values()]
    faults: list[Finding] = []
    for operation, call, rows in calls:
        faults += await _check_call(service, name, operation, call)
        faults += [] if faults else _check_rows(service, name, operation, rows)
    if not faults:
        faults = list(_check_paths(service, name, records))
    unique = list(dict.fromkeys(faults))
    return unique or [_ok(f"{name}: operations, parameters and paths are in the WSDL")]


def _ways(records: SoapRecords) -> Iterator[Match]:
    """List the ways in which people are looked for, with values that only stand for some."""
    mapped = records.keys.mapped()
    for key in IDENTIFIER_KEYS:
        if key in mapped:
            yield Match(looking=Looking.ANY, wanted=((key, "1"),))
    if all(key in mapped for key in NAME_KEYS):
        yield Match(looking=Looking.ALL, wanted=tuple((key, EXAMPLES.get(key, "x")) for key in NAME_KEYS))


async def _check_call(service: SoapService, name: str, operation: str, call: Call) -> list[Finding]:
    """Look whether an operation is there and takes what it would be given."""
    if operation not in service.operations:
        mend = did_you_mean(operation, service.operations, MENDS[SoapBecause.NO_OPERATION])
        return [_fault(f"{name}: there is no operation `{operation}`", mend)]
    taken = service.operation(operation).input.body.type
    for dotted in _dotted(call):
        missed = follow(taken, dotted)
        if isinstance(missed, Missed):
            mend = did_you_mean(missed.name, missed.known, MENDS[SoapBecause.NO_PARAMETER])
            return [_fault(f"{name}: `{operation}` takes no `{'.'.join(dotted)}`", mend)]
    try:
        await service.envelope(operation, call)
    except SourceFault:
        asked = ", ".join(f"`{'.'.join(dotted)}`" for dotted in _dotted(call))
        mend = "It wants others too, or values of another form: give them in `with`, or map no key that needs more."
        return [_fault(f"{name}: `{operation}` cannot be called with {asked} alone", mend)]
    return []


def _dotted(call: Mapping[str, object]) -> Iterator[tuple[str, ...]]:
    for name, value in call.items():
        if isinstance(value, dict):
            yield from ((name, *rest) for rest in _dotted(value))
        else:
            yield (name,)


def _check_rows(service: SoapService, name: str, operation: str, rows: str) -> list[Finding]:
    missed = type_of_rows(service.operation(operation), rows)
    if not isinstance(missed, Missed):
        return []
    mend = did_you_mean(missed.name, missed.known, f"There are: {', '.join(missed.known)}.")
    return [_fault(f"{name}: no reply of `{operation}` has `{missed.name}`, which `rows` names", mend)]


def _check_paths(service: SoapService, name: str, records: SoapRecords) -> Iterator[Finding]:
    """Say which path names something that no row can have; the first step into what is related is not its own."""
    kind = type_of_rows(service.operation(records.operation), records.rows)
    related = {part: type_of_rows(service.operation(one.operation), one.rows) for part, one in records.related.items()}
    paths = {field: part.path for field, part in records.fields.items() if part.path is not None}
    paths |= {"record_id": records.record_id} if records.record_id is not None else {}
    if records.record_date is not None and records.record_date.path is not None:
        paths["record_date"] = records.record_date.path
    if records.terms is not None:
        paths |= {f"terms.{part}": form.path for part, form in records.terms.forms() if form.path is not None}
    for field, path in paths.items():
        first, *rest = names_along(path) or ("",)
        missed = follow(related[first], rest) if first in related else follow(kind, [first, *rest] if first else [])
        if isinstance(missed, Missed):
            mend = did_you_mean(missed.name, missed.known, "Check the path.")
            yield _fault(f"{name}: the path of `{field}` names `{missed.name}`, which no reply has", mend)
    if kind is not None and names_in(kind) is None:
        yield Finding(state=FindingState.NOTE, what=f"{name}: the WSDL does not say what a row holds")


def _ok(what: str) -> Finding:
    return Finding(state=FindingState.OK, what=what)


def _fault(what: str, mend: str) -> Finding:
    return Finding(state=FindingState.FAULT, what=what, mend=mend)
