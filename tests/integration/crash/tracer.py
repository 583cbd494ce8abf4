"""Take hold of a running program with strace, and have a system call of it fail, hang or be its last."""

import selectors
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

TRACER = shutil.which("strace")
# A laptop may do without; .ci/run sees to it that it is there.
needs_tracer = pytest.mark.skipif(
    TRACER is None, reason="strace is not installed, and without it no step can be chosen exactly"
)
END_SECONDS = 10.0


class Step(StrEnum):
    """Is a kind of step that a program takes; its value is the system calls, as strace spells them."""

    SYNC = "fdatasync,fsync"
    WRITE = "pwrite64,write,ftruncate"
    SEND = "sendmsg,sendto"


class Fate(StrEnum):
    """Is what becomes of a step, as strace spells it."""

    KILLED_BEFORE = "signal=SIGKILL"
    IO_ERROR = "error=EIO"
    NO_SPACE = "error=ENOSPC"
    HANGS = "delay_enter=3000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """What is to become of a step, which of them, and of which files; `nth` counts for each thread by itself.

    Without an `nth` it becomes of every such step, with `and_after` of that one and all later ones; without files,
    whatever the step is on.
    """

    step: Step
    fate: Fate
    nth: int | None = None
    and_after: bool = False
    files: tuple[Path, ...] = ()

    def arguments(self) -> list[str]:
        """Spell it for strace, with what is to be traced for it."""
        paths = [part for file in self.files for part in ("-P", str(file))]
        return [*paths, "-e", f"trace={self.step}", *self.injecting()]

    def injecting(self) -> list[str]:
        """Spell what is to become of the step, for a strace that traces it."""
        which = "" if self.nth is None else f":when={self.nth}{'+' if self.and_after else ''}"
        return ["-e", f"inject={self.step}:{self.fate}{which}"]


def store_files(data: Path, name: str) -> tuple[Path, ...]:
    """Return the files of a SQLite database: itself, its write-ahead log, its journal, and its index in memory."""
    return tuple(data / f"{name}{ending}" for ending in ("", "-wal", "-journal", "-shm"))


def starting(trace: Path, arguments: Sequence[str]) -> list[str]:
    """Return the command that traces a program from its first step on, which stays this process's own child."""
    if TRACER is None:
        pytest.fail("strace is not installed; on Debian: apt-get install strace")
    return [TRACER, "-D", "-f", "-o", str(trace), *arguments, "--"]


@contextmanager
def held(pid: int, injection: Injection, trace: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """Hold a running program for as long as this lasts; counting starts here. It may have ended when this does."""
    with followed(pid, injection.arguments(), trace) as tracer:
        yield tracer


@contextmanager
def followed(pid: int, arguments: list[str], trace: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """Trace a running program, all its threads, from here on; what is traced goes to a file or nowhere."""
    if TRACER is None:
        pytest.fail("strace is not installed; on Debian: apt-get install strace")
    command = [TRACER, "-f", *arguments, "-p", str(pid), "-o", str(trace or "/dev/null")]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert tracer.stderr is not None
        with selectors.DefaultSelector() as selector:
            selector.register(tracer.stderr, selectors.EVENT_READ)
            said = tracer.stderr.readline() if selector.select(END_SECONDS) else ""
        if "attached" not in said:
            raise RuntimeError(f"strace cannot take hold of a program: {said}")
        yield tracer
    finally:
        # It lets the program go on; one that has ended has ended it too.
        tracer.send_signal(signal.SIGTERM)
        tracer.communicate(timeout=END_SECONDS)
