"""One adapter's reading as a process of its own: `python -m tests.bench.reading_program --folder FOLDER`.

An order names a technology, where its source is, which way to read, and for how long; what comes back is the CPU time
of this process, all threads, and the questions that it answered in it. The source itself is another process.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path

import structlog
from pydantic import TypeAdapter
from sharing.v1.links_pb2 import REPLY_STATUS_ANSWERED, Ask
from sharing.v1.records_pb2 import PersonKeys

from adapters.cli import make_reader
from adapters.kit.answering import LARGEST_REPLY, Answering, wall_clock_ms
from adapters.kit.finding import Answerer
from adapters.kit.journal import Journal
from adapters.kit.manifest import Limits, Source
from adapters.kit.reader import Looking, Match
from adapters.kit.switch import Switch
from adapters.kit.veto import Vetoes
from adapters.kit.watching import Watching
from tests.bench.loops import Loop, run
from tests.bench.program import Orders, say
from tests.bench.reading_sources import CONNECTIONS, FIELDS, PEOPLE, Technology, bare, described, number_of

AT_ONCE = 16
AGES = 1e12
QUESTION = "child_basics"
# Standard output is for whoever gives the orders.
LOG = structlog.wrap_logger(structlog.PrintLogger(sys.stderr))

Once = Callable[[int], Awaitable[None]]


class Way(StrEnum):
    """Is how much of an adapter is measured."""

    BARE = "bare"
    READER = "reader"
    WHOLE = "whole"


def _source(technology: Technology, where: Mapping[str, str]) -> Source:
    source: Source = TypeAdapter(Source).validate_python(described(technology, where))
    return source


@asynccontextmanager
async def way_to_read(
    technology: Technology, where: Mapping[str, str], way: Way, folder: Path
) -> AsyncIterator[Once | None]:
    """Open a source in one of the ways; nothing where there is no such way."""
    if way is Way.BARE:
        async with bare(technology, where) as read:

            async def bare_once(place: int) -> None:
                if read is not None and len(await read(number_of(place))) != 1:
                    raise RuntimeError("the driver found something else")

            yield bare_once if read is not None else None
        return
    source = _source(technology, where)
    reader = make_reader(source, Limits(asks_at_once=CONNECTIONS), LOG)
    await reader.open()

    async def reader_once(place: int) -> None:
        match = Match(looking=Looking.ANY, wanted=(("nhs_number", number_of(place)),))
        found = await reader.find("child", match, FIELDS, AGES)
        if found.cells[0] != number_of(place):
            raise RuntimeError("the reader found something else")

    journal = Journal(folder / "journal.sqlite")
    await journal.open()
    records = source.records["child"]
    answerer = Answerer(
        reader=reader, records="child", source="Records", keys=records.keys.mapped(), fields=frozenset(FIELDS)
    )
    watching = Watching(looks_per_second=20, read_seconds=5, log=LOG)
    answering = Answering(
        answerers={QUESTION: answerer},
        vetoes=Vetoes(),
        switch=Switch(read=journal.read, stop=watching.take_back_all, log=LOG),
        journal=journal,
        asks_at_once=64,
        read_seconds=5,
        wall_ms=wall_clock_ms,
        log=LOG,
        watching=watching,
    )

    async def whole_once(place: int) -> None:
        ask = Ask(ask_id=place + 1, nonce=b"12345678", question=QUESTION, fields=FIELDS, remaining_ms=10_000)
        ask.person.CopyFrom(PersonKeys(nhs_number=number_of(place)))
        reply = await answering.answer(ask, "hub", LARGEST_REPLY)
        if reply.status != REPLY_STATUS_ANSWERED or not reply.records.cells:
            raise RuntimeError("the adapter answered something else")

    try:
        yield whole_once if way is Way.WHOLE else reader_once
    finally:
        await reader.close()
        await journal.close()


async def measure(once: Once, seconds: float) -> tuple[int, float]:
    """Read for so long, several at once; return how often, and the CPU seconds that it took."""
    loop = asyncio.get_running_loop()
    counts = [0] * AT_ONCE

    async def go_on(lane: int, until: float) -> None:
        place = lane
        while loop.time() < until:
            await once(place)
            counts[lane] += 1
            place = (place + AT_ONCE) % PEOPLE

    # Connections are made and statements prepared before the clock counts.
    await asyncio.gather(*(go_on(lane, loop.time() + seconds / 4) for lane in range(AT_ONCE)))
    counts[:] = [0] * AT_ONCE
    began = time.process_time()
    await asyncio.gather(*(go_on(lane, loop.time() + seconds) for lane in range(AT_ONCE)))
    return sum(counts), time.process_time() - began


async def serve(folder: Path) -> None:
    """Follow orders until there are no more."""
    orders = await Orders.open()
    say(ready=True)
    while (order := await orders.next()) is not None:
        technology, way = Technology(order["technology"]), Way(order["way"])
        async with way_to_read(technology, order["where"], way, folder) as once:
            questions, cpu_seconds = await measure(once, order["seconds"]) if once is not None else (0, 0.0)
        say(questions=questions, cpu_seconds=cpu_seconds)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the process."""
    parser = argparse.ArgumentParser(prog="tests.bench.reading_program")
    parser.add_argument("--folder", type=Path, required=True)
    folder = parser.parse_args(arguments).folder
    # The loop that `adapter run` uses.
    run(lambda: serve(folder), Loop.UVLOOP)


if __name__ == "__main__":
    main()
