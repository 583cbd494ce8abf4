"""The adapter under test as a child process: started as its agency would, and all that it prints kept."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 20.0


@dataclass(slots=True, kw_only=True)
class Program:
    """Is started, stopped and killed as often as the trials need."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    _process: asyncio.subprocess.Process | None = None

    async def start(self, address: str, journal: Path) -> None:
        """Start it; it is to dial the address and to keep its journal in the file."""
        with (self.folder / "stdout").open("ab") as out, (self.folder / "stderr").open("ab") as err:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env={**self.environment, **variables(address, self.folder, journal)},
                # A group of its own, so that what a command starts ends with it.
                start_new_session=True,
            )

    async def stop(self) -> int | None:
        """Ask it to end with SIGTERM, and return its exit code; None where it had to be killed."""
        if self._process is None:
            return None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                code: int | None = await self._process.wait()
        except TimeoutError:
            await self.kill()
            return None
        self._process = None
        return code

    async def kill(self) -> None:
        """End it as a power cut would, with all that it started."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            # It had ended by itself.
            return
        finally:
            await process.wait()

    @property
    def has_ended(self) -> bool:
        """Tell whether it ended by itself."""
        return self._process is None or self._process.returncode is not None

    async def ended(self) -> int:
        """Wait until it has ended by itself, and return its exit code."""
        return 0 if self._process is None else await self._process.wait()

    def printed(self) -> str:
        """Return all that it has written to standard output and standard error in the run."""
        texts = [(self.folder / name) for name in ("stdout", "stderr")]
        return "\n".join(text.read_text("utf-8", "replace") for text in texts if text.exists())


def variables(address: str, folder: Path, journal: Path) -> Mapping[str, str]:
    """Spell what any program is told of the run by its environment."""
    return {
        "SHARING_HUB_ADDRESS": address,
        "SHARING_HUB_CA": str(folder / "ca.pem"),
        "SHARING_HUB_CERTIFICATE": str(folder / "agency.pem"),
        "SHARING_HUB_KEY": str(folder / "agency.key"),
        "SHARING_JOURNAL": str(journal),
    }
