"""The hub as the benchmark runs it: `hub serve`, with a choice of event loop, a profile, idle sessions, its log timed.

`python -m tests.bench.hub_program FOLDER [--idle-sessions N] [--no-harden] [--loop uvloop] [--profile samples]
[--time-audit]`
"""

import argparse
import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from hub.hardening.closing import harden
from hub.hardening.hardening import Hardening
from hub.hardening.restarting import restart_hardened
from hub.main import Hub, serve_until_stopped
from hub.model.request import Requester
from hub.settings import read_settings
from tests.bench.auditing import AuditClock
from tests.bench.loops import Loop, run
from tests.bench.policies import LEVEL
from tests.bench.profiling import add_profile_options, profiled
from tests.bench.program import Orders, say
from tests.bench.publishing import publish


async def serve(
    folder: Path,
    idle_sessions: int,
    profiling: AbstractContextManager[None],
    audit: AuditClock | None,
    hardening: Hardening,
) -> None:
    """Serve until SIGTERM, or until whoever started this process is gone."""
    until_stopped = ExitStack()
    serving: asyncio.Future[Hub] = asyncio.get_running_loop().create_future()

    def announce(hub: Hub) -> None:
        # Through the front door each would take 20 ms of password hashing.
        for number in range(idle_sessions):
            hub.sessions.open(_idle_requester(number))
        until_stopped.enter_context(profiling)
        serving.set_result(hub)
        say(requesters=f"127.0.0.1:{hub.requesters_port}", links=f"127.0.0.1:{hub.links_port}")

    following = asyncio.create_task(_follow_orders(serving, audit))
    with until_stopped:
        await serve_until_stopped(read_settings(folder), announce, hardening)
    following.cancel()


def _idle_requester(number: int) -> Requester:
    return Requester(
        user_name=f"idle.{number}",
        display_name="Idle Requester",
        access_level=LEVEL,
        agency="agency_01",
        areas=("bolton",),
    )


async def _follow_orders(serving: asyncio.Future[Hub], audit: AuditClock | None) -> None:
    """Publish whatever is ordered, or say what the audit log has taken; stop with whoever gives the orders."""
    orders = await Orders.open()
    while (order := await orders.next()) is not None:
        if "audit" in order:
            say(audit_seconds=audit.seconds() if audit else 0.0)
            continue
        say(**await publish((await serving).in_force, **order))
    signal.raise_signal(signal.SIGTERM)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the process."""
    parser = argparse.ArgumentParser(prog="tests.bench.hub_program")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--idle-sessions", type=int, default=0)
    parser.add_argument("--no-harden", action="store_true")
    parser.add_argument("--loop", type=Loop, choices=list(Loop), default=Loop.ASYNCIO)
    parser.add_argument("--time-audit", action="store_true")
    add_profile_options(parser)
    options = parser.parse_args(arguments)
    if not options.no_harden:
        restart_hardened(os.environ)
    hardening = harden(wanted=not options.no_harden)
    audit = AuditClock() if options.time_audit else None
    profiling = profiled(options.profile, options.profile_file)
    run(lambda: serve(options.folder, options.idle_sessions, profiling, audit, hardening), options.loop)


if __name__ == "__main__":
    main()
