"""Many agencies in one process, as cheap as they can be made: `python -m tests.bench.agencies --count N ...`.

They answer over the hub's links (`--as links`), over the bare transport's streams (`--as bare`), or as servers that a
client calls directly (`--as servers`). An order `{"latency_ms": 20}` on standard input changes how long they take.
"""

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from tests.bench.agency_bare import serve_bare
from tests.bench.agency_link import serve_link
from tests.bench.agency_server import serve_directly
from tests.bench.loops import Loop, run
from tests.bench.pace import Pace, Running
from tests.bench.program import Orders, say
from tests.bench.tls import agency_ids


class Kind(StrEnum):
    """Is a way in which agencies are reached."""

    LINKS = "links"
    BARE = "bare"
    SERVERS = "servers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the agencies are told when they start."""

    count: int
    kind: Kind
    hub: str
    tls: Path
    window_ms: float
    latency_ms: float


async def serve(settings: Settings) -> None:
    """Open every agency, say that they are open, and follow orders until there are no more or an agency fails."""
    pace = Pace(settings.latency_ms / 1_000)
    async with AsyncExitStack() as stack:
        opened = [stack.enter_async_context(_agency(name, settings, pace)) for name in agency_ids(settings.count)]
        agencies = await asyncio.gather(*opened)
        say(agencies=len(agencies), addresses=[agency for agency in agencies if isinstance(agency, str)])
        following = asyncio.create_task(_follow_orders(pace))
        running = [agency for agency in agencies if isinstance(agency, asyncio.Future)]
        done, _ = await asyncio.wait([following, *running], return_when=asyncio.FIRST_COMPLETED)
        for ended in done:
            ended.result()


async def _follow_orders(pace: Pace) -> None:
    orders = await Orders.open()
    while (order := await orders.next()) is not None:
        pace.latency_seconds = order["latency_ms"] / 1_000
        say(latency_ms=order["latency_ms"])


def _agency(name: str, settings: Settings, pace: Pace) -> AbstractAsyncContextManager[Running | str]:
    """Return one agency to be opened; its value is what runs, or the address at which it is called."""
    match settings.kind:
        case Kind.LINKS:
            return serve_link(name, settings.hub, settings.tls, pace)
        case Kind.BARE:
            return serve_bare(name, settings.hub, settings.tls, pace, settings.window_ms / 1_000)
        case Kind.SERVERS:
            return serve_directly(name, settings.tls, pace)
        case _:
            assert_never(settings.kind)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the process."""
    parser = argparse.ArgumentParser(prog="tests.bench.agencies")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--as", dest="kind", type=Kind, choices=list(Kind), default=Kind.LINKS)
    parser.add_argument("--hub", default="", metavar="ADDRESS")
    parser.add_argument("--tls", type=Path, required=True)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--window-ms", type=float, default=0)
    settings = Settings(**vars(parser.parse_args(arguments)))
    run(lambda: serve(settings), Loop.UVLOOP)


if __name__ == "__main__":
    main()
