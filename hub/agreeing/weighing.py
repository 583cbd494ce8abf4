"""Weighing for people: which policy is meant, and what the workshop works out about it, as JSON."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Protocol

import orjson

from hub.access.past_requests import PAST_KINDS, PastRequest, past_request
from hub.access.reviews import Dated, reviews
from hub.agreeing.process import Process, as_bytes, faulty
from hub.agreeing.showing import Showing
from hub.errors import InvalidRequest, NotHeld, PolicyError
from hub.model.entry import Entry
from hub.model.policy import Office
from hub.model.proposal import ProposalKind, Publication

MOST_REHEARSED = 20_000
MOST_DAYS = 3_660
_USUALLY_REHEARSED = 1_000
_LISTS = ("gains", "losses", "others", "opens", "loosens")


class Workshop(Protocol):
    """Works out things about policies in a process of its own."""

    async def weigh(self, command: str, *drafts: Mapping[str, bytes], **parameters: object) -> list[object]:
        """Have a command done, and return the pieces of its result."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """One policy: a proposal's, a publication's, or with neither the one in force."""

    proposal: str = ""
    publication: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an explanation is wanted of: an account's office, or one that is given, and a question."""

    user_name: str
    office: Office
    question: str
    source: str
    purpose: str


class Weighing:
    """Finds the texts and has them weighed; each result is one JSON document, described in docs/administering.md."""

    def __init__(
        self,
        process: Process,
        showing: Showing,
        workshop: Workshop,
        *,
        newest_entries: Callable[[int, Collection[str]], Iterable[tuple[int, Entry]]],
    ) -> None:
        """Take what the process works with, and how the newest entries of the audit log are read, with positions."""
        self._process = process
        self._showing = showing
        self._workshop = workshop
        self._newest_entries = newest_entries

    async def texts(self, which: Which) -> dict[str, bytes]:
        """Return the texts of one policy; raise NotHeld when there is none such."""
        if which.proposal:
            proposal = await self._process.proposal(which.proposal)
            if proposal.kind is not ProposalKind.POLICY:
                raise InvalidRequest("NO_POLICY", "This proposal is about accounts.", mend="See: hub policy proposals")
            return as_bytes(await self._process.store(self._process.proposals.texts, which.proposal))
        if not which.publication:
            return as_bytes((await self._process.in_force()).texts)
        found = await self._process.store(self._process.publications.find, which.publication)
        if found is None or found.kind is not ProposalKind.POLICY:
            mend = "See which there have been with: hub policy history"
            raise NotHeld("NO_SUCH_PUBLICATION", "No policy was published under this number.", mend=mend)
        return as_bytes(found.texts)

    async def matrix(self, which: Which, level: str) -> bytes:
        """Work out who may see what of whom; of one level, if one is named."""
        rows = await self._weigh("matrix", which, at=self._at(), level=level)
        return orjson.dumps({"rows": rows})

    async def difference(self, which: Which, against: Which) -> bytes:
        """Work out who gains and who loses by one policy against another."""
        document: dict[str, list[object]] = {name: [] for name in _LISTS}
        for piece in await self._weigh("difference", against, which, at=self._at()):
            match piece:
                case [str(name), value] if name in document:
                    document[name].append(value)
                case _:
                    raise ValueError("this is no part of a difference")
        return orjson.dumps(document)

    async def explanation(self, which: Which, asked: Asked) -> bytes:
        """Work out why an office may ask a question, or not."""
        office = await self._office_of(asked.user_name) if asked.user_name else asked.office
        (document,) = await self._weigh(
            "explanation",
            which,
            at=self._at(),
            level=office.level,
            requester=office.agency,
            areas=office.areas,
            question=asked.question,
            source=asked.source,
            purpose=asked.purpose,
        )
        return orjson.dumps(document)

    async def rehearsal(self, which: Which, last: int) -> bytes:
        """Work out which of the last questions would come out otherwise; nothing of a case goes into it."""
        if last > MOST_REHEARSED:
            raise InvalidRequest("TOO_MANY", "That is too many questions.", mend=f"At most {MOST_REHEARSED:,}.")
        past = await self._process.store(self._past, last or _USUALLY_REHEARSED)
        spelt = [asdict(request) for request in past]
        match await self._weigh("rehearsal", Which(), which, at=self._at(), past=spelt):
            case [*changes, dict(counts)]:
                return orjson.dumps({**counts, "changes": changes})
            case _:
                raise ValueError("this is no rehearsal")

    async def reviews(self, days: int) -> bytes:
        """List the agreements whose review or end is near or past, and the emergencies that await a review."""
        if days > MOST_DAYS:
            raise InvalidRequest("TOO_MANY", "That is too far ahead.", mend=f"At most {MOST_DAYS:,} days.")
        found = reviews(self._process.policy.agreements.values(), self._now(), days=days)
        states = {"overdue": found.overdue, "due": found.due, "ending": found.ending, "ended": found.ended}
        emergencies = await self._showing.emergencies()
        now_ms = self._process.now_ms()
        return orjson.dumps(
            {
                "agreements": [_agreement(one, state) for state, agreed in states.items() for one in agreed],
                "emergencies": [_emergency(one, now_ms) for one in emergencies],
            }
        )

    async def _weigh(self, command: str, *which: Which, **parameters: object) -> list[object]:
        drafts = [await self.texts(one) for one in which]
        try:
            return await self._workshop.weigh(command, *drafts, **parameters)
        except PolicyError as error:
            raise faulty(error) from None

    async def _office_of(self, user_name: str) -> Office:
        account = await self._process.store(self._process.accounts.find, user_name)
        if account is None:
            mend = "See which there are with: hub account list"
            raise NotHeld("NO_ACCOUNT", "There is no such account.", mend=mend, field="user_name")
        return Office(account.access_level, account.agency, account.areas)

    def _past(self, last: int) -> list[PastRequest]:
        found = self._newest_entries(last, PAST_KINDS)
        read = (past_request(entry, position) for position, entry in found)
        return [request for request in read if request is not None]

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._process.now_ms() / 1_000, UTC)

    def _at(self) -> str:
        return self._now().isoformat()


def _agreement(agreement: Dated, state: str) -> dict[str, object]:
    return {
        "id": agreement.id,
        "title": agreement.title,
        "review": agreement.review.isoformat(),
        "until": agreement.ends.isoformat(),
        "state": state,
    }


def _emergency(publication: Publication, now_ms: int) -> dict[str, object]:
    due_ms = publication.review_due_ms or 0
    return {
        "number": publication.number,
        "at": _moment(publication.at_ms),
        "publisher": publication.publisher,
        "emergency": publication.emergency,
        "due": _moment(due_ms),
        "is_overdue": now_ms >= due_ms,
    }


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1_000, UTC).isoformat()
