"""Match cards: showing the details of somebody who is only possibly the person asked about, and taking a word on it.

Both are for an answer that is complete, and for one card of it. Nothing is shown before that is recorded, and what was
behind is decided upon again, with the rest of the answer, under the policy as it is now.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from hub.access.in_force import PolicyInForce
from hub.asking.judging import NoNoticing, Noticing
from hub.asking.permitted import permitted
from hub.asking.releasing import ReleaseRules
from hub.asking.withdrawing import Withdrawing
from hub.audit import journey
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonyms
from hub.combining.joined import Joined, joined, keys_of
from hub.errors import InvalidRequest, NotAllowed
from hub.model.entry import Entry
from hub.model.identifiers import STRONG_IDENTIFIERS, is_valid
from hub.model.matching import Word
from hub.model.person import PersonKeys
from hub.model.request import Request
from hub.release.sight import Sight
from hub.sessions.held import Behind, Held
from hub.sessions.session import Session

# By agency, the rows of one person.
Rows = Mapping[str, frozenset[int]]


class Cards:
    """Changes what an open answer shows of one person, at its requester's word."""

    def __init__(
        self,
        *,
        in_force: PolicyInForce,
        audit: AuditLog,
        pseudonyms: Pseudonyms,
        withdrawing: Withdrawing,
        noticing: Noticing | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take the rooms that this passes through, and who is told of a word."""
        self._in_force = in_force
        self._audit = audit
        self._pseudonyms = pseudonyms
        self._withdrawing = withdrawing
        self._noticing = noticing or NoNoticing()
        self._now = now
        self._rules = ReleaseRules()

    async def show_details(self, session: Session, request_id: str, person: int) -> Held:
        """Show all that may be seen of one person; return the answer as it is then.

        Raises NotHeld when there is no such answer or it may not be shown any more, InvalidRequest when nobody in it
        has that number, and NotReady when it cannot be recorded.
        """
        async with self._turn(session, request_id) as held:
            rows = _rows_of(held, person)
            opened = [one.opened(rows[one.whole.agency]) for one in _behind(held) if one.whole.agency in rows]
            if entries := list(self._disclosures(held, opened)):
                await self._audit.record(*entries)
                self._require_same(session, held)
                self._show(session, held, opened)
            return held

    async def judge(self, session: Session, request_id: str, person: int, word: Word) -> Held:
        """Take the requester's word on one person; return the answer as it is then.

        Raises what `show_details` raises, and NotAllowed where numbers say that two people cannot be one.
        """
        if word is Word.NONE:
            raise InvalidRequest(
                "WORD_MISSING",
                "It is not said whether this is the person.",
                mend="Say that it is the same person, or that it is not.",
                field="word",
            )
        async with self._turn(session, request_id) as held:
            rows, is_same = _rows_of(held, person), word is Word.SAME
            if is_same:
                _require_no_contradiction(held, rows)
            concerned = [one for one in _behind(held) if one.whole.agency in rows]
            found = {one.whole.agency: _people(one, rows[one.whole.agency]) for one in concerned}
            changed = [
                one.opened(rows[one.whole.agency]) if is_same else one.without(rows[one.whole.agency])
                for one in concerned
            ]
            disclosed = self._disclosures(held, changed) if is_same else ()
            await self._audit.record(*self._judgements(held.request, rows, is_same=is_same), *disclosed)
            self._require_same(session, held)
            for agency, people in found.items():
                for one in people:
                    session.words.say(held.request, agency, one, word)
            self._show(session, held, changed)
            for agency, people in found.items():
                for one in people:
                    self._noticing.judged(held.request, agency, one, is_same=is_same)
            return held

    @asynccontextmanager
    async def _turn(self, session: Session, request_id: str) -> AsyncIterator[Held]:
        """Wait for the answer's turn, and give it if it is complete and may be shown."""
        held = self._withdrawing.held(session, request_id)
        if held.request.is_search:
            raise InvalidRequest(
                "NO_CARDS",
                "A search has no match cards: nobody was asked about.",
                mend="Ask a question about the child whom you mean.",
                field="request_id",
            )
        async with held.turn:
            self._require_same(session, held)
            if session.find_running(request_id) is not None:
                raise InvalidRequest(
                    "STILL_ASKED",
                    "This question is still being answered.",
                    mend="Wait until the answer is complete.",
                    field="request_id",
                )
            yield held

    def _require_same(self, session: Session, held: Held) -> None:
        """Raise NotHeld when the answer was closed or taken back while something was waited for."""
        self._withdrawing.held(session, held.request.request_id)

    def _disclosures(self, held: Held, opened: list[Behind]) -> Iterator[Entry]:
        """Record for each agency what the details disclose."""
        request, policy, at = held.request, self._in_force.policy, self._now()
        agreements = {permit.agency: permit.agreements for permit in permitted(policy, request, at)}
        for one in opened:
            before = held.sights(one.whole)
            if one.sights == before:
                continue
            fresh = one.since(before)
            yield journey.disclosure(
                request,
                fresh.answer,
                at_ms=int(at.timestamp() * 1_000),
                person=self._pseudonyms.of(request.person),
                policy_version=policy.version,
                agreements=agreements.get(one.whole.agency, ()),
                confirms=True,
            )

    def _judgements(self, request: Request, rows: Rows, *, is_same: bool) -> Iterator[Entry]:
        at_ms, person = int(self._now().timestamp() * 1_000), self._pseudonyms.of(request.person)
        for agency, found in rows.items():
            yield journey.judgement(request, at_ms, person=person, agency=agency, records=len(found), is_same=is_same)

    def _show(self, session: Session, held: Held, changed: list[Behind]) -> None:
        """Show what has changed, and join all rows anew."""
        new = {one.whole.agency: one for one in changed}
        everyone = [new.get(one.whole.agency, one) for one in _behind(held)]
        found = self._joined(session, held.request, everyone)
        held.change(
            [Behind(whole=one.whole, sights=found.sights.get(one.whole.agency, ())) for one in everyone], found.joining
        )

    def _joined(self, session: Session, request: Request, everyone: list[Behind]) -> Joined:
        return joined(
            [one.whole for one in everyone],
            {one.whole.agency: one.sights for one in everyone},
            asked=request.person,
            parameters=self._rules.parameters,
            comparable=self._rules.comparable(self._in_force.policy),
            word_of=partial(session.words.said, request),
        )


def _behind(held: Held) -> list[Behind]:
    """Return all that may be shown of each agency that sent records, in the order in which they answered."""
    return [Behind(whole=answer, sights=held.sights(answer)) for answer in held.answers() if answer.records is not None]


def _rows_of(held: Held, person: int) -> Rows:
    """Return by agency which of its rows are about a person, as the last joining has it."""
    person_of_row = held.joining.person_of_row if held.joining is not None else ()
    rows: dict[str, frozenset[int]] = {}
    first = 0
    for one in _behind(held):
        shown = [row for row, sight in enumerate(one.sights) if sight is not Sight.NOTHING]
        persons = person_of_row[first : first + len(shown)]
        first += len(shown)
        if found := frozenset(row for row, whose in zip(shown, persons, strict=True) if whose == person):
            rows[one.whole.agency] = found
    if not rows:
        raise InvalidRequest(
            "PERSON_UNKNOWN",
            "There is nobody with that number in this answer.",
            mend="Look at the answer again: its people may be numbered anew.",
            field="person",
        )
    return rows


def _people(one: Behind, rows: frozenset[int]) -> list[PersonKeys]:
    """Return whom an agency's rows name, each once."""
    records = one.whole.records
    keys = [] if records is None else list(keys_of(records))
    return list(dict.fromkeys(keys[row] for row in sorted(rows)))


def _certain(held: Held) -> list[int]:
    """Return the numbers of those in an answer who are the person asked about."""
    joining = held.joining
    if joining is None:
        return []
    return [person for person in sorted(set(joining.person_of_row)) if joining.certain[person]]


def _require_no_contradiction(held: Held, rows: Rows) -> None:
    """Raise NotAllowed where a number of these rows is another than what was asked for, or than the person's.

    Two different valid numbers of one kind are no evidence to be weighed: one of them was written down wrongly, or
    these are two people. No word mends that; the agency that is wrong must.
    """
    people = [held.request.person]
    for one in _behind(held):
        people += _people(one, rows.get(one.whole.agency, frozenset()))
    for person in _certain(held):
        for agency, theirs in _rows_of(held, person).items():
            people += [keys for one in _behind(held) if one.whole.agency == agency for keys in _people(one, theirs)]
    numbers = {(kind, getattr(keys, kind)) for keys in people for kind in STRONG_IDENTIFIERS}
    valid = {(kind, number) for kind, number in numbers if number and is_valid(kind, number)}
    if len(valid) != len({kind for kind, _ in valid}):
        raise NotAllowed(
            "NUMBERS_CONTRADICT",
            "Two numbers of one kind say that these are two people.",
            mend="Show the details if you need them, and have the agencies compare their numbers.",
            field="person",
        )
