import asyncio

import pytest
from sharing.v1 import links_pb2

from hub.links.gathering import Gathering
from hub.links.link import (
    MOST_FAULTS,
    MOST_IN_VAIN,
    MOST_PENDING,
    MOST_WAITING,
    PING_SECONDS,
    REMEMBERED_DROPS,
    SILENT_PINGS,
    Link,
)
from hub.model.outcome import Outcome, Reason
from tests.unit.hub.links.wire import AGENCY, NONCE, Clock, Watch, Wire, asked, hello, reply, serving

Said = tuple[Outcome, Reason | None]
DOWN: Said = (Outcome.NO_ANSWER, Reason.DOWN)
MALFORMED: Said = (Outcome.NO_ANSWER, Reason.MALFORMED)
HELD: Said = (Outcome.HELD, None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def link(watch: Watch, clock: Clock) -> Link:
    return Link(AGENCY, hello(), watch, clock)


@pytest.fixture
async def wire() -> Wire:
    return Wire()


async def said(gathering: Gathering) -> Said:
    async with asyncio.timeout(5):
        (arrival,) = await gathering.next()
    return arrival.outcome, arrival.reason


async def ended(task: asyncio.Task[None]) -> bool:
    await asyncio.wait([task], timeout=5)
    return task.done()


async def test_a_link_begins_with_a_welcome_that_names_the_certificates_agency(link: Link, wire: Wire) -> None:
    async with serving(link, wire):
        assert wire.written[0].welcome.agency == AGENCY


async def test_an_ask_goes_out_and_its_reply_arrives(link: Link, wire: Wire, clock: Clock, watch: Watch) -> None:
    async with serving(link, wire):
        gathering = asked(link, clock)
        (ask,) = (await wire.received(2))[1].asks
        assert (ask.nonce, list(ask.fields)) == (NONCE, ["school"])
        wire.send(reply(ask.ask_id))
        assert await said(gathering) == HELD
    assert watch.told == {"answered": 1}


async def test_what_waits_while_a_write_is_under_way_goes_out_as_one_message(
    link: Link, wire: Wire, clock: Clock
) -> None:
    async with serving(link, wire):
        wire.flows.clear()
        gatherings = [asked(link, clock)]
        await asyncio.sleep(0.01)
        gatherings += [asked(link, clock) for _ in range(50)]
        link.drop(3, failed=False)
        wire.flows.set()
        _, first, rest = await wire.received(3)
        assert [ask.ask_id for ask in first.asks] == [1]
        assert [ask.ask_id for ask in rest.asks] == list(range(2, 52))
        assert list(rest.dropped) == [3]


async def test_what_waits_to_go_out_when_a_link_is_cut_never_goes(link: Link, wire: Wire, clock: Clock) -> None:
    task = asyncio.create_task(link.serve(wire.read, wire.write))
    await wire.received(1)
    clock.seconds += 1.0
    # The writer was woken by the ask, and would come before whoever ends the link.
    gathering = asked(link, clock)
    link.cut()
    assert await ended(task)
    assert await said(gathering) == DOWN
    assert not [ask for message in wire.written for ask in message.asks]


async def test_a_burst_of_asks_is_two_messages_at_most(link: Link, wire: Wire, clock: Clock) -> None:
    async with serving(link, wire):
        for _ in range(100):
            asked(link, clock)
        await wire.received(2)
        await asyncio.sleep(0.02)
        assert sum(len(message.asks) for message in wire.written) == 100
        assert len(wire.written) <= 3


async def test_a_link_takes_no_more_asks_than_it_may_have_waiting(link: Link, clock: Clock) -> None:
    for _ in range(MOST_WAITING):
        asked(link, clock)
    assert not link.ask(links_pb2.Ask(), nonce=NONCE, fields=(), gathering=Gathering([AGENCY], clock))


async def test_a_link_takes_no_more_asks_than_may_be_in_flight(link: Link, wire: Wire, clock: Clock) -> None:
    async with serving(link, wire):
        gatherings: list[Gathering] = []
        while len(gatherings) < MOST_PENDING:
            gatherings += [asked(link, clock) for _ in range(MOST_WAITING)]
            await wire.received(1 + len(gatherings) // MOST_WAITING)
        assert not link.ask(links_pb2.Ask(), nonce=NONCE, fields=(), gathering=Gathering([AGENCY], clock))
        assert link.in_flight == MOST_PENDING
    assert {await said(gathering) for gathering in gatherings} == {DOWN}
    assert link.in_flight == 0


async def test_a_reader_that_never_reads_lets_nothing_grow_without_end(link: Link, wire: Wire, clock: Clock) -> None:
    async with serving(link, wire):
        wire.flows.clear()
        for _ in range(5 * MOST_PENDING):
            gathering = Gathering([AGENCY], clock)
            if link.ask(links_pb2.Ask(), nonce=NONCE, fields=("school",), gathering=gathering):
                link.drop(link.asked, failed=True)
        waiting = link._out.message
        assert len(waiting.asks) <= MOST_WAITING
        assert len(waiting.dropped) <= MOST_PENDING
        assert link.in_flight == 0


async def test_a_late_reply_is_counted_once_and_never_arrives(
    link: Link, wire: Wire, clock: Clock, watch: Watch
) -> None:
    async with serving(link, wire):
        gathering = asked(link, clock)
        link.drop(1, failed=True)
        other = asked(link, clock)
        wire.send(reply(1))
        wire.send(reply(2))
        assert await said(other) == HELD
        assert (link.late, link.faults) == (1, 0)
        assert gathering.missing() == [AGENCY]
        wire.send(reply(1))
        last = asked(link, clock)
        wire.send(reply(3))
        assert await said(last) == HELD
        assert (link.late, link.faults) == (1, 1)
    assert watch.told == {"failed": 1, "answered": 2, "at_fault": 1}


async def test_a_message_full_of_one_late_reply_is_given_up_soon(link: Link, wire: Wire, clock: Clock) -> None:
    async with serving(link, wire) as task:
        for _ in range(REMEMBERED_DROPS + 10):
            if not link.ask(links_pb2.Ask(), nonce=NONCE, fields=(), gathering=Gathering([AGENCY], clock)):
                await wire.received(len(wire.written) + 1)
                continue
            link.drop(link.asked, failed=True)
        assert len(link._dropped) == REMEMBERED_DROPS
        last = link.asked
        wire.send(links_pb2.ConnectRequest(replies=[links_pb2.Reply(ask_id=last)] * 70_000))
        assert await ended(task)
        assert (link.late, link.faults) == (1, MOST_FAULTS + 1)


async def test_a_reply_with_another_nonce_is_malformed(link: Link, wire: Wire, clock: Clock, watch: Watch) -> None:
    async with serving(link, wire):
        gathering = asked(link, clock)
        wire.send(reply(1, nonce=b"another."))
        assert await said(gathering) == MALFORMED
    assert watch.told == {"at_fault": 1, "failed": 1}


async def test_a_second_reply_to_one_ask_is_a_fault_and_changes_nothing(
    link: Link, wire: Wire, clock: Clock, watch: Watch
) -> None:
    async with serving(link, wire):
        gathering, other = asked(link, clock), asked(link, clock)
        for message in (reply(1, value="Hill Top"), reply(1, value="Other"), reply(2)):
            wire.send(message)
        await said(other)
        (arrival,) = await gathering.next()
    assert arrival.records is not None
    assert arrival.records.cells == ("Hill Top",)
    assert watch.told["at_fault"] == 1


async def test_a_reply_on_another_link_of_the_agency_is_unknown_there(watch: Watch, clock: Clock, wire: Wire) -> None:
    link, other = Link(AGENCY, hello(), watch, clock), Link(AGENCY, hello("instance-number-0002"), watch, clock)
    async with serving(other, wire):
        gathering = asked(link, clock)
        wire.send(reply(1))
        asked(other, clock)
        wire.send(reply(1))
        await wire.received(2)
        await asyncio.sleep(0)
        assert gathering.missing() == [AGENCY]
        assert other.faults == 1


async def test_records_beside_a_withheld_reply_are_dropped_and_counted(
    link: Link, wire: Wire, clock: Clock, watch: Watch
) -> None:
    async with serving(link, wire):
        gathering = asked(link, clock)
        message = reply(1)
        message.replies[0].status = links_pb2.REPLY_STATUS_WITHHELD
        wire.send(message)
        (arrival,) = await gathering.next()
    assert (arrival.outcome, arrival.records) == (Outcome.WITHHELD, None)
    assert watch.told == {"answered": 1, "at_fault": 1}


@pytest.mark.parametrize(
    "nothing", [b"", b"\x18\x07", b"\x7a\x01x"], ids=["empty", "an echo of no ping", "a field of no contract"]
)
async def test_messages_that_bring_nothing_end_the_link(link: Link, wire: Wire, clock: Clock, nothing: bytes) -> None:
    async with serving(link, wire) as task:
        gathering = asked(link, clock)
        for _ in range(MOST_FAULTS + 1):
            wire.send(nothing)
        assert await ended(task)
        assert await said(gathering) == MALFORMED


async def test_an_echo_counts_once_and_only_for_a_ping_that_went_out(link: Link, wire: Wire, clock: Clock) -> None:
    async with serving(link, wire):
        asked(link, clock)
        link.drop(1, failed=True)
        await wire.received(2)
        pings = [message.ping for message in wire.written if message.ping]
        assert pings == [1]
        for number in (1, 1, 2):
            wire.send(links_pb2.ConnectRequest(pong=number))
        gathering = asked(link, clock)
        wire.send(reply(2))
        assert await said(gathering) == HELD
        assert link.faults == 2


async def test_saying_once_that_it_drains_is_no_fault_and_saying_nothing_else_is(link: Link, wire: Wire) -> None:
    async with serving(link, wire) as task:
        wire.send(links_pb2.ConnectRequest(draining=True))
        for _ in range(MOST_FAULTS):
            wire.send(links_pb2.ConnectRequest(draining=True))
        await asyncio.sleep(0.01)
        assert link.is_draining
        assert not task.done()
        assert link.faults == MOST_FAULTS


async def test_a_link_that_let_an_ask_expire_is_marked_until_it_is_heard(link: Link, wire: Wire, clock: Clock) -> None:
    async with serving(link, wire):
        asked(link, clock)
        link.drop(1, failed=True)
        assert link.unanswered == 1
        await wire.received(2)
        wire.send(links_pb2.ConnectRequest(pong=1))
        await asyncio.sleep(0.01)
        assert link.unanswered == 0


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        (b"\xff" * 12, MALFORMED),
        (b"\x12\x02\x22\x01", MALFORMED),
        (links_pb2.ConnectRequest(hello=hello("instance-number-0002")).SerializeToString(), DOWN),
    ],
    ids=["garbage", "cut short", "a second hello"],
)
async def test_a_message_out_of_form_or_turn_ends_the_link_and_whatever_waited_on_it(
    link: Link, wire: Wire, clock: Clock, message: bytes, outcome: Said
) -> None:
    async with serving(link, wire) as task:
        gatherings = [asked(link, clock) for _ in range(3)]
        wire.send(message)
        assert await ended(task)
        assert [await said(gathering) for gathering in gatherings] == [outcome] * 3
        assert link.faults == 1


async def test_unreadable_text_in_a_reply_ends_the_link(link: Link, wire: Wire, clock: Clock) -> None:
    async with serving(link, wire) as task:
        gathering = asked(link, clock)
        wire.send(reply(1, value="XXXX").SerializeToString().replace(b"XXXX", b"\xff\xfe\xff\xfe"))
        assert await ended(task)
        assert await said(gathering) == MALFORMED


async def test_a_link_that_breaks_off_leaves_no_ask_without_an_outcome(
    link: Link, wire: Wire, clock: Clock, watch: Watch
) -> None:
    async with serving(link, wire) as task:
        gatherings = [asked(link, clock) for _ in range(3)]
        wire.hang_up()
        assert await ended(task)
        assert [await said(gathering) for gathering in gatherings] == [DOWN] * 3
    assert watch.told == {"failed": 3}


async def test_a_write_that_fails_ends_the_link_and_says_nothing_of_what_failed(
    link: Link, wire: Wire, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(_message: bytes) -> None:
        raise OSError("a value of a case")

    gathering = asked(link, clock)
    await link.serve(wire.read, fail)
    assert await said(gathering) == DOWN
    captured = capsys.readouterr()
    assert "a value of a case" not in captured.out + captured.err


async def test_a_link_that_is_silent_for_three_pings_ends(
    link: Link, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.links.link.PING_SECONDS", 0.01)
    pinging = asyncio.create_task(link._ping())
    await asyncio.sleep(0.05)
    assert not pinging.done()
    assert link._out.message.ping > 1
    clock.seconds += 1
    assert await ended(pinging)


async def test_a_link_that_falls_silent_between_two_pings_ends_no_later_than_it_is_said_to(
    link: Link, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sleep(seconds: float) -> None:
        clock.seconds += seconds

    monkeypatch.setattr("hub.links.link.asyncio.sleep", sleep)
    link._last_heard = clock() + 3
    fell_silent = link._last_heard
    await link._ping()
    assert clock() - fell_silent == SILENT_PINGS * PING_SECONDS


async def test_a_link_that_is_closed_ends_although_its_adapter_neither_reads_nor_speaks(
    link: Link, wire: Wire, clock: Clock
) -> None:
    async with serving(link, wire) as task:
        wire.flows.clear()
        gathering = asked(link, clock)
        await asyncio.sleep(0.01)
        link.close()
        assert await ended(task)
        assert await said(gathering) == DOWN


def taking_back(*request_ids: str) -> links_pb2.ConnectRequest:
    withdrawals = [links_pb2.Withdrawal(request_id=request_id) for request_id in request_ids]
    return links_pb2.ConnectRequest(withdrawals=withdrawals)


async def test_all_that_one_message_takes_back_is_taken_back(link: Link, wire: Wire, watch: Watch) -> None:
    watch.held = {str(number) for number in range(3 * MOST_IN_VAIN)}
    async with serving(link, wire):
        wire.send(taking_back(*watch.held))
        wire.hang_up()
        await asyncio.sleep(0.01)
    assert (watch.held, link.faults) == (set(), 0)


async def test_a_link_on_which_too_much_is_taken_back_in_vain_ends(link: Link, wire: Wire, watch: Watch) -> None:
    async with serving(link, wire) as task:
        wire.send(taking_back(*map(str, range(MOST_IN_VAIN))))
        await asyncio.sleep(0.01)
        assert (link.faults, task.done()) == (0, False)
        wire.send(taking_back(*map(str, range(MOST_IN_VAIN))))
        assert await ended(task)
    assert link.faults == MOST_FAULTS + 1
    assert watch.told["withdrawn"] == MOST_IN_VAIN + link.faults
