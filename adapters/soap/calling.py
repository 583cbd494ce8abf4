"""Writes the parameters of calls: where a manifest says `criteria.surname`, a surname within criteria."""

from collections.abc import Iterable

from adapters.kit.looking import as_written
from adapters.kit.reader import Looking, Match
from adapters.kit.soap_mapping import SoapRecords, SoapRelated

Call = dict[str, object]


def calls_for(records: SoapRecords, match: Match) -> list[Call]:
    """List the parameters of each call: one for each strong identifier, or one for all names together."""
    keys = records.keys.mapped()
    pairs = [(keys[name].place, as_written(keys[name], value)) for name, value in match.wanted]
    given = list(records.with_.items())
    if match.looking is Looking.ANY:
        return [nested([*given, pair]) for pair in pairs]
    return [nested([*given, *pairs])]


def related_call(part: SoapRelated, reference: str) -> Call:
    """Give the parameters of the call for what hangs on a record."""
    return nested([*part.with_.items(), (part.by, reference)])


def nested(pairs: Iterable[tuple[str, str]]) -> Call:
    """Put each value into the part that its dotted name says."""
    whole: Call = {}
    for dotted, value in pairs:
        *outer, last = dotted.split(".")
        within = whole
        for name in outer:
            part = within.setdefault(name, {})
            within = part if isinstance(part, dict) else within
        within[last] = value
    return whole
