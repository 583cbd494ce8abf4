"""The processes of a demonstration: started one by one, ended all together, by the numbers that they were given."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60
STOP_SECONDS = 10
_LOOK_SECONDS = 0.05


class StartFailed(Exception):
    """Is raised when a process ends, or says nothing, instead of starting; its text says what it wrote last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One process, with the files that its output goes to."""

    name: str
    process: subprocess.Popen[bytes]
    output: Path
    log: Path


class Processes:
    """Starts Python modules as processes, and ends them in reverse order."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        """Write the processes' output below a folder; `environment` is added to our own."""
        self._logs = logs
        self._environment = dict(environment)
        self._running: list[Running] = []

    def set_variable(self, name: str, value: str) -> None:
        """Give an environment variable to the processes that are started from now on."""
        self._environment[name] = value

    def start(self, name: str, module: str, arguments: Sequence[str]) -> Running:
        """Start a module."""
        output, log = self._logs / f"{name}.out", self._logs / f"{name}.log"
        with output.open("wb") as out, log.open("wb") as err:
            process = subprocess.Popen(  # noqa: S603  (our own modules, with arguments from a file of the repository)
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env={**os.environ, **self._environment},
                # Ctrl-C is for the demonstration alone: it ends the others in order.
                start_new_session=True,
            )
        running = Running(name=name, process=process, output=output, log=log)
        self._running.append(running)
        return running

    def first_line(self, running: Running) -> str:
        """Wait for the first line that a process prints, and return it; raise StartFailed when none comes."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            line, newline, _ = running.output.read_text(encoding="utf-8").partition("\n")
            if newline:
                return line
            if running.process.poll() is not None:
                break
            time.sleep(_LOOK_SECONDS)
        raise StartFailed(f"{running.name} did not start. Its log ends:\n{_tail(running.log)}")

    def finish(self, running: Running) -> None:
        """Wait for a process that ends by itself; raise StartFailed when it ends badly."""
        if running.process.wait(START_SECONDS):
            raise StartFailed(f"{running.name} failed. Its log ends:\n{_tail(running.log)}")
        self._running.remove(running)

    def ended(self) -> list[str]:
        """Name the processes that have ended by themselves, each with the end of its log."""
        return [f"{one.name}:\n{_tail(one.log)}" for one in self._running if one.process.poll() is not None]

    def stop(self) -> None:
        """End every process, the last started first, and wait for each. Idempotent."""
        while self._running:
            process = self._running.pop().process
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _tail(file: Path) -> str:
    return "\n".join(file.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
