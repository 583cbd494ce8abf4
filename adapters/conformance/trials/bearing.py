"""Gold: the adapter bears load, a hub that goes away, links that break, and its own end, without losing an ask."""

import asyncio
from collections.abc import Sequence

from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import Ask, ConnectResponse

from adapters.conformance.bench import Bench, holds_nothing
from adapters.conformance.held_link import Answer, HeldLink
from adapters.conformance.rules import Broken

AT_ONCE = 100
IN_FLIGHT = 20
AWAY_SECONDS, MOST_DIALS = 5.0, 25
BACK_SECONDS = 45.0
AGAIN_SECONDS = 20.0
SHORT_PING, DEAD_SECONDS = 1, 12.0


def _mixed(bench: Bench, count: int) -> list[Ask]:
    """Make so many asks: about all who are known, and every fifth about somebody unknown."""
    known = [(person, question) for _, person, question, _ in bench.known()]
    asks = []
    for number in range(count):
        person, question = known[number % len(known)]
        asks.append(bench.make(question, bench.unknown() if number % 5 == 4 else person))  # noqa: PLR2004  every fifth
    return asks


def _came(asks: Sequence[Ask], answers: Sequence[Answer | None], unknown: bytes) -> str:
    """Say what is wrong with the replies to mixed asks; nothing where all are right."""
    missing = sum(answer is None for answer in answers)
    if missing:
        return f"{missing} of {len(asks)} not answered in their time"
    for ask, answer in zip(asks, answers, strict=True):
        if answer is None:
            continue
        is_unknown = ask.person.SerializeToString() == unknown
        if is_unknown != holds_nothing(answer.reply) or answer.reply.status != links_pb2.REPLY_STATUS_ANSWERED:
            status = links_pb2.ReplyStatus.Name(answer.reply.status)
            return f"{status} about somebody {'unknown' if is_unknown else 'known'}"
    return ""


async def hundred_at_once(bench: Bench) -> str:
    """Send a hundred asks in one message, each with the time of its question."""
    asks = _mixed(bench, AT_ONCE)
    answers = await bench.send(asks)
    if came := _came(asks, answers, bench.unknown().SerializeToString()):
        raise Broken(
            f"{AT_ONCE} asks in one message answered, rightly, in their time",
            came,
            "Read several at a time from a pool of connections; let asks wait within their own time only.",
        )
    slowest = max(answer.seconds for answer in answers if answer is not None)
    return f"the slowest took {slowest * 1_000:.0f} ms"


async def comes_back(bench: Bench) -> str:
    """Let the hub be away for a while: the adapter dials again with pauses that grow, and comes back."""
    relay, held = bench.hub.relay, len(bench.hub.links)
    relay.leave()
    before = relay.dialled
    await asyncio.sleep(AWAY_SECONDS)
    dials = relay.dialled - before
    relay.open()
    await bench.next_link(held, BACK_SECONDS)
    await _still_answers(bench, "after the hub had been away")
    if dials > MOST_DIALS:
        raise Broken(
            f"at most {MOST_DIALS} attempts in {AWAY_SECONDS:g} s while the hub is away",
            f"{dials} attempts",
            "Pause between attempts, twice as long each time up to half a minute, at random within that.",
        )
    return f"{dials} attempts in {AWAY_SECONDS:g} s"


async def bears_resets(bench: Bench) -> None:
    """Reset the connection while asks are out, before and after; the adapter comes back and answers."""
    for is_asked in (False, True):
        link, held = await bench.link(), len(bench.hub.links)
        if is_asked:
            asks = _mixed(bench, IN_FLIGHT)
            for ask in asks:
                link.expect(ask)
            link.send(ConnectResponse(asks=asks))
        bench.hub.relay.cut()
        await bench.next_link(held, AGAIN_SECONDS)
        await _still_answers(bench, "after a reset")


async def gives_up_dead_links(bench: Bench) -> str:
    """Let the line go dead without a word: after three pings of silence the adapter dials again."""
    relay, hub, held = bench.hub.relay, bench.hub, len(bench.hub.links)
    usual, hub.ping_seconds = hub.ping_seconds, SHORT_PING
    clock = asyncio.get_running_loop().time
    try:
        relay.cut()
        await bench.next_link(held, AGAIN_SECONDS)
        relay.die()
        dialled, began = relay.dialled, clock()
        again = asyncio.ensure_future(relay.until_dialled(dialled + 1))
        await asyncio.wait((again,), timeout=DEAD_SECONDS)
        again.cancel()
        took, has_dialled = clock() - began, relay.dialled > dialled
    finally:
        hub.ping_seconds, held = usual, len(hub.links)
        relay.open()
    await bench.next_link(held, AGAIN_SECONDS)
    if not has_dialled:
        raise Broken(
            f"another link dialled once the hub was silent for 3 pings of {SHORT_PING} s",
            f"none within {DEAD_SECONDS:g} s",
            "Take a link on which nothing came for three times `ping_seconds` for dead, and dial again.",
        )
    await _still_answers(bench, "after a dead link")
    return f"{took:.1f} s"


async def drains_without_loss(bench: Bench) -> None:
    """Say that the hub is going away while asks are out: all are answered, and another link is there before."""
    link, held = await bench.link(), len(bench.hub.links)
    asks = _mixed(bench, IN_FLIGHT)
    waiting = [link.expect(ask) for ask in asks]
    link.send(ConnectResponse(asks=asks, drain=True))
    newer = await bench.next_link(held, AGAIN_SECONDS)
    await _all_answered(bench, asks, waiting, "asks that came with `drain`")
    answers = await bench.send(_mixed(bench, IN_FLIGHT), newer)
    if any(answer is None for answer in answers):
        raise Broken("asks on the new link answered", "some are not", "Answer on every link that you hold.")
    link.end()


async def stops_without_loss(bench: Bench) -> None:
    """End the adapter with SIGTERM while asks are out: it says so, answers what it has, and ends in peace."""
    link = await bench.link()
    asks = _mixed(bench, IN_FLIGHT)
    waiting = [link.expect(ask) for ask in asks]
    link.send(ConnectResponse(asks=asks, ping=800_000))
    await _ponged(link)
    code = await bench.program.stop()
    await _all_answered(bench, asks, waiting, "asks that were out at SIGTERM")
    held = len(bench.hub.links)
    came = [
        word
        for is_fault, word in (
            (not link.draining.is_set(), "it did not say `draining`"),
            (not link.ended_in_peace, "it broke the stream off"),
            (code != 0, f"it ended with {'a kill' if code is None else code}"),
        )
        if is_fault
    ]
    await bench.program.start(bench.hub.address, bench.journal)
    await bench.next_link(held)
    if came:
        raise Broken(
            "`draining`, the stream closed from its side, and exit code 0",
            "; ".join(came),
            "On SIGTERM say `draining`, finish the asks that you have, close the stream and exit.",
        )


async def _ponged(link: HeldLink) -> None:
    """Wait until what was sent has been taken in, for as long as that may take."""
    try:
        async with asyncio.timeout(AGAIN_SECONDS):
            while await link.pongs.get() != 800_000:  # noqa: PLR2004  the number that was sent
                pass
    except TimeoutError:
        raise Broken("a pong", "none", "Echo `ping` as `pong`, unchanged.") from None


async def _all_answered(
    bench: Bench, asks: Sequence[Ask], waiting: "Sequence[asyncio.Future[Answer]]", which: str
) -> None:
    await asyncio.wait(waiting, timeout=max(ask.remaining_ms for ask in asks) / 1_000)
    answers = [one.result() if one.done() else None for one in waiting]
    if came := _came(asks, answers, bench.unknown().SerializeToString()):
        raise Broken(f"all {len(asks)} {which} answered", came, "Finish every ask that has come before you let go.")


async def _still_answers(bench: Bench, when: str) -> None:
    _, person, question = bench.first_known()
    answer = await bench.reply(bench.make(question, person), f"somebody known, {when}")
    if not answer.reply.records.record_dates:
        raise Broken(f"rows about somebody known, {when}", "none", "Go on as before once there is a link again.")
