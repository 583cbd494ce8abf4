"""A demonstration as a newcomer runs it: `hub demo`, its output, and the commands that it prints."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 120
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """A demonstration that runs: its process, what it printed for people, and its own temporary folder."""

    process: "subprocess.Popen[str]"
    printed: str
    temporary: Path
    repository: Path
    environment: Mapping[str, str]

    def commands(self) -> list[str]:
        """Return the commands that it suggests, in order."""
        lines = (line.strip() for line in self.printed.splitlines())
        return [line for line in lines if " --at " in line]

    def type(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command as it would be pasted into another terminal."""
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.repository,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@contextmanager
def demonstration(repository: Path, temporary: Path) -> Iterator[Demonstration]:
    """Start a demonstration, wait until it invites, and end it as Ctrl-C does."""
    environment = {**os.environ, "PYTHONPATH": f"{repository}:{repository / 'protos'}", "TMPDIR": str(temporary)}
    output = temporary / "printed"
    with output.open("w") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "hub.cli", "demo", "examples/bolton"],
            cwd=repository,
            env=environment,
            stdout=printed,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        _wait_for("Ctrl-C stops everything", output, process)
        yield Demonstration(
            process=process,
            printed=output.read_text(),
            temporary=temporary,
            repository=repository,
            environment=environment,
        )
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)


def _wait_for(words: str, output: Path, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while words not in output.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the demonstration did not start:\n{output.read_text()}")
        time.sleep(0.1)
