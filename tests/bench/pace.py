"""How long an agency takes to answer; may change while it runs."""

import asyncio
from collections.abc import Callable
from typing import Any

# What keeps an agency going; ends only when it fails.
Running = asyncio.Future[Any]


class Pace:
    """Lets answers go when the agencies' latency has passed."""

    def __init__(self, latency_seconds: float) -> None:
        """Take the latency at the start."""
        self.latency_seconds = latency_seconds

    def after(self, release: Callable[[], None]) -> None:
        """Call `release` once the latency has passed; at once when there is none."""
        if self.latency_seconds:
            asyncio.get_running_loop().call_later(self.latency_seconds, release)
        else:
            release()
