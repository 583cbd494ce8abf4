"""What a power cut would leave of a store: its writes are followed, and only what a sync has confirmed is kept.

A kill proves little about a disk, since what was written survives it in the page cache. Here the cache is lost, and as
on Linux, what a failed sync was to write is lost for good: the pages count as written though they are not.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.integration.crash.tracer import Injection, store_files

PAGE_BYTES = 4_096
# Longer than anything that SQLite writes at once.
LONGEST_WRITE = 1 << 20
CALLS = "pwrite64,write,fdatasync,fsync,ftruncate"

_PROCESS = re.compile(r"^(?P<process>\d+) +(?P<rest>.*)$")
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>")
_CALL = re.compile(
    r'^(?P<name>\w+)\(\d+<(?P<path>[^>]*)>(?:, "(?P<content>[^"]*)")?(?P<numbers>(?:, \d+)*)\s*\) += (?P<result>-?\d+)'
)


@dataclass(slots=True, kw_only=True)
class _File:
    """A file as programs see it, as the disk has it, and which pages differ though they count as written later."""

    seen: bytearray
    kept: bytearray
    unsynced: set[int] = field(default_factory=set)
    at: int = 0

    def write(self, content: bytes, offset: int) -> None:
        end = offset + len(content)
        self.seen.extend(bytes(max(0, end - len(self.seen))))
        self.seen[offset:end] = content
        self.unsynced |= set(range(offset // PAGE_BYTES, (end + PAGE_BYTES - 1) // PAGE_BYTES))

    def sync(self, *, is_kept: bool) -> None:
        if is_kept:
            del self.kept[len(self.seen) :]
            self.kept.extend(bytes(len(self.seen) - len(self.kept)))
            for page in self.unsynced:
                span = slice(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
                self.kept[span] = self.seen[span]
        self.unsynced.clear()


class Disk:
    """The disk under a hub's store."""

    def __init__(self, data: Path) -> None:
        """Take a store as it is when nothing is written: whatever is in its files has been synced."""
        self._data = data
        self._files: dict[Path, _File] = {}
        for file in _lasting(data):
            content = file.read_bytes() if file.exists() else b""
            self._files[file] = _File(seen=bytearray(content), kept=bytearray(content))

    def arguments(self, *injections: Injection) -> list[str]:
        """Have all written down that is done to the store."""
        paths = [part for file in _lasting(self._data) for part in ("-P", str(file))]
        injected = [argument for injection in injections for argument in injection.injecting()]
        return [*paths, "-y", "-xx", "-s", str(LONGEST_WRITE), "-e", f"trace={CALLS}", *injected]

    def follow(self, trace: Path) -> None:
        """Take in what a hub that is gone has written and synced."""
        for name, path, content, numbers, result in _calls(trace):
            file = self._files.get(path)
            if file is None:
                continue
            if name in ("fdatasync", "fsync"):
                file.sync(is_kept=result == 0)
            elif name == "pwrite64" and result > 0:
                file.write(content[:result], numbers[-1])
            elif name == "write" and result > 0:
                file.write(content[:result], file.at)
                file.at += result
            elif name == "ftruncate" and result == 0:
                del file.seen[numbers[0] :]
        for file in self._files.values():
            file.at = 0

    def cut_power(self) -> None:
        """Leave in the store what the disk has, and nothing of the page cache."""
        for path in store_files(self._data, "hub.sqlite"):
            path.unlink(missing_ok=True)
        for path, file in self._files.items():
            if file.kept:
                path.write_bytes(file.kept)
            file.seen, file.unsynced = bytearray(file.kept), set()

    def copy_to(self, folder: Path) -> Path:
        """Write what the disk has into a folder; return the store's file there."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for path, file in self._files.items():
            (folder / path.name).write_bytes(file.kept)
        return folder / "hub.sqlite"


def _lasting(data: Path) -> tuple[Path, Path]:
    return data / "hub.sqlite", data / "hub.sqlite-wal"


def _calls(trace: Path) -> Iterator[tuple[str, Path, bytes, list[int], int]]:
    """Yield each call that came to an end: its name, its file, what it wrote, its numbers, and what it returned."""
    begun: dict[str, str] = {}
    for line in trace.read_text(encoding="ascii").splitlines():
        found = _PROCESS.match(line)
        if found is None:
            continue
        process, rest = found["process"], found["rest"]
        if rest.endswith("<unfinished ...>"):
            begun[process] = rest.removesuffix("<unfinished ...>").rstrip()
            continue
        if (resumed := _RESUMED.match(rest)) is not None:
            rest = begun.pop(process, "") + rest[resumed.end() :]
        if (call := _CALL.match(rest)) is not None:
            numbers = [int(number) for number in call["numbers"].split(", ")[1:]]
            path = Path(_plain(call["path"]).decode())
            yield call["name"], path, _plain(call["content"] or ""), numbers, int(call["result"])


def _plain(written: str) -> bytes:
    """Read what the tracer spells as \\x and two digits for each byte."""
    return bytes.fromhex(written.replace("\\x", ""))
