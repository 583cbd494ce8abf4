"""A terminal of 80 columns with somebody at it: a real program on it, and an answer for each thing that it asks."""

import asyncio
import contextlib
import os
import pty
import re
import selectors
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Answer = str | Callable[[str], str]
"""What is typed, or what finds it in all that has been shown so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How a program ended, and all that the terminal showed."""

    code: int
    shown: str


def _converse(terminal: int, answers: Sequence[tuple[str, Answer]], deadline: float) -> str:
    """Read a terminal to its end, and answer each question in turn, once it has been asked."""
    seen, answered, left = "", 0, list(answers)
    # The system says with an error that nobody is left on the other side.
    with contextlib.suppress(OSError), selectors.DefaultSelector() as selector:
        selector.register(terminal, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            shown = os.read(terminal, 65536)
            if not shown:
                break
            seen += shown.decode("utf-8", "replace")
            while left and (asked := re.search(left[0][0], seen[answered:])):
                answer = left.pop(0)[1]
                answered += asked.end()
                os.write(terminal, ((answer if isinstance(answer, str) else answer(seen)) + "\n").encode())
    os.close(terminal)
    return seen


async def on_terminal(
    words: Sequence[str],
    answers: Sequence[tuple[str, Answer]],
    *,
    environment: Mapping[str, str],
    folder: Path,
    seconds: float = 60.0,
) -> Seen:
    """Run a command of the hub on a terminal; a question that nobody answers in time ends it."""
    ours, theirs = pty.openpty()
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hub.cli",
        *words,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "50", **environment},
        cwd=folder,
        start_new_session=True,
    )
    os.close(theirs)
    shown = await asyncio.to_thread(_converse, ours, answers, time.monotonic() + seconds)
    try:
        # Closing the terminal has ended it already, unless it hangs.
        async with asyncio.timeout(5):
            code = await started.wait()
    except TimeoutError:
        started.kill()
        code = await started.wait()
    return Seen(code=code, shown=shown)
