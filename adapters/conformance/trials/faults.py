"""Gold: a source that is stopped, slow, garbled or stale; the people file says how each is brought about."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import Ask, ConnectResponse, Reply

from adapters.conformance.bench import Bench, said
from adapters.conformance.held_link import LATE_SECONDS
from adapters.conformance.people import Switch
from adapters.conformance.rules import Broken

SHORT_MS = 1_000
SETTLE_SECONDS = 0.5
MENDED_SECONDS = 30.0


@asynccontextmanager
async def _broken(bench: Bench, switch: Switch) -> AsyncIterator[None]:
    """Break the source for a while, and wait until it is answered from again."""
    await bench.run_command(switch.begin)
    try:
        yield
    finally:
        await bench.run_command(switch.end)
    _, person, question = bench.first_known()
    clock = asyncio.get_running_loop().time
    end = clock() + MENDED_SECONDS
    while True:
        (answer,) = await bench.send([bench.make(question, person)])
        if answer is not None and answer.reply.records.record_dates:
            return
        if clock() > end:
            raise Broken(
                f"answers again within {MENDED_SECONDS:g} s of the source being mended",
                "none",
                "Open connections anew when they fail.",
            )
        await asyncio.sleep(SETTLE_SECONDS)


async def stopped_is_said(bench: Bench) -> None:
    """Stop the source: that must not read as nothing held."""
    await _never_nothing(bench, bench.switch("faults.stopped", bench.people.faults.stopped), "is stopped")


async def garbled_is_said(bench: Bench) -> None:
    """Let the source answer half, or nonsense: that must not read as nothing held either."""
    await _never_nothing(
        bench, bench.switch("faults.garbled", bench.people.faults.garbled), "answers half, or nonsense"
    )


async def _never_nothing(bench: Bench, switch: Switch, how: str) -> None:
    async with _broken(bench, switch):
        for who, person, question, _ in bench.known():
            answer = await bench.reply(bench.make(question, person), who)
            if not _is_honest(answer.reply):
                raise Broken(
                    f"SOURCE_DOWN, or the rows, about {who} while the source {how}",
                    said(answer.reply),
                    "Tell apart `not found` and `could not look`; only the first is an answer.",
                )


def _is_honest(reply: Reply) -> bool:
    if reply.status == links_pb2.REPLY_STATUS_ANSWERED:
        return bool(reply.records.record_dates)
    return reply.status == links_pb2.REPLY_STATUS_SOURCE_DOWN


async def deadline_kept(bench: Bench) -> str:
    """Make the source slow: SOURCE_DOWN must come before the ask's time is over."""
    slowest = 0.0
    async with _broken(bench, bench.switch("faults.slow", bench.people.faults.slow)):
        asks = [bench.make(question, person, remaining_ms=SHORT_MS) for _, person, question, _ in bench.known()]
        for answer in await bench.send(asks):
            seconds = float("inf") if answer is None else answer.seconds
            slowest = max(slowest, seconds)
            if answer is None or seconds > SHORT_MS / 1_000 + LATE_SECONDS or not _is_honest(answer.reply):
                raise Broken(
                    f"SOURCE_DOWN, or the rows, within {SHORT_MS} ms while the source is slow",
                    "no reply" if answer is None else f"{said(answer.reply)} after {seconds * 1_000:.0f} ms",
                    "Give up reading a little before `remaining_ms` is over, and say SOURCE_DOWN.",
                )
    return f"the slowest took {slowest * 1_000:.0f} ms"


async def dropped_is_let_go(bench: Bench) -> None:
    """Make the source slow and give asks up: nothing comes of them any more, and the link goes on."""
    async with _broken(bench, bench.switch("faults.slow", bench.people.faults.slow)):
        link = await bench.link()
        asks: list[Ask] = [
            bench.make(question, person, remaining_ms=SHORT_MS) for _, person, question, _ in bench.known()
        ]
        for ask in asks:
            link.expect(ask)
        link.send(ConnectResponse(asks=asks))
        # Long enough for the adapter to have begun.
        await asyncio.sleep(SHORT_MS / 4_000)
        already = link.replied & {ask.ask_id for ask in asks}
        link.send(ConnectResponse(dropped=[ask.ask_id for ask in asks]))
        await asyncio.sleep(SHORT_MS / 1_000)
        later = (link.replied & {ask.ask_id for ask in asks}) - already
    if later:
        raise Broken(
            "no reply to asks that were dropped",
            f"{len(later)} replies",
            "Cancel the read of a dropped ask, in the source too, and send nothing.",
        )


async def stale_is_said(bench: Bench) -> None:
    """Let what the source holds grow old: the rows must say so by their record dates, or the source be down."""
    async with _broken(bench, bench.switch("faults.stale", bench.people.faults.stale)):
        today = datetime.now(UTC).date().isoformat()
        for who, person, question, _ in bench.known():
            answer = await bench.reply(bench.make(question, person), who)
            dates = answer.reply.records.record_dates
            if not _is_honest(answer.reply) or any(not day or day >= today for day in dates):
                raise Broken(
                    f"SOURCE_DOWN, or rows about {who} whose record dates are past, while the source is stale",
                    f"{said(answer.reply)}, not dated or dated today",
                    "Map `record_date`, or date rows by the file that they are from.",
                )
