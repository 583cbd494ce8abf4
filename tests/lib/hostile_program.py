"""A hostile adapter as a program of its own, which can be frozen and killed and whose floods cost this one nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lib.deployment import environment
from tests.lib.misbehaviour import Misbehaviour


class HostileProgram:
    """One running program."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        """Take the program, which is ready."""
        self._program = program

    def freeze(self) -> None:
        """Stop it where it stands: its connection stays open, and nobody is there."""
        self._program.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._program.send_signal(signal.SIGCONT)

    @property
    def pid(self) -> int:
        return self._program.pid


@contextmanager
def hostile_program(
    folder: Path, port: int, misbehaviour: Misbehaviour, agency: str, canary: str
) -> Iterator[HostileProgram]:
    """Run a hostile adapter beside the hub, and end it whatever happens."""
    arguments = [str(folder), str(port), misbehaviour.value, agency, canary]
    command = [sys.executable, "-m", "tests.lib.hostile_adapter", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(), text=True
    ) as program:
        try:
            assert program.stdout is not None
            if program.stdout.readline() != "ready\n":
                raise RuntimeError(f"the hostile adapter ({misbehaviour}) did not get ready")
            yield HostileProgram(program)
        finally:
            os.kill(program.pid, signal.SIGKILL)
