"""Reads the memory of a live process, all of it that can be read, and searches it."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.forensics.searching import LONGEST, Hit, Search

_REGION = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$")
_CHUNK = 4 * 1024 * 1024
_AROUND = 48
_CAP_SYS_PTRACE = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A stretch of a process's memory; `name` is the file behind it, or what the system calls it."""

    start: int
    end: int
    name: str


@dataclass(slots=True, kw_only=True)
class Found:
    """What a scan found: how often each value, and where the first hits were."""

    counts: Counter[str] = field(default_factory=Counter)
    places: list[tuple[Hit, Region, bytes]] = field(default_factory=list, repr=False)
    scanned_bytes: int = 0


def may_read() -> bool:
    """Tell whether this process may read a hardened hub's memory: only an administrator may."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return False
    capabilities = re.search(r"^CapEff:\t([0-9a-f]+)$", status, re.MULTILINE)
    return capabilities is not None and bool(int(capabilities[1], 16) >> _CAP_SYS_PTRACE & 1)


def scan(pid: int, search: Search, *, most_places: int = 40) -> Found:
    """Search a process's memory; it goes on running meanwhile."""
    found = Found()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for region in _regions(pid):
            for at, content in _read(memory.fileno(), region):
                found.scanned_bytes += len(content)
                for hit in search.hits(content):
                    found.counts[hit.value] += 1
                    if len(found.places) < most_places:
                        around = content[max(hit.at - _AROUND, 0) : hit.at + _AROUND]
                        found.places.append((Hit(value=hit.value, written=hit.written, at=at + hit.at), region, around))
    return found


def _regions(pid: int) -> Iterator[Region]:
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
        parts = _REGION.match(line)
        # Pages of the kernel's own, which hold the clock, cannot be read in this way.
        if parts is not None and "r" in parts[3] and parts[4] not in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
            yield Region(start=int(parts[1], 16), end=int(parts[2], 16), name=parts[4])


def _read(memory: int, region: Region) -> Iterator[tuple[int, bytes]]:
    """Yield a region in stretches that overlap, so that no value falls between two; what has gone meanwhile is left."""
    at = region.start
    while at < region.end:
        try:
            content = os.pread(memory, min(_CHUNK + LONGEST, region.end - at), at)
        except OSError:
            return
        if not content:
            return
        yield at, content
        at += _CHUNK
