"""Says before the first question which ways to look for a person would read too large a table from end to end."""

from collections.abc import Iterator

from adapters.kit.errors import SourceFault
from adapters.kit.manifest import SqlRecords
from adapters.kit.mapping import IDENTIFIER_KEYS, NAME_KEYS
from adapters.kit.reader import Finding, FindingState, Looking, Match
from adapters.sql.scans import Scans
from adapters.sql.statements import Tables, nobody_for, parameters_for, select_for


async def scan_findings(name: str, records: SqlRecords, tables: Tables, scans: Scans) -> list[Finding]:
    """Ask for the plan of each way to look in a record set; nobody is looked for."""
    keys = records.keys.mapped()
    column = next(iter(keys.values())).place
    findings: list[Finding] = []
    for match in _ways(records):
        words = " and ".join(f"`{keys[key].place}`" for key, _ in match.wanted)
        statement = select_for(records, tables, (column,), match)
        try:
            large = await scans.large(statement, parameters_for(keys, match), tables.named)
        except SourceFault:
            findings.append(_fault(f"{name}: the plan of looking by {words} could not be read", "Check the account."))
            continue
        if large is None:
            what = f"{name}: this kind of database cannot be asked what looking by {words} would read"
            findings.append(_fault(what, "Take `largest_scan` away."))
            continue
        for name_of_table in large:
            table = f"`{name_of_table}`" if name_of_table else "a table within a view"
            what = f"{name}: looking by {words} reads {table}, more than {scans.largest} rows, from end to end"
            findings.append(_fault(what, f"Make an index on {words}, or raise `largest_scan`."))
    return findings


def _ways(records: SqlRecords) -> Iterator[Match]:
    mapped = records.keys.mapped()
    for name in IDENTIFIER_KEYS:
        if name in mapped:
            yield nobody_for(Match(looking=Looking.ANY, wanted=((name, ""),)))
    if all(name in mapped for name in NAME_KEYS):
        yield nobody_for(Match(looking=Looking.ALL, wanted=tuple((name, "") for name in NAME_KEYS)))
    for way in records.looking.by if records.looking is not None else ():
        yield nobody_for(Match(looking=Looking.ALL, wanted=tuple((name, "") for name in way)))


def _fault(what: str, mend: str) -> Finding:
    return Finding(state=FindingState.FAULT, what=what, mend=mend)
