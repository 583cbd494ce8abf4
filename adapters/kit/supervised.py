"""Tells systemd, where that started the adapter, when it is ready, that it is alive, and that it is about to end."""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

READY_SECONDS = 20.0
"""A hub that is down must not keep a service from having started: the adapter dials on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """The socket of a service manager; without an address nobody is told."""

    address: str = ""
    watchdog_seconds: float = 0.0

    @classmethod
    def of(cls, environment: Mapping[str, str], process: int) -> Self:
        """Find it in the environment; a watchdog that is another process's does not count."""
        is_ours = environment.get("WATCHDOG_PID", str(process)) == str(process)
        usec = environment.get("WATCHDOG_USEC", "0") if is_ours else "0"
        seconds = int(usec) / 1_000_000 if usec.isdecimal() else 0.0
        return cls(address=environment.get("NOTIFY_SOCKET", ""), watchdog_seconds=seconds)

    def tell(self, *words: str) -> None:
        """Tell it something, as in `READY=1`; it may be gone, which is no fault of the adapter's."""
        if not self.address:
            return
        place = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told:
            told.settimeout(0)
            try:
                told.sendto("\n".join(words).encode(), place)
            except OSError:
                # Nothing of the adapter rests on being heard; a watchdog that misses it starts the adapter anew.
                return

    async def say_alive(self) -> None:
        """Say so twice in each of its spans, from the event loop, until cancelled."""
        while self.watchdog_seconds:
            self.tell("WATCHDOG=1")
            await asyncio.sleep(self.watchdog_seconds / 2)
