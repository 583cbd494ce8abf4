"""`hub serve FOLDER`, but that it says in its log how many tasks it has, whenever it is sent SIGUSR1."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import structlog

from hub.hardening.closing import harden
from hub.hardening.restarting import restart_hardened
from hub.main import Hub, serve_until_stopped
from hub.settings import read_settings

COUNTED = "tasks.counted"

_log = structlog.get_logger(__name__)


def announce(hub: Hub) -> None:
    """Say where it listens, as `hub serve` does, and count from now on."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, count)
    sys.stdout.write(json.dumps({"requesters": hub.requesters_port, "links": hub.links_port}) + "\n")
    sys.stdout.flush()


def count() -> None:
    """Write down how many tasks there are."""
    _log.info(COUNTED, tasks=len(asyncio.all_tasks()))


if __name__ == "__main__":
    restart_hardened(os.environ)
    asyncio.run(serve_until_stopped(read_settings(Path(sys.argv[1])), announce, harden(wanted=True)))
