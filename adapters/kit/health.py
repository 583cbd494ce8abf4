"""How an adapter process is, as one file says it that is always whole: for people, and for whatever watches it."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

STALE_MS = 20_000
"""A file that was not written for so long is of a process that has died, or hangs."""


class State(StrEnum):
    """Is what an adapter process does."""

    DIALLING = "dialling"
    LINKED = "linked"
    DRAINING = "draining"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHealth:
    """One hub, and how many links with it are welcomed; two while one is renewed."""

    hub: str
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How an adapter process is; moments in milliseconds since 1970-01-01T00:00:00Z, 0 for never."""

    agency: str
    version: str
    process: int
    state: State
    since_ms: int
    written_at_ms: int
    links: Sequence[LinkHealth]
    answers_stopped: bool
    answers_held: int
    last_ask_ms: int
    last_receipt: int

    def write(self, file: Path) -> None:
        """Write the file anew, so that whoever reads it finds the old one or this one, and never a part."""
        write_whole(file, json.dumps(asdict(self), indent=2).encode() + b"\n")


def write_whole(file: Path, content: bytes) -> None:
    """Put a file in place of another in one step."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(file)


def read_health(file: Path) -> Health | None:
    """Read what a process last wrote; None where that is nothing that can be read."""
    try:
        said = json.loads(file.read_bytes())
        links = [LinkHealth(**link) for link in said.pop("links")]
        return Health(**{**said, "state": State(said["state"])}, links=links)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def is_well(health: Health, now_ms: int) -> Mapping[str, str]:
    """Say what is wrong with a process, each thing with its mend; nothing where it is well."""
    wrong: dict[str, str] = {}
    if health.state is State.ENDED:
        wrong["the adapter has ended"] = "Start it."
    elif now_ms - health.written_at_ms > STALE_MS:
        wrong["the adapter has died, or hangs"] = "Look into its log, and start it."
    elif health.state is State.DRAINING:
        wrong["the adapter is about to end"] = "Another process should have taken over."
    else:
        for link in health.links:
            if not link.links:
                wrong[f"there is no link with {link.hub}"] = "Run `adapter check`."
    if health.answers_stopped:
        wrong["all answers are stopped"] = "Let them leave again with `adapter resume-answers`."
    return wrong
