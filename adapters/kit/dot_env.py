"""Reads `.env`, the file beside a manifest where an agency keeps credentials and whatever differs between machines.

A line is NAME=value, as in systemd's EnvironmentFile: nothing is put into a value, and quotes around it are taken off.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from adapters.kit.errors import Fault
from adapters.kit.reader import Finding, FindingState

DOT_ENV = ".env"
LARGEST_FILE = 64 * 1024
OTHERS = 0o077
QUOTES = ("'", '"')
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")


def read_dot_env(folder: Path) -> tuple[Mapping[str, str], list[Fault]]:
    """Read the file of a folder: its names with their values, and its faults; neither where there is none.

    One that this user may not read gives nothing: a service is handed its contents by systemd, which may.
    """
    file = folder / DOT_ENV
    try:
        text = file.read_bytes()[:LARGEST_FILE].decode()
    except OSError:
        return {}, []
    except UnicodeDecodeError:
        return {}, [Fault(file=file, line=1, what="the file is not UTF-8", mend="Save it as UTF-8.")]
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for number, line in _lines(text):
        match = _LINE.fullmatch(line)
        if match is None:
            what, mend = "this line is not NAME=value", "Mend it, or put # before it."
            faults.append(Fault(file=file, line=number, what=what, mend=mend))
        else:
            values[match[1]] = _bare(match[2].strip())
    return values, faults


def check_dot_env(folder: Path) -> list[Finding]:
    """Look whether credentials are kept from others on this machine; nothing where there is no file."""
    file = folder / DOT_ENV
    if not file.is_file():
        return []
    if file.stat().st_mode & OTHERS:
        what = "others on this machine may read `.env`"
        return [Finding(state=FindingState.FAULT, what=what, mend=f"Run: chmod 600 {file}")]
    return [Finding(state=FindingState.OK, what="`.env` is kept from others")]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith(("#", ";")):
            yield number, line.strip()


def _bare(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in QUOTES:
        return value[1:-1]
    return value
