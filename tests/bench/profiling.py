"""A look at where a hub process spends its time, from when it serves until it ends."""

import argparse
import cProfile
import pstats
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import assert_never

# The kernel looks at the timer only when its own clock ticks, so that a sample comes every 1 to 10 ms of CPU.
SAMPLE_SECONDS = 0.001
DEEPEST_STACK = 60


class Profile(StrEnum):
    """Is a way to see where time goes: every call counted (slow), or the stack looked at as CPU time passes."""

    CALLS = "calls"
    SAMPLES = "samples"


def add_profile_options(parser: argparse.ArgumentParser) -> None:
    """Let a hub process be told to write a profile."""
    parser.add_argument("--profile", type=Profile, choices=list(Profile))
    parser.add_argument("--profile-file", type=Path, default=Path("hub.prof"))


@contextmanager
def profiled(profile: Profile | None, file: Path) -> Iterator[None]:
    """Write a profile of what runs inside to a file, and a summary beside it: cProfile's own form, or collapsed stacks.

    Samples show the main thread's Python only: the time that gRPC's own threads use is laid upon whatever the main
    thread does meanwhile, most often waiting in select.
    """
    match profile:
        case None:
            yield
        case Profile.CALLS:
            profiler = cProfile.Profile()
            try:
                profiler.enable()
                yield
            finally:
                profiler.disable()
                _write_calls(profiler, file)
        case Profile.SAMPLES:
            stacks: Counter[tuple[str, ...]] = Counter()
            signal.signal(signal.SIGPROF, lambda _, frame: stacks.update((_stack(frame),)))
            signal.setitimer(signal.ITIMER_PROF, SAMPLE_SECONDS, SAMPLE_SECONDS)
            try:
                yield
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
                _write_samples(stacks, file)
        case _:
            assert_never(profile)


def _write_calls(profiler: cProfile.Profile, file: Path) -> None:
    profiler.dump_stats(file)
    with file.with_suffix(".txt").open("w") as report:
        statistics = pstats.Stats(profiler, stream=report).strip_dirs()
        statistics.sort_stats("tottime").print_stats(60)
        statistics.sort_stats("cumulative").print_stats(60)


def _stack(frame: FrameType | None) -> tuple[str, ...]:
    """Return the functions on the stack, outermost first."""
    found: list[str] = []
    while frame is not None and len(found) < DEEPEST_STACK:
        code = frame.f_code
        found.append(f"{'/'.join(Path(code.co_filename).parts[-2:])}:{code.co_qualname}")
        frame = frame.f_back
    return tuple(reversed(found))


def _write_samples(stacks: Counter[tuple[str, ...]], file: Path) -> None:
    """Write collapsed stacks, which flame graph programs read, and beside them the functions that took most."""
    file.write_text("".join(f"{';'.join(stack)} {count}\n" for stack, count in stacks.most_common()))
    total = stacks.total() or 1
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for stack, count in stacks.items():
        own[stack[-1]] += count
        within.update(dict.fromkeys(stack, count))
    lines = [f"{total} samples", "", "  own %  with calls %  function"]
    lines += [
        f"{100 * count / total:7.1f} {100 * within[name] / total:13.1f}  {name}" for name, count in own.most_common(60)
    ]
    file.with_suffix(".txt").write_text("\n".join(lines) + "\n")
