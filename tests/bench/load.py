"""The load generator: a process that keeps a number of questions in flight, and times and checks each.

`python -m tests.bench.load` reads from standard input one line with a target, then a line for each measurement.
"""

import asyncio
import gc
import time
from pathlib import Path
from typing import Any

import grpc

from tests.bench.asking import Asking, BareAsking, GatherAsking, HubAsking, WrongAnswerError
from tests.bench.cpu import cpu_seconds
from tests.bench.loops import Loop, run
from tests.bench.program import Orders, say

MICROSECONDS = 1_000_000

# Microseconds that an answer took, and the messages in which it came.
Answered = tuple[int, int]


async def serve() -> None:
    """Follow orders until there are no more."""
    orders = await Orders.open()
    target = await orders.next()
    if target is None:
        return
    asking = _asking(target)
    say(ready=True)
    gc.collect()
    gc.freeze()
    try:
        while (order := await orders.next()) is not None:
            say(**await _measured(asking, pids=target["pids"], **order))
    finally:
        await asking.close()


def _asking(target: dict[str, Any]) -> Asking:
    """Return the way of asking that a target needs."""
    tls = Path(target["tls"])
    match target["kind"]:
        case "hub":
            return HubAsking(target["address"], tls, agencies=target["agencies"], tokens=target["tokens"])
        case "bare":
            return BareAsking(target["address"], tls, agencies=target["agencies"])
        case "gather":
            return GatherAsking(target["addresses"], tls)
        case unknown:
            raise ValueError(f"there is no target of the kind {unknown}")


async def _measured(
    asking: Asking, *, pids: dict[str, int], in_flight: int, warm_up: float, seconds: float, per_second: int = 0
) -> dict[str, Any]:
    """Measure one stretch of time; say why if anything at all went wrong in it."""
    try:
        pause = in_flight / per_second if per_second else 0
        return await _measure(asking, pids=pids, in_flight=in_flight, warm_up=warm_up, seconds=seconds, pause=pause)
    except grpc.aio.AioRpcError as error:
        return {"error": f"{error.code().name}: {error.details()}"}
    except WrongAnswerError as error:
        return {"error": str(error)}


async def _measure(
    asking: Asking, *, pids: dict[str, int], in_flight: int, warm_up: float, seconds: float, pause: float
) -> dict[str, Any]:
    answers: list[Answered] = []
    enough = asyncio.Event()
    keepers = [
        asyncio.create_task(_keep_asking(asking, place, answers, enough, pause, delay=place * pause / in_flight))
        for place in range(in_flight)
    ]
    await _unless_failed(keepers, warm_up)
    first, began, used = len(answers), time.perf_counter(), _used(pids)
    await _unless_failed(keepers, seconds)
    last, ended, used_then = len(answers), time.perf_counter(), _used(pids)
    enough.set()
    await asyncio.gather(*keepers)
    if last == first:
        raise WrongAnswerError("nothing was answered in the whole time")
    return {
        "questions": last - first,
        "seconds": ended - began,
        "timings_us": [microseconds for microseconds, _ in answers[first:last]],
        "messages": sum(messages for _, messages in answers[first:last]),
        "cpu_seconds": {name: used_then[name] - used[name] for name in used},
    }


async def _keep_asking(
    asking: Asking, place: int, answers: list[Answered], enough: asyncio.Event, pause: float, *, delay: float
) -> None:
    """Put one question after the other, noting how long each took and in how many messages the answer came.

    With a pause, they are begun so many seconds apart; one that takes longer puts the next one off. The delay keeps
    those of several places from being begun all at once.
    """
    await asyncio.sleep(delay)
    while not enough.is_set():
        began = time.perf_counter()
        messages = await asking.ask(place)
        answers.append((int((time.perf_counter() - began) * MICROSECONDS), messages))
        await asking.tidy(place)
        await asyncio.sleep(max(began + pause - time.perf_counter(), 0) if pause else 0)


async def _unless_failed(keepers: list[asyncio.Task[None]], seconds: float) -> None:
    """Let time pass; when something fails, raise it at once and let the rest go."""
    done, pending = await asyncio.wait(keepers, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    if not done:
        return
    for keeper in pending:
        keeper.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for keeper in done:
        keeper.result()


def _used(pids: dict[str, int]) -> dict[str, float]:
    return {name: cpu_seconds(pid) for name, pid in pids.items()} | {"load": time.process_time()}


if __name__ == "__main__":
    run(serve, Loop.UVLOOP)
