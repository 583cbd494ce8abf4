"""What one run of the benchmark is asked to do."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.cells import Subject
from tests.bench.loops import Loop
from tests.bench.profiling import Profile

SIZES = ("policy", "sessions", "hardening", "publish", "audit", "adapter", "linkage")
ALL = (*(subject.value for subject in Subject), *SIZES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is measured, for how long, and where the figures go."""

    only: tuple[str, ...]
    agencies: tuple[int, ...]
    latencies_ms: tuple[int, ...]
    in_flight: tuple[int, ...]
    seconds: float
    warm_up: float
    rounds: int
    json: Path
    loop: Loop
    profile: Profile | None
    profiles: Path

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Return which of hub and baselines are measured."""
        return tuple(subject for subject in Subject if subject.value in self.only)


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measures the hub beside a bare transport and a client that asks the agencies itself.",
        epilog="Exit status: 0 measured (whether or not the aims are met), 1 a measurement failed, 2 wrong usage.",
    )
    parser.add_argument("--quick", action="store_true", help="1.5 s a cell and fewer cells: a look, not a result")
    parser.add_argument("--only", type=_words, metavar=",".join(ALL), help="what to measure; default all")
    parser.add_argument("--agencies", type=_numbers, default=(4, 16, 64), metavar="4,16,64")
    parser.add_argument("--latency", type=_numbers, default=(0, 20), metavar="0,20", help="of the agencies, in ms")
    parser.add_argument("--in-flight", type=_numbers, metavar="1,32,50")
    parser.add_argument("--seconds", type=float, help="measuring time of a cell, over all of its rounds; default 4")
    parser.add_argument("--rounds", type=int, help="times that each cell's turn comes; default 2")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), metavar="FILE")
    parser.add_argument("--loop", type=Loop, choices=list(Loop), default=Loop.ASYNCIO, help="of hub and bare transport")
    parser.add_argument(
        "--profile",
        type=Profile,
        choices=list(Profile),
        help="also profile the hub process: all calls (cProfile: distorts), or the stack now and then",
    )
    parser.add_argument("--profiles", type=Path, default=Path("build/profiles"), metavar="FOLDER")
    read = parser.parse_args(arguments)
    quick = read.quick
    return Options(
        only=read.only or (("hub",) if read.profile else ALL),
        agencies=read.agencies,
        latencies_ms=read.latency,
        in_flight=read.in_flight or ((1, 32) if quick else (1, 32, 50)),
        seconds=read.seconds or (1.5 if quick else 4.0),
        warm_up=0.2 if quick else 0.3,
        rounds=read.rounds or (1 if quick else 2),
        json=read.json,
        loop=read.loop,
        profile=read.profile,
        profiles=read.profiles,
    )


def _list_of(read: Callable[[str], object]) -> Callable[[str], tuple[object, ...]]:
    def read_list(text: str) -> tuple[object, ...]:
        return tuple(read(word) for word in text.split(","))

    return read_list


def _word(text: str) -> str:
    if text not in ALL:
        raise argparse.ArgumentTypeError(f"“{text}” is none of {', '.join(ALL)}")
    return text


def _number(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"“{text}” is not a number")
    return int(text)


_words = _list_of(_word)
_numbers = _list_of(_number)
