"""Every agency's links: which are connected, which one is asked, and whether the agency is asked at all."""

import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import structlog
from sharing.v1 import links_pb2

from hub.links.breaker import Breaker, BreakerState
from hub.links.gathering import Arrival, Gathering, shows_nothing
from hub.links.link import Link
from hub.links.receipts import Ledger, Round
from hub.links.turnstile import Turnstile
from hub.links.watching import LinkWatch
from hub.links.wire import address, ask_for, contact_for, journal_ask_for, notice_for
from hub.model.journal import Contact, JournalAnswer, ReceiptSpan
from hub.model.membership import AgencyCertificate
from hub.model.notice import Notice
from hub.model.outcome import Outcome, Reason
from hub.model.person import PersonKeys
from hub.model.request import Request

NONCE_BYTES = 8
MOST_LINKS = 32

_log = structlog.get_logger(__name__)


class Links(LinkWatch):
    """Asks agencies over whatever links they have open, balancing between an agency's own processes."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        ledger: Ledger | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """Start without links; `clock` counts seconds and never goes back, `ledger` is what agencies are owed of.

        `now_ms` is the wall clock, by which certificates end.
        """
        self._clock = clock
        self._now_ms = now_ms
        self._ledger = ledger
        self._rounds: dict[str, Round] = {}
        self._links: dict[str, list[Link]] = {}
        # Those that gave way to another and end soon: nothing more is asked of them.
        self._leaving: set[Link] = set()
        self._breakers: dict[str, Breaker] = {}
        self._turnstiles: dict[str, Turnstile] = {}
        self._faults: Counter[str] = Counter()
        self._withdraw: Callable[[str, str], bool] = lambda _agency, _request_id: False

    def on_withdrawal(self, withdraw: Callable[[str, str], bool]) -> None:
        """Have a function called, with agency and request, when an agency takes back what it sent.

        It tells whether there was anything to take back.
        """
        self._withdraw = withdraw

    def admits(self, agency: str) -> bool:
        """Tell whether one more link of an agency may begin now."""
        if agency not in self._turnstiles:
            self._turnstiles[agency] = Turnstile(self._clock)
        return self._turnstiles[agency].admits()

    def add(self, link: Link) -> bool:
        """Take a link into use; one of the same agency and instance gives way to it.

        Return False when the agency has as many links as it may.
        """
        links = self._links.setdefault(link.agency, [])
        for old in [other for other in links if other.instance == link.instance]:
            links.remove(old)
            self._leaving.add(old)
            old.give_way()
        if len(links) >= MOST_LINKS:
            _log.warning("link.too_many", agency=link.agency, instance=link.instance)
            return False
        links.append(link)
        _log.info("link.opened", agency=link.agency, instance=link.instance, program=link.program)
        return True

    def remove(self, link: Link) -> None:
        """Take a link out of use. Idempotent."""
        links = self._links.get(link.agency, [])
        self._leaving.discard(link)
        if link in links:
            links.remove(link)
            _log.info(
                "link.closed",
                agency=link.agency,
                instance=link.instance,
                asked=link.asked,
                late=link.late,
                faults=link.faults,
            )

    def gathering(
        self,
        agencies: Sequence[str],
        shows_nothing: Callable[[Arrival], bool] = shows_nothing,
        may_be_asked_again: Collection[str] = (),
    ) -> Gathering:
        """Return where the arrivals of these agencies are to gather; nobody is asked yet."""
        return Gathering(agencies, self._clock, shows_nothing, may_be_asked_again)

    def ask(  # noqa: PLR0913  # who is asked what, and what is told each of them
        self,
        gathering: Gathering,
        request: Request,
        asks: Sequence[tuple[str, tuple[str, ...]]],
        policy_version: str,
        *,
        seconds: float,
        agreements: Mapping[str, Sequence[str]] = MappingProxyType({}),
        with_shielded: bool = False,
    ) -> None:
        """Put a request to agencies, each with its own fields; a gathering that has been cut asks nobody.

        An agency that cannot be asked has its outcome at once. `seconds` is how long the others have.
        """
        if gathering.was_cut:
            return
        shared = ask_for(request, policy_version=policy_version, seconds=seconds, with_shielded=with_shielded)
        nonces = os.urandom(NONCE_BYTES * len(asks))
        for number, (agency, fields) in enumerate(asks):
            nonce = nonces[number * NONCE_BYTES : (number + 1) * NONCE_BYTES]
            address(shared, request, agency, agreements.get(agency, ()))
            self._ask_one(agency, shared, nonce, fields, gathering)
        gathering.expire_after(seconds)

    def ask_again(  # who is asked what about whom, and what is told each of them
        self,
        gathering: Gathering,
        request: Request,
        asks: Sequence[tuple[str, tuple[str, ...], PersonKeys]],
        policy_version: str,
        *,
        agreements: Mapping[str, Sequence[str]] = MappingProxyType({}),
        with_shielded: bool = False,
    ) -> Iterator[str]:
        """Put a request once more to agencies that wait for it, each by the keys that it may be told; yield who is.

        They have what is left of the time; once that is up, nobody is asked.
        """
        for agency, fields, person in asks:
            seconds = gathering.remaining
            if seconds > 0 and gathering.begin_again(agency):
                yield agency
                about = replace(request, person=person)
                shared = ask_for(about, policy_version=policy_version, seconds=seconds, with_shielded=with_shielded)
                shared.again = True
                address(shared, request, agency, agreements.get(agency, ()))
                self._ask_one(agency, shared, os.urandom(NONCE_BYTES), fields, gathering)

    def _ask_one(
        self, agency: str, shared: links_pb2.Ask, nonce: bytes, fields: tuple[str, ...], gathering: Gathering
    ) -> None:
        link = self._choose(agency, shared.question)
        if isinstance(link, Reason):
            gathering.arrive(agency, Outcome.NO_ANSWER, link)
        elif not self._admits_question(agency, link):
            gathering.arrive(agency, Outcome.NO_ANSWER, Reason.DOWN)
        elif not link.ask(shared, nonce=nonce, fields=fields, gathering=gathering):
            self.failed(agency)
            gathering.arrive(agency, Outcome.NO_ANSWER, Reason.LATE)

    def _admits_question(self, agency: str, link: Link) -> bool:
        """Tell whether an agency is asked at all: by its breaker, and once that has opened, by a sign of life.

        Where asks expired and nothing has been heard since, an echo of the ping that went out then must come first:
        otherwise a question would wait out its whole deadline only to learn that the adapter still hangs.
        """
        breaker = self.breaker(agency)
        if link.unanswered and breaker.state is not BreakerState.CLOSED:
            return False
        return breaker.admits()

    def _choose(self, agency: str, question: str) -> Link | Reason:
        """Return the least busy link that takes the question, or why there is none.

        One that let asks expire comes last until it is heard again: a process that hangs must not keep its share.
        """
        taking = [link for link in self._links.get(agency, ()) if not link.is_draining and self._counts(link)]
        if not taking:
            return Reason.DOWN
        able = [link for link in taking if question in link.questions]
        if not able:
            return Reason.UNABLE
        return able[0] if len(able) == 1 else min(able, key=lambda link: (link.unanswered, link.in_flight, link.asked))

    def _counts(self, link: Link) -> bool:
        """Tell whether a link's certificate has not ended: TLS looks only once, when the connection begins."""
        return link.certificate is None or self._now_ms() < link.certificate.ends_at_ms

    def owed(self, agency: str) -> Round | None:
        """Return what an agency is owed of the record; None where no record is kept."""
        if self._ledger is not None and agency not in self._rounds:
            self._rounds[agency] = Round(agency, self._ledger)
        return self._rounds.get(agency)

    def recorded(self, agencies: Collection[str]) -> None:
        """Bring these agencies the receipts that have just been recorded."""
        for agency in agencies:
            if owed := self.owed(agency):
                owed.tell()

    async def ask_journal(
        self, agency: str, about: PersonKeys | ReceiptSpan, *, request_id: str, seconds: float
    ) -> JournalAnswer | Reason:
        """Ask an agency's journal who asked about a person, or which receipts it has; return why it did not answer.

        Any of the agency's links will do, since its adapters share one journal. The breaker is neither asked nor told:
        it stands for the agency's back-office systems.
        """
        link = self._any(agency)
        if link is None:
            return Reason.DOWN
        return await link.journal.ask(journal_ask_for(about, request_id, agency), seconds=seconds)

    async def contact(self, agency: str, contact: Contact, *, seconds: float) -> Reason | None:
        """Ask an agency to get in touch with a requester; return nothing once its journal holds that, or why not.

        Whether the agency knows the person is never told.
        """
        link = self._any(agency)
        if link is None:
            return Reason.DOWN
        return await link.journal.contact(contact_for(contact, agency), seconds=seconds)

    async def notice(self, agency: str, notice: Notice, *, seconds: float) -> Reason | None:
        """Tell an agency what concerns a record of its own; return nothing once its journal holds that, or why not."""
        link = self._any(agency)
        if link is None:
            return Reason.DOWN
        return await link.journal.notice(notice_for(notice), seconds=seconds)

    def _any(self, agency: str) -> Link | None:
        """Return the agency's link that was heard of most surely."""
        taking = [link for link in self._links.get(agency, ()) if not link.is_draining and self._counts(link)]
        return min(taking, key=lambda link: (link.unanswered, link.in_flight), default=None)

    def breaker(self, agency: str) -> Breaker:
        """Return an agency's breaker."""
        found = self._breakers.get(agency)
        if found is None:
            found = self._breakers[agency] = Breaker(self._clock)
        return found

    def connected(self, agency: str) -> tuple[Link, ...]:
        """Return the links that an agency has open."""
        return tuple(self._links.get(agency, ()))

    def is_connected(self, agency: str, instance: str) -> bool:
        """Tell whether one process of an agency has a link open."""
        return any(link.instance == instance for link in self._links.get(agency, ()))

    def faults(self, agency: str) -> int:
        """Count what an agency's adapters did that they must not, since the start."""
        return self._faults[agency]

    def cut(self, agency: str, why: str = "withdrawn") -> int:
        """End an agency's links now and return how many there were; what was asked of them is answered by nobody."""
        return self._cut({link: why for link in self._every() if link.agency == agency})

    def cut_where(self, wrong: Callable[[AgencyCertificate], str]) -> int:
        """End every link of whose certificate a reason is given why it counts no more; return how many."""
        reasons = {link: wrong(link.certificate) for link in self._every() if link.certificate is not None}
        return self._cut({link: why for link, why in reasons.items() if why})

    def _every(self) -> list[Link]:
        """Return every link, also those that give way: they may still bring answers."""
        return [*self._leaving, *(link for links in self._links.values() for link in links)]

    def _cut(self, reasons: Mapping[Link, str]) -> int:
        for link, why in reasons.items():
            _log.warning("link.cut", agency=link.agency, instance=link.instance, why=why)
            self.remove(link)
            link.cut()
        return len(reasons)

    def drain(self) -> None:
        """Ask every adapter to go elsewhere."""
        for links in self._links.values():
            for link in links:
                link.drain()

    def close(self) -> None:
        """End every link."""
        for links in self._links.values():
            for link in list(links):
                link.close()

    def answered(self, agency: str) -> None:
        """Count a reply that was understood."""
        self.breaker(agency).succeeded()

    def failed(self, agency: str) -> None:
        """Count an ask that was not answered."""
        self.breaker(agency).failed()

    def abandoned(self, agency: str) -> None:
        """Note an ask that nobody waits for any more, through no failure of the agency."""
        self.breaker(agency).abandoned()

    def at_fault(self, agency: str, count: int = 1) -> None:
        """Count something that the agency's adapter must not do."""
        self._faults[agency] += count

    def withdrawn(self, agency: str, request_id: str) -> bool:
        """Take back an answer to a request of which the agency says that its part may no longer be shown."""
        return self._withdraw(agency, request_id)
