"""Verifying an exported file or a store: line by line, counting for whoever waits, and saying what came of it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

from hub.audit.exporting import CHOSEN
from hub.audit.verifying import LONGEST_LINE, NotGenuine, verify_export
from hub.cli.errors import CommandError, ExitCode
from hub.cli.place import Place
from hub.cli.tables import cell, sentence
from hub.deploying import kept_log

_KEY_DIGITS = 64
_LARGEST_WITNESS = 10_000
_COUNTED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """What is known from elsewhere, and the entry that is to be shown."""

    entry: int | None
    witness: Path | None
    key: str


class Reading:
    """Gives the lines of an export, counts them, and keeps the one that is to be shown."""

    def __init__(self, lines: Iterator[bytes], wanted: int | None) -> None:
        """Take the lines, and the position of the entry to be kept."""
        self._lines = lines
        self._wanted = wanted
        self.entries = 0
        self.shown: str | None = None

    def lines(self) -> Iterator[bytes]:
        """Yield every line."""
        header = next(self._lines, b"")
        yield header
        is_chosen = f'"format":"{CHOSEN}"'.encode() in header
        for line in self._lines:
            if self._wanted is not None:
                self._keep(line, is_chosen=is_chosen)
            self.entries += 1
            if not self.entries % _COUNTED and sys.stderr.isatty():
                sys.stderr.write(f"\r{self.entries:,} entries")
                sys.stderr.flush()
            yield line

    def _keep(self, line: bytes, *, is_chosen: bool) -> None:
        if not is_chosen:
            if self.entries == self._wanted:
                self.shown = line.decode(errors="replace").strip()
            return
        try:
            said = json.loads(line)
        except ValueError:
            return  # the verifier says what is wrong with the line
        if isinstance(said, dict) and said.get("position") == self._wanted:
            self.shown = str(said.get("leaf"))


def verify(place: Place, path: Path, believed: Believed) -> None:
    """Verify, show what came of it, and end with 1 when the file is not what the hub recorded."""
    witness = "" if believed.witness is None else _read_witness(believed.witness)
    key = _read_key(believed.key)
    with _opened(path) as lines:
        reading = Reading(lines, believed.entry)
        fault = _fault(reading, believed, witness=witness, key=key)
    if sys.stderr.isatty() and reading.entries >= _COUNTED:
        sys.stderr.write("\r")
    document = {"verifies": fault is None, "entries": reading.entries, "fault": fault, "entry": _said(reading, fault)}
    place.show(document, lambda console: _show(console, path, reading, fault, is_witnessed=bool(witness)))
    if fault is not None:
        raise typer.Exit(ExitCode.UNEXPECTED)


def _fault(reading: Reading, believed: Believed, *, witness: str, key: bytes) -> str | None:
    """Say what is wrong, and where; nothing when everything is right."""
    try:
        verify_export(reading.lines(), witness=witness, public_key=key)
    except NotGenuine as wrong:
        return str(wrong)
    if believed.entry is not None and reading.shown is None:
        return f"it has no entry at position {believed.entry}"
    return None


def _said(reading: Reading, fault: str | None) -> object:
    return json.loads(reading.shown) if reading.shown is not None and fault is None else None


def _show(console: Console, path: Path, reading: Reading, fault: str | None, *, is_witnessed: bool) -> None:
    if fault is None:
        sentence(console, f"{path} verifies: {reading.entries:,} entries.", "bold green")
        if reading.shown is not None:
            console.print(cell(reading.shown), soft_wrap=True)
    else:
        sentence(console, f"{path} does NOT verify: {fault}.", "bold red")
        sentence(
            console, "Keep it as it is, and have it compared with what an agency's journal holds: hub audit reconcile."
        )
    if not is_witnessed:
        sentence(
            console,
            "Without a checkpoint that somebody else has kept (--witness FILE), this says only that the file is whole "
            "and signed with its own key.",
        )
    if path.is_file():
        sentence(console, "A second program, which shares no code with this one:")
        console.print(cell(f"  python -m adapters.kit.verifying {path}"), soft_wrap=True)


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[bytes]]:
    """Open an exported file, or the log in a deployment's folder; a line that never ends is cut, and fails."""
    if path.is_dir():
        with kept_log(path) as lines:
            yield lines
        return
    try:
        with path.open("rb") as file:
            yield iter(lambda: file.readline(LONGEST_LINE + 1), b"")
    except OSError as error:
        what = f"{path} cannot be read ({error.strerror})."
        raise CommandError("FILE_NOT_READABLE", what, mend="Name a file of `hub audit export`.") from None


def _read_witness(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_WITNESS).decode()
    except (OSError, UnicodeDecodeError) as error:
        what = f"The checkpoint in {path} cannot be read ({type(error).__name__})."
        raise CommandError("FILE_NOT_READABLE", what, mend="Name one of `hub audit checkpoint --into`.") from None


def _read_key(typed: str) -> bytes:
    try:
        key = bytes.fromhex(typed)
    except ValueError:
        key = b"x"
    if len(key.hex()) not in {0, _KEY_DIGITS}:
        mend = "Take it from `hub audit checkpoint`."
        raise CommandError("KEY_INVALID", f"A key has {_KEY_DIGITS} hexadecimal digits.", mend=mend)
    return key
