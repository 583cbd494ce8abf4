import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sharing.v1 import links_pb2

from hub.links.breaker import FAILURES_IN_A_ROW, OPEN_SECONDS, BreakerState
from hub.links.gathering import Arrival, Gathering
from hub.links.link import MOST_WAITING, Link
from hub.links.register import MOST_LINKS, Links
from hub.links.turnstile import BURST
from hub.model.membership import AgencyCertificate
from hub.model.outcome import Outcome, Reason
from hub.model.person import PersonKeys
from tests.unit.hub.links.wire import AGENCY, Clock, Wire, hello, reply, serving
from tests.unit.hub.making import question_about

QUESTION = question_about(PersonKeys(nhs_number="9990000018"))
HOUR = 3_600.0
Said = tuple[Outcome, Reason | None]
DOWN: Said = (Outcome.NO_ANSWER, Reason.DOWN)
LATE: Said = (Outcome.NO_ANSWER, Reason.LATE)
UNABLE: Said = (Outcome.NO_ANSWER, Reason.UNABLE)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def links(clock: Clock) -> Links:
    return Links(clock)


def connect(links: Links, clock: Clock, number: int = 1, *questions: str, agency: str = AGENCY) -> Link:
    link = Link(agency, hello(f"instance-number-{number:04}", *questions), links, clock)
    assert links.add(link)
    return link


def ask(links: Links, *agencies: str) -> Gathering:
    gathering = links.gathering(agencies or (AGENCY,))
    links.ask(gathering, QUESTION, [(agency, ("school",)) for agency in agencies or (AGENCY,)], "v1", seconds=HOUR)
    return gathering


async def all_of(gathering: Gathering) -> list[Arrival]:
    """Return every arrival of a gathering that is complete."""
    assert gathering.is_complete
    return await gathering.next()


async def said(gathering: Gathering) -> Said:
    (arrival,) = await all_of(gathering)
    return arrival.outcome, arrival.reason


def nonce_of(link: Link, ask_id: int) -> bytes:
    return link._pending[ask_id].nonce


def answer(link: Link, ask_id: int) -> None:
    link._accept(reply(ask_id, nonce=nonce_of(link, ask_id)).replies[0])


def open_breaker(links: Links, link: Link) -> None:
    """Let replies come that nobody can read until the agency is not asked any more."""
    for _ in range(FAILURES_IN_A_ROW):
        ask(links)
        link._accept(links_pb2.Reply(ask_id=link.asked))
    assert links.breaker(AGENCY).state is BreakerState.OPEN


async def test_an_agency_without_a_link_is_down_at_once(links: Links) -> None:
    assert await said(ask(links)) == DOWN


async def test_an_agency_whose_links_all_drain_is_down(links: Links, clock: Clock) -> None:
    connect(links, clock).drain()
    assert await said(ask(links)) == DOWN


async def test_an_agency_that_does_not_take_the_question_is_unable(links: Links, clock: Clock) -> None:
    connect(links, clock, 1, "youth_order")
    assert await said(ask(links)) == UNABLE


async def test_a_question_goes_to_a_process_that_takes_it(links: Links, clock: Clock) -> None:
    connect(links, clock, 1, "youth_order")
    able = connect(links, clock, 2, "child_services")
    ask(links)
    assert able.asked == 1


async def test_processes_of_one_agency_share_the_asks_evenly(links: Links, clock: Clock) -> None:
    processes = [connect(links, clock, number) for number in range(3)]
    for _ in range(30):
        ask(links)
    assert [process.asked for process in processes] == [10, 10, 10]


async def test_the_least_busy_process_is_asked(links: Links, clock: Clock) -> None:
    busy, idle = connect(links, clock, 1), connect(links, clock, 2)
    ask(links)
    ask(links)
    answer(idle, 1)
    ask(links)
    assert (busy.asked, idle.asked) == (1, 2)


async def test_a_process_that_let_asks_expire_comes_last_until_it_is_heard(links: Links, clock: Clock) -> None:
    hanging, healthy = connect(links, clock, 1), connect(links, clock, 2)
    gathering = ask(links)
    gathering._expire()
    assert hanging.unanswered == 1
    for _ in range(5):
        ask(links)
        answer(healthy, healthy.asked)
    assert (hanging.asked, healthy.asked) == (1, 5)
    hanging.unanswered = 0
    ask(links)
    assert hanging.asked == 2


async def test_a_link_that_has_as_much_waiting_as_it_may_makes_its_agency_late_and_no_other(
    links: Links, clock: Clock
) -> None:
    connect(links, clock)
    other = connect(links, clock, agency="health")
    for _ in range(MOST_WAITING):
        ask(links)
    gathering = ask(links, AGENCY, "health")
    answer(other, 1)
    assert [(arrival.agency, arrival.outcome, arrival.reason) for arrival in await all_of(gathering)] == [
        (AGENCY, *LATE),
        ("health", Outcome.HELD, None),
    ]


async def test_every_ask_has_its_own_nonce_and_fields(links: Links, clock: Clock) -> None:
    schools, health = connect(links, clock), connect(links, clock, agency="health")
    gathering = links.gathering([AGENCY, "health"])
    links.ask(gathering, QUESTION, [(AGENCY, ("school",)), ("health", ("gp_practice",))], "v1", seconds=HOUR)
    (first,), (second,) = schools._out.message.asks, health._out.message.asks
    assert len({first.nonce, second.nonce}) == 2
    assert (list(first.fields), list(second.fields)) == (["school"], ["gp_practice"])
    assert first.person.nhs_number == QUESTION.person.nhs_number


async def test_a_question_that_was_cut_before_it_was_asked_asks_nobody(links: Links, clock: Clock) -> None:
    link = connect(links, clock)
    gathering = links.gathering([AGENCY])
    gathering.cut()
    links.ask(gathering, QUESTION, [(AGENCY, ("school",))], "v1", seconds=HOUR)
    assert link.asked == 0


async def test_an_open_breaker_keeps_questions_from_a_connected_agency(links: Links, clock: Clock) -> None:
    link = connect(links, clock)
    open_breaker(links, link)
    asked = link.asked
    assert await said(ask(links)) == DOWN
    assert link.asked == asked


async def test_one_question_is_let_through_a_half_open_breaker_and_its_answer_closes_it(
    links: Links, clock: Clock
) -> None:
    link = connect(links, clock)
    open_breaker(links, link)
    clock.seconds += OPEN_SECONDS
    probe = ask(links)
    assert await said(ask(links)) == DOWN
    answer(link, link.asked)
    assert (await said(probe))[0] is Outcome.HELD
    assert links.breaker(AGENCY).state is BreakerState.CLOSED


async def test_when_the_question_let_through_is_abandoned_the_next_is(links: Links, clock: Clock) -> None:
    link = connect(links, clock)
    open_breaker(links, link)
    clock.seconds += OPEN_SECONDS
    ask(links).cut()
    gathering = ask(links)
    assert not gathering.is_complete
    answer(link, link.asked)
    assert links.breaker(AGENCY).state is BreakerState.CLOSED


async def test_no_question_is_risked_on_a_process_that_hangs(links: Links, clock: Clock) -> None:
    link = connect(links, clock)
    for _ in range(FAILURES_IN_A_ROW):
        ask(links)._expire()
    clock.seconds += OPEN_SECONDS
    assert links.breaker(AGENCY).state is BreakerState.HALF_OPEN
    assert await said(ask(links)) == DOWN
    wire = Wire()
    async with serving(link, wire):
        wire.send(links_pb2.ConnectRequest(pong=1))
        await asyncio.sleep(0.01)
        assert not ask(links).is_complete


async def test_the_newer_link_of_one_process_takes_the_place_of_the_older(links: Links, clock: Clock) -> None:
    old, wire = connect(links, clock), Wire()
    serve = asyncio.create_task(old.serve(wire.read, wire.write))
    new = connect(links, clock)
    async with asyncio.timeout(5):
        await serve
    assert links.connected(AGENCY) == (new,)
    links.remove(old)
    assert links.connected(AGENCY) == (new,)


async def test_what_was_asked_on_an_older_link_is_answered_there_and_nothing_more_is_asked(
    links: Links, clock: Clock
) -> None:
    old = connect(links, clock)
    gathering = ask(links)
    new = connect(links, clock)
    ask(links)
    assert (old.in_flight, new.in_flight) == (1, 1)
    answer(old, 1)
    assert (await said(gathering))[0] in (Outcome.HELD, Outcome.NOTHING_HELD)
    assert (old.in_flight, new.in_flight) == (0, 1)


async def test_a_process_of_another_agency_may_have_the_same_instance(links: Links, clock: Clock) -> None:
    schools, health = connect(links, clock), connect(links, clock, agency="health")
    assert (links.connected(AGENCY), links.connected("health")) == ((schools,), (health,))


async def test_an_agency_may_have_only_so_many_links_and_replace_one_of_them(links: Links, clock: Clock) -> None:
    for number in range(MOST_LINKS):
        connect(links, clock, number)
    assert not links.add(Link(AGENCY, hello("instance-number-9999"), links, clock))
    connect(links, clock, 0)
    assert len(links.connected(AGENCY)) == MOST_LINKS
    connect(links, clock, agency="health")


async def test_an_agency_that_connects_too_often_is_turned_away_and_no_other_is(links: Links) -> None:
    assert [links.admits(AGENCY) for _ in range(BURST + 1)] == [True] * BURST + [False]
    assert links.admits("health")


AGENCIES = ("schools", "health", "connexions")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["connect", "ask", "answer", "forge", "repeat", "unknown", "withhold", "expire", "cut", "break", "wait"]
        ),
        st.integers(0, 5),
    ),
    max_size=60,
)


class Storm:
    """Agencies that do anything, in any order, and questions that must end well all the same."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.links = Links(self.clock)
        self.gatherings: list[Gathering] = []
        self._instances = 0

    def step(self, what: str, which: int) -> None:
        agency = AGENCIES[which % len(AGENCIES)]
        link = next(iter(self.links.connected(agency)), None)
        match what:
            case "connect":
                self._instances += 1
                connect(self.links, self.clock, self._instances, agency=agency)
            case "ask":
                self.gatherings.append(ask(self.links, *AGENCIES))
            case "wait":
                self.clock.seconds += which
            case "expire" | "cut" if self.gatherings:
                gathering = self.gatherings[which % len(self.gatherings)]
                if not gathering.is_complete and not gathering.was_cut:
                    (gathering._expire if what == "expire" else gathering.cut)()
            case "break" if link:
                self.links.remove(link)
                link._resolve_pending()
            case "answer" | "forge" | "repeat" | "unknown" | "withhold" if link:
                self._reply(link, what)

    def _reply(self, link: Link, what: str) -> None:
        ask_id = next(iter(link._pending), 0)
        message = links_pb2.Reply(ask_id=ask_id, status=links_pb2.REPLY_STATUS_ANSWERED)
        if ask_id and what != "forge":
            message.nonce = nonce_of(link, ask_id)
        if what == "unknown":
            message.ask_id += 1_000
        if what == "withhold":
            message.status = links_pb2.REPLY_STATUS_WITHHELD
        for _ in range(2 if what == "repeat" else 1):
            link._accept(message)

    def settle(self) -> None:
        """Let the time of every question run out."""
        for gathering in self.gatherings:
            if not gathering.was_cut:
                gathering._expire()
            gathering.close()


@given(STEPS)
async def test_whatever_agencies_do_every_question_has_one_outcome_for_each_of_them(
    steps: list[tuple[str, int]],
) -> None:
    storm = Storm()
    for what, which in steps:
        storm.step(what, which)
    storm.settle()
    for gathering in storm.gatherings:
        if not gathering.was_cut:
            assert sorted(arrival.agency for arrival in await all_of(gathering)) == sorted(AGENCIES)
    for agency in AGENCIES:
        assert [link.in_flight for link in storm.links.connected(agency)] == [0] * len(storm.links.connected(agency))
        # Whatever happened, the agency is asked again a while later: no question that was let through is lost track of.
        storm.clock.seconds += OPEN_SECONDS
        assert storm.links.breaker(agency).admits()


def standing_on(links: Links, clock: Clock, number: int, ends_at_ms: int) -> Link:
    certificate = AgencyCertificate(
        agency=AGENCY, serial=f"{number:x}", begins_at_ms=0, ends_at_ms=ends_at_ms, authority=""
    )
    link = Link(AGENCY, hello(f"instance-number-{number:04}"), links, clock, certificate=certificate)
    assert links.add(link)
    return link


async def test_a_cut_link_is_asked_nothing_and_what_was_asked_of_it_has_its_outcome_at_once(
    links: Links, clock: Clock
) -> None:
    link, other = connect(links, clock), connect(links, clock, agency="health")
    gathering = ask(links)
    assert links.cut(AGENCY) == 1
    assert await said(gathering) == DOWN
    assert await said(ask(links)) == DOWN
    assert link._closed.is_set()
    assert links.connected("health") == (other,)
    assert links.cut(AGENCY) == 0


async def test_a_link_that_gives_way_is_cut_with_its_agency_s_others(links: Links, clock: Clock) -> None:
    old = connect(links, clock)
    gathering = ask(links)
    new = connect(links, clock)
    assert not old._closed.is_set()
    assert links.cut(AGENCY) == 2
    assert old._closed.is_set()
    assert new._closed.is_set()
    assert await said(gathering) == DOWN


async def test_only_links_whose_certificate_counts_no_more_are_cut(links: Links, clock: Clock) -> None:
    bad, good = standing_on(links, clock, 1, 1), standing_on(links, clock, 2, 1)
    assert links.cut_where(lambda certificate: "revoked" if certificate.serial == "1" else "") == 1
    assert links.connected(AGENCY) == (good,)
    assert bad._closed.is_set()


async def test_a_link_whose_certificate_has_ended_is_asked_nothing(clock: Clock) -> None:
    now = [999]
    links = Links(clock, now_ms=lambda: now[0])
    link = standing_on(links, clock, 1, 1_000)
    ask(links)
    assert link.asked == 1
    now[0] = 1_000
    assert await said(ask(links)) == DOWN
    assert links._any(AGENCY) is None
