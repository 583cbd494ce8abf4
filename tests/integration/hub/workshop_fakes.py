"""Small programs that stand in for the workshop's own, and what a process can tell of itself."""

import os
import sys
from pathlib import Path

import yaml

from hub.access.reading import texts_in
from tests.lib.policies_of_size import SHIPPED_POLICIES

_OPENING = """
import json, os, signal, sys

# Should a test fail to end it, it ends by itself.
signal.alarm(60)

def write(text):
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()

def say(said):
    write(json.dumps(said).encode() + b"\\n")

"""


def program(does: str, *, reads: bool = True) -> tuple[str, ...]:
    """Return a program that reads of its request only what it is, or nothing, and then does something else."""
    reading = "sys.stdin.buffer.readline()\n" if reads else ""
    return (sys.executable, "-c", f"{_OPENING}{reading}{does}")


def multiplying() -> dict[str, bytes]:
    """Return a short draft that comes to a million rules: every area of many, for everything."""
    texts = texts_in(SHIPPED_POLICIES)
    vocabulary = yaml.safe_load(texts["vocabulary.yaml"])
    vocabulary["areas"] = [
        {"id": f"area_{number}", "title": f"Area {number}", "explanation": "Made up."} for number in range(3_000)
    ]
    return texts | {"vocabulary.yaml": yaml.safe_dump(vocabulary, allow_unicode=True, sort_keys=False).encode()}


def children() -> list[int]:
    """Return the processes that this one has started and that are still there, dead or alive."""
    found = []
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = process.read_text(encoding="ascii").rpartition(")")[2].split()[1]
        except OSError:  # it ended meanwhile
            continue
        if int(parent) == os.getpid():
            found.append(int(process.parent.name))
    return found


def descriptors() -> int:
    """Count what this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))
