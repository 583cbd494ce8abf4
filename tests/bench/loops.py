"""The event loop that a benchmark process runs on, and a look at where its time goes."""

import asyncio
import cProfile
import pstats
import signal
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Any, assert_never

import uvloop

SAMPLE_SECONDS = 0.001
DEEPEST_STACK = 60


class Loop(StrEnum):
    """Is an event loop implementation."""

    ASYNCIO = "asyncio"
    UVLOOP = "uvloop"


class Profile(StrEnum):
    """Is a way to see where time goes: every call counted (slow), or a look at the stack each millisecond of CPU."""

    CALLS = "calls"
    SAMPLES = "samples"


def run(work: Callable[[], Coroutine[Any, Any, None]], loop: Loop) -> None:
    """Run a process's work on one kind of event loop until it ends or SIGTERM ends it."""
    factory = uvloop.new_event_loop if loop is Loop.UVLOOP else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_until_terminated(work))


async def _until_terminated(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    task = asyncio.create_task(work())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        # SIGTERM is how a benchmark ends its processes; there is nobody further out to tell.
        return


@contextmanager
def profiled(profile: Profile | None, file: Path) -> Iterator[None]:
    """Write a profile of what runs inside to a file: cProfile's own form, or collapsed stacks with a summary."""
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
