"""Searching the register: all answers are waited for, since nobody can be put in order before everybody is there."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from hub.combining.pages import page_of
from hub.combining.ranking import ranked
from hub.errors import NotHeld
from hub.linkage.grouping import group
from hub.links.gathering import Arrival, Gathering
from hub.model.answer import AgencyAnswer, AnswerPart
from hub.model.criteria import Criteria, too_wide
from hub.model.found_people import MOST_PEOPLE, PAGE, FoundPeople
from hub.sessions.held import Held


async def all_arrivals(gathering: Gathering) -> list[Arrival]:
    """Wait until every agency has answered or is late."""
    arrivals = list(await gathering.next())
    while not (gathering.is_complete or gathering.was_cut):
        arrivals += await gathering.next()
    return arrivals


def find_people(answers: Sequence[AgencyAnswer], criteria: Criteria, comparable: Collection[str]) -> FoundPeople:
    """Put what agencies tell into people, who fits best first; raise InvalidRequest where there are too many."""
    tables = [answer.records for answer in answers if answer.records is not None]
    people = ranked(tables, group(tables), criteria)
    if len(people) > MOST_PEOPLE:
        raise too_wide()
    return FoundPeople(answers=tuple(answers), people=people, comparable=frozenset(comparable))


def next_page(found: FoundPeople) -> tuple[AnswerPart, FoundPeople]:
    """Take the next page; return it, and what was found as it stands when that has been shown."""
    after = replace(found, shown=min(found.shown + PAGE, len(found.people)))
    return page_of(found, found.shown, after.shown), after


def behind(held: Held) -> FoundPeople:
    """Return what is behind the pages that were shown; raise NotHeld where there is nobody more."""
    found = held.found
    if found is None or not found.more:
        raise NotHeld(
            "NO_MORE", "There is nobody more to show.", mend="Look at what was shown: hub view", field="request_id"
        )
    return found


def shown_so_far(held: Held, found: FoundPeople) -> AnswerPart:
    """Return all that has been shown of a search, as one part."""
    first, whole = held.parts[0], page_of(found, 0, found.shown)
    searched = {answer.agency for answer in found.answers}
    others = [answer for answer in first.agencies if answer.agency not in searched]
    return replace(first, agencies=(*others, *whole.agencies), joining=whole.joining, more_people=whole.more_people)
