"""Answers an ask of the register: whoever fits criteria, out of a record set that says that it may be searched."""

from collections.abc import Sequence
from dataclasses import dataclass

from sharing.v1.links_pb2 import Ask

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.finding import Answerer, Result
from adapters.kit.journal import AskOutcome
from adapters.kit.reader import Found, Looking, Match
from adapters.kit.searching import NotSearched, Search, Searches, TooMany, is_too_many
from adapters.kit.turns import Turns
from adapters.kit.veto import VetoRule, rules_that_held_back

NOBODY_IN_PARTICULAR = Match(looking=Looking.ALL, wanted=())


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHoursSearches:
    """A search that is not made at closed hours."""

    searches: Searches
    turns: Turns

    async def search(self, records: str, search: Search, deadline: float) -> Found:
        """Search, unless the source is closed."""
        self.turns.require_open()
        return await self.searches.search(records, search, deadline)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SearchAgain:
    """Makes the same search again, to see whether what left on terms may still be shown. Case data: no repr."""

    searches: Searches
    search: Search

    def __repr__(self) -> str:
        """Say nothing of whom it is for."""
        return "SearchAgain()"

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:  # noqa: ARG002  the search says for whom, and is compared as a whole
        """Search; raises SourceFault."""
        try:
            return await self.searches.search(records, self.search, deadline)
        except TooMany:
            raise SourceFault(SourceFaultKind.TOO_MUCH) from None


async def search(answerer: Answerer, ask: Ask, deadline: float, rules: Sequence[VetoRule] = ()) -> Result:
    """Search the record set of a question; where it may not, or cannot, or finds too many, say that it is unable."""
    wanted = Search.of(ask, answerer.fields)
    unable = Result(outcome=AskOutcome.UNABLE, source=answerer.source)
    if answerer.searches is None or wanted is None:
        return unable
    try:
        found = await answerer.searches.search(answerer.records, wanted, deadline)
    except (TooMany, NotSearched):
        return unable
    except SourceFault as fault:
        if is_too_many(fault):
            return unable
        raise
    return Result(
        outcome=AskOutcome.ANSWERED,
        source=answerer.source,
        found=found,
        match=NOBODY_IN_PARTICULAR,
        again=SearchAgain(searches=answerer.searches, search=wanted),
        references=tuple(dict.fromkeys(filter(None, found.references))),
        withheld=found.withheld,
        vetoes=rules_that_held_back(rules, found.withheld_by) if found.withheld else (),
    )
