"""The order of system calls: each entry is synced to the disk before anything that follows from it is sent.

A kill does not prove this, because what was written survives it in the page cache; a power cut is not so kind.
"""

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sharing.v1 import records_pb2

from tests.lib.deployment import REPOSITORY, START_SECONDS, Deployment, Ports
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.people import people
from tests.lib.requester import signed_in

TRACER = shutil.which("strace")
# A question or an answer is larger than this; what HTTP/2 says to itself is smaller.
LEAST_BYTES = 300
CALL = re.compile(r"^\d+ +(?:<\.\.\. )?(?P<name>\w+)(?: resumed>|\()(?P<rest>.*)$")
SENT = re.compile(r"= (?P<bytes>\d+)$")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(TRACER is None, reason="strace is not installed, and without it nobody sees system calls"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A hub whose system calls are written down."""

    ports: Ports
    trace: Path

    def lines(self) -> list[str]:
        """Return what has been written down so far."""
        return self.trace.read_text(encoding="utf-8", errors="replace").splitlines()

    def happened(self, lines: list[str]) -> list[str]:
        """Say in order what happened: synced, asked, shown."""
        names = {"fdatasync": "synced", "fsync": "synced"}
        began: dict[str, str] = {}
        found = []
        for line in lines:
            process = line.split(maxsplit=1)[0]
            if "unfinished" in line:
                began[process] = line
                continue
            call = CALL.match(line)
            if call is None:
                continue
            whole = began.pop(process, "") + call["rest"] if "resumed" in line else line
            if call["name"] in names:
                found.append("synced")
            elif (sent := SENT.search(line)) and int(sent["bytes"]) >= LEAST_BYTES:
                if f":{self.ports.links}->" in whole:
                    found.append("asked")
                elif f":{self.ports.requesters}->" in whole:
                    found.append("shown")
        return found


@contextmanager
def traced(deployment: Deployment, trace: Path) -> Iterator[Traced]:
    """Run the deployment's hub under a tracer, and end both whatever happens."""
    assert TRACER is not None
    command = [TRACER, "-f", "-yy", "-e", "trace=fsync,fdatasync,sendmsg,sendto,write", "-o", str(trace)]
    environment = os.environ | {"PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'protos'}"}
    program = subprocess.Popen(
        [*command, sys.executable, "-m", "hub.cli", "serve", str(deployment.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    )
    try:
        assert program.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(program.stdout, selectors.EVENT_READ)
            announced = program.stdout.readline() if selector.select(3 * START_SECONDS) else ""
        numbers = re.findall(r"\d+", announced)
        yield Traced(ports=Ports(requesters=int(numbers[0]), links=int(numbers[1])), trace=trace)
    finally:
        # The tracer itself takes no notice of signals; it ends with the hub.
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text(encoding="ascii")
        for hub in map(int, children.split()):
            os.kill(hub, signal.SIGKILL)
        program.wait(START_SECONDS)
        assert program.stdout is not None
        program.stdout.close()


async def test_the_disk_is_synced_before_agencies_are_asked_and_again_before_anything_is_shown(
    deployment: Deployment, tmp_path: Path
) -> None:
    with traced(deployment, tmp_path / "trace") as hub:
        agency = GoodAdapter("health", delay=0.5)
        async with (
            connected(deployment, hub.ports.links, agency),
            signed_in(deployment, hub.ports.requesters) as requester,
        ):
            asked = (next(people()), records_pb2.PersonKeys(nhs_number="9990000026"))
            for person in asked:
                before = len(hub.lines())
                assert (await requester.ask(person)).outcome("health") == ("held", "")
                assert_synced_first(hub.happened(hub.lines()[before:]))


def assert_synced_first(happened: list[str]) -> None:
    assert happened.index("synced") < happened.index("asked") < happened.index("shown")
    # After the ask, each thing that is shown has a sync of its own before it.
    after = happened[happened.index("asked") :]
    for place in (place for place, what in enumerate(after) if what == "shown"):
        assert "synced" in after[:place][-2:]
