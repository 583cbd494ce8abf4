"""A database server as a process of its own: ready when it says so, ended by its own process id."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

UNPRIVILEGED = "nobody"
END_SECONDS = 20


def account() -> str | None:
    """Name the account that a server runs as, where this is root, as which some refuse to run."""
    return UNPRIVILEGED if os.geteuid() == 0 else None


def hand_over(folder: Path) -> None:
    """Let the account in which servers run own a folder."""
    if (name := account()) is not None:
        shutil.chown(folder, name, pwd.getpwnam(name).pw_gid)


def environment(folder: Path) -> dict[str, str]:
    """Keep a server to its own folder: it may enter neither this user's home nor their place for temporary files."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder)}


def run_as_server(command: Sequence[str], folder: Path) -> None:
    """Run a program to its end in the account in which servers run."""
    subprocess.run(
        command, check=True, cwd=folder, user=account(), env=environment(folder), capture_output=True, timeout=60
    )


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@dataclass(kw_only=True)
class ServerProcess:
    """Is started and ended as often as a test likes."""

    command: Sequence[str]
    folder: Path
    is_ready: str
    ends_by: signal.Signals
    said: list[str] = field(default_factory=list)
    _process: "subprocess.Popen[str] | None" = None

    def start(self) -> None:
        """Start, and return when the server takes connections."""
        process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            user=account(),
            env=environment(self.folder),
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self._process = process
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(process, ready), daemon=True).start()
        if not ready.wait(60) or process.poll() is not None:
            self.end()
            raise RuntimeError("the server did not start:\n" + "".join(self.said[-20:]))

    def end(self) -> None:
        """End the server, with all connections to it."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
            process.send_signal(self.ends_by)
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(END_SECONDS)

    def freeze(self) -> None:
        """Let the server do nothing until it is thawed: who connects waits."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the server go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _listen(self, process: "subprocess.Popen[str]", ready: threading.Event) -> None:
        if process.stderr is None:
            return
        with process.stderr as lines:
            for line in lines:
                self.said.append(line)
                if self.is_ready in line:
                    ready.set()
        ready.set()
