"""How hub and workshop speak: a request of one JSON line and raw texts, a result of many short JSON lines.

The hub writes a header (command, parameters, names and sizes), then the texts one after another. The workshop answers
with lines of [kind, value] until one of the kind "end", which counts the pieces: what ends otherwise is not whole.
"""

from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO

import orjson

from hub.access.workshop.commands import Draft

# One entry of a policy is at most a file, which is a megabyte of YAML; as JSON it may be somewhat longer.
LONGEST_LINE = 4 * 1024 * 1024


class Kind(StrEnum):
    """Is what a line of the result is."""

    PIECE = "piece"
    FAULT = "fault"
    FAILURE = "failure"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One piece of work."""

    command: str
    drafts: tuple[Draft, ...]
    parameters: Mapping[str, Any]


def header_of(request: Request) -> bytes:
    """Spell the first line of a request; the texts follow it, in its order."""
    sizes = [[[name, len(text)] for name, text in draft.items()] for draft in request.drafts]
    header = {"command": request.command, "parameters": dict(request.parameters), "drafts": sizes}
    return orjson.dumps(header) + b"\n"


async def send(request: Request, writer: StreamWriter) -> None:
    """Write a request; waits whenever the workshop does not keep up. The pipe stays open: its end is the hub's."""
    writer.write(header_of(request))
    for draft in request.drafts:
        for text in draft.values():
            writer.write(text)
            await writer.drain()


def receive(stream: BinaryIO) -> Request:
    """Read a request; raise ValueError when it is cut short."""
    header = orjson.loads(stream.readline())
    drafts = tuple({name: _exactly(stream, size) for name, size in sizes} for sizes in header["drafts"])
    return Request(command=header["command"], drafts=drafts, parameters=header["parameters"])


def _exactly(stream: BinaryIO, size: int) -> bytes:
    text = stream.read(size)
    if len(text) != size:
        raise ValueError("the request is cut short")
    return text


def say(stream: BinaryIO, kind: Kind, value: object) -> None:
    """Write one line; raise ValueError when it is longer than the hub would read."""
    line = orjson.dumps([kind, value]) + b"\n"
    if len(line) > LONGEST_LINE:
        raise ValueError("a piece of the result is too long")
    stream.write(line)


async def lines(reader: StreamReader, most_bytes: int) -> AsyncGenerator[tuple[Kind, Any]]:
    """Yield what the workshop says until it ends; raise ValueError for what it would never say, or not so much of."""
    left = most_bytes
    while line := await reader.readline():
        left -= len(line)
        match orjson.loads(line):
            case [str(kind), value] if left >= 0:
                yield Kind(kind), value
            case _:
                raise ValueError("the workshop says what it never would")
