"""Finds what an ask is about in its record set, and keeps silent where nobody may learn that there is something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sharing.v1.links_pb2 import Ask

from adapters.kit.errors import TooManyPeople
from adapters.kit.journal import AskOutcome
from adapters.kit.looking import ways_to_look, wider_ways
from adapters.kit.mapping import Key, Wider
from adapters.kit.reader import Finds, Found, Match, Reader
from adapters.kit.searching import Searches
from adapters.kit.turns import Turns
from adapters.kit.veto import VetoRule, records_under, rules_that_held_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """The record set that answers one question: reader, names, and the keys by which a person is looked for.

    `has_terms` where its manifest maps what is said about letting records leave. `turns` are those of its source.
    `plain` names the record set as the manifest does, where `records` is read under rules that hold back records from
    everybody. `searches` where the record set may be searched for people.
    """

    reader: Reader
    records: str
    source: str
    keys: Mapping[str, Key]
    fields: frozenset[str]
    has_terms: bool = False
    turns: Turns = field(default_factory=Turns)
    plain: str = ""
    wider: Wider | None = None
    searches: Searches | None = None

    def under(self, rules: Sequence[VetoRule]) -> "Answerer":
        """Give the one that reads under rules by which records are held back."""
        return replace(self, records=records_under(self.plain or self.records, rules)) if rules else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of an ask, with what was found where it was answered, and how that was looked for.

    `found` is what is told: of somebody shielded, and of somebody withheld whom the requester must not learn of, it is
    what it would be of somebody unknown. `references` are the agency's own, for its journal, and `vetoes` names what of
    the agency's own rules refused the ask or held something back. `again` reads once more what a search found.
    """

    outcome: AskOutcome
    source: str = ""
    found: Found | None = None
    match: Match | None = None
    references: tuple[str, ...] = ()
    withheld: int = 0
    vetoes: tuple[str, ...] = ()
    again: Finds | None = None


async def find(answerer: Answerer, ask: Ask, deadline: float, rules: Sequence[VetoRule] = ()) -> Result:
    """Try each way to look until one finds something that can be told; `rules` are those under which it is read.

    Where something is kept back in silence the other ways are tried all the same, as for somebody who is unknown: what
    is not told must take as long as what is not there. What only a wider look finds is told all the same, but for what
    may be about the same person: as if that person's own records were not there.
    """
    fields = tuple(name for name in dict.fromkeys(ask.fields) if name in answerer.fields)
    ways = ways_to_look(answerer.keys, ask.person, with_shielded=ask.with_shielded)
    ways += wider_ways(answerer.wider, ask.person, ask.looking, with_shielded=ask.with_shielded)
    told, silent = Result(outcome=AskOutcome.UNABLE, source=answerer.source), None
    apart: tuple[tuple[str, ...], ...] = ()
    for each in ways if fields else ():
        way = replace(each, apart=apart) if each.near is not None else each
        try:
            found = await answerer.reader.find(answerer.records, way, fields, deadline)
        except TooManyPeople:
            return Result(outcome=AskOutcome.UNABLE, source=answerer.source)
        apart += found.apart
        if found.is_silent:
            if found.withheld and ask.with_shielded:
                return Result(
                    outcome=AskOutcome.WITHHELD,
                    source=answerer.source,
                    withheld=found.withheld,
                    vetoes=_vetoes(rules, found),
                )
            silent = silent or found
        else:
            told = _told(answerer, found, way, rules)
            if found.record_dates:
                if way.near is not None and silent is not None:
                    # The agency's journal has what was kept back before, which this look may not have met.
                    kept_back = silent.withheld + len(silent.shielded)
                    return replace(told, withheld=max(told.withheld, kept_back))
                break
    return told if silent is None else _kept_silent(answerer, silent, rules)


def _told(answerer: Answerer, found: Found, way: Match, rules: Sequence[VetoRule]) -> Result:
    return Result(
        outcome=AskOutcome.ANSWERED,
        source=answerer.source,
        found=found,
        match=way,
        references=tuple(dict.fromkeys(filter(None, found.references))),
        withheld=found.withheld + len(found.shielded),
        vetoes=_vetoes(rules, found),
    )


def _kept_silent(answerer: Answerer, found: Found, rules: Sequence[VetoRule]) -> Result:
    return Result(
        outcome=AskOutcome.SHIELDED if found.shielded else AskOutcome.WITHHELD,
        source=answerer.source,
        found=found,
        references=tuple(dict.fromkeys(filter(None, found.shielded))),
        withheld=found.withheld + len(found.shielded),
        vetoes=_vetoes(rules, found),
    )


def _vetoes(rules: Sequence[VetoRule], found: Found) -> tuple[str, ...]:
    return rules_that_held_back(rules, found.withheld_by) if found.withheld else ()
