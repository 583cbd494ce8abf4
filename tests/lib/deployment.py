"""A deployment for tests: shipped policies, real keys, accounts; its hub runs here or as a program of its own."""

import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from hub.accounts import sealing
from hub.accounts.passwords import Passwords
from hub.audit import checkpoints
from hub.keys import Authority, new_secret_key, write_secret
from hub.main import Hub, running_hub
from hub.model.account import Account
from hub.recording.epochs import new_epoch
from hub.settings import FILE_NAME, Settings, read_settings
from hub.store.accounts import Accounts
from hub.store.engine import open_store

REPOSITORY = Path(__file__).resolve().parents[2]
AGENCIES = ("social_care", "health", "schools", "youth_offending", "connexions")
PASSWORD = "kestrel-harbour-thimble"
START_SECONDS = 20.0
STOP_SECONDS = 10.0

# One account for each: access level, agency.
USERS: Mapping[str, tuple[str, str]] = {
    "n.okafor": ("health_visitor", "health"),
    "s.patel": ("social_worker", "social_care"),
    "a.brown": ("youth_offending_worker", "youth_offending"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where a running hub listens, on 127.0.0.1."""

    requesters: int
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A deployment's folder, and what its users and agencies need to reach its hub."""

    folder: Path
    authority: Authority = field(repr=False)

    def settings(self) -> Settings:
        """Read its settings as the hub does."""
        return read_settings(self.folder)

    def requesters_credentials(self) -> grpc.ChannelCredentials:
        """Trust the deployment's hub."""
        return grpc.ssl_channel_credentials(self.authority.certificate)

    def agency_credentials(self, agency: str) -> grpc.ChannelCredentials:
        """Trust the deployment's hub and be known to it as an agency."""
        leaf = self.authority.agency(agency)
        return grpc.ssl_channel_credentials(self.authority.certificate, leaf.key, leaf.certificate)

    def kept(self) -> bytes:
        """Return every byte that the hub keeps on disk."""
        return b"".join(file.read_bytes() for file in sorted((self.folder / "data").rglob("*")) if file.is_file())


def make_deployment(folder: Path, *, deadline_ms: int | None = None, settings: str = "") -> Deployment:
    """Make a deployment with one account for each of USERS; `settings` is more of hub.toml.

    `deadline_ms` replaces the deadline of every question.
    """
    authority = Authority.new("Test authority")
    keys = folder / "keys"
    authority.leaf.write(keys, "authority")
    authority.server().write(keys, "hub")
    write_secret(keys / "log.key", new_secret_key(checkpoints.KEY_BYTES))
    new_epoch(keys / "pseudonyms")
    write_secret(keys / "seal.key", new_secret_key(sealing.KEY_BYTES))
    shutil.copytree(REPOSITORY / "policies", folder / "policies")
    if deadline_ms is not None:
        _set_deadline(folder / "policies" / "questions", deadline_ms)
    (folder / "data").mkdir(mode=0o700)
    listen = '[listen]\nrequesters = "127.0.0.1:0"\nlinks = "127.0.0.1:0"\n'
    (folder / FILE_NAME).write_text(f"{listen}\n{settings}\n", encoding="utf-8")
    deployment = Deployment(folder=folder, authority=authority)
    _add_accounts(deployment)
    return deployment


def open_deployment(folder: Path) -> Deployment:
    """Open a deployment that has been made, in another process for example."""
    keys = folder / "keys"
    authority = Authority.read((keys / "authority.pem").read_bytes(), (keys / "authority.key").read_bytes())
    return Deployment(folder=folder, authority=authority)


@asynccontextmanager
async def hub_in_process(deployment: Deployment) -> AsyncIterator[Hub]:
    """Run the deployment's hub in this event loop."""
    async with running_hub(deployment.settings()) as hub:
        yield hub


def environment() -> dict[str, str]:
    """Return the environment in which programs of this repository find their modules."""
    places = os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "protos")))
    return os.environ | {"PYTHONPATH": places}


class HubProcess:
    """The deployment's hub as a program of its own; its log goes to a file beside the deployment's folder."""

    def __init__(
        self,
        deployment: Deployment,
        *,
        options: Sequence[str] = (),
        temporary: Path | None = None,
        program: Sequence[str] = ("hub.cli", "serve"),
    ) -> None:
        """Take the deployment, more options of `hub serve`, and a folder for temporary files; nothing runs yet.

        `program` is a module that serves as `hub serve` does, and how it is told to.
        """
        self._deployment = deployment
        self._options = options
        self._command = program
        self._environment = {"TMPDIR": str(temporary)} if temporary else {}
        self.log_file = deployment.folder.with_suffix(".log")
        self._program: subprocess.Popen[str] | None = None

    def start(self, under: Sequence[str] = ()) -> Ports:
        """Start it and wait until it answers; `under` is a command that runs it and keeps out of its way."""
        with self.log_file.open("ab") as log:
            self._program = subprocess.Popen(
                [*under, sys.executable, "-m", *self._command, str(self._deployment.folder), *self._options],
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment() | self._environment,
                text=True,
            )
        announced = self._first_line()
        if not announced:
            self.kill()
            raise RuntimeError(f"the hub did not start: {self.log()[-2_000:]!r}")
        ports = json.loads(announced)
        return Ports(requesters=ports["requesters"], links=ports["links"])

    @property
    def pid(self) -> int:
        """Return the number of its process."""
        return self._running.pid

    def wait(self, seconds: float) -> int:
        """Wait until it has ended by itself, and return its exit code."""
        return self._running.wait(seconds)

    def log(self) -> bytes:
        """Return what it has written to its log, over all its starts."""
        return self.log_file.read_bytes()

    def events(self) -> list[dict[str, object]]:
        """Return its log as events."""
        return [json.loads(line) for line in self.log().splitlines() if line.startswith(b"{")]

    def resident_bytes(self) -> int:
        """Return how much memory it has resident now."""
        status = Path(f"/proc/{self._running.pid}/status").read_text(encoding="ascii")
        kilobytes = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
        if kilobytes is None:
            raise RuntimeError("the hub has ended")
        return int(kilobytes[1]) * 1024

    def descriptors(self) -> int:
        """Return how many files and connections it has open."""
        return len(list(Path(f"/proc/{self._running.pid}/fd").iterdir()))

    def connections(self) -> int:
        """Return how many connections it has open, and ports that it listens on."""
        descriptors = Path(f"/proc/{self._running.pid}/fd").iterdir()
        return sum(str(descriptor.readlink()).startswith("socket:") for descriptor in descriptors)

    def cpu_seconds(self) -> float:
        """Return how much processor time it has used."""
        fields = Path(f"/proc/{self._running.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def waited_seconds(self) -> float:
        """Return for how long its event loop was ready to run and others had the processor."""
        return int(Path(f"/proc/{self._running.pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9

    def terminate(self) -> int:
        """Ask it to end with SIGTERM, wait, and return its exit code."""
        self._running.send_signal(signal.SIGTERM)
        code = self._running.wait(STOP_SECONDS)
        self._forget()
        return code

    def end_at_once(self) -> None:
        """Have it killed; it is still to be waited for."""
        self._running.kill()

    def kill(self) -> None:
        """End it as a power cut would. Idempotent."""
        if self._program is not None:
            self._program.kill()
            self._program.wait()
            self._forget()

    @property
    def _running(self) -> subprocess.Popen[str]:
        if self._program is None:
            raise RuntimeError("the hub does not run")
        return self._program

    def _first_line(self) -> str:
        output = self._running.stdout
        assert output is not None
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            return output.readline() if selector.select(START_SECONDS) else ""

    def _forget(self) -> None:
        if self._program is not None and self._program.stdout is not None:
            self._program.stdout.close()
        self._program = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A deployment whose hub runs as a program of its own."""

    deployment: Deployment
    program: HubProcess
    ports: Ports


@contextmanager
def hub_process(deployment: Deployment) -> Iterator[Served]:
    """Run the deployment's hub as a program of its own, and end it whatever happens."""
    program = HubProcess(deployment)
    try:
        yield Served(deployment=deployment, program=program, ports=program.start())
    finally:
        program.kill()


def _set_deadline(questions: Path, deadline_ms: int) -> None:
    for file in questions.glob("*.yaml"):
        text = re.sub(r"^deadline_ms: .*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        file.write_text(f"{text.rstrip()}\ndeadline_ms: {deadline_ms}\n", encoding="utf-8")


def _add_accounts(deployment: Deployment) -> None:
    passwords = Passwords()
    kept = passwords.hash(PASSWORD)
    passwords.close()
    engine = open_store(deployment.settings().store_url())
    accounts = Accounts(engine)
    for user_name, (level, agency) in USERS.items():
        accounts.add(
            Account(
                user_name=user_name,
                display_name=user_name.upper(),
                access_level=level,
                agency=agency,
                areas=("bolton",),
                password_hash=kept,
            )
        )
    engine.dispose()
